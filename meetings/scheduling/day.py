"""Every room of one day with what holds it, written as JSON at once: there may be thousands."""

import json
from collections import defaultdict
from datetime import datetime

from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.errors import Invalid
from backend.common.periods import Period
from meetings.scheduling.models import HOLDER
from meetings.scheduling.occupancy import takings
from meetings.scheduling.refusals import holder_names
from meetings.scheduling.worth import Taking
from meetings.sites.queries import rooms_visible_to

quoted = json.encoder.encode_basestring  # what json.dumps does to a text, without asking what it is


def room_days(user: User, within: Period, now: datetime, site_id: int | None = None) -> list[str]:
    """Each room as a JSON object: staff see busy or free, and the holder where visible. Three statements."""
    rooms = rooms_visible_to(user)
    if site_id is not None:
        rooms = rooms.filter(site_id=site_id)
    found = list(rooms.values_list("resource_id", "pk", "name", "site_id", "site__name", "capacity", "equipment"))
    if site_id is not None and not found:
        raise Invalid("unknown", _("Not a site with rooms."), field="site")
    busy = _busy(user, [row[0] for row in found], within, now)
    return [
        f'{{"room": {pk}, "name": {quoted(name)}, "site": {site}, "site_name": {quoted(site_name)},'
        f' "capacity": {capacity}, "equipment": {json.dumps(equipment) if equipment else "[]"},'
        f' "busy": [{", ".join(busy.get(resource, ()))}]}}'
        for resource, pk, name, site, site_name, capacity, equipment in found
    ]


def _busy(user: User, resources: list[int], within: Period, now: datetime) -> dict[int, list[str]]:
    taken, _whole = takings(resources, within, now, complete=True)
    names = holder_names(user, {taking.holder_id for taking in taken if taking.holder_kind == HOLDER})
    busy: dict[int, list[str]] = defaultdict(list)
    for taking in taken:
        document = json.dumps(_document(taking, names), ensure_ascii=False)
        for resource in taking.resources:
            busy[resource].append(document)
    return busy


def _document(taking: Taking, names: dict[int, str]) -> dict[str, str | int | None]:
    held_by = names.get(taking.holder_id) if taking.holder_kind == HOLDER else None
    return {
        "start": f"{taking.start:%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{taking.end:%Y-%m-%dT%H:%M:%SZ}",
        "held_by": held_by,
        "conference": taking.holder_id if held_by else None,
    }
