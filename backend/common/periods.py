"""Half-open periods [start, end) in UTC, and the office's local days."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, order=True)
class Period:
    """[start, end), both aware; kept in UTC. ValueError when naive or empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period needs aware times")
        if self.end <= self.start:
            raise ValueError("a period needs its end after its start")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    def overlaps(self, other: "Period") -> bool:
        return self.start < other.end and other.start < self.end

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def local_date(moment: datetime) -> date:
    """The day in Viet Nam on which `moment` (aware) falls."""
    return moment.astimezone(VIETNAM).date()


def local_time(day: date, clock: time) -> datetime:
    """`clock` on `day` in Viet Nam, as UTC."""
    return datetime.combine(day, clock, VIETNAM).astimezone(UTC)


def local_day(day: date, days: int = 1) -> Period:
    """The period of `days` local days from `day` on."""
    return Period(local_time(day, time()), local_time(day + timedelta(days=days), time()))
