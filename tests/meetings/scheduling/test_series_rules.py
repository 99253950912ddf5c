"""The dates of a rule: pure, without a database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.common.errors import Invalid
from backend.common.periods import VIETNAM
from meetings.scheduling import series_rules
from meetings.scheduling.series_rules import MOST, WEEKDAYS, Rule, parse

MONDAY = datetime(2026, 11, 23, 8, 0)
START = MONDAY.replace(tzinfo=VIETNAM)
HOUR = timedelta(hours=1)


def days(text: str, first: datetime = MONDAY) -> list[str]:
    return [f"{wall:%d/%m/%y}" for wall in series_rules.walls(parse(text), first)]


def test_the_four_frequencies():
    assert days("FREQ=DAILY;COUNT=3") == ["23/11/26", "24/11/26", "25/11/26"]
    assert days("FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20261203") == ["23/11/26", "26/11/26", "30/11/26", "03/12/26"]
    assert days("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2") == ["27/11/26", "25/12/26"]
    assert days("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2") == ["31/12/26", "31/01/27"]
    assert days("FREQ=YEARLY;INTERVAL=2;COUNT=2") == ["23/11/26", "23/11/28"]


def test_until_counts_by_the_wall_clock_of_viet_nam():
    assert days("FREQ=DAILY;UNTIL=20261124T005959Z") == ["23/11/26"]
    assert days("FREQ=DAILY;UNTIL=20261124T010000Z") == ["23/11/26", "24/11/26"]
    assert str(parse("FREQ=DAILY;UNTIL=20261124")) == "FREQ=DAILY;UNTIL=20261124T165959Z"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FREQ=WEEKLY;BYDAY=MO", "no_end"),
        ("FREQ=DAILY;COUNT=501", "too_many"),
        ("FREQ=DAILY;COUNT=10000", "too_many"),
        ("FREQ=DAILY;UNTIL=20310101", "too_many"),
        ("FREQ=WEEKLY;UNTIL=20261122", "no_dates"),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;COUNT=3", "no_dates"),
        ("FREQ=DAILY;COUNT=0", "bad_rule"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20261231", "bad_rule"),
        ("FREQ=SECONDLY;COUNT=3", "bad_rule"),
        ("FREQ=DAILY;BYHOUR=8,9;COUNT=3", "bad_rule"),
        ("FREQ=DAILY;BYDAY=MO;COUNT=3", "bad_rule"),
        ("FREQ=MONTHLY;BYDAY=1MO,2TU;COUNT=3", "bad_rule"),
        ("FREQ=MONTHLY;BYDAY=MO;COUNT=3", "bad_rule"),
        ("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3", "bad_rule"),
        ("FREQ=WEEKLY;INTERVAL=0;COUNT=3", "bad_rule"),
        ("FREQ=WEEKLY;INTERVAL=9999999999;COUNT=3", "bad_rule"),
        ("FREQ=WEEKLY;WKST=SU;COUNT=3", "bad_rule"),
        ("FREQ=WEEKLY;UNTIL=20261331", "bad_rule"),
        ("FREQ=WEEKLY;FREQ=DAILY;COUNT=3", "bad_rule"),
        ("every monday", "bad_rule"),
        ("", "bad_rule"),
    ],
)
def test_what_is_no_rule_of_a_series(text, code):
    with pytest.raises(Invalid) as refused:
        series_rules.walls(parse(text), MONDAY.replace(month=2, day=23) if "=12" in text else MONDAY)
    assert (refused.value.code, list(refused.value.errors)) == (code, ["rule"])


def test_an_hour_that_clocks_skip_is_refused_by_its_date():
    berlin = ZoneInfo("Europe/Berlin")
    with pytest.raises(Invalid) as refused:
        series_rules.moment(datetime(2027, 3, 28, 2, 30), berlin)
    assert (refused.value.code, list(refused.value.errors)) == ("no_such_hour", ["start"])
    assert series_rules.moment(datetime(2027, 3, 28, 3, 30), berlin) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_exceptions_are_dates_of_the_series():
    rule = parse("FREQ=WEEKLY;COUNT=3")
    kept = series_rules.dates(rule, START, START + HOUR, [date(2026, 11, 30)])
    assert [f"{period.start.astimezone(VIETNAM):%d/%m}" for period in kept] == ["23/11", "07/12"]
    with pytest.raises(Invalid) as refused:
        series_rules.dates(rule, START, START + HOUR, [date(2026, 12, 1)])
    assert (refused.value.code, list(refused.value.errors)) == ("not_a_date", ["exceptions.0"])
    with pytest.raises(Invalid) as refused:
        series_rules.dates(parse("FREQ=DAILY;COUNT=1"), START, START + HOUR, [MONDAY.date()])
    assert (refused.value.code, list(refused.value.errors)) == ("no_dates", ["exceptions"])


@pytest.mark.parametrize(("length", "code"), [(timedelta(0), "end_before_start"), (25 * HOUR, "dates_overlap")])
def test_the_end_of_each_date(length, code):
    with pytest.raises(Invalid) as refused:
        series_rules.dates(parse("FREQ=DAILY;COUNT=3"), START, START + length)
    assert (refused.value.code, list(refused.value.errors)) == (code, ["end"])


def test_a_rule_moves_with_its_dates_where_it_can():
    def move(text: str, by: timedelta) -> str:
        rule = parse(text)
        return str(series_rules.moved(rule, series_rules.walls(rule, MONDAY), MONDAY + by))

    day = timedelta(days=1)
    assert move("FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4", day) == "FREQ=WEEKLY;BYDAY=TU,FR;COUNT=4"
    assert move("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261201", day + HOUR) == "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261201T165959Z"
    assert move("FREQ=MONTHLY;BYDAY=4MO;COUNT=3", HOUR) == "FREQ=MONTHLY;BYDAY=4MO;COUNT=3"
    with pytest.raises(Invalid) as refused:
        move("FREQ=MONTHLY;BYDAY=4MO;COUNT=3", day)
    assert (refused.value.code, list(refused.value.errors)) == ("rule_names_days", ["start"])
    with pytest.raises(Invalid):
        move("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;COUNT=4", day)


RULES = st.builds(
    Rule,
    frequency=st.sampled_from(sorted(series_rules.FREQUENCIES)),
    interval=st.integers(1, 366),
    weekdays=st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=3).map(tuple),
    month_day=st.none() | st.integers(-2, 33),
    count=st.none() | st.integers(0, MOST + 2),
    until=st.none() | st.datetimes(MONDAY, datetime(2400, 1, 1)).map(lambda at: at.replace(microsecond=0)),
)


@given(RULES)
def test_every_rule_is_refused_or_gives_1_to_500_rising_dates_and_survives_its_text(rule):
    try:
        series_rules.check(rule)
        found = series_rules.walls(rule, MONDAY)
    except Invalid:
        return
    assert 1 <= len(found) <= MOST
    assert found == sorted(set(found))
    assert len({wall.date() for wall in found}) == len(found)
    assert {wall.time() for wall in found} == {MONDAY.time()}
    assert series_rules.walls(parse(str(rule)), MONDAY) == found
