"""From the sites and rooms that somebody named to the rooms to be reserved, and the bridge."""

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.errors import Invalid
from meetings.links.queries import sites_without_cleared_line
from meetings.scheduling.rules import check_doubles
from meetings.sites.models import Bridge
from meetings.sites.queries import Seat, bridges_visible_to, seats, sites_visible_to


@dataclass(frozen=True)
class Plan:
    """Where a conference takes place: its rooms in the order asked, its host site and its bridge."""

    rooms: tuple[Seat, ...]
    host_site_id: int
    bridge: Bridge | None

    def paths(self) -> list[list[int]]:
        """Of each site's unit, the ids from the highest unit down to it."""
        return [room.path for room in self.rooms]


def rooms_for(user: User, site_ids: Sequence[int], room_ids: Sequence[int]) -> tuple[Seat, ...]:
    """One room for each named site, its default one unless another is named. Invalid names what is wrong."""
    check_doubles(site_ids, "sites")
    check_doubles(room_ids, "rooms")
    if not site_ids and not room_ids:
        raise Invalid("no_place", _("Choose at least one site or one room."), field="sites")
    found = seats(user, site_ids, room_ids)
    by_id = {seat.room_id: seat for seat in found}
    _require_known(room_ids, by_id, "rooms")
    chosen: dict[int, list[Seat]] = defaultdict(list)
    for room_id in room_ids:
        chosen[by_id[room_id].site_id].append(by_id[room_id])
    if site_ids:
        _require_taking_part(chosen, set(site_ids))
        defaults = {seat.site_id: seat for seat in found if seat.is_default}
        _require_rooms(user, [site for site in site_ids if site not in chosen and site not in defaults])
        for site_id in site_ids:
            chosen[site_id] = chosen.get(site_id) or [defaults[site_id]]
    return tuple(seat for site_id in site_ids or list(chosen) for seat in chosen[site_id])


def _require_known(ids: Sequence[int], found: Container[int], field: str) -> None:
    unknown = [str(i) for i in ids if i not in found]
    if unknown:
        shown = ", ".join(unknown[:10]) + (" …" if len(unknown) > 10 else "")
        raise Invalid("unknown", _("Not known: %(ids)s.") % {"ids": shown}, field=field)


def _require_taking_part(chosen: dict[int, list[Seat]], site_ids: set[int]) -> None:
    for site_id, rooms in chosen.items():
        if site_id not in site_ids:
            text = _("Room “%(room)s” belongs to a site that does not take part.") % {"room": rooms[0].room_name}
            raise Invalid("room_of_other_site", text, field="rooms")


def _require_rooms(user: User, without: list[int]) -> None:
    """Sites for which no room was found are either unknown or have none yet."""
    if without:
        sites = sites_visible_to(user).in_bulk(without)
        _require_known(without, sites, "sites")
        text = _("Site “%(site)s” has no room yet; name one or choose another site.") % {"site": sites[without[0]].name}
        raise Invalid("site_without_room", text, field="sites")


def bridge_for(user: User, bridge_id: int | None, rooms: Sequence[Seat], convening_path: list[int]) -> Bridge | None:
    """The named bridge; by default, for more than one site, the nearest one above the convening unit, else any."""
    if bridge_id == 0 or (bridge_id is None and len({room.site_id for room in rooms}) < 2):
        return None
    bridges = list(bridges_visible_to(user))
    if bridge_id is not None:
        chosen = [bridge for bridge in bridges if bridge.pk == bridge_id]
        _require_known([bridge_id], {b.pk: b for b in chosen}, "bridge")
        return chosen[0]
    bridges = [bridge for bridge in bridges if bridge.out_of_order_since is None]
    near = [bridge for bridge in bridges if bridge.unit_id in convening_path] or bridges
    return max(near, key=lambda bridge: (len(bridge.unit.path), -bridge.pk), default=None)


def check_cleared(plan: Plan) -> None:
    """A secret conference only in checked rooms, over protected lines and a cleared bridge (domain: State secrets)."""
    open_rooms = [room.room_name for room in plan.rooms if not room.cleared]
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
        names = sorted(room.site_name for room in plan.rooms if room.site_id in unprotected)
        text = _("No line protected for state secrets: %(names)s.") % {"names": ", ".join(names[:5])}
        raise Invalid("line_not_cleared", text, field="sites")
