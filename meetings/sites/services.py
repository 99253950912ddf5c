"""Writing sites, rooms and bridges. A room owns its resource, a bridge its pool; both carry the same name."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import may
from backend.audit.services import record, record_changes
from backend.common.bulk import check_fields, facts, store, upsert
from backend.common.errors import Forbidden, Invalid
from backend.reservations.models import Pool, Resource
from backend.units.models import Unit
from meetings.sites.models import Bridge, Room, Site

SITE_FACTS = ("name", "unit_id", "code", "old_names", "address", "phone", "cleared", "active", "default_room_id")
ROOM_FACTS = ("name", "capacity", "equipment", "platforms", "cleared", "active")
BRIDGE_FACTS = ("name", "platforms", "gateway", "cleared", "active")
ROOM_KIND, PORTS_KIND = "room", "ports"
MINDERS = (Role.ADMIN, Role.DUTY_ENGINEER)
MOST_SEATS, MOST_PORTS = 10_000, 100_000


def save_site(*, actor: User, site: Site, now: datetime) -> Site:
    save_sites(actor=actor, sites=[site], now=now)
    return site


@transaction.atomic
def save_sites(*, actor: User, sites: Sequence[Site], now: datetime) -> None:
    """Store sites, new or known. Invalid: `code_taken`, `room_of_other_site`, `bad_fields`."""
    stored = _stored(sites, "unit")
    require_admin(actor, [site.unit for site in (*sites, *stored.values())])
    for site in sites:
        check_fields(site)
        if site.default_room and site.default_room.site_id != site.pk:
            text = _("This room belongs to another site.")
            raise Invalid("room_of_other_site", text, field="default_room")
    _check_codes(sites)
    changes = store(sites, SITE_FACTS, lambda site: site.unit_id)
    moved = [site for site in sites if site.pk in stored and stored[site.pk].unit_id != site.unit_id]
    for site in moved:  # rare: a site changes hands
        Resource.objects.filter(meeting_room__site=site).update(unit=site.unit)
    record_changes(actor=actor, kind="site", changes=changes, now=now)


def _check_codes(sites: Sequence[Site]) -> None:
    codes = {site.code: site.pk for site in sites}
    for pk, code in Site.objects.filter(code__in=codes).values_list("pk", "code"):
        if codes[code] != pk:
            raise Invalid("code_taken", _("Another site has the code “%(code)s”.") % {"code": code}, field="code")


def save_room(*, actor: User, room: Room, now: datetime) -> Room:
    save_rooms(actor=actor, rooms=[room], now=now)
    return room


@transaction.atomic
def save_rooms(*, actor: User, rooms: Sequence[Room], now: datetime) -> None:
    """Store rooms; a site without a default room takes the first of them. A room stays at its site (`room_moved`)."""
    stored = _stored(rooms, "site__unit")
    require_admin(actor, [room.site.unit for room in rooms])
    for room in rooms:
        _check_room(room, stored.get(room.pk))
    _write_resources(rooms)
    changes = store(rooms, ROOM_FACTS, lambda room: room.site.unit_id)
    _set_default_rooms(rooms)
    record_changes(actor=actor, kind="room", changes=changes, now=now)


def _check_room(room: Room, stored: Room | None) -> None:
    check_fields(room)
    if not 1 <= room.capacity <= MOST_SEATS:
        text = _("A room has between 1 and %(most)d seats.") % {"most": MOST_SEATS}
        raise Invalid("bad_capacity", text, field="capacity")
    if stored and stored.site_id != room.site_id:
        raise Invalid("room_moved", _("A room stays at its site: store a new one there."), field="site")


def _write_resources(rooms: Sequence[Room]) -> None:
    known = Resource.objects.in_bulk([room.resource_id for room in rooms if room.pk])
    for room in rooms:
        unit = room.site.unit
        room.resource = known.get(room.resource_id) or Resource(kind=ROOM_KIND, unit=unit)
        room.resource.name = room.name
    upsert([room.resource for room in rooms], ["name"])
    for room in rooms:
        room.resource = room.resource  # whose id is known by now


def _set_default_rooms(rooms: Iterable[Room]) -> None:
    first: dict[int, Room] = {}
    for room in rooms:
        if room.active:
            first.setdefault(room.site_id, room)
    sites = list(Site.objects.filter(pk__in=first, default_room=None))
    for site in sites:
        site.default_room = first[site.pk]
    if sites:
        upsert(sites, ["default_room_id"])


@transaction.atomic
def save_bridge(*, actor: User, bridge: Bridge, ports: int, now: datetime) -> Bridge:
    """Store the bridge and its pool. Invalid: `name_taken`, `bad_ports`, `bad_fields`."""
    stored = _stored([bridge], "unit")
    require_admin(actor, [row.unit for row in (bridge, *stored.values())])
    _check_bridge(bridge, ports)
    if bridge.pk:
        Pool.objects.filter(pk=bridge.pool_id).update(name=bridge.name, capacity=ports, unit=bridge.unit)
    else:
        bridge.pool = Pool.objects.create(kind=PORTS_KIND, name=bridge.name, unit=bridge.unit, capacity=ports)
    act = "bridge.change" if bridge.pk else "bridge.create"
    bridge.save()
    after: dict[str, Any] = {"ports": ports, **facts(bridge, BRIDGE_FACTS)}
    record(actor=actor, act=act, subject_kind="bridge", subject_id=bridge.pk, unit_id=bridge.unit_id, now=now,
           after=after)  # fmt: skip
    return bridge


@transaction.atomic
def report_bridge(*, actor: User, bridge: Bridge, works: bool, now: datetime) -> Bridge:
    """Say that the bridge is out of order since now, or that it works again; no change where that is known."""
    if not may(actor, bridge.unit, *MINDERS):
        raise Forbidden("forbidden", _("Only an administrator or the duty engineer of this unit may say so."))
    bridge = Bridge.objects.select_for_update(of=("self",)).select_related("unit", "pool").get(pk=bridge.pk)
    if works == (bridge.out_of_order_since is None):
        return bridge
    bridge.out_of_order_since = None if works else now
    bridge.save(update_fields=["out_of_order_since"])
    act = "bridge.works" if works else "bridge.out_of_order"
    record(actor=actor, act=act, subject_kind="bridge", subject_id=bridge.pk, unit_id=bridge.unit_id, now=now)
    return bridge


def _check_bridge(bridge: Bridge, ports: int) -> None:
    check_fields(bridge)
    if not 1 <= ports <= MOST_PORTS:
        text = _("A bridge has between 1 and %(most)d ports.") % {"most": MOST_PORTS}
        raise Invalid("bad_ports", text, field="ports")
    if Bridge.objects.filter(name=bridge.name).exclude(pk=bridge.pk).exists():
        raise Invalid("name_taken", _("Another bridge has this name."), field="name")


def require_admin(actor: User, units: Iterable[Unit]) -> None:
    if not all(may(actor, unit, Role.ADMIN) for unit in units):
        raise Forbidden("forbidden", _("Only an administrator of this unit may change its set-up."))


def _stored(rows: Sequence, unit: str) -> dict:
    known = [row.pk for row in rows if row.pk]
    return type(rows[0]).objects.select_related(unit).in_bulk(known) if known else {}
