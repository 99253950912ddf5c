"""What else would do at the same hour: another room of the same site, another bridge."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from backend.accounts.models import User
from backend.reservations.claims import Clash
from backend.reservations.queries import busy, overrun
from meetings.links.bandwidth import LINE_KIND, TRUNK_KIND
from meetings.links.routes import edges
from meetings.scheduling.needs import Needs, pools_of
from meetings.sites.crew import TECHNICIAN_KIND
from meetings.sites.models import Bridge, Endpoint
from meetings.sites.queries import Seat, bridges_visible_to, rooms_visible_to
from meetings.sites.services import PORTS_KIND, ROOM_KIND

EACH = 3
TRIED_BRIDGES = 5


class _Room(NamedTuple):
    id: int
    name: str
    resource_id: int
    site_id: int
    site_name: str
    capacity: int
    cleared: bool


def rooms_instead(actor: User, needs: Needs, clashes: Sequence[Clash], now: datetime) -> list[dict[str, Any]]:
    """For each busy room up to three free ones of its site, large enough ones first; each with its own endpoint free.

    None for a site all of whose technicians are taken: no other room would help there.
    """
    taken = _busy_rooms(needs, clashes)
    if not taken:
        return []
    columns = ("pk", "name", "resource_id", "site_id", "site__name", "capacity", "cleared")
    rows = rooms_visible_to(actor).filter(site__in={seat.site_id for seat in taken})
    rooms = [_Room(*row) for row in rows.order_by("pk").values_list(*columns)]
    named = {seat.room_id for seat in needs.plan.rooms}
    others = [room for room in rooms if room.id not in named and (room.cleared or not needs.secret)]
    free = _free(others, needs, now) if others else []
    size = {room.id: room.capacity for room in rooms}
    return [
        {"room": room.id, "name": f"{room.name} ({room.site_name})", "instead_of": seat.room_id}
        for seat in taken
        for room in _best([room for room in free if room.site_id == seat.site_id], size.get(seat.room_id, 0))
    ]


def _busy_rooms(needs: Needs, clashes: Sequence[Clash]) -> list[Seat]:
    resources = {clash.id for clash in clashes if clash.kind == ROOM_KIND}
    stuck = {needs.helpers[clash.id].site_id for clash in clashes if clash.kind == TECHNICIAN_KIND}
    return [seat for seat in needs.plan.rooms if seat.resource_id in resources and seat.site_id not in stuck]


def _free(rooms: Sequence[_Room], needs: Needs, now: datetime) -> list[_Room]:
    """Those that nobody has, nor any of the endpoints that are fixed in them."""
    parts: dict[int, list[int]] = {room.id: [room.resource_id] for room in rooms}
    if needs.plan.bridge:
        fixed = Endpoint.objects.filter(room__in=parts, active=True).order_by()
        for room_id, resource in fixed.values_list("room_id", "resource_id"):
            parts[room_id].append(resource)
    rows = busy([resource for resources in parts.values() for resource in resources], needs.held, now)
    taken = {
        row.resource_id for row in rows if (row.holder_kind, row.holder_id) != (needs.holder.kind, needs.holder.id)
    }
    return [room for room in rooms if not taken.intersection(parts[room.id])]


def _best(rooms: Iterable[_Room], wanted: int) -> list[_Room]:
    """The smallest that is large enough first, then the largest of the others."""

    def order(room: _Room) -> tuple[bool, int]:
        return room.capacity < wanted, abs(room.capacity - wanted)

    return sorted(rooms, key=order)[:EACH]


def bridges_instead(actor: User, needs: Needs, clashes: Sequence[Clash], now: datetime) -> list[dict[str, Any]]:
    """Where ports or lines are the matter: up to three bridges that have ports for all, over lines that are free.

    The nearest ones to the bridge that was wanted are tried, at most five, by a statement each.
    """
    bridge = needs.plan.bridge
    if bridge is None or not {clash.kind for clash in clashes} & {PORTS_KIND, LINE_KIND, TRUNK_KIND}:
        return []
    others = bridges_visible_to(actor).exclude(pk=bridge.pk).order_by("-unit__path__len", "pk")
    tried = list(others.filter(cleared=True)[:TRIED_BRIDGES] if needs.secret else others[:TRIED_BRIDGES])
    streams = Counter(seat.site_id for seat in needs.plan.rooms)
    network = edges(streams, [each.unit_id for each in tried]) if tried else []

    def fits(each: Bridge) -> bool:
        pools, _lines = pools_of(each, streams, network, needs.held, needs.terms.media_kbps)
        return not overrun(pools, now, needs.holder)

    return [{"bridge": each.pk, "name": each.name} for each in filter(fits, tried)][:EACH]
