"""A refusal that helps: the binding hour, how many covers are left then, and hours that fit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backend.common.errors import Conflict
from backend.common.periods import VIETNAM, Period
from backend.reservations import hours
from backend.reservations.claims import Clash, PoolClaim
from backend.reservations.services import Taken
from guesthouse.catering.models import POOL_KIND, Kitchen, MealService


def claim(meal: MealService) -> PoolClaim:
    return PoolClaim(meal.kitchen.pool_id, meal.servings, Period(meal.start, meal.end))


@contextmanager
def in_words(meal: MealService, windows: list[Period], now: datetime) -> Iterator[None]:
    """Turn Taken into the Conflict that the API answers; other hours are sought in `windows`."""
    try:
        with transaction.atomic():
            yield
    except Taken as taken:
        raise refusal(meal, taken.clashes[0], windows, now) from taken


def refusal(meal: MealService, clash: Clash, windows: list[Period], now: datetime) -> Conflict:
    left = max(clash.left or 0, 0)
    hour = clash.start.astimezone(VIETNAM)
    text = _("“%(kitchen)s” has only %(left)d covers left at %(hour)s. Nothing was ordered.")
    wanted = Period(meal.start, meal.end)
    others = hours.alternatives([], [claim(meal)], wanted, windows, now)
    return Conflict(
        "conflict",
        text % {"kitchen": meal.kitchen.name, "left": left, "hour": f"{hour:%H:%M %d/%m/%Y}"},
        conflicts=[_conflict(meal.kitchen, clash, left)],
        alternatives=[{"start": p.start.isoformat(), "end": p.end.isoformat()} for p in others],
    )


def _conflict(kitchen: Kitchen, clash: Clash, left: int) -> dict[str, Any]:
    return {
        "kind": POOL_KIND,
        "resource": kitchen.pk,
        "name": kitchen.name,
        "start": clash.start.isoformat(),
        "end": clash.end.isoformat(),
        "held_by": None,
        "left": left,
    }
