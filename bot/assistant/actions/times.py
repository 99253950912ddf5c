"""Times that were said, as values; and a wish that grows from turn to turn until day, start and end are known."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Optional

from bot.assistant.actions.clock import Period, at, moment, now
from bot.assistant.actions.turn import Turn, fold


@dataclass(frozen=True)
class Said:
    """One expression. `alternatives` are other readings: then one must ask. `part`: a part of the day ("sáng mai")."""

    kind: str
    text: str = ""
    start: Optional[datetime] = None
    end: Optional[datetime] = None
    first: Optional[date] = None
    last: Optional[date] = None
    dayless: bool = False
    part: bool = False
    alternatives: "tuple[Said, ...]" = ()

    @property
    def choice(self) -> str:
        """How a button names it."""
        if self.first and self.last:
            return f"day:{self.first}/{self.last}"
        ends = [edge.isoformat(timespec="minutes") if edge else "" for edge in (self.start, self.end)]
        return "time:" + "/".join(ends)


def times(turn: Turn, role: Optional[str] = None) -> "list[Said]":
    """What was said or chosen, in the order of the words; with `role`, only what has it."""
    chosen = [] if role else [*map(_chosen_time, turn.chosen("time")), *map(_chosen_day, turn.chosen("day"))]
    read = [
        said(entity["resolved"], str(entity["value"])) for entity in turn.all("time", role) if entity.get("resolved")
    ]
    return [*chosen, *(each for each in read if each is not None)]


def said(resolved: dict, text: str = "") -> Optional[Said]:
    """A reading of the time parser; None when it was not understood."""
    kind = resolved.get("kind")
    others = tuple(o for o in (said(other, text) for other in resolved.get("alternatives") or ()) if o)
    common: "dict[str, Any]" = {"text": text, "alternatives": others, "dayless": bool(resolved.get("dayless"))}
    if kind == "date":
        first, last = date.fromisoformat(resolved["start"]), date.fromisoformat(resolved["end"])
        return Said("date", first=first, last=last, **common)
    if kind == "time_range":
        start, end = (time.fromisoformat(resolved[edge]) for edge in ("start", "end"))
        day = now().date() if at(now().date(), start) > now() else now().date() + timedelta(days=1)
        last = day if end > start else day + timedelta(days=1)
        return Said("interval", start=at(day, start), end=at(last, end), **{**common, "dayless": True})
    if kind in ("instant", "interval"):
        start, end = (moment(resolved[edge]) if resolved.get(edge) else None for edge in ("start", "end"))
        part = kind == "interval" and bool(start and end) and not re.search(r"\d|gio|ruoi|kem", fold(text))
        return Said(kind, start=start, end=end, part=part, **common)
    return Said("set", **common) if kind == "set" else None


def minutes(turn: Turn) -> Optional[int]:
    """How long it was said to last."""
    for chosen in turn.chosen("minutes"):
        return int(chosen)
    for entity in turn.all("duration"):
        seconds = (entity.get("resolved") or {}).get("seconds")
        if seconds:
            return int(seconds) // 60
    return None


def _chosen_time(value: str) -> Said:
    start, _sep, end = value.partition("/")
    return Said(
        "interval" if end else "instant", start=moment(start) if start else None, end=moment(end) if end else None
    )


def _chosen_day(value: str) -> Said:
    first, _sep, last = value.partition("/")
    return Said("date", first=date.fromisoformat(first), last=date.fromisoformat(last or first))


@dataclass(frozen=True)
class Wish:
    """When something shall be. `window` is a part of the day that was named without hours."""

    first: Optional[date] = None
    last: Optional[date] = None
    start: Optional[datetime] = None
    end: Optional[datetime] = None
    minutes: Optional[int] = None
    window: Optional[Period] = None

    @property
    def period(self) -> Optional[Period]:
        return Period(self.start, self.end) if self.start and self.end and self.end > self.start else None

    def with_minutes(self, length: Optional[int]) -> "Wish":
        if length is None:
            return self
        end = self.start + timedelta(minutes=length) if self.start else None
        return replace(self, minutes=length, end=end)

    def with_said(self, each: Said, *, asked_end: bool = False) -> "Wish":
        """The wish after one more expression: hours without a day fall on the day that was agreed before."""
        if each.kind == "date":
            return self._on(each.first, each.last)
        if each.part:
            return Wish(each.start.date(), each.end.date(), minutes=self.minutes, window=Period(each.start, each.end))
        if each.kind == "instant" and asked_end and self.start:
            return self._until(each.start, each.dayless)
        if each.start is None:
            return self._until(each.end, each.dayless) if self.start else replace(self, end=each.end)
        return self._from(each)

    def _from(self, each: Said) -> "Wish":
        start, end = each.start, each.end
        if each.dayless and self.first:
            start, end = _moved(start, self.first), _moved(end, self.last or self.first) if end else None
        if end is None and each.kind == "instant":
            end = start + self._length() if self._length() else None
        return replace(self, first=start.date(), last=(end or start).date(), start=start, end=end, window=None)

    def _until(self, end: datetime, dayless: bool) -> "Wish":
        """“đến 11h” ends on the day of the start, and never before it."""
        day = max(self.last or self.start.date(), self.start.date())
        end = _moved(end, day) if dayless or end <= self.start else end
        if end <= self.start and end + timedelta(hours=12) > self.start and end.hour < 12:
            end += timedelta(hours=12)
        return replace(self, end=end, last=end.date())

    def _on(self, first: date, last: date) -> "Wish":
        """Another day; hours that are known move along."""
        moved = Wish(first, last, minutes=self.minutes)
        if not self.start:
            return moved
        end = _moved(self.end, last) if self.end else None
        return replace(moved, start=_moved(self.start, first), end=end)

    def _length(self) -> Optional[timedelta]:
        if self.start and self.end:
            return self.end - self.start
        return timedelta(minutes=self.minutes) if self.minutes else None


def _moved(when: datetime, day: date) -> datetime:
    return at(day, when.timetz().replace(tzinfo=None))
