"""What an hour of a day is worth, and why. Pure; minutes are counted from the local midnight."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

MORNING, AFTERNOON = (7 * 60 + 30, 11 * 60 + 30), (13 * 60 + 30, 17 * 60)
LONGEST_SESSION = 4 * 60  # longer ones run over lunch anyway
BREATH = 30

# 100 in all.
WORKING_DAY, IN_SESSION, SOON, IN_MORNING, FREE_BEFORE, FREE_AFTER = 40, 25, 15, 5, 8, 7

NOT_GOOD = {"day_off", "over_lunch", "outside_hours"}


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

    @property
    def are_good(self) -> bool:
        return not NOT_GOOD.intersection(self.reasons)


@dataclass(frozen=True)
class Day:
    """A local day; `later` is how many days it is after the first that was asked for."""

    midnight: datetime
    works: bool
    later: int = 0

    def at(self, minute: int) -> datetime:
        return self.midnight + timedelta(minutes=minute)

    def floor(self, moment: datetime) -> int:
        """The last whole minute, counted from midnight, that is not after `moment`."""
        return int((moment - self.midnight).total_seconds() // 60)

    def ceil(self, moment: datetime) -> int:
        return -int((self.midnight - moment).total_seconds() // 60)


class Span(NamedTuple):
    """A taking in minutes of one day."""

    start: int
    end: int
    taking: Taking


def most_later(day: Day) -> int:
    """What no hour of a day after `day` is worth more than."""
    return 100 - SOON + _soon(day.later + 1)


def _soon(days: int) -> int:
    return max(SOON - 2 * days, 0)


def judge(day: Day, start: int, end: int, spans: Iterable[Span]) -> Hours:
    """What the minutes from `start` to `end` of `day` are worth among what is taken."""
    session = _session(start, end)
    before = not any(span.end > start - BREATH and span.start < start for span in spans)
    after = not any(span.start < end + BREATH and span.end > end for span in spans)
    score = _soon(day.later) + FREE_BEFORE * before + FREE_AFTER * after
    score += WORKING_DAY * day.works + IN_SESSION * bool(session) + IN_MORNING * (session == "morning")
    reasons = [session] if session else []
    if before or after:
        reasons.append("room_around" if before and after else "room_before" if before else "room_after")
    if not day.works:
        reasons.append("day_off")
    if not session:
        reasons.append("over_lunch" if MORNING[0] <= start and end <= AFTERNOON[1] else "outside_hours")
    return Hours(day.at(start), day.at(end), score, tuple(reasons))


def _session(start: int, end: int) -> str:
    """In which part of the working day all of it lies; empty: in none."""
    for name, (opens, closes) in (("morning", MORNING), ("afternoon", AFTERNOON)):
        if opens <= start and end <= closes:
            return name
    whole = MORNING[0] <= start and end <= AFTERNOON[1]
    return "working_hours" if whole and end - start > LONGEST_SESSION else ""
