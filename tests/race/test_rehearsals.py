"""A rehearsal that is planned while its conference is cancelled or moved; beside a control without the lock."""

import threading
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from backend.reservations.models import Hold, Reservation
from meetings.readiness import services
from meetings.readiness.models import Rehearsal
from meetings.scheduling import services as scheduling
from meetings.scheduling import steps
from meetings.scheduling.models import Conference
from tests.factories import World, make_world
from tests.meetings.scheduling.running import EIGHT, NINE, booked

NOW, DAY = EIGHT, timedelta(days=1)
BEGINS, THREE = EIGHT + 2 * DAY, EIGHT + DAY + timedelta(hours=7)


@pytest.fixture
def world(transactional_db) -> World:
    return make_world()


@pytest.fixture
def conference(world) -> Conference:
    return booked(world, start=BEGINS, end=BEGINS + timedelta(hours=1))


def planner(world: World, conference: Conference, start=THREE):
    end = start + timedelta(minutes=30)
    return partial(services.plan, actor=world.secretary, conference=conference, start=start, end=end, now=NOW)


def canceller(world: World, conference: Conference):
    return partial(scheduling.cancel, actor=world.secretary, conference=conference, reason="Hoãn", now=NOW)


@pytest.mark.parametrize("turn", range(5))
def test_nothing_is_held_for_a_conference_that_is_cancelled_meanwhile(world, conference, at_once, turn):
    results = at_once([planner(world, conference), canceller(world, conference)])
    assert type(results[1]).__name__ == "Conference"
    assert type(results[0]).__name__ in ("Rehearsal", "Conflict")
    assert (Reservation.objects.count(), Hold.objects.count()) == (0, 0)
    assert Rehearsal.objects.filter(status="planned").count() == 0


def test_control_without_the_conferences_lock_the_rehearsal_outlives_it(world, conference, at_once, monkeypatch):
    barrier = threading.Barrier(2)

    def unlocked(conference: Conference) -> Conference:
        found = Conference.objects.select_related("convening_unit__level", "host_site", "bridge").get(pk=conference.pk)
        barrier.wait(timeout=30)
        return found

    monkeypatch.setattr(steps, "locked", unlocked)
    monkeypatch.setattr(scheduling, "locked", unlocked)
    done = threading.Event()

    def cancel_first():
        try:
            return canceller(world, conference)()
        finally:
            done.set()

    def plan_then():
        def wait(execute, sql, params, many, context):
            if "INSERT INTO" in sql and "meetings_readiness_rehearsal" in sql:
                done.wait(timeout=30)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(wait):
            return planner(world, conference)()

    results = at_once([plan_then, cancel_first])
    assert [type(result).__name__ for result in results] == ["Rehearsal", "Conference"]
    assert Rehearsal.objects.filter(status="planned").count() == 1


@pytest.mark.parametrize("turn", range(5))
def test_one_that_is_planned_while_its_conference_moves_lies_before_it(world, conference, at_once, turn):
    mover = partial(
        scheduling.reschedule, actor=world.secretary, conference=conference,
        start=NINE, end=NINE + timedelta(hours=1), now=NOW,
    )  # fmt: skip
    results = at_once([planner(world, conference), mover])
    assert Counter(type(result).__name__ for result in results)["Conference"] == 1
    rehearsal = Rehearsal.objects.first()
    held = Reservation.objects.filter(holder_kind="rehearsal").count()
    assert (rehearsal and rehearsal.status, held) in ((None, 0), ("unplaced", 0))


def test_two_rehearsals_of_one_hour_one_is_planned(world, conference, at_once):
    results = at_once([planner(world, conference) for _ in range(4)])
    assert Counter(type(result).__name__ for result in results) == {"Rehearsal": 1, "Conflict": 3}
    assert Reservation.objects.filter(holder_kind="rehearsal").count() == 3
