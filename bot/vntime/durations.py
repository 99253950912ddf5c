"""How long: hai tiếng rưỡi, 90 phút, 4 đêm, two hours."""

from dataclasses import dataclass
from datetime import timedelta

from .grammar import Context, Found, memo
from .numbers import number
from .reading import Reading, instant

HOURS, MINUTES, DAYS, WEEKS, MONTHS, YEARS = "hours", "minutes", "days", "weeks", "months", "years"
UNITS = {
    HOURS: ("tiếng đồng hồ", "giờ đồng hồ", "tiếng", "hours", "hour", "hrs", "hr"),
    MINUTES: ("phút", "minutes", "minute", "mins"),
    DAYS: ("ngày", "đêm", "hôm", "days", "day", "nights", "night"),
    WEEKS: ("tuần lễ", "tuần", "weeks", "week"),
    MONTHS: ("tháng", "months", "month"),
    YEARS: ("năm", "years", "year"),
}
HALVES = {HOURS: {MINUTES: 30}, DAYS: {HOURS: 12}, MONTHS: {DAYS: 15}, YEARS: {MONTHS: 6}, MINUTES: {}, WEEKS: {}}
CUES = ("kéo dài", "trong vòng", "trong khoảng", "trong", "suốt", "mất", "họp trong", "for")


@dataclass(frozen=True)
class Duration:
    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0
    hours: int = 0
    minutes: int = 0

    def iso(self) -> str:
        day = "".join(f"{n}{unit}" for n, unit in zip(self._day_part, "YMWD", strict=True) if n)
        clock = "".join(f"{n}{unit}" for n, unit in ((self.hours, "H"), (self.minutes, "M")) if n)
        return f"P{day}" + (f"T{clock}" if clock else "")

    @property
    def _day_part(self) -> tuple[int, int, int, int]:
        return self.years, self.months, self.weeks, self.days

    @property
    def clock_only(self) -> bool:
        return not any(self._day_part)

    def plus(self, **more: int) -> "Duration":
        return Duration(**{key: getattr(self, key) + more.get(key, 0) for key in self.__dataclass_fields__})

    def delta(self) -> timedelta:
        return timedelta(days=self.days + 7 * self.weeks, hours=self.hours, minutes=self.minutes)


@memo
def duration(c: Context, at: int) -> Found[Duration]:
    yield from _nights(c, at)
    yield from _counted(c, at)
    yield from _half(c, at)
    yield from _decimal(c, at)


def _unit(c: Context, at: int) -> tuple[int, str] | None:
    for unit, words in UNITS.items():
        end = c.first(at, *words)
        if end:
            return end, unit
    if c.fold(at) in ("p", "ph", "'") and c.glued(at):
        return at + 1, MINUTES
    return None


def _counted(c: Context, at: int) -> Found[Duration]:
    for after, count in _count(c, at):
        begin = c.first(after, "and a half") or after
        found = _unit(c, begin)
        if not found or count == 0:
            continue
        end, unit = found
        base = Duration(**{unit: count})
        if begin != after:
            yield end, base.plus(**HALVES[unit])
            continue
        half = c.first(end, "rưỡi", "and a half")
        if half:
            yield half, base.plus(**HALVES[unit])
        yield from _and_minutes(c, end, base, unit)
        yield end, base


def _and_minutes(c: Context, at: int, base: Duration, unit: str) -> Found[Duration]:
    begin = c.first(at, "và", "and") or at
    for after, count in number(c, begin):
        found = _unit(c, after)
        if found and unit == HOURS and found[1] == MINUTES:
            yield found[0], base.plus(minutes=count)
        elif unit == HOURS and not found and c.number(begin) and c.glued(begin) and count < 60:
            yield after, base.plus(minutes=count)
        elif found and unit == DAYS and found[1] == HOURS:
            yield found[0], base.plus(hours=count)


def _count(c: Context, at: int) -> Found[int]:
    yield from number(c, at)
    if c.fold(at) in ("a", "an"):
        yield at + 1, 1


