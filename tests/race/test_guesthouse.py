"""The last room, the kitchen's covers and one room per guest under a race, each beside a control with its guard off."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from backend.reservations import services as reservations
from backend.reservations.models import Hold, Reservation
from guesthouse.catering.models import MealService
from guesthouse.catering.rules import MealRequest
from guesthouse.catering.services import book_meal
from guesthouse.stays import services
from guesthouse.stays.models import Delegation, Stay
from guesthouse.stays.rules import StayRequest
from guesthouse.stays.services import book_stay, cancel_delegation, move_stay
from tests.factories import NOW
from tests.guesthouse.houses import END, START, Guesthouse, make_delegation, make_guesthouse, make_stay, moment

CONSTRAINT = "backend_reservations_reservation_no_overlap"
DINNER = moment("2026-11-25T18:00:00+07:00")


@pytest.fixture
def place(transactional_db) -> Guesthouse:
    return make_guesthouse()


def sleeper(place: Guesthouse, delegation: Delegation, room: int = 0) -> Callable:
    people = tuple(delegation.members.values_list("pk", flat=True))
    request = StayRequest(delegation.pk, place.rooms[room].pk, people, moment(START), moment(END))
    return partial(book_stay, actor=place.clerk, request=request, now=NOW)


def eater(place: Guesthouse, delegation: Delegation, servings: int = 24) -> Callable:
    request = MealRequest("dinner", DINNER, servings, delegation_id=delegation.pk)
    return partial(book_meal, actor=place.clerk, request=request, now=NOW)


def outcomes(results: list) -> Counter:
    return Counter(type(result).__name__ for result in results)


def held_before_insert(acts: list[Callable], table: str) -> list[Callable]:
    """Each act waits, after its checks and before it writes to `table`, until all the others have come as far."""
    barrier = threading.Barrier(len(acts))

    def wait(execute, sql, params, many, context):
        if sql.lstrip().replace('"', "").startswith(f"INSERT INTO {table} "):
            barrier.wait(timeout=30)
        return execute(sql, params, many, context)

    def run(act: Callable) -> object:
        with connection.execute_wrapper(wait):
            return act()

    return [partial(run, act) for act in acts]


@pytest.fixture
def without_locks(monkeypatch):
    monkeypatch.setattr(reservations, "_lock", lambda *args: None)


def test_the_last_room_goes_to_one_delegation(place, at_once):
    acts = [sleeper(place, make_delegation(place)) for _ in range(8)]
    assert outcomes(at_once(acts)) == {"Stay": 1, "Conflict": 7}
    assert (Stay.objects.count(), Reservation.objects.count()) == (1, 1)


def test_control_without_lock_and_constraint_the_last_room_goes_to_all(place, at_once, without_locks):
    acts = [sleeper(place, make_delegation(place)) for _ in range(4)]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE backend_reservations_reservation DROP CONSTRAINT {CONSTRAINT}")
    try:
        results = at_once(held_before_insert(acts, "backend_reservations_reservation"))
        assert outcomes(results) == {"Stay": 4}
        assert Reservation.objects.filter(resource=place.rooms[0].resource_id).count() == 4
    finally:
        Reservation.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Reservation, Reservation._meta.constraints[0])


def test_the_kitchen_never_cooks_for_more_than_its_covers(place, at_once):
    acts = [eater(place, make_delegation(place)) for _ in range(8)]  # 8 times 24 of 100
    assert outcomes(at_once(acts)) == {"MealService": 4, "Conflict": 4}
    assert sum(Hold.objects.values_list("amount", flat=True)) == 96


def test_control_without_the_lock_the_covers_are_overrun(place, at_once, without_locks):
    acts = [eater(place, make_delegation(place)) for _ in range(8)]
    assert outcomes(at_once(held_before_insert(acts, "backend_reservations_hold"))) == {"MealService": 8}
    assert sum(Hold.objects.values_list("amount", flat=True)) == 192


def test_a_guest_gets_one_room(place, at_once):
    delegation = make_delegation(place)
    acts = [sleeper(place, delegation, room) for room in (0, 1, 2)]
    assert outcomes(at_once(acts)) == {"Stay": 1, "Invalid": 2}


def test_control_without_the_delegations_lock_a_guest_gets_three(place, at_once, monkeypatch):
    monkeypatch.setattr(services, "_locked", lambda pk: Delegation.objects.select_related("host_unit").get(pk=pk))
    delegation = make_delegation(place)
    acts = [sleeper(place, delegation, room) for room in (0, 1, 2)]
    assert outcomes(at_once(held_before_insert(acts, "guesthouse_stays_stay"))) == {"Stay": 3}
    assert delegation.members.first().stays.count() == 3


def test_nothing_is_left_of_a_delegation_that_is_cancelled_while_it_books(place, at_once):
    delegation = make_delegation(place)
    acts = [
        partial(cancel_delegation, actor=place.clerk, delegation=delegation, now=NOW),
        *(sleeper(place, delegation, room) for room in (0, 1)),
        *(eater(place, delegation) for _ in range(2)),
    ]
    results = at_once(acts)
    assert outcomes(results)["Delegation"] == 1
    assert {type(r).__name__ for r in results} <= {"Delegation", "Stay", "MealService", "Conflict", "Invalid"}
    assert (Reservation.objects.count(), Hold.objects.count()) == (0, 0)
    assert Stay.objects.filter(status="booked").count() == 0
    assert MealService.objects.filter(status="ordered").count() == 0


def test_two_that_want_each_others_room_are_both_refused_and_neither_waits_for_ever(place, at_once):
    stays = [make_stay(place, make_delegation(place), room=room) for room in (0, 1)]

    def into(room: int) -> Callable:
        def edit(old: StayRequest) -> StayRequest:
            return StayRequest(old.delegation_id, place.rooms[room].pk, old.member_ids, old.start, old.end)

        return edit

    acts = [
        partial(move_stay, actor=place.clerk, stay=stay, edit=into(1 - room), now=NOW)
        for room, stay in enumerate(stays)
    ]
    assert outcomes(at_once(acts)) == {"Conflict": 2}
    assert set(Reservation.objects.values_list("holder_id", "resource_id")) == {
        (stay.pk, place.rooms[room].resource_id) for room, stay in enumerate(stays)
    }
