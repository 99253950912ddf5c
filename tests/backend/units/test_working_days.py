"""Working days know the weekends, Tết, days off in lieu, swapped Saturdays, and the office's own word."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.units.days import WorkingDays

PUBLIC = WorkingDays()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),  # the Friday before Tết Bính Ngọ
        (date(2026, 2, 16), False),
        (date(2026, 2, 17), False),
        (date(2026, 2, 20), False),
        (date(2026, 2, 23), True),
        (date(2026, 4, 27), False),  # in lieu of the Hùng Kings' day, a Sunday
        (date(2026, 8, 22), True),  # a Saturday, worked for 31 August
        (date(2026, 8, 31), False),
        (date(2026, 8, 29), False),  # an ordinary Saturday
        (date(2014, 12, 27), True),  # a Saturday, worked for a day of the next year
        (date(2030, 2, 4), False),  # Vietnamese Tết is on the 2nd, a day before the Chinese one
    ],
)
def test_a_day_is_worked_or_not(day, works):
    assert PUBLIC.works(day) is works


def test_the_office_has_the_last_word():
    office = WorkingDays({date(2027, 2, 4): True, date(2027, 2, 11): False})
    assert (PUBLIC.works(date(2027, 2, 4)), office.works(date(2027, 2, 4))) == (False, True)
    assert (PUBLIC.works(date(2027, 2, 11)), office.works(date(2027, 2, 11))) == (True, False)


def test_five_working_days_across_tet():
    assert PUBLIC.after(date(2026, 2, 12), 5) == date(2026, 2, 26)
    assert PUBLIC.before(date(2026, 2, 24), 3) == date(2026, 2, 12)


def test_days_that_are_not_as_their_weekday_says():
    unusual = dict(PUBLIC.unusual(date(2026, 8, 1), date(2026, 9, 30)))
    assert unusual == {
        date(2026, 8, 22): True,
        date(2026, 8, 31): False,
        date(2026, 9, 1): False,
        date(2026, 9, 2): False,
    }


days = st.dates(date(2000, 1, 1), date(2098, 1, 1))
offices = st.dictionaries(days, st.booleans(), max_size=20).map(WorkingDays)


@given(office=offices, day=days, n=st.integers(1, 30))
def test_the_nth_day_after_is_worked_and_has_n_minus_one_between(office, day, n):
    last = office.after(day, n)
    between = [day + timedelta(days=i) for i in range(1, (last - day).days)]
    assert office.works(last)
    assert sum(office.works(each) for each in between) == n - 1


@given(office=offices, day=days, n=st.integers(1, 30))
def test_before_undoes_after(office, day, n):
    worked = office.after(day, 1)
    assert office.before(office.after(worked, n), n) == worked
