"""Rooms by hour, in the form that the lanes component draws: minutes after local midnight."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from backend.accounts.models import User
from backend.common.periods import VIETNAM, Period
from backend.reservations.queries import Busy, busy
from meetings.readiness.models import HOLDER as REHEARSAL
from meetings.readiness.queries import conferences_of
from meetings.scheduling.models import HOLDER, Conference
from meetings.scheduling.queries import conferences_visible_to
from meetings.sites.models import Room

OPENS, CLOSES = 6 * 60, 22 * 60


@dataclass
class Lane:
    room: Room
    items: list[dict[str, Any]] = field(default_factory=list)

    @property
    def used(self) -> bool:
        return any(item["style"] != "wish" for item in self.items)

    @property
    def clashes(self) -> bool:
        return any(item["style"] == "clash" for item in self.items)


@dataclass
class Board:
    """Lanes between `start` and `end` (minutes); `hours` are the labels of the axis."""

    lanes: list[Lane]
    start: int = OPENS
    end: int = CLOSES

    hidden: list[Lane] = field(default_factory=list)

    @property
    def clashes(self) -> int:
        return sum(lane.clashes for lane in (*self.lanes, *self.hidden))

    def used_first(self, *, used_alone: bool = False, most: int | None = None) -> "Board":
        """The rooms that clash, then those with something on that day, then the free ones; each as they were.

        What is beyond `most` is `hidden`.
        """
        self.lanes.sort(key=lambda lane: (not lane.clashes, not lane.used))
        if most is not None:
            self.lanes, self.hidden = self.lanes[:most], self.lanes[most:]
        if used_alone:
            self.lanes = [lane for lane in self.lanes if lane.used]
        return self

    @property
    def hours(self) -> list[str]:
        return [f"{minute // 60:02d}" for minute in range(self.start, self.end, 60)]


def minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def room_lanes(
    user: User,
    day: Period,
    now: datetime,
    *,
    rooms: Iterable[Room],
    wish: tuple[int, int] | None = None,
    besides: int | None = None,
) -> Board:
    """What holds `rooms` on `day`: a conference or its rehearsal where the user may see it, else just “busy”.

    Two statements, and one more where something is rehearsed.
    The conference `besides` does not clash with `wish`.
    """
    by_resource = {room.resource_id: Lane(room) for room in rooms}
    rows = busy(list(by_resource), day, now)
    rehearsed = conferences_of({row.holder_id for row in rows if row.holder_kind == REHEARSAL})
    wanted = {row.holder_id for row in rows if row.holder_kind == HOLDER} | set(rehearsed.values())
    visible = conferences_visible_to(user).in_bulk(wanted) if wanted else {}
    for row in rows:
        held_for = rehearsed.get(row.holder_id, 0) if row.holder_kind == REHEARSAL else row.holder_id
        conference = visible.get(held_for) if row.holder_kind in (HOLDER, REHEARSAL) else None
        by_resource[row.resource_id].items.append(_item(row, conference, day))
    if wish:
        for lane in by_resource.values():
            lane.items.append(_wish(lane, wish, besides))
    return Board(list(by_resource.values()))


def _item(row: Busy, conference: Conference | None, day: Period) -> dict[str, Any]:
    start, end = max(row.start, day.start), min(row.end, day.end)
    first = int((start - day.start).total_seconds() // 60)
    last = int((end - day.start).total_seconds() // 60)
    return {
        "from": max(first, OPENS),
        "to": min(last, CLOSES),
        "conference": conference,
        "rehearsal": row.holder_kind == REHEARSAL,
        "style": conference.status if conference else "busy",
        "hours": f"{start.astimezone(VIETNAM):%H:%M}–{end.astimezone(VIETNAM):%H:%M}",
    }


def _wish(lane: Lane, wish: tuple[int, int], besides: int | None) -> dict[str, Any]:
    others = [item for item in lane.items if not (item["conference"] and item["conference"].pk == besides)]
    clash = any(item["from"] < wish[1] and wish[0] < item["to"] for item in others)
    return {"from": max(wish[0], OPENS), "to": min(wish[1], CLOSES), "style": "clash" if clash else "wish"}
