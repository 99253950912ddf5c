"""Which free hours are the best ones, and which would be free without a few rooms. Pure; times are UTC."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from backend.common.periods import Period, local_date, local_time
from meetings.scheduling.worth import BREATH, Day, Hours, Span, Taking, judge, most_later

WorksOn = Callable[[date], bool]

STEP, NOON = 30, 12 * 60  # minutes
SHOWN = 5
FEW, FEW_PERCENT, FEW_AT_MOST = 3, 10, 20


@dataclass(frozen=True)
class Nearly:
    """Free for all but those that `takings` name."""

    hours: Hours
    takings: tuple[Taking, ...]

    @property
    def resources(self) -> frozenset[int]:
        return frozenset(resource for taking in self.takings for resource in taking.resources)

    @property
    def rank(self) -> tuple[int, int]:
        """The lower the better: few rooms to leave out, then a good hour."""
        return len(self.resources), -self.hours.score


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
    takings: Sequence[Taking], windows: Sequence[Period], minutes: int, *, rooms: int, works: WorksOn, now: datetime
) -> tuple[list[Hours], list[Nearly]]:
    """The best free hours, best first; and the best that would be free without a few of the `rooms`, fewest first.

    One for each half of a day at most, the latter only where good hours are rare. Each window lies within one local
    day; `takings` reach around it as far as the breath.
    """
    free: dict[tuple[datetime, bool], Hours] = {}
    nearly: dict[tuple[datetime, bool], Nearly] = {}
    first, most = local_date(max(now, windows[0].start)), few(rooms)
    for window in windows:
        local = local_date(window.start)
        day = Day(local_time(local, time()), works(local), (local - first).days)
        spans = list(_spans(takings, window, day))
        for start in _starts(day, window, minutes, now):
            end, half = start + minutes, (day.midnight, start >= NOON)
            in_way = [span.taking for span in spans if span.start < end and span.end > start]
            if not in_way:
                hours = judge(day, start, end, spans)
                free[half] = max(free.get(half, hours), hours, key=_score)
            elif _are_few(in_way, most):
                each = Nearly(judge(day, start, end, spans), tuple(in_way))
                nearly[half] = min(nearly.get(half, each), each, key=_rank)
        if len([hours for hours in free.values() if hours.score >= most_later(day)]) >= SHOWN:
            break
    best = sorted(_with_soonest(free.values()), key=lambda hours: (-hours.score, hours.start))[:SHOWN]
    if len([hours for hours in best if hours.are_good]) == SHOWN:
        return best, []
    return best, sorted(nearly.values(), key=lambda each: (each.rank, each.hours.start))[:SHOWN]


def _score(hours: Hours) -> int:
    return hours.score


def _rank(each: Nearly) -> tuple[int, int]:
    return each.rank


def _are_few(takings: Sequence[Taking], most: int) -> bool:
    if any(taking.many for taking in takings):
        return False
    return len({resource for taking in takings for resource in taking.resources}) <= most


def _with_soonest(free: Iterable[Hours]) -> Iterator[Hours]:
    """The first good hours say that they are the first."""
    said = False
    for hours in free:
        if not said and hours.are_good:
            said, hours = True, replace(hours, reasons=("soonest", *hours.reasons))
        yield hours


def _spans(takings: Iterable[Taking], window: Period, day: Day) -> Iterator[Span]:
    reach = timedelta(minutes=BREATH)
    for taking in takings:
        if taking.start < window.end + reach and taking.end > window.start - reach:
            yield Span(day.floor(taking.start), day.ceil(taking.end), taking)


def _starts(day: Day, window: Period, minutes: int, now: datetime) -> Iterator[int]:
    """The beginning of the window, then every half hour; nothing in the past."""
    start, earliest, last = day.ceil(window.start), day.ceil(now), day.floor(window.end) - minutes
    while start <= last:
        if start >= earliest:
            yield start
        start += STEP - start % STEP
