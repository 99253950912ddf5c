"""What comes again: mỗi thứ hai, 8h sáng thứ 2 và thứ 4 hàng tuần, ngày 15 hàng tháng, hai tuần một lần."""

from dataclasses import dataclass, replace

from .clock import clock, part
from .grammar import Context, Found
from .numbers import small
from .reading import Reading
from .weekdays import weekday_name

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = {
    "ngày": "DAILY", "tuần": "WEEKLY", "tháng": "MONTHLY", "năm": "YEARLY", "day": "DAILY", "week": "WEEKLY",
    "month": "MONTHLY", "year": "YEARLY",
}  # fmt: skip
WHOLE = {"daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "yearly": "YEARLY"}
EVERY = ("hàng", "hằng", "mỗi", "mọi", "every", "each", "các")


@dataclass(frozen=True)
class Rule:
    """The parts of an RRULE as they are found one after the other."""

    freq: str = ""
    interval: int = 1
    days: tuple[int, ...] = ()
    month_day: int = 0
    position: int = 0
    hour: tuple[int, int] | None = None
    hours: tuple[tuple[int, int], ...] = ()
    part: str = ""

    def text(self) -> str:
        bits = [f"FREQ={self.freq}"]
        bits += [f"INTERVAL={self.interval}"] if self.interval > 1 else []
        names = ",".join(f"{self.position or ''}{DAYS[day]}" for day in sorted(set(self.days)))
        bits += [f"BYDAY={names}"] if names else []
        bits += [f"BYMONTHDAY={self.month_day}"] if self.month_day else []
        bits += [f"BYHOUR={self.hour[0] % 24}", f"BYMINUTE={self.hour[1]}"] if self.hour else []
        return ";".join(bits)


def recurring(c: Context, at: int) -> Found[Reading]:
    for end, rule in _parts(c, at, Rule(), frozenset()):
        if rule.freq and rule.hours:
            for hour in rule.hours:
                yield end, Reading("set", value=replace(rule, hour=hour).text())
        elif rule.freq and rule.part:
            start, last = c.settings.day_parts[rule.part]
            yield end, Reading("set", f"{start:%H:%M}", f"{last:%H:%M}", rule.text())
        elif rule.freq:
            yield end, Reading("set", value=rule.text())


def _parts(c: Context, at: int, rule: Rule, seen: frozenset[str]) -> Found[Rule]:
    """Hour, day part and the recurring day, in any order, each once."""
    begin = c.first(at, "vào lúc", "lúc", "vào", "at", ",", "on") or at
    if "clock" not in seen:
        for end, hour in clock(c, begin):
            yield from _parts(c, end, replace(rule, hours=tuple(hour.hours())), seen | {"clock"})
            for after, name in part(c, end):
                hours = tuple(hour.hours(name))
                if hours:
                    yield from _parts(c, after, replace(rule, hours=hours), seen | {"clock", "part"})
    if "part" not in seen:
        for end, name in part(c, begin):
            yield from _parts(c, end, replace(rule, part=name.name), seen | {"part"})
    if "days" not in seen:
        for end, found in _days(c, begin):
            merged = replace(found, hours=rule.hours, part=found.part or rule.part)
            yield from _parts(c, end, merged, seen | {"days"})
    if "days" in seen:
        yield at, rule


def _days(c: Context, at: int) -> Found[Rule]:
    yield from _interval(c, at)
    yield from _every(c, at)
    for end, days in _weekdays(c, at):
        after = c.first(end, "hàng tuần", "hằng tuần", "mỗi tuần", "các tuần", "weekly", "every week")
        if after:
            yield after, Rule("WEEKLY", days=days)
        if len(days) == 1:
            yield from _position(c, end, days)
    begin = c.first(at, "ngày", "the", "ngày mùng", "mùng")
    for end, day in small(c, begin, 1, 31) if begin else ():
        after = c.first(
            end, "hàng tháng", "hằng tháng", "mỗi tháng", "of every month", "th of every month", "các tháng"
        )
        if after:
            yield after, Rule("MONTHLY", month_day=day)
    last = c.first(
        at, "ngày cuối tháng hàng tháng", "ngày cuối mỗi tháng", "ngày cuối cùng hàng tháng", "cuối mỗi tháng"
    )
    if last:
        yield last, Rule("MONTHLY", month_day=-1)


def _every(c: Context, at: int) -> Found[Rule]:
    if c.fold(at) in WHOLE:
        yield at + 1, Rule(WHOLE[c.fold(at)])
    working = c.first(
        at,
        "các ngày trong tuần",
        "các ngày làm việc",
        "mỗi ngày làm việc",
        "ngày làm việc hàng tuần",
        "every working day",
        "every weekday",
    )
    if working:
        yield working, Rule("WEEKLY", days=(0, 1, 2, 3, 4))
    if not c.at(at, *EVERY):
        return
    for end, name in part(c, at + 1):  # "mỗi sáng", "mỗi sáng thứ hai"
        yield end, Rule("DAILY", part=name.name)
        for stop, found in _weekdays(c, end):
            yield c.first(stop, "hàng tuần") or stop, Rule("WEEKLY", days=found, part=name.name)
    quarter = c.first(at + 1, "quý", "quarter")
    if quarter:
        yield quarter, Rule("MONTHLY", 3)
    other = c.first(at + 1, "other")
    for word, freq in FREQUENCIES.items():
        whole = c.after(other or at + 1, word)
        if whole and not c.at(at, "các"):
            yield c.first(whole, "một lần", "1 lần") or whole, Rule(freq, 2 if other else 1)
            yield from _then(c, whole) if freq == "WEEKLY" else ()
    for last, days in _weekdays(c, other or at + 1):
        yield c.first(last, "hàng tuần", "hằng tuần", "trong tuần") or last, Rule("WEEKLY", 2 if other else 1, days)
    for end, count in small(c, at + 1, 2, 52):
        for word, freq in FREQUENCIES.items():
            many = c.first(end, word, word + "s")
            if many:
                yield many, Rule(freq, count)


def _then(c: Context, at: int) -> Found[Rule]:
    """The day after "hàng tuần": "hàng tuần vào chiều thứ năm"."""
    begin = c.first(at, "vào", ", vào") or at
    for end, days in _weekdays(c, begin):
        yield end, Rule("WEEKLY", days=days)
    for middle, name in part(c, begin):
        for end, days in _weekdays(c, middle):
            yield end, Rule("WEEKLY", days=days, part=name.name)


def _interval(c: Context, at: int) -> Found[Rule]:
    """hai tuần một lần, 3 tháng 1 lần"""
    for end, count in small(c, at, 1, 52):
        for word, freq in FREQUENCIES.items():
            after = c.after(end, word)
            last = c.first(after, "một lần", "1 lần", "/ lần") if after else None
            if last:
                yield last, Rule(freq, count)
        quarter = c.first(end, "quý một lần", "quý 1 lần")
        if quarter:
            yield quarter, Rule("MONTHLY", 3 * count)


def _weekdays(c: Context, at: int) -> Found[tuple[int, ...]]:
    """thứ 2, thứ 4 và thứ 6; thứ 2, 4, 6; từ thứ 2 đến thứ 6"""
    start = c.first(at, "từ", "from")
    for end, first in weekday_name(c, start or at):
        to = c.first(end, "đến", "tới", "-", "to")
        for after, last in weekday_name(c, to) if to else ():
            if first < last:
                yield after, tuple(range(first, last + 1))
        if not start:
            yield from _more(c, end, (first,))


def _more(c: Context, at: int, days: tuple[int, ...]) -> Found[tuple[int, ...]]:
    begin = c.first(at, ", và", ",", "và", "and", "&", "với")
    for end, day in weekday_name(c, begin) if begin else ():
        yield from _more(c, end, (*days, day))
    for end, value in small(c, begin, 2, 7) if begin else ():
        if c.number(begin or 0):
            yield from _more(c, end, (*days, value - 2))
    yield at, days


def _position(c: Context, at: int, days: tuple[int, ...]) -> Found[Rule]:
    """thứ hai đầu tiên hàng tháng"""
    for words, position in ((("đầu tiên", "đầu"), 1), (("cuối cùng", "cuối"), -1)):
        for word in words:
            end = c.first(at, f"{word} hàng tháng", f"{word} mỗi tháng", f"{word} của mỗi tháng", f"{word} hằng tháng")
            if end:
                yield end, Rule("MONTHLY", days=days, position=position)
