"""The one technician of a site under a race, beside a control with both guards off."""

from functools import partial

import pytest
from django.db import connection

from backend.reservations import services as reservations
from backend.reservations.models import Reservation
from meetings.scheduling.rules import Guest, Request
from meetings.scheduling.services import book
from tests.factories import NOW, World, make_room, make_technician, make_world
from tests.race.test_guesthouse import CONSTRAINT, held_before_insert, outcomes

START, END = NOW.replace(day=25), NOW.replace(day=25, hour=3)


@pytest.fixture
def world(transactional_db) -> World:
    world = make_world(ports=50)
    make_technician(world.sites[1], "Nông Thị Đỗ Quyên")
    return world


def bookers(world: World) -> list:
    """Each books a room of its own of the same site."""
    rooms = [make_room(world.sites[1], f"Phòng {number}") for number in range(4)]
    return [
        partial(
            book,
            actor=world.secretary,
            request=Request("Giao ban", "briefing", START, END, room_ids=(room.pk,),
                            chair=Guest(name="Nguyễn Văn Mẫu"), bridge_id=world.bridge.pk),
            now=NOW,
        )
        for room in rooms
    ]  # fmt: skip


def duties() -> int:
    return Reservation.objects.filter(resource__kind="technician").count()


def test_the_technician_serves_one_conference(world, at_once):
    assert outcomes(at_once(bookers(world))) == {"Conference": 1, "Conflict": 3}
    assert (duties(), Reservation.objects.count()) == (1, 2)


def test_control_without_lock_and_constraint_the_technician_serves_all(world, at_once, monkeypatch):
    monkeypatch.setattr(reservations, "_lock", lambda *args: None)
    acts = held_before_insert(bookers(world), "backend_reservations_reservation")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE backend_reservations_reservation DROP CONSTRAINT {CONSTRAINT}")
    try:
        assert outcomes(at_once(acts)) == {"Conference": 4}
        assert duties() == 4
    finally:
        Reservation.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Reservation, Reservation._meta.constraints[0])
