"""What an hour is worth, and which hours would be free without a few rooms: the pure part."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.common.periods import VIETNAM, Period
from backend.reservations import ledger
from meetings.scheduling.best import few, gaps, weigh
from meetings.scheduling.worth import Day, Span, Taking, judge

DAY = datetime(2026, 11, 25, tzinfo=VIETNAM)  # a Wednesday
WINDOW = Period(DAY + timedelta(hours=7), DAY + timedelta(hours=18))


def at(clock: str, days: int = 0) -> datetime:
    hours, minutes = clock.split(":")
    return DAY + timedelta(days=days, hours=int(hours), minutes=int(minutes))


def minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def taken(start: str, end: str, *resources: int, many: bool = False, days: int = 0) -> Taking:
    return Taking(at(start, days), at(end, days), "conference", 1, resources or (1,), many)


def weekdays(day) -> bool:
    return day.weekday() < 5


def weighed(takings=(), windows=(WINDOW,), minutes=60, rooms=10, now=DAY):
    return weigh(sorted(takings), windows, minutes, rooms=rooms, works=weekdays, now=now)


@pytest.mark.parametrize(
    ("start", "end", "days", "score", "reasons"),
    [
        ("08:00", "09:00", 0, 100, ("morning", "room_around")),
        ("13:30", "15:00", 0, 95, ("afternoon", "room_around")),
        ("11:00", "12:00", 0, 70, ("room_around", "over_lunch")),
        ("12:00", "13:00", 0, 70, ("room_around", "over_lunch")),
        ("17:00", "18:00", 0, 70, ("room_around", "outside_hours")),
        ("07:00", "08:00", 0, 70, ("room_around", "outside_hours")),
        ("08:00", "16:00", 0, 95, ("working_hours", "room_around")),
        ("08:00", "09:00", 1, 98, ("morning", "room_around")),
        ("08:00", "09:00", 3, 54, ("morning", "room_around", "day_off")),
        ("08:00", "09:00", 14, 85, ("morning", "room_around")),
    ],
)
def test_what_an_hour_is_worth(start, end, days, score, reasons):
    day = Day(at("00:00", days), weekdays(at("00:00", days)), days)
    hours = judge(day, minute(start), minute(end), [])
    assert (hours.start, hours.end) == (at(start, days), at(end, days))
    assert (hours.score, hours.reasons) == (score, reasons)


@pytest.mark.parametrize(
    ("takings", "score", "reasons"),
    [
        ([taken("07:00", "07:30")], 100, ("morning", "room_around")),
        ([taken("07:00", "08:00")], 92, ("morning", "room_after")),
        ([taken("09:15", "10:00")], 93, ("morning", "room_before")),
        ([taken("07:00", "08:00"), taken("09:00", "10:00")], 85, ("morning",)),
    ],
)
def test_room_to_spare_counts(takings, score, reasons):
    spans = [Span(minute(f"{t.start:%H:%M}"), minute(f"{t.end:%H:%M}"), t) for t in takings]
    hours = judge(Day(DAY, True), minute("08:00"), minute("09:00"), spans)
    assert (hours.score, hours.reasons) == (score, reasons)


def test_the_best_of_each_half_day_comes_first():
    best, nearly = weighed([taken("07:00", "09:00", many=True)])
    assert [(h.start, h.score, h.reasons) for h in best] == [
        (at("09:30"), 100, ("soonest", "morning", "room_around")),
        (at("13:30"), 95, ("afternoon", "room_around")),
    ]
    assert nearly == []


def test_the_soonest_good_hour_says_so():
    best, _nearly = weighed(windows=[WINDOW])
    assert (best[0].start, best[0].reasons) == (at("07:30"), ("soonest", "morning", "room_around"))


def test_a_working_day_comes_before_a_sooner_day_off():
    saturday = [Period(at("07:00", days), at("18:00", days)) for days in (3, 5)]
    best, _nearly = weighed(windows=saturday)
    assert [h.start for h in best[:3]] == [at("07:30", 5), at("13:30", 5), at("07:30", 3)]


def test_nothing_that_is_past_is_offered():
    best, _nearly = weighed(now=at("14:10"))
    assert [h.start for h in best] == [at("14:30")]


def test_an_hour_off_the_grid_is_weighed_too():
    best, _nearly = weighed(windows=[Period(at("08:10"), at("09:40"))], minutes=90)
    assert [(h.start, h.end) for h in best] == [(at("08:10"), at("09:40"))]


def test_who_stands_in_the_way_of_an_hour():
    first, second = taken("07:00", "12:00", 1, 2), taken("07:00", "18:00", 3)
    best, nearly = weighed([first, second])
    assert best == []
    assert [(each.hours.start, each.resources, each.takings) for each in nearly] == [
        (at("13:30"), {3}, (second,)),
        (at("07:30"), {1, 2, 3}, (first, second)),
    ]


def test_more_than_a_few_are_not_left_out():
    assert weighed([taken("07:00", "18:00", 1, 2, 3, 4)]) == ([], [])
    assert weighed([taken("07:00", "18:00", 1, many=True)]) == ([], [])


@pytest.mark.parametrize(("rooms", "most"), [(1, 0), (2, 1), (10, 3), (60, 6), (3400, 20)])
def test_how_many_one_may_do_without(rooms, most):
    assert few(rooms) == most


moments = st.integers(0, 4 * 48).map(lambda half: DAY + timedelta(minutes=30 * half))
some_takings = st.lists(
    st.builds(
        lambda start, length, resources, many: Taking(
            start, start + timedelta(minutes=15 * length), "conference", 1, tuple(resources), many
        ),
        moments,
        st.integers(1, 40),
        st.sets(st.integers(1, 6), min_size=1),
        st.booleans(),
    ),
    max_size=12,
).map(sorted)
WINDOWS = [Period(at("07:00", days), at("18:00", days)) for days in range(4)]


@given(some_takings)
def test_gaps_are_what_the_ledger_finds(takings):
    busy = [Period(t.start, t.end) for t in takings]
    assert gaps(takings, WINDOWS) == [gap for window in WINDOWS for gap in ledger.free_gaps(busy, window)]


@given(some_takings, st.sampled_from([30, 60, 150, 480]))
def test_offers_hold_what_they_say(takings, minutes):
    best, nearly = weighed(takings, WINDOWS, minutes)
    free = gaps(takings, WINDOWS)
    for hours in best:
        assert any(gap.start <= hours.start and hours.end <= gap.end for gap in free)
    assert [h.score for h in best] == sorted((h.score for h in best), reverse=True)
    for each in nearly:
        in_way = [t for t in takings if t.start < each.hours.end and t.end > each.hours.start]
        assert not any(t.many for t in in_way)
        assert each.resources == {r for t in in_way for r in t.resources}
        assert 1 <= len(each.resources) <= 3
