"""Writing endpoints and technicians: what and who a conference takes besides its rooms. Each owns a resource."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.audit.services import record
from backend.common.bulk import check_fields
from backend.common.errors import Invalid
from backend.reservations.models import Resource
from meetings.sites.models import Endpoint, Technician
from meetings.sites.services import require_admin

ENDPOINT_KIND, TECHNICIAN_KIND = "endpoint", "technician"


@transaction.atomic
def save_endpoint(*, actor: User, endpoint: Endpoint, now: datetime) -> Endpoint:
    """Store an endpoint. Invalid: `bad_fields`, `name_taken`, `room_of_other_site`."""
    _require_admin_of(actor, endpoint)
    check_fields(endpoint)
    if endpoint.room and endpoint.room.site_id != endpoint.site_id:
        raise Invalid("room_of_other_site", _("This room belongs to another site."), field="room")
    same = Endpoint.objects.filter(site=endpoint.site, name=endpoint.name).exclude(pk=endpoint.pk)
    if same.exists():
        raise Invalid("name_taken", _("This site has an endpoint of this name already."), field="name")
    after = {"name": endpoint.name, "platform": endpoint.platform, "address": endpoint.address,
             "room": endpoint.room_id, "active": endpoint.active}  # fmt: skip
    _store(actor, endpoint, ENDPOINT_KIND, endpoint.name, after, now)
    return endpoint


@transaction.atomic
def save_technician(*, actor: User, technician: Technician, now: datetime) -> Technician:
    """Store a technician. Invalid: `technician_elsewhere` for somebody who looks after another site."""
    _require_admin_of(actor, technician)
    if Technician.objects.filter(person=technician.person).exclude(pk=technician.pk).exists():
        text = _("This person already looks after a site: change that entry.")
        raise Invalid("technician_elsewhere", text, field="person")
    after = {"person": technician.person_id, "active": technician.active}
    _store(actor, technician, TECHNICIAN_KIND, technician.person.name, after, now)
    return technician


def _require_admin_of(actor: User, row: Endpoint | Technician) -> None:
    stored = type(row).objects.select_related("site__unit").filter(pk=row.pk)
    require_admin(actor, [row.site.unit, *(each.site.unit for each in stored)])


def _store(
    actor: User, row: Endpoint | Technician, kind: str, name: str, after: Mapping[str, object], now: datetime
) -> None:
    """The row and its resource, which bears its name and belongs to the unit of its site."""
    act = f"{kind}.change" if row.pk else f"{kind}.create"
    if row.pk:
        Resource.objects.filter(pk=row.resource_id).update(name=name, unit=row.site.unit)
    else:
        row.resource = Resource.objects.create(kind=kind, name=name, unit=row.site.unit)
    row.save()
    record(actor=actor, act=act, subject_kind=kind, subject_id=row.pk, unit_id=row.site.unit_id, now=now,
           after={"site": row.site_id, **after})  # fmt: skip
