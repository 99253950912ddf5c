"""Many hands book series over the same rooms at once; beside it the same race with the guard off, which overbooks."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from backend.common.errors import Conflict
from backend.reservations import services as ledger
from backend.reservations.models import Reservation
from meetings.scheduling import series_services, services
from meetings.scheduling.models import Conference
from meetings.scheduling.rules import Guest, Request
from meetings.scheduling.series_rules import Rule
from tests.factories import NOW, World, make_world
from tests.race.test_reservations import CONSTRAINT

START = NOW + timedelta(days=2)
DATES = 6


def wish(world: World, number: int, policy: str) -> series_services.Wish:
    """Rooms named forwards by the even, backwards by the odd."""
    sites = [site.pk for site in world.sites[1:]]
    request = Request(
        title=f"Giao ban {number}",
        type="briefing",
        start=START,
        end=START + timedelta(hours=1),
        site_ids=tuple(sites if number % 2 else reversed(sites)),
        chair=Guest(name="Chủ tịch UBND tỉnh"),
    )
    return series_services.Wish(request, Rule("WEEKLY", count=DATES), policy=policy)


def book(world: World, number: int, policy: str) -> object:
    return series_services.book(actor=world.secretary, wish=wish(world, number, policy), now=NOW)


def overlaps() -> int:
    """Pairs of reservations of one room that overlap, by a query of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM backend_reservations_reservation a JOIN backend_reservations_reservation b"
            " ON a.resource_id = b.resource_id AND a.id < b.id AND a.during && b.during"
        )
        return cursor.fetchone()[0]


def test_of_series_for_the_same_hours_one_wins_and_the_others_are_told(at_once):
    world = make_world(ports=100)
    results = at_once([partial(book, world, n, "refuse") for n in range(8)])
    assert Counter(type(result).__name__ for result in results) == {"Booked": 1, "Conflict": 7}
    assert all(len(r.extra["dates"]) == DATES for r in results if isinstance(r, Conflict))
    assert (Conference.objects.count(), overlaps()) == (DATES, 0)


def test_series_that_move_out_of_the_way_find_an_hour_each(at_once):
    world = make_world(ports=100)
    results = at_once([partial(book, world, n, "shift") for n in range(8)])
    assert Counter(type(result).__name__ for result in results) == {"Booked": 8}
    assert Counter(row["outcome"] for r in results for row in r.dates) == {"booked": DATES, "shifted": 7 * DATES}
    assert (Conference.objects.count(), overlaps()) == (8 * DATES, 0)
    hours = Conference.objects.values_list("pk", "start", "end")
    held = Reservation.objects.values_list("holder_id", "during")
    assert {(pk, start, end) for pk, start, end in hours} == {(pk, d.lower, d.upper) for pk, d in held}


def test_a_series_leaves_out_what_single_conferences_take_meanwhile(at_once):
    world = make_world(ports=100)
    wanted = wish(world, 1, "skip").request
    week = timedelta(days=7)
    requests = [replace(wanted, start=wanted.start + n * week, end=wanted.end + n * week) for n in range(DATES)]
    acts = [partial(services.book, actor=world.secretary, request=request, now=NOW) for request in requests]
    *singles, series = at_once([*acts, partial(book, world, 0, "skip")])
    won = sum(isinstance(result, Conference) for result in singles)
    if isinstance(series, Conflict):  # every date was gone
        assert won == DATES
    else:
        assert Counter(row["outcome"] for row in series.dates)["booked"] == DATES - won
    assert (Reservation.objects.count(), overlaps()) == (DATES * 3, 0)


@pytest.fixture
def unguarded(monkeypatch):
    """No locks, no constraint, and every writer waits between its check and its insert until all have checked."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE backend_reservations_reservation DROP CONSTRAINT {CONSTRAINT}")
    barrier, take = threading.Barrier(4), ledger._reserve_resources
    monkeypatch.setattr(ledger, "_lock", lambda *args: None)

    class Held:
        def __init__(self, cursor):
            self.cursor = cursor

        def __getattr__(self, name):
            return getattr(self.cursor, name)

        def execute(self, sql, params=None):
            if "INSERT" in sql:
                barrier.wait(timeout=30)
            return self.cursor.execute(sql, params)

    monkeypatch.setattr(ledger, "_reserve_resources", lambda cursor, *args: take(Held(cursor), *args))
    yield
    Reservation.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Reservation, Reservation._meta.constraints[0])


def test_control_without_the_guard_series_overbook(at_once, unguarded):
    world = make_world(ports=100)
    results = at_once([partial(book, world, n, "refuse") for n in range(4)])
    assert Counter(type(result).__name__ for result in results) == {"Booked": 4}
    assert overlaps() == DATES * 3 * 6
