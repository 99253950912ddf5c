"""Two ends, or one that is open: từ 9h15 đến 10h sáng thứ sáu, 15-17/12, trước 9h, sau thứ tư, từ 14h mai."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from .calendar import Dated, Day, shared
from .clock import Clock
from .days import ahead
from .grammar import Context, Found
from .numbers import number
from .points import Point, edges, part_hours, point, side
from .reading import Reading, days, interval, moment, time_range

Hour = tuple[int, int]
Edge = Callable[[Context, Point], Iterator[Reading]]
FROM = ("từ lúc", "từ", "bắt đầu từ", "between", "from", "giữa", "trong khoảng từ", "khoảng từ")
TO = ("cho đến hết", "đến hết", "tới hết", "cho đến", "cho tới", "đến tận", "đến", "tới", "to", "until", "till", "and",
      "và", "-", "–", "—", "~", "→", "- >")  # fmt: skip
BEFORE = ("trước lúc", "trước", "before")
AFTER = ("sau lúc", "sau", "after", "từ sau")
SINCE = ("bắt đầu từ", "từ lúc", "từ", "from", "since")
UNTIL = ("cho đến hết", "đến hết", "cho đến", "cho tới", "muộn nhất là", "muộn nhất", "chậm nhất là", "chậm nhất",
         "không quá", "trễ nhất", "đến", "tới", "until", "till", "by", "no later than")  # fmt: skip


def between(c: Context, at: int) -> Found[Reading]:
    yield from _counted_days(c, at)
    for begin, around, opened in _openings(c, at):
        for middle, first in side(c, begin):
            for end, second in _second(c, middle, opened):
                for found in _range(c, _around(around, first), second):
                    yield end, found


def _counted_days(c: Context, at: int) -> Found[Reading]:
    """ "2 ngày 20 và 21/11": the number only says how many they are."""
    for middle, count in number(c, at):
        begin = c.first(middle, "ngày")
        for end, found in between(c, begin) if begin and count > 1 else ():
            if found.kind == "date" and _length(found) == count:
                yield end, found


def _length(found: Reading) -> int:
    return (date.fromisoformat(str(found.end)) - date.fromisoformat(str(found.start))).days + 1


def _openings(c: Context, at: int) -> Iterator[tuple[int, Point, bool]]:
    """With or without "từ"; before it may stand the day or its part: "sáng mai từ 8h đến 11h"."""
    begin = c.first(at, *FROM)
    if begin:
        yield begin, Point(), True
        return
    yield at, Point(), False
    for middle, around in point(c, at):
        skip = c.first(middle, ", từ", ", from", *FROM)
        if skip and around.clock is None:
            yield skip, around, True


def _second(c: Context, at: int, opened: bool) -> Found[Point]:
    for phrase in TO:
        begin = c.after(at, phrase)
        if begin and (phrase not in ("và", "and") or opened or _dates_joined(c, at)):
            hour = c.first(begin, "lúc", "khoảng", "ngày") or begin
            for start in dict.fromkeys((begin, hour)):
                yield from side(c, start)


def _dates_joined(c: Context, at: int) -> bool:
    """ "15 và 16/12" are two days that make one span only when they follow each other."""
    return (
        c.number(at - 1)
        and c.number(at + 1)
        and int(c.fold(at + 1)) == int(c.fold(at - 1)) + 1
        and c.fold(at + 2) == "/"
    )


def _around(around: Point, first: Point) -> Point:
    return replace(first, part=first.part or around.part, day=first.day or around.day)


def _range(c: Context, first: Point, second: Point) -> Iterator[Reading]:
    if first.now:
        yield from _from_now(c, second)
        return
    first, second = _explained(first, second)
    if first.bare is not None or second.bare is not None or second.now:
        return
    if first.timed and second.timed:
        yield from _timed(c, first, second)
    elif first.day and second.day and not first.timed and not second.timed:
        yield from _days(c, first.day, second.day)
    elif first.day and first.part and second.day and not second.timed:
        yield from _mixed(c, first, second)


def _mixed(c: Context, first: Point, second: Point) -> Iterator[Reading]:
    """từ sáng mai đến hết thứ sáu"""
    for start, _, _ in edges(c, first):
        for _, end, _ in edges(c, second):
            found = interval(start, end)
            if found:
                yield found


def _from_now(c: Context, second: Point) -> Iterator[Reading]:
    if second.timed:
        for start, end, _ in edges(c, second):
            found = interval(c.now.replace(second=0, microsecond=0), start if second.clock else end)
            if found:
                yield found
    elif second.day:
        for _, last in second.day.resolve(c.now):
            found = days(c.today, last)
            if found:
                yield found


def _explained(first: Point, second: Point) -> tuple[Point, Point]:
    """Bare numbers become hours beside an hour or a day part, days of the month beside a date."""
    if first.bare is not None:
        if isinstance(second.day, Dated) and not second.timed and first.day is None:
            first = replace(first, day=Dated(first.bare), bare=None)
        elif second.clock or (second.bare is not None and (second.part or second.day or first.part or first.day)):
            first = _hour(first)
    if second.bare is not None:
        if isinstance(first.day, Dated) and not first.timed and second.day is None:
            second = replace(second, day=Dated(second.bare), bare=None)
        elif first.clock:
            second = _hour(second)
    return first, second


def _hour(p: Point) -> Point:
    return replace(p, clock=Clock(p.bare or 0), bare=None) if (p.bare or 0) <= 24 else p


def _days(c: Context, first: Day, second: Day) -> Iterator[Reading]:
    one, two = shared(first, second)
    for start in one.resolve(c.now):
        for end in two.resolve(c.now, None, start[0]):
            found = days(start[0], end[1])
            if found:
                yield found


def _timed(c: Context, first: Point, second: Point) -> Iterator[Reading]:
    pairs = list(_hours(c, first, second))
    if first.day is None and second.day is None:
        for start, end in pairs:
            yield time_range(start, (end[0] - 24, end[1]) if end[0] > 24 else end)
        return
    one, two = _lent(first.day, second.day)
    for start, end in pairs:
        for day in one.resolve(c.now, (start, start)) if one else ():
            for last in [day] if two is None else two.resolve(c.now, None, day[0]):
                found = interval(moment(day[0], start), moment(last[0], end))
                if day[0] == day[1] and last[0] == last[1] and found:
                    yield found


def _lent(first: Day | None, second: Day | None) -> tuple[Day | None, Day | None]:
    if first is None:
        return second, None
    if second is None:
        return first, None
    return shared(first, second)


def _hours(c: Context, first: Point, second: Point) -> Iterator[tuple[Hour, Hour]]:
    """The pairs of clock times that the two ends can mean together."""
    own_days = first.day is not None and second.day is not None and first.day != second.day
    part = first.part
    if first.clock and part is None and second.part:
        part = second.part if _lends(first.clock, second) else None
    starts = first.clock.hours(part) if first.clock else [part_hours(c, first.part)[0]] if first.part else []
    if first.clock and first.part is None and part is None and second.part and not first.clock.sure:
        starts = [hour for hour in first.clock.twice if own_days or hour < _last(c, second)][-1:]
    elif first.clock and first.part is None and second.clock and second.clock.half and not first.clock.half:
        starts = [hour for hour in first.clock.twice if hour < second.clock.hours()[0]][-1:]
    for start in starts:
        end = _end(c, first, second, start, own_days=own_days)
        if end:
            yield start, end
        if first.clock and second.part and not second.clock:  # "từ 8h đến trưa" may stop where noon begins
            early = part_hours(c, second.part)[0]
            if early > start:
                yield start, early


def _lends(first: Clock, second: Point) -> bool:
    """Whether the second end's day part fits the first hour too: "1 đến 3 giờ chiều", not "11h đến 1h chiều"."""
    if not second.part or not second.clock:
        return False
    mine, its = first.hours(second.part), second.clock.hours(second.part)
    return bool(mine and its and mine[0] < its[0])


