"""What the trail of a conference holds: enough to say what was and what is, and nothing that is secret or personal."""

from dataclasses import dataclass
from typing import Any

from meetings.scheduling.models import Conference
from meetings.scheduling.places import Plan
from meetings.scheduling.rules import Request
from meetings.scheduling.signals import Before

NAMED = 20  # a conference of the whole country changes by thousands of rooms; the rest is counted


@dataclass(frozen=True)
class Snapshot:
    """A conference before a change. `rooms`: id → what people call it; `people`: ids of the participants."""

    facts: dict[str, Any]
    rooms: dict[int, str]
    people: frozenset[int]
    signal: Before


def snapshot(conference: Conference) -> Snapshot:
    places = list(conference.places.values_list("room_id", "room__name", "site__name", "site_id"))
    people = frozenset(conference.participants.values_list("pk", flat=True))
    host = next((site for _room, _name, site, pk in places if pk == conference.host_site_id), "")
    return Snapshot(
        facts=_facts(conference, host),
        rooms={pk: f"{name} ({site})" for pk, name, site, _pk in places},
        people=people,
        signal=Before(conference.start, conference.end, frozenset(row[0] for row in places), people),
    )


def differences(
    before: Snapshot, conference: Conference, plan: Plan, old: Request, new: Request
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs, as (before, after); the times always. Of a secret conference no title, old or new."""
    host = next((room.site_name for room in plan.rooms if room.site_id == conference.host_site_id), "")
    now, was = _facts(conference, host), before.facts
    keys = [key for key in now if now[key] != was[key] or key in ("start", "end")]
    if conference.is_secret:
        keys = [key for key in keys if key != "title"]
    rooms = {room.room_id: f"{room.room_name} ({room.site_name})" for room in plan.rooms}
    people = set(conference.participants.values_list("pk", flat=True))
    after: dict[str, Any] = {key: now[key] for key in keys}
    after |= _listed("rooms_added", [name for pk, name in rooms.items() if pk not in before.rooms])
    after |= _listed("rooms_removed", [name for pk, name in before.rooms.items() if pk not in rooms])
    after |= _counted("people_added", len(people - before.people))
    after |= _counted("people_removed", len(before.people - people))
    if touched := [name for name in ("agenda", "notes") if getattr(old, name) != getattr(new, name)]:
        after["touched"] = touched
    return {key: was[key] for key in keys}, after


def _facts(conference: Conference, host: str) -> dict[str, Any]:
    return {
        "title": conference.title,
        "type": conference.type,
        "secrecy": conference.secrecy,
        "start": conference.start.isoformat(),
        "end": conference.end.isoformat(),
        "unit": conference.convening_unit.name,
        "chair": conference.chair_name,
        "host": host,
        "bridge": conference.bridge.name if conference.bridge else "",
    }


def _listed(name: str, names: list[str]) -> dict[str, Any]:
    return {name: names[:NAMED], **_counted(f"{name}_count", len(names))} if names else {}


def _counted(name: str, count: int) -> dict[str, int]:
    return {name: count} if count else {}
