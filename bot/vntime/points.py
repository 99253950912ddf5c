"""One point of time: an hour, a day part and a day in any order, as far as they were said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from .calendar import Day, Hours, on
from .clock import Clock, Part, clock, part, stands_free
from .counted import next_working, of_month
from .dates import dated, month, month_year, quarter, year
from .days import ahead, attached, english_weekend, relative, same_day, weekday, whole_week, window
from .grammar import Context, Found, choose, memo
from .lunar import lunar
from .numbers import small
from .reading import Reading, days, instant, interval, moment, time_range

FILLERS = (
    "vào lúc", "lúc", "vào hôm", "vào ngày", "vào", "của", "ngày", "hôm", ", ngày",
    ", lúc", ", vào lúc", ", vào", ",", "at",
    "on the", "on", "in the", "of the", "of", "the", ", at", ", on", "này", "cả ngày", "cả", "trong ngày", "trong",
)  # fmt: skip

LEADS = (
    "vào lúc", "lúc", "at", "on the", "on", "cả ngày", "cả", "nguyên ngày", "nguyên", "hôm",
    "trong ngày", "all day", "whole", "all of",
)  # fmt: skip

day: Callable[[Context, int], Iterator[tuple[int, Day]]] = choose(
    relative,
    weekday,
    dated,
    lunar,
    whole_week,
    english_weekend,
    same_day,
    ahead,
    of_month,
    next_working,
    window,
    month,
    month_year,
    quarter,
    year,
)


@dataclass(frozen=True)
class Point:
    clock: Clock | None = None
    part: Part | None = None
    day: Day | None = None
    bare: int | None = None  # a number that the other end of a range explains
    now: bool = False

    @property
    def timed(self) -> bool:
        return self.clock is not None or self.part is not None


@memo
def point(c: Context, at: int) -> Found[Point]:
    begin = c.first(at, *LEADS) or at
    yield from _more(c, begin, Point())
    if begin != at:
        yield from _more(c, at, Point())


def _more(c: Context, at: int, so_far: Point) -> Found[Point]:
    """Extends by every item that fits, then offers what stands. Commas and prepositions may lie between."""
    begins = [at]
    if so_far != Point():
        begins += [end for phrase in FILLERS if (end := c.after(at, phrase))]
    for begin in dict.fromkeys(begins):
        for end, longer in _item(c, begin, so_far):
            yield from _more(c, end, longer)
    if so_far.timed or so_far.day is not None:
        yield at, so_far


def _item(c: Context, at: int, so_far: Point) -> Found[Point]:
    if so_far.clock is None:
        for end, found in clock(c, at):
            yield end, replace(so_far, clock=found)
            for after, close in attached(c, end) if c.at(end - 1, "đêm") and so_far.day is None else ():
                yield after, replace(so_far, clock=found, day=close)
    if so_far.part is None:
        for end, name in part(c, at):
            yield end, replace(so_far, part=name)
            if so_far.day is None:
                for after, close in attached(c, end):
                    yield after, replace(so_far, part=name, day=close)
        if so_far.day is None:
            yield from _english_part(c, at, so_far)
    if so_far.day is None:
        for end, said in day(c, at):
            yield end, replace(so_far, day=said)


def _english_part(c: Context, at: int, so_far: Point) -> Found[Point]:
    for phrase, name in (
        ("tonight", "tối"),
        ("this morning", "sáng"),
        ("this afternoon", "chiều"),
        ("this evening", "tối"),
        ("last night", "tối"),
    ):
        end = c.after(at, phrase)
        if end:
            yield end, replace(so_far, part=Part(name), day=on(c.plus(-1 if phrase == "last night" else 0)))


def part_hours(c: Context, name: Part) -> Hours:
    start, end = c.settings.day_parts[name.name]
    last = (end.hour + (24 if end <= start else 0), end.minute)
    return (start.hour, start.minute), last


def readings(c: Context, p: Point) -> Iterator[Reading]:
    """Every meaning of a single point."""
    if p.clock:
        yield from _instants(c, p, p.clock)
    elif p.part and p.day:
        hours = part_hours(c, p.part)
        for first, last in p.day.resolve(c.now, hours):
            found = interval(moment(first, hours[0]), moment(first, hours[1])) if first == last else None
            if found:
                yield found
    elif p.part:
        yield time_range(*_wrapped(part_hours(c, p.part)))
    elif p.day:
        yield from (found for span in p.day.resolve(c.now) if (found := days(*span)))


def _wrapped(hours: Hours) -> Hours:
    return hours[0], (hours[1][0] - 24, hours[1][1]) if hours[1][0] > 24 else hours[1]


def _instants(c: Context, p: Point, said: Clock) -> Iterator[Reading]:
    for hour in said.hours(p.part):
        if p.day is None:
            yield instant(moment(next_day(c, hour), hour), dayless=True)
            continue
        for first, last in p.day.resolve(c.now, (hour, hour)):
            if first == last:
                yield instant(moment(first, hour))


def next_day(c: Context, hour: tuple[int, int]) -> date:
    """The day on which that hour comes next; under way now counts as come."""
    return c.today if moment(c.today, hour) >= c.now.replace(second=0, microsecond=0) else c.plus(1)


def edges(c: Context, p: Point) -> Iterator[tuple[datetime, datetime, bool]]:
    """(begin, end, dayless) of every meaning; an hour begins and ends at once."""
    for found in readings(c, p):
        if found.kind == "instant":
            yield _at(found.start), _at(found.start), found.dayless
        elif found.kind == "interval":
            yield _at(found.start), _at(found.end), False
        elif found.kind == "date":
            first, last = date.fromisoformat(str(found.start)), date.fromisoformat(str(found.end))
            yield moment(first, (0, 0)), moment(last + timedelta(days=1), (0, 0)), False
        elif p.part:
            hours = part_hours(c, p.part)
            base = next_day(c, hours[1])
            yield moment(base, hours[0]), moment(base, hours[1]), True


def _at(text: str | None) -> datetime:
    return datetime.fromisoformat(str(text))


@memo
def side(c: Context, at: int) -> Found[Point]:
    """An end of a range: a point, a number alone or with the day that follows it, or now."""
    yield from point(c, at)
    now = c.first(at, "bây giờ", "giờ", "nay", "now")
    if now:
        yield now, Point(now=True)
    if not stands_free(c, at):
        return
    begin = c.first(at, "ngày", "mùng", "mồng") or at
    for end, value in small(c, begin, 0, 31):
        if begin == at:
            for after, rest in point(c, end):
                if rest.clock is None and not rest.bare:
                    yield after, replace(rest, bare=value)
        yield end, Point(bare=value)
