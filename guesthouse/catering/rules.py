"""Pure rules of meals: when they are, for how many, and which other hours are offered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from backend.common.errors import Conflict, Invalid
from backend.common.periods import Period, local_date, local_time


@dataclass(frozen=True)
class MealRequest:
    """A meal as somebody asks for it, for exactly one delegation or conference. How long it takes is a figure.

    `kitchen_id` None: the kitchen of the house where the delegation stays, else the nearest.
    """

    kind: str
    start: datetime
    servings: int
    delegation_id: int | None = None
    conference_id: int | None = None
    kitchen_id: int | None = None
    menu: str = ""
    diets: Mapping[str, int] = field(default_factory=dict)


def meal_period(start: datetime, kind: Mapping[str, Any], now: datetime) -> Period:
    """From `start` as many minutes as the `kind` (of figure meal.kinds) takes."""
    if start < now - timedelta(minutes=15):
        raise Invalid("in_the_past", _("The start lies in the past."), field="start")
    return Period(start, start + timedelta(minutes=kind["minutes"]))


def check_days(period: Period, days: Period) -> None:
    """A meal lies inside the local days of whom it is for."""
    if not days.start <= period.start < days.end:
        first, last = local_date(days.start), local_date(days.end - timedelta(seconds=1))
        text = _("They are here from %(first)s to %(last)s; the meal must lie within these days.")
        shown = text % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        raise Invalid("outside_days", shown, field="start")


def check_diets(diets: Mapping[str, int], servings: int) -> None:
    for name, count in diets.items():
        if count > servings:
            text = _("“%(diet)s” is asked for %(count)d times, but only %(servings)d are served.")
            shown = text % {"diet": name, "count": count, "servings": servings}
            raise Invalid("too_many", shown, field=f"diets.{name}")


def require_ordered(status: str) -> None:
    if status == "cancelled":
        raise Conflict("wrong_state", _("This meal is cancelled; that is no longer possible."))


def hours(wanted: Period, kind: Mapping[str, Any], days: Period, now: datetime) -> list[Period]:
    """Among which other hours are offered: the kind's own, on the wished day and its neighbours inside `days`."""
    first, last = time.fromisoformat(kind["from"]), time.fromisoformat(kind["to"])
    windows = []
    for offset in (0, 1, -1):
        day = local_date(wanted.start) + timedelta(days=offset)
        start = max(local_time(day, first), now, days.start)
        end = min(local_time(day, last), days.end)
        if start < end:
            windows.append(Period(start, end))
    return windows
