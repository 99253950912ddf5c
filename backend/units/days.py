"""Working days: Monday to Friday without the public holidays of Viet Nam, and what the office says on top. Pure.

The library knows Tết, days off in lieu and the Saturdays swapped for them as far as they are published; for a year
whose Tết the government has not settled yet it computes. Its calendar ends in 2100; later years have weekends alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays

DAY = timedelta(days=1)
SATURDAY = 5
LANGUAGES = {"vi": "vi", "en": "en_US"}


@lru_cache(maxsize=64)
def public_days(year: int, language: str = "vi") -> Mapping[date, str]:
    """The public holidays of `year`, days off in lieu among them, with their names."""
    return dict(holidays.country_holidays("VN", years=[year], language=LANGUAGES[language]))


@lru_cache(maxsize=64)
def worked_weekends(year: int) -> frozenset[date]:
    """Saturdays and Sundays of `year` that are worked in exchange for a day off, of this year or the next."""
    swapped = holidays.country_holidays("VN", years=[year, year + 1]).weekend_workdays
    return frozenset(day for day in swapped if day.year == year)


@dataclass(frozen=True)
class WorkingDays:
    """`own`: days on which the office says itself whether it works."""

    own: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        if day in self.own:
            return self.own[day]
        if day.weekday() >= SATURDAY:
            return day in worked_weekends(day.year)
        return day not in public_days(day.year)

    def after(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which is not counted itself."""
        return self._nth(day, n, DAY)

    def before(self, day: date, n: int) -> date:
        """The n-th working day before `day`, which is not counted itself."""
        return self._nth(day, n, -DAY)

    def _nth(self, day: date, n: int, step: timedelta) -> date:
        while n > 0:
            day += step
            n -= self.works(day)
        return day

    def unusual(self, first: date, last: date) -> Iterator[tuple[date, bool]]:
        """Days from `first` to `last`, both counted, that are not as their weekday says; whether they are worked."""
        for number in range((last - first).days + 1):
            day = first + number * DAY
            worked = self.works(day)
            if worked != (day.weekday() < SATURDAY):
                yield day, worked
