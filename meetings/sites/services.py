"""Writing sites, rooms and bridges. A room owns its resource, a bridge its pool; both carry the same name."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import may
from backend.audit.services import record
from backend.common.errors import Forbidden
from backend.reservations.models import Pool, Resource
from backend.units.models import Unit
from meetings.sites.models import Bridge, Room, Site


def _require_admin(actor: User, unit: Unit) -> None:
    if not may(actor, unit, Role.ADMIN):
        raise Forbidden("forbidden", _("Only an administrator of this unit may change its set-up."))


@transaction.atomic
def save_site(*, actor: User, site: Site, now: datetime) -> Site:
    _require_admin(actor, site.unit)
    act = "site.change" if site.pk else "site.create"
    site.save()
    record(
        actor=actor,
        act=act,
        subject_kind="site",
        subject_id=site.pk,
        unit_id=site.unit_id,
        now=now,
        after={"name": site.name, "code": site.code},
    )
    return site


@transaction.atomic
def save_room(*, actor: User, room: Room, now: datetime) -> Room:
    """Store the room; the first room of a site becomes its default room."""
    _require_admin(actor, room.site.unit)
    act = "room.change" if room.pk else "room.create"
    if room.pk:
        Resource.objects.filter(pk=room.resource_id).update(name=room.name)
    else:
        room.resource = Resource.objects.create(kind="room", name=room.name, unit=room.site.unit)
    room.save()
    Site.objects.filter(pk=room.site_id, default_room=None).update(default_room=room)
    record(
        actor=actor,
        act=act,
        subject_kind="room",
        subject_id=room.pk,
        unit_id=room.site.unit_id,
        now=now,
        after={"name": room.name, "capacity": room.capacity, "equipment": room.equipment},
    )
    return room


@transaction.atomic
def save_bridge(*, actor: User, bridge: Bridge, ports: int, now: datetime) -> Bridge:
    _require_admin(actor, bridge.unit)
    act = "bridge.change" if bridge.pk else "bridge.create"
    if bridge.pk:
        Pool.objects.filter(pk=bridge.pool_id).update(name=bridge.name, capacity=ports)
    else:
        bridge.pool = Pool.objects.create(kind="ports", name=bridge.name, unit=bridge.unit, capacity=ports)
    bridge.save()
    record(
        actor=actor,
        act=act,
        subject_kind="bridge",
        subject_id=bridge.pk,
        unit_id=bridge.unit_id,
        now=now,
        after={"name": bridge.name, "ports": ports},
    )
    return bridge
