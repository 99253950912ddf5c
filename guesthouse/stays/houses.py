"""Writing houses and guest rooms. A guest room owns its resource; the set-up and the demo come through here."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import may
from backend.audit.services import record
from backend.common.errors import Forbidden
from backend.reservations.models import Resource
from backend.units.models import Unit
from guesthouse.stays.models import RESOURCE_KIND, GuestRoom, House


@transaction.atomic
def save_house(*, actor: User, house: House, now: datetime) -> House:
    """Store the house. Raises Forbidden unless `actor` administers its unit."""
    _require_admin(actor, house.unit)
    act = "change" if house.pk else "create"
    house.save()
    _note(actor, f"house.{act}", house, house.unit, {"name": house.name}, now)
    return house


@transaction.atomic
def save_guest_room(*, actor: User, room: GuestRoom, now: datetime) -> GuestRoom:
    """Store the room and its resource, which carries the same number."""
    _require_admin(actor, room.house.unit)
    act = "change" if room.pk else "create"
    if room.pk:
        Resource.objects.filter(pk=room.resource_id).update(name=room.number)
    else:
        room.resource = Resource.objects.create(kind=RESOURCE_KIND, name=room.number, unit=room.house.unit)
    room.save()
    _note(actor, f"guest_room.{act}", room, room.house.unit, {"number": room.number, "beds": room.beds}, now)
    return room


def _require_admin(actor: User, unit: Unit) -> None:
    if not may(actor, unit, Role.ADMIN):
        raise Forbidden("forbidden", _("Only an administrator of this unit may change its set-up."))


def _note(actor: User, act: str, row: Any, unit: Unit, facts: dict[str, Any], now: datetime) -> None:
    kind = act.split(".")[0]
    record(actor=actor, act=act, subject_kind=kind, subject_id=row.pk, unit_id=unit.pk, after=facts, now=now)