def _half(c: Context, at: int) -> Found[Duration]:
    begin = c.first(at, "nửa", "half an", "half a")
    if not begin:
        return
    end = c.first(begin, "giờ đồng hồ", "giờ")
    found = (end, HOURS) if end else _unit(c, begin)
    if found and HALVES[found[1]]:
        yield found[0], Duration(**HALVES[found[1]])


def _decimal(c: Context, at: int) -> Found[Duration]:
    """1,5 tiếng"""
    if c.number(at) and c.fold(at + 1) in (",", ".") and c.glued(at + 1) and c.fold(at + 2) == "5" and c.glued(at + 2):
        found = _unit(c, at + 3)
        if found:
            yield found[0], Duration(**{found[1]: int(c.fold(at)[:4])}).plus(**HALVES[found[1]])


def _nights(c: Context, at: int) -> Found[Duration]:
    """3 ngày 2 đêm: the stay has two nights; as a programme it lasts three days."""
    for middle, days in number(c, at):
        begin = c.first(middle, "ngày", "days")
        follow = c.first(begin, ",", "và", "and") or begin if begin else None
        for after, nights in number(c, follow) if follow else ():
            end = c.first(after, "đêm", "nights", "night")
            if end and nights in (days - 1, days):
                yield end, Duration(days=nights)
                yield end, Duration(days=days)


@memo
def spoken_hours(c: Context, at: int) -> Found[Duration]:
    """2h, 2 giờ, 1h30, 1 giờ 30 phút as a length; only where something says that it is one."""
    for after, count in number(c, at):
        if c.fold(after) == "h" or c.at(after, "giờ"):
            if c.at(after + 1, "rưỡi"):
                yield after + 2, Duration(hours=count, minutes=30)
            for end, minutes in number(c, after + 1):
                tail = _unit(c, end)
                if tail and tail[1] == MINUTES:
                    yield tail[0], Duration(hours=count, minutes=minutes)
                elif c.glued(after + 1):
                    yield end, Duration(hours=count, minutes=minutes)
            if count:
                yield after + 1, Duration(hours=count)


def lasting(c: Context, at: int) -> Found[Reading]:
    for end, found in duration(c, at):
        yield end, Reading("duration", value=found.iso())


def cued(c: Context, at: int) -> Found[Reading]:
    """After "kéo dài" and its like "2 giờ" is a length."""
    begin = c.first(at, *CUES)
    if begin:
        skip = c.first(begin, "khoảng", "tầm", "about") or begin
        for end, found in [*spoken_hours(c, skip), *duration(c, skip)]:
            yield end, Reading("duration", value=found.iso())


def few_hours(c: Context, at: int) -> Found[Reading]:
    """ "3 giờ" alone may be a length too, and "sau 2h" a time from now."""
    after = c.first(at, "sau")
    for end, found in spoken_hours(c, after or at):
        if found.hours <= 4 and not found.minutes:
            yield end, instant(c.now + found.delta()) if after else Reading("duration", value=found.iso())


def from_now(c: Context, at: int) -> Found[Reading]:
    """2 tiếng nữa, sau 30 phút, in 2 hours, 2 tiếng trước, bây giờ."""
    now = c.first(at, "ngay bây giờ", "bây giờ", "ngay lúc này", "lúc này", "hiện giờ", "right now", "now")
    if now:
        yield now, instant(c.now)
    sign = c.first(at, "sau", "in", "cách đây", "còn")
    for end, found in [*duration(c, sign or at), *_spoken_with(c, sign or at)]:
        if not found.clock_only:
            continue
        later = c.first(end, "nữa", "from now", "sau nữa")
        before = c.first(end, "trước", "ago")
        if c.after(at, "cách đây"):
            yield before or end, instant(c.now - found.delta())
        elif later:
            yield later, instant(c.now + found.delta())
        elif before and not sign:
            yield before, instant(c.now - found.delta())
        elif sign and c.fold(at) in ("sau", "in"):
            yield end, instant(c.now + found.delta())


def _spoken_with(c: Context, at: int) -> Found[Duration]:
    """ "2 giờ nữa", "2h trước": the word after it says that it is a length."""
    for end, found in spoken_hours(c, at):
        if c.at(end, "nữa", "trước"):
            yield end, found
