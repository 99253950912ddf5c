"""Both guards under a race, each beside a control: the same race with the guard off must overbook."""

import threading
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from backend.common.periods import Period
from backend.reservations import services
from backend.reservations.claims import Claim, Holder, PoolClaim
from backend.reservations.models import Hold, Pool, Reservation, Resource
from backend.reservations.services import Taken
from tests.factories import NOW, make_level, make_unit

EIGHT = Period(NOW, NOW + timedelta(hours=1))
CONSTRAINT = "backend_reservations_reservation_no_overlap"


def make_rooms(count: int) -> list[int]:
    unit = make_unit("Tỉnh Lạng Sơn", make_level("provincial", 1))
    return [Resource.objects.create(kind="room", name=f"Phòng {n}", unit=unit).pk for n in range(count)]


def make_pool(capacity: int) -> int:
    unit = make_unit("Trung ương", make_level("central", 0))
    return Pool.objects.create(kind="ports", name="MCU", unit=unit, capacity=capacity).pk


def reserve(**values) -> None:
    """As a service does it: inside the transaction of an act."""
    with transaction.atomic():
        services.reserve(**values)


def take(number: int, rooms: list[int], pools: tuple[PoolClaim, ...] = ()) -> None:
    claims = [Claim(room, EIGHT) for room in rooms]
    reserve(holder=Holder("test", number), resources=claims, pools=pools, now=NOW)


def outcomes(results: list) -> Counter:
    return Counter(type(result).__name__ for result in results)


@pytest.fixture
def together(monkeypatch):
    """Holds every writer between its check and its insert until all have checked."""

    def install(parties: int) -> None:
        barrier = threading.Barrier(parties)
        monkeypatch.setattr(services, "_lock", lambda *args: None)
        check = services._reserve_resources
        pools = services._reserve_pools

        def slow(step, cursor, holder, claims, expires_at, now):
            if claims:
                execute = cursor.execute

                class Held:
                    def __getattr__(self, name):
                        return getattr(cursor, name)

                    def execute(self, sql, params=None):
                        if "INSERT" in sql:
                            barrier.wait(timeout=30)
                        return execute(sql, params)

                return step(Held(), holder, claims, expires_at, now)
            return None

        monkeypatch.setattr(services, "_reserve_resources", partial(slow, check))
        monkeypatch.setattr(services, "_reserve_pools", partial(slow, pools))

    return install


def test_one_room_one_holder(at_once):
    rooms = make_rooms(1)
    results = at_once([partial(take, n, rooms) for n in range(8)])
    assert outcomes(results) == {"NoneType": 1, "Taken": 7}
    assert Reservation.objects.count() == 1


def test_control_without_lock_and_constraint_the_room_is_double_booked(at_once, together):
    rooms = make_rooms(1)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE backend_reservations_reservation DROP CONSTRAINT {CONSTRAINT}")
    together(4)
    try:
        results = at_once([partial(take, n, rooms) for n in range(4)])
        assert outcomes(results) == {"NoneType": 4}
        assert Reservation.objects.count() == 4
    finally:
        Reservation.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Reservation, Reservation._meta.constraints[0])


def test_the_constraint_alone_refuses_what_the_lock_let_through(at_once, together):
    rooms = make_rooms(1)
    together(2)
    results = at_once([partial(take, n, rooms) for n in range(2)])
    assert outcomes(results) == {"NoneType": 1, "IntegrityError": 1}


def test_rooms_named_in_opposite_orders_do_not_deadlock(at_once):
    rooms = make_rooms(6)
    results = at_once([partial(take, n, rooms if n % 2 else rooms[::-1]) for n in range(8)])
    assert outcomes(results) == {"NoneType": 1, "Taken": 7}
    assert Reservation.objects.count() == 6


def test_a_pool_gives_no_more_than_it_has(at_once):
    pool = make_pool(10)
    results = at_once([partial(take, n, [], (PoolClaim(pool, 3, EIGHT),)) for n in range(8)])
    assert outcomes(results) == {"NoneType": 3, "Taken": 5}
    assert sum(Hold.objects.values_list("amount", flat=True)) == 9


def test_control_without_the_lock_the_pool_is_overrun(at_once, together):
    pool = make_pool(10)
    together(8)
    results = at_once([partial(take, n, [], (PoolClaim(pool, 3, EIGHT),)) for n in range(8)])
    assert outcomes(results) == {"NoneType": 8}
    assert sum(Hold.objects.values_list("amount", flat=True)) == 24


def test_all_or_nothing(at_once):
    rooms = make_rooms(2)
    pool = make_pool(2)
    take(1, rooms[:1])
    results = at_once([partial(take, 2, rooms, (PoolClaim(pool, 1, EIGHT),))])
    assert outcomes(results) == {"Taken": 1}
    assert (Reservation.objects.count(), Hold.objects.count()) == (1, 0)


def test_back_to_back_is_free_and_a_released_hour_too(at_once):
    rooms = make_rooms(1)
    take(1, rooms)
    after = Period(EIGHT.end, EIGHT.end + timedelta(hours=1))
    reserve(holder=Holder("test", 2), resources=[Claim(rooms[0], after)], now=NOW)
    services.release(holder=Holder("test", 1))
    take(3, rooms)
    assert set(Reservation.objects.values_list("holder_id", flat=True)) == {2, 3}


def test_a_hold_that_has_run_out_gives_way(at_once):
    rooms = make_rooms(1)
    until = NOW + timedelta(minutes=5)
    reserve(holder=Holder("test", 1), resources=[Claim(rooms[0], EIGHT)], expires_at=until, now=NOW)
    with pytest.raises(Taken):
        take(2, rooms)
    reserve(holder=Holder("test", 2), resources=[Claim(rooms[0], EIGHT)], now=until)
    assert list(Reservation.objects.values_list("holder_id", flat=True)) == [2]
