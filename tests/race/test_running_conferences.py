"""A running conference that grows while the next hour is booked, or while somebody ends it; each beside a control."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.db.models import Q

from backend.common.errors import Conflict
from backend.reservations import services as reservations
from backend.reservations.models import Hold, Reservation
from meetings.scheduling import running, services, steps
from meetings.scheduling.models import Conference
from tests.factories import World, make_world
from tests.meetings.scheduling.running import EIGHT, NINE, TEN, wish
from tests.meetings.scheduling.running import running as make_running

CONSTRAINT = "backend_reservations_reservation_no_overlap"
NOW = EIGHT + timedelta(minutes=30)


@pytest.fixture
def world(transactional_db) -> World:
    return make_world(ports=4)


def names(results: list) -> Counter:
    return Counter(type(result).__name__ for result in results)


def extender(world: World, conference: Conference, end=TEN) -> Callable:
    return partial(running.extend, actor=world.secretary, conference=conference, end=end, now=NOW)


def booker(world: World, **values) -> Callable:
    return partial(services.book, actor=world.secretary, request=wish(world, start=NINE, end=TEN, **values), now=NOW)


def overlaps() -> int:
    """Pairs of reservations of one room that overlap, by SQL of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM backend_reservations_reservation a JOIN backend_reservations_reservation b"
            " ON a.resource_id = b.resource_id AND a.id < b.id AND a.during && b.during"
        )
        return cursor.fetchone()[0]


def ports_taken(at) -> int:
    rows = Hold.objects.filter(Q(during__startswith__lte=at), Q(during__endswith__gt=at))
    return sum(rows.values_list("amount", flat=True))


def held_before(acts: list[Callable], words: str) -> list[Callable]:
    """Each act waits before its first statement with these words until all the others have come as far."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable) -> object:
        waited = []

        def wait(execute, sql, params, many, context):
            if not waited and words in sql.replace('"', ""):
                waited.append(True)
                barrier.wait(timeout=30)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(wait):
            return act()

    return [partial(run, act) for act in acts]


@pytest.mark.parametrize("turn", range(5))
def test_the_next_hour_goes_to_the_longer_one_or_to_the_next_one(world, at_once, turn):
    conference = make_running(world)
    results = at_once([extender(world, conference), *(booker(world) for _ in range(3))])
    assert names(results) == {"Conference": 1, "Conflict": 3}
    assert (overlaps(), ports_taken(NINE)) == (0, 3)
    conference.refresh_from_db()
    assert conference.end == (TEN if isinstance(results[0], Conference) else NINE)
    if isinstance(results[0], Conflict):
        assert results[0].extra["until"] is None


def test_control_without_lock_and_constraint_both_have_the_next_hour(world, at_once, monkeypatch):
    conference = make_running(world)
    monkeypatch.setattr(reservations, "_lock", lambda *args: None)
    acts = [extender(world, conference), booker(world)]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE backend_reservations_reservation DROP CONSTRAINT {CONSTRAINT}")
    try:
        results = at_once(held_before(acts, "INSERT INTO backend_reservations_hold "))
        assert names(results) == {"Conference": 2}
        assert overlaps() == 3
    finally:
        Reservation.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Reservation, Reservation._meta.constraints[0])


def legal(conference: Conference, results: list) -> bool:
    """Ended at 08:30, and nothing held from then on, whoever came first."""
    conference.refresh_from_db()
    upper = {row.during.upper for row in [*Reservation.objects.all(), *Hold.objects.all()]}
    return (conference.status, conference.end, upper) == ("ended", NOW, {NOW})


@pytest.mark.parametrize("turn", range(5))
def test_ended_while_somebody_extends_it_is_over(world, at_once, turn):
    conference = make_running(world)
    ender = partial(running.end, actor=world.leader, conference=conference, now=NOW)
    results = at_once([extender(world, conference), ender])
    assert legal(conference, results)
    assert isinstance(results[1], Conference)
    if isinstance(results[0], Conflict):
        assert results[0].code == "wrong_state"


def test_control_without_the_conferences_lock_it_is_over_and_goes_on(world, at_once, monkeypatch):
    conference = make_running(world)

    def unlocked(conference: Conference) -> Conference:
        return Conference.objects.select_related("convening_unit__level", "host_site", "bridge").get(pk=conference.pk)

    monkeypatch.setattr(running, "locked", unlocked)
    ender = partial(running.end, actor=world.leader, conference=conference, now=NOW)
    results = at_once(held_before([extender(world, conference), ender], "backend_reservations_"))
    assert names(results) == {"Conference": 2}
    assert not legal(conference, results)


def test_of_two_who_saw_the_same_version_one_is_told_so(world, at_once, api):
    conference = make_running(world)
    seen = {"If-Match": f'"{conference.version}"'}
    url = f"/api/v1/conferences/{conference.pk}/extend/"
    ends = [NINE + timedelta(minutes=minutes) for minutes in (15, 30, 45)]

    def press(end) -> int:
        return api(world.secretary).post(url, {"end": end.isoformat()}, format="json", headers=seen).status_code

    assert Counter(at_once([partial(press, end) for end in ends])) == {200: 1, 412: 2}


def test_control_checked_before_the_lock_all_of_them_write(world, at_once, api, monkeypatch):
    conference = make_running(world)
    seen = {"If-Match": f'"{conference.version}"'}
    url = f"/api/v1/conferences/{conference.pk}/extend/"
    ends = [NINE + timedelta(minutes=minutes) for minutes in (15, 30)]
    barrier = threading.Barrier(2)
    locked = steps.locked

    def late(conference: Conference) -> Conference:
        barrier.wait(timeout=30)
        return locked(conference)

    monkeypatch.setattr(steps, "locked", lambda conference: conference)
    monkeypatch.setattr(running, "locked", late)

    def press(end) -> int:
        return api(world.secretary).post(url, {"end": end.isoformat()}, format="json", headers=seen).status_code

    answers = at_once([partial(press, end) for end in sorted(ends)])
    assert sorted(Counter(answers)) in ([200], [200, 400])  # none of them stale; the earlier hour may come too late
