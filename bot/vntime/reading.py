"""What an expression was read as."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from .settings import VIETNAM


@dataclass(frozen=True)
class Reading:
    """kind: instant, interval, date, time_range, duration, set, or None where the words were not understood.
    start, end, value: texts as the command prints them (times +07:00, days inclusive, "HH:MM", ISO 8601, RRULE).
    dayless: an hour without a day; the day was supplied and gives way to one agreed before."""

    kind: str | None = None
    start: str | None = None
    end: str | None = None
    value: str | None = None
    dayless: bool = False
    alternatives: tuple["Reading", ...] = field(default=())

    def as_dict(self, *, details: bool = False) -> dict[str, object]:
        out: dict[str, object] = {"kind": self.kind}
        if self.kind is not None:
            out |= {"start": self.start, "end": self.end, "value": self.value}
            if details:
                out["dayless"] = self.dayless
            out["alternatives"] = [_plain(other.as_dict(details=details)) for other in self.alternatives]
        return out

    @property
    def meaning(self) -> tuple[str | None, ...]:
        return self.kind, self.start, self.end, self.value


@dataclass(frozen=True)
class Span:
    """A reading with its place in the text (end exclusive); role: "from" or "to" where something moves."""

    start: int
    end: int
    text: str
    reading: Reading
    role: str | None = None


NOTHING = Reading()


def _plain(found: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in found.items() if key != "alternatives"}


def merged(readings: list[Reading]) -> Reading:
    """The first reading, with every other meaning as an alternative."""
    if not readings:
        return NOTHING
    others: dict[tuple[str | None, ...], Reading] = {}
    for other in readings[1:]:
        if other.meaning != readings[0].meaning:
            others.setdefault(other.meaning, other)
    return replace(readings[0], alternatives=tuple(others.values()))


def moment(day: date, clock: tuple[int, int]) -> datetime:
    """Hour 24 and more reach into the next day."""
    return datetime.combine(day, time(0), VIETNAM) + timedelta(hours=clock[0], minutes=clock[1])


def iso(when: datetime) -> str:
    return when.astimezone(VIETNAM).isoformat(timespec="seconds")


def instant(when: datetime, *, dayless: bool = False) -> Reading:
    return Reading("instant", iso(when), dayless=dayless)


def interval(start: datetime | None, end: datetime | None, *, dayless: bool = False) -> Reading | None:
    if start and end and start >= end:
        return None
    return Reading("interval", iso(start) if start else None, iso(end) if end else None, dayless=dayless)


def days(first: date, last: date) -> Reading | None:
    return Reading("date", first.isoformat(), last.isoformat()) if first <= last else None


def time_range(start: tuple[int, int], end: tuple[int, int]) -> Reading:
    return Reading("time_range", hhmm(start), hhmm(end), dayless=True)


def hhmm(clock: tuple[int, int]) -> str:
    return f"{clock[0]:02d}:{clock[1]:02d}"
