"""From the sites and rooms that somebody named to the rooms to be reserved, and the bridge."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.errors import Invalid
from backend.common.periods import Period
from backend.reservations.claims import Claim, PoolClaim
from meetings.links.queries import sites_without_cleared_line
from meetings.scheduling.rules import check_doubles
from meetings.sites.models import Bridge, Room, Site
from meetings.sites.queries import bridges_visible_to, rooms_visible_to, sites_visible_to


@dataclass(frozen=True)
class Plan:
    """Where a conference takes place: its rooms in the order asked, its host and its bridge."""

    rooms: tuple[Room, ...]
    host: Site
    bridge: Bridge | None

    def claims(self, period: Period) -> list[Claim]:
        return [Claim(room.resource_id, period) for room in self.rooms]

    def pool_claims(self, period: Period) -> list[PoolClaim]:
        """One port for each room."""
        return [PoolClaim(self.bridge.pool_id, len(self.rooms), period)] if self.bridge else []


def rooms_for(user: User, site_ids: Sequence[int], room_ids: Sequence[int]) -> tuple[Room, ...]:
    """One room for each named site, its default one unless another is named. Invalid names what is wrong."""
    check_doubles(site_ids, "sites")
    check_doubles(room_ids, "rooms")
    if not site_ids and not room_ids:
        raise Invalid("no_place", _("Choose at least one site or one room."), field="sites")
    sites = sites_visible_to(user).in_bulk(site_ids) if site_ids else {}
    _require_known(site_ids, sites, "sites")
    rooms = rooms_visible_to(user).in_bulk(
        [*room_ids, *(s.default_room_id for s in sites.values() if s.default_room_id)]
    )
    _require_known(room_ids, rooms, "rooms")
    named: dict[int, list[Room]] = defaultdict(list)
    for room_id in room_ids:
        room = rooms[room_id]
        if site_ids and room.site_id not in sites:
            text = _("Room “%(room)s” belongs to a site that does not take part.") % {"room": room.name}
            raise Invalid("room_of_other_site", text, field="rooms")
        named[room.site_id].append(room)
    for site_id in site_ids:
        if site_id not in named:
            named[site_id] = [_default_room(sites[site_id], rooms)]
    order = site_ids or list(named)
    return tuple(room for site_id in order for room in named[site_id])


def _require_known(ids: Sequence[int], found: dict, field: str) -> None:
    unknown = [str(i) for i in ids if i not in found]
    if unknown:
        shown = ", ".join(unknown[:10]) + (" …" if len(unknown) > 10 else "")
        raise Invalid("unknown", _("Not known: %(ids)s.") % {"ids": shown}, field=field)


def _default_room(site: Site, rooms: dict[int, Room]) -> Room:
    room = rooms.get(site.default_room_id or 0)
    if room is None:
        text = _("Site “%(site)s” has no room yet; name one or choose another site.") % {"site": site.name}
        raise Invalid("site_without_room", text, field="sites")
    return room


def bridge_for(user: User, bridge_id: int | None, rooms: Sequence[Room], convening_path: list[int]) -> Bridge | None:
    """The named bridge; by default, for more than one site, the nearest one above the convening unit, else any."""
    if bridge_id == 0 or (bridge_id is None and len({room.site_id for room in rooms}) < 2):
        return None
    bridges = list(bridges_visible_to(user))
    if bridge_id is not None:
        chosen = [bridge for bridge in bridges if bridge.pk == bridge_id]
        _require_known([bridge_id], {b.pk: b for b in chosen}, "bridge")
        return chosen[0]
    near = [bridge for bridge in bridges if bridge.unit_id in convening_path] or bridges
    return max(near, key=lambda bridge: (len(bridge.unit.path), -bridge.pk), default=None)


def check_cleared(plan: Plan) -> None:
    """A secret conference only in checked rooms, over protected lines and a cleared bridge (domain: State secrets)."""
    open_rooms = [room.name for room in plan.rooms if not room.cleared]
    if open_rooms:
        text = _("Not checked for state secrets: %(names)s.") % {"names": ", ".join(open_rooms[:5])}
        raise Invalid("room_not_cleared", text, field="rooms")
    if plan.bridge is None:
        return
    if not plan.bridge.cleared:
        text = _("Bridge “%(name)s” is not cleared for state secrets.") % {"name": plan.bridge.name}
        raise Invalid("bridge_not_cleared", text, field="bridge")
    unprotected = sites_without_cleared_line([room.site_id for room in plan.rooms])
    if unprotected:
        names = sorted(room.site.name for room in plan.rooms if room.site_id in unprotected)
        text = _("No line protected for state secrets: %(names)s.") % {"names": ", ".join(names[:5])}
        raise Invalid("line_not_cleared", text, field="sites")