def _last(c: Context, second: Point) -> Hour:
    if second.clock and second.part:
        return (second.clock.hours(second.part) or [(0, 0)])[0]
    return part_hours(c, second.part)[1] if second.part else (24, 0)


def _end(c: Context, first: Point, second: Point, start: Hour, *, own_days: bool) -> Hour | None:
    if second.clock is None:
        return part_hours(c, second.part)[1] if second.part else None
    if second.part:
        for hour in second.clock.hours(second.part):
            if hour > start or own_days:
                return hour
            if start >= (18, 0):  # past midnight
                return hour[0] + 24, hour[1]
        return None
    if own_days:
        return second.clock.hours(None)[0]
    later = [hour for hour in second.clock.twice if hour > start]
    return later[0] if later else None


def open_ended(c: Context, at: int) -> Found[Reading]:
    yield from _ended(c, at, BEFORE, _before)
    yield from _ended(c, at, AFTER, _after)
    yield from _ended(c, at, SINCE, _since)
    yield from _ended(c, at, UNTIL, _until)
    for middle, p in point(c, at):
        onwards = c.first(middle, "trở đi", "trở lên", "onwards")
        if onwards:
            yield from ((onwards, found) for found in _since(c, p))
        backwards = c.first(middle, "trở về trước")
        if backwards:
            yield from ((backwards, found) for found in _before(c, p))


def _ended(c: Context, at: int, words: tuple[str, ...], make: Edge) -> Found[Reading]:
    begin = c.first(at, *words)
    if begin is None or (c.at(at, "tới") and not c.found[at].marks and not _hour_next(c, begin)):
        return
    skip = c.first(begin, "giờ", "giờ nghỉ") if c.after(begin, "giờ trưa") or c.after(begin, "giờ nghỉ trưa") else None
    not_after = {end for end, _ in ahead(c, at)}  # "sau 3 ngày nữa" is a day
    for end, p in point(c, skip or begin):
        if end in not_after:
            continue
        tail = c.first(end, "trở đi") or end
        for found in make(c, p):
            yield tail, found


def _hour_next(c: Context, at: int) -> bool:
    return c.number(at)


def _before(c: Context, p: Point) -> Iterator[Reading]:
    for start, _, dayless in edges(c, p):
        yield from _kept(interval(None, start, dayless=dayless))


def _after(c: Context, p: Point) -> Iterator[Reading]:
    for _, end, dayless in edges(c, p):
        yield from _kept(interval(end, None, dayless=dayless))


def _since(c: Context, p: Point) -> Iterator[Reading]:
    for start, _, dayless in edges(c, p):
        yield from _kept(interval(start, None, dayless=dayless))


def _until(c: Context, p: Point) -> Iterator[Reading]:
    for _, end, dayless in edges(c, p):
        yield from _kept(interval(None, end, dayless=dayless))


def _kept(found: Reading | None) -> Iterator[Reading]:
    if found:
        yield found
