"""Which hours a day part means, as shipped; an office may pass its own."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
Span = tuple[time, time]

# A part that ends before it begins ends on the next day.
DAY_PARTS: dict[str, Span] = {
    "sáng": (time(7), time(12)),
    "trưa": (time(11, 30), time(13, 30)),
    "chiều": (time(13), time(18)),
    "tối": (time(18), time(22)),
    "đêm": (time(22), time(6)),
    "rạng sáng": (time(0), time(6)),
    "đầu giờ sáng": (time(7, 30), time(8, 30)),
    "cuối giờ sáng": (time(10, 30), time(11, 30)),
    "đầu giờ chiều": (time(13, 30), time(14, 30)),
    "cuối giờ chiều": (time(16), time(17, 30)),
}


@dataclass(frozen=True)
class Settings:
    day_parts: dict[str, Span] = field(default_factory=lambda: dict(DAY_PARTS))
    holidays: frozenset[date] = frozenset()  # days that are not working days besides Saturday and Sunday
