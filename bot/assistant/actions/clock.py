"""Now, and the office's hours, as people in Viet Nam read them."""

import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
OPENS, CLOSES = time(7), time(18)  # the day of which free hours are told


def now() -> datetime:
    """BOT_NOW freezes it, for tests."""
    frozen = os.environ.get("BOT_NOW")
    return moment(frozen) if frozen else datetime.now(VIETNAM)


def moment(text: str) -> datetime:
    """An ISO 8601 time with offset, in Viet Nam's time."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(VIETNAM)


def at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, VIETNAM)


@dataclass(frozen=True, order=True)
class Period:
    """[start, end), both aware."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, document: dict) -> "Period":
        return cls(moment(document["start"]), moment(document["end"]))

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def overlaps(self, other: "Period") -> bool:
        return self.start < other.end and other.start < self.end


def office_day(day: date) -> Period:
    return Period(at(day, OPENS), at(day, CLOSES))


def whole_day(day: date) -> Period:
    return Period(at(day, time()), at(day + timedelta(days=1), time()))


def gaps(busy: "list[Period]", within: Period, least: timedelta = timedelta(minutes=30)) -> "list[Period]":
    """The parts of `within` that no period of `busy` touches, those of at least `least`."""
    free, begin = [], within.start
    for taken in sorted(busy):
        if taken.start > begin:
            free.append(Period(begin, min(taken.start, within.end)))
        begin = max(begin, taken.end)
    if begin < within.end:
        free.append(Period(begin, within.end))
    return [gap for gap in free if gap.length >= least]
