"""Days as said, and which days they are. Every `resolve` gives spans of days (both inclusive), the likelier first."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

Days = tuple[date, date]
Hours = tuple[tuple[int, int], tuple[int, int]]  # first and last clock time said with the day


class Day(Protocol):
    def resolve(self, now: datetime, hours: Hours | None = None, floor: date | None = None) -> list[Days]: ...


@dataclass(frozen=True)
class Fixed:
    """Days that depend on nothing else in the sentence."""

    spans: tuple[Days, ...]

    def resolve(self, now: datetime, hours: Hours | None = None, floor: date | None = None) -> list[Days]:
        return list(self.spans)


@dataclass(frozen=True)
class Weekday:
    """`week`: weeks from this one where said; `near`: "this", "next" (thứ sáu tới), "after" (next Friday) or "last"."""

    day: int
    week: int | None = None
    near: str = ""

    def resolve(self, now: datetime, hours: Hours | None = None, floor: date | None = None) -> list[Days]:
        return [(day, day) for day in self._days(now, hours, floor)]

    def _days(self, now: datetime, hours: Hours | None, floor: date | None) -> list[date]:
        monday = now.date() - timedelta(days=now.weekday())
        if self.week is not None:
            return [monday + timedelta(days=self.day + 7 * self.week)]
        if floor and floor >= now.date():
            return [floor + timedelta(days=(self.day - floor.weekday()) % 7)]
        coming = now.date() + timedelta(days=(self.day - now.weekday() - 1) % 7 + 1)
        if self.near == "last":
            return [
                coming - timedelta(days=7 if coming.weekday() != now.weekday() else 7 + 7 * (self.day == now.weekday()))
            ]
        if self.near in ("next", "after"):
            following = monday + timedelta(days=7 + self.day)
            both = [coming] if coming == following else [coming, following]
            return both[::-1] if self.near == "after" else both
        if self.day == now.weekday():
            return self._today(now, hours, coming)
        return [coming]

    def _today(self, now: datetime, hours: Hours | None, coming: date) -> list[date]:
        """Today's own weekday means today while the hour said has not passed; under way, it may be either."""
        if self.near == "this":
            return [now.date()]
        if hours is None or (now.hour, now.minute) >= hours[1]:
            return [coming]
        return [now.date()] if (now.hour, now.minute) < hours[0] else [now.date(), coming]


@dataclass(frozen=True)
class Dated:
    """A day of the month, with what was said of month and year; `shift` counts months from this one ("tháng sau")."""

    day: int
    month: int | None = None
    year: int | None = None
    shift: int | None = None
    past: bool = False

    def resolve(self, now: datetime, hours: Hours | None = None, floor: date | None = None) -> list[Days]:
        base = max(floor, now.date()) if floor else now.date()
        if self.shift is not None:
            found = _day(*month_of(now.date(), self.shift), self.day)
            return [(found, found)] if found else []
        if self.year is not None and self.month is not None:
            found = _day(self.year, self.month, self.day)
            return [(found, found)] if found else []
        candidates = self._past(now.date()) if self.past else self._coming(base)
        found_days = [(day, day) for day in candidates[:1]]
        passed = hours and (now.hour, now.minute) >= hours[1] and candidates[:1] == [now.date()]
        return found_days + ([(candidates[1], candidates[1])] if passed and len(candidates) > 1 else [])

    def _coming(self, base: date) -> list[date]:
        if self.month is not None:
            days = [_day(year, self.month, self.day) for year in range(base.year, base.year + 9)]
        else:
            days = [_day(*month_of(base, shift), self.day) for shift in range(4)]
        return [day for day in days if day and day >= base]

    def _past(self, today: date) -> list[date]:
        if self.month is not None:
            days = [_day(year, self.month, self.day) for year in range(today.year, today.year - 9, -1)]
        else:
            days = [_day(*month_of(today, -shift), self.day) for shift in range(4)]
        return [day for day in days if day and day < today]


@dataclass(frozen=True)
class Either:
    """Two readings of one expression: a solar and a lunar date, a date and a weekday that disagree."""

    first: Day
    second: Day

    def resolve(self, now: datetime, hours: Hours | None = None, floor: date | None = None) -> list[Days]:
        return self.first.resolve(now, hours, floor) + self.second.resolve(now, hours, floor)


@dataclass(frozen=True)
class Lookup:
    """The first day from a given one on that a calendar names (lunar dates)."""

    find: Callable[[date], list[date]]

    def resolve(self, now: datetime, hours: Hours | None = None, floor: date | None = None) -> list[Days]:
        base = max(floor, now.date()) if floor else now.date()
        return [(day, day) for day in self.find(base)]


def on(*days: date) -> Fixed:
    return Fixed(tuple((day, day) for day in days))


def span(first: date, last: date) -> Fixed:
    return Fixed(((first, last),))


def week_of(today: date, weeks: int, first: int = 0, last: int = 6) -> Days:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    return monday + timedelta(days=first), monday + timedelta(days=last)


def month_of(today: date, months: int) -> tuple[int, int]:
    """(year, month) so many months from today's."""
    count = today.year * 12 + today.month - 1 + months
    return count // 12, count % 12 + 1


def month_days(year: int, month: int, part: str = "") -> Days:
    """The whole month, or its "đầu" (1–10), "giữa" (11–20), "cuối" (21–end)."""
    last = monthrange(year, month)[1]
    first, end = {"đầu": (1, 10), "giữa": (11, 20), "cuối": (21, last)}.get(part, (1, last))
    return date(year, month, first), date(year, month, end)


def shared(first: Day, second: Day) -> tuple[Day, Day]:
    """What the ends of a range lend each other: "thứ hai đến thứ tư tuần sau", "15 đến 17/12"."""
    if isinstance(first, Weekday) and isinstance(second, Weekday):
        if first.week is None and second.week is not None and first.day <= second.day and not first.near:
            first = replace(first, week=second.week)
        elif second.week is None and first.week is not None:
            second = replace(second, week=first.week + (second.day < first.day))
    if isinstance(first, Dated) and isinstance(second, Dated):
        first, second = _shared_months(first, second)
    return first, second


def _shared_months(first: Dated, second: Dated) -> tuple[Dated, Dated]:
    if first.month is None and first.shift is None:
        if second.shift is not None:
            first = replace(first, shift=second.shift - (first.day > second.day))
        elif second.month is not None:
            month = second.month - (first.day > second.day)
            year = second.year if second.year is None or month else second.year - 1
            first = replace(first, month=month or 12, year=year)
    elif second.month is None and second.shift is None:
        second = replace(second, month=first.month, year=first.year, shift=first.shift)
    if first.year is None and second.year is not None and first.month is not None and second.month is not None:
        first = replace(first, year=second.year - (first.month > second.month))
    return first, second


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
