"""The pure sweeps against the plainest oracle: look at every minute."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.common.periods import Period
from backend.reservations.ledger import Load, nearest, overloaded, peak
from tests.factories import NOW

LAST = 12


def at(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


def between(start: int, end: int) -> Period:
    return Period(at(start), at(end))


spans = st.tuples(st.integers(-3, LAST + 2), st.integers(1, 6)).map(lambda s: between(s[0], s[0] + s[1]))
loads = st.lists(st.builds(Load, spans, st.integers(1, 5)), max_size=8)


def level(held: list[Load], minute: int) -> int:
    return sum(load.amount for load in held if load.period.start <= at(minute) < load.period.end)


@given(loads, st.integers(0, 12), st.integers(1, 5))
def test_what_is_overloaded_is_so_at_every_minute_and_nothing_else_is(held, capacity, amount):
    found = overloaded(held, capacity, amount, between(0, LAST))
    for minute in range(LAST):
        inside = any(period.start <= at(minute) < period.end for period in found)
        assert inside == (level(held, minute) + amount > capacity)


@given(loads)
def test_the_peak_is_the_highest_minute_and_the_first_of_them(held):
    levels = [level(held, minute) for minute in range(LAST)]
    top = peak(held, between(0, LAST))
    assert top.amount == max(levels)
    assert top.at == (at(levels.index(max(levels))) if max(levels) else None)


def test_the_nearest_starts_on_the_grid_come_first():
    found = nearest([between(-120, -30), between(75, 140)], between(0, 60), step=timedelta(minutes=15))
    assert found == [between(75, 135), between(-90, -30), between(-105, -45), between(-120, -60)]
