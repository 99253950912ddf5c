"""Which hours are good ones, and why; and which would be free without a few rooms. Pure.

Times are UTC inside; what an hour is worth is judged by the clock of Viet Nam.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from backend.common.periods import VIETNAM, Period

WorksOn = Callable[[date], bool]

MORNING, AFTERNOON = (time(7, 30), time(11, 30)), (time(13, 30), time(17))
LONGEST_SESSION = timedelta(hours=4)  # longer ones run over lunch anyway
STEP = BREATH = timedelta(minutes=30)
DAYS_WEIGHED = 10  # with free hours; a later one could not be better
SHOWN = 5
FEW, FEW_PERCENT, FEW_AT_MOST = 3, 10, 20

NOT_GOOD = {"day_off", "over_lunch", "outside_hours"}

# What an hour is worth, 100 in all.
WORKING_DAY, IN_SESSION, SOON, IN_MORNING, FREE_BEFORE, FREE_AFTER = 40, 25, 15, 5, 8, 7


class Taking(NamedTuple):
    """`holder` has `resources` during [start, end); with `many` these are not all."""

    start: datetime
    end: datetime
    holder_kind: str
    holder_id: int
    resources: tuple[int, ...]
    many: bool


@dataclass(frozen=True)
class Hours:
    """`score` from 0 to 100; `reasons` are codes, what speaks for it first."""

    start: datetime
    end: datetime
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Nearly:
    """Free for all but those that `takings` name."""

    hours: Hours
    takings: tuple[Taking, ...]
    resources: frozenset[int]


def gaps(takings: Iterable[Taking], windows: Iterable[Period]) -> list[Period]:
    """The parts of `windows` (in order) in which nothing is taken; `takings` by start."""
    merged = list(_merged(takings))
    found, place = [], 0
    for window in windows:
        start = window.start
        while place < len(merged) and merged[place][1] <= window.start:
            place += 1
        for busy_start, busy_end in merged[place:]:
            if busy_start >= window.end:
                break
            if busy_start > start:
                found.append(Period(start, busy_start))
            start = max(start, busy_end)
        if start < window.end:
            found.append(Period(start, window.end))
    return found


def _merged(takings: Iterable[Taking]) -> Iterator[tuple[datetime, datetime]]:
    start = end = None
    for taking in takings:
        if end is None or start is None or taking.start > end:
            if start and end:
                yield start, end
            start, end = taking.start, taking.end
        else:
            end = max(end, taking.end)
    if start and end:
        yield start, end


def few(rooms: int) -> int:
    """How many of so many rooms one may do without."""
    return min(max(FEW, rooms * FEW_PERCENT // 100), FEW_AT_MOST, rooms - 1)


def weigh(
    takings: Sequence[Taking],
    windows: Sequence[Period],
    length: timedelta,
    *,
    rooms: int,
    works: WorksOn,
    now: datetime,
) -> tuple[list[Hours], list[Nearly]]:
    """The best free hours, best first; and the best that would be free without a few of the `rooms`, fewest first.

    At most one for each half of a day. `takings` by start, of the breath around the windows too.
    """
    free: dict[tuple[date, bool], Hours] = {}
    nearly: dict[tuple[date, bool], Nearly] = {}
    most, soonest = few(rooms), True
    first = max(now, windows[0].start).astimezone(VIETNAM).date() if windows else None
    for window in windows:
        if len({day for day, _late in free}) >= DAYS_WEIGHED or first is None:
            break
        around = [t for t in takings if t.start < window.end + BREATH and t.end > window.start - BREATH]
        for start in _starts(window, length, now):
            end = start + length
            in_way = [t for t in around if t.start < end and t.end > start]
            resources = frozenset(r for t in in_way for r in t.resources)
            if len(resources) > most or any(t.many for t in in_way):
                continue
            hours = judge(start, end, around, first=first, works=works)
            if not in_way and soonest and not NOT_GOOD.intersection(hours.reasons):
                hours, soonest = Hours(start, end, hours.score, ("soonest", *hours.reasons)), False
            half = _half(start)
            if not in_way and (half not in free or hours.score > free[half].score):
                free[half] = hours
            elif in_way and (half not in nearly or _rank(resources, hours) < _rank(*_facts(nearly[half]))):
                nearly[half] = Nearly(hours, tuple(in_way), resources)
    best = sorted(free.values(), key=lambda hours: (-hours.score, hours.start))
    without = sorted(nearly.values(), key=lambda each: (*_rank(*_facts(each)), each.hours.start))
    return best[:SHOWN], without[:SHOWN]


def _facts(each: Nearly) -> tuple[frozenset[int], Hours]:
    return each.resources, each.hours


def _rank(resources: frozenset[int], hours: Hours) -> tuple[int, int]:
    return len(resources), -hours.score


def _half(start: datetime) -> tuple[date, bool]:
    local = start.astimezone(VIETNAM)
    return local.date(), local.hour >= 12


def _starts(window: Period, length: timedelta, now: datetime) -> Iterator[datetime]:
    """The beginning of the window, then every half hour; nothing in the past."""
    start = window.start
    while start + length <= window.end:
        if start >= now:
            yield start
        start += STEP - timedelta(minutes=start.minute % 30, seconds=start.second, microseconds=start.microsecond)


def judge(start: datetime, end: datetime, takings: Iterable[Taking], *, first: date, works: WorksOn) -> Hours:
    """What the hour is worth: `first` is the day from which on sooner is better."""
    local, until = start.astimezone(VIETNAM), end.astimezone(VIETNAM)
    score, reasons = 0, []
    session = _session(local, until)
    if works(local.date()):
        score += WORKING_DAY
    if session:
        score += IN_SESSION + (IN_MORNING if session == "morning" else 0)
        reasons.append(session)
    score += max(SOON - 2 * (local.date() - first).days, 0)
    touching = [t for t in takings if t.start < end + BREATH and t.end > start - BREATH]
    before = all(t.end <= start - BREATH for t in touching if t.start < start)
    after = all(t.start >= end + BREATH for t in touching if t.end > end)
    score += FREE_BEFORE * before + FREE_AFTER * after
    if before or after:
        reasons.append("room_around" if before and after else "room_before" if before else "room_after")
    if not works(local.date()):
        reasons.append("day_off")
    if not session:
        reasons.append("over_lunch" if _over_lunch(local, until) else "outside_hours")
    return Hours(start, end, score, tuple(reasons))


def _session(local: datetime, until: datetime) -> str:
    """In which part of the working day all of it lies; empty: in none."""
    if local.date() != until.date():
        return ""
    for name, (opens, closes) in (("morning", MORNING), ("afternoon", AFTERNOON)):
        if opens <= local.time() and until.time() <= closes:
            return name
    whole = local.time() >= MORNING[0] and until.time() <= AFTERNOON[1]
    return "working_hours" if whole and until - local > LONGEST_SESSION else ""


def _over_lunch(local: datetime, until: datetime) -> bool:
    inside = local.date() == until.date() and local.time() >= MORNING[0] and until.time() <= AFTERNOON[1]
    return inside and local.time() < AFTERNOON[0] and until.time() > MORNING[1]
