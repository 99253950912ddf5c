"""What the booking page offers beside the busy hours: the best hours, and the few sites without which a wish fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from backend.accounts.models import User
from backend.common.periods import VIETNAM, Period, local_day
from meetings.scheduling import free
from meetings.sites.models import Room
from meetings.sites.queries import Place

DAYS, OFFERED = 7, 3
NAMED = 3


@dataclass(frozen=True)
class Offer:
    """Local times; `why` in words."""

    start: datetime
    end: datetime
    why: str


@dataclass(frozen=True)
class Sacrifice:
    """Without these rooms the wished hours, from `start`, are free."""

    start: datetime
    places: list[tuple[Place, str | None]]

    @property
    def sites(self) -> dict[int, str]:
        return {place.site_id: place.site_name for place, _held_by in self.places}

    @property
    def names(self) -> str:
        """The first of them."""
        return ", ".join(list(self.sites.values())[:NAMED]) + (" …" if len(self.sites) > NAMED else "")

    @property
    def holders(self) -> list[str]:
        """Those that may be seen."""
        return list(dict.fromkeys(held_by for _place, held_by in self.places if held_by))[:NAMED]


def offers(
    user: User, rooms: Sequence[Room], day: date, length: int, now: datetime, besides: int | None = None
) -> list[Offer]:
    """The best hours of so many minutes for `rooms`, from `day` on. `besides`: the conference that is to be moved."""
    resources, week = [room.resource_id for room in rooms], local_day(day, DAYS)
    if week.end <= now:
        return []
    found = free.among(user, resources, week, length, now, besides=besides)
    return [
        Offer(hours.start.astimezone(VIETNAM), hours.end.astimezone(VIETNAM), free.why(hours.reasons))
        for hours in found.hours[:OFFERED]
    ]


def sacrifice(
    user: User, rooms: Sequence[Room], wish: Period, now: datetime, besides: int | None = None
) -> Sacrifice | None:
    """What would have to be left out for `wish`; None where it is free, past, or too many stand in its way."""
    length = int(wish.length.total_seconds() // 60)
    found = free.among(user, [room.resource_id for room in rooms], wish, length, now, besides=besides)
    if not found.nearly:
        return None
    return Sacrifice(wish.start.astimezone(VIETNAM), found.in_the_way(found.nearly[0]))


def advice(
    user: User, rooms: Sequence[Room], day: date, wish: tuple[int, int] | None, now: datetime, besides: int | None
) -> dict[str, Any]:
    """For the template. `wish`: minutes of `day`."""
    if not rooms or not wish:
        return {}
    midnight = local_day(day).start
    wished = Period(midnight + timedelta(minutes=wish[0]), midnight + timedelta(minutes=wish[1]))
    return {
        "offers": offers(user, rooms, day, wish[1] - wish[0], now, besides),
        "sacrifice": sacrifice(user, rooms, wished, now, besides),
    }
