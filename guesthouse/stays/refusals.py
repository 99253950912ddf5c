"""A refusal that helps: who has the room as far as the caller may see it, nearest nights, and rooms that are free."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.accounts.queries import inside, scope
from backend.common.errors import Conflict
from backend.common.periods import Period
from backend.reservations.claims import Clash
from backend.reservations.queries import busy
from backend.reservations.services import Taken
from guesthouse.stays import queries, rules
from guesthouse.stays.models import HOLDER, RESOURCE_KIND, GuestRoom, Stay

OTHER_ROOMS = 5


@contextmanager
def in_words(actor: User, stay: Stay, guests: int, now: datetime) -> Iterator[None]:
    """Turn Taken into the Conflict that the API answers, with `other_rooms` beside `alternatives`."""
    try:
        with transaction.atomic():
            yield
    except Taken as taken:
        raise refusal(actor, stay, guests, taken.clashes, now) from taken


def refusal(actor: User, stay: Stay, guests: int, clashes: list[Clash], now: datetime) -> Conflict:
    name = room_name(stay.guest_room)
    return Conflict(
        "conflict",
        _("Not free at that time: %(names)s. Nothing was booked.") % {"names": name},
        conflicts=[_conflict(clash, stay.guest_room, _holders(actor, clashes)) for clash in clashes],
        alternatives=_alternatives(stay, now),
        other_rooms=_other_rooms(actor, stay, guests, now),
    )


def room_name(room: GuestRoom) -> str:
    return _("Room %(number)s (%(house)s)") % {"number": room.number, "house": room.house.name}


def _holders(actor: User, clashes: list[Clash]) -> dict[int, str]:
    ids = {clash.holder.id for clash in clashes if clash.holder and clash.holder.kind == HOLDER}
    return {stay.pk: stay.delegation.name for stay in queries.stays_visible_to(actor).filter(pk__in=ids)}


def _conflict(clash: Clash, room: GuestRoom, holders: dict[int, str]) -> dict[str, Any]:
    return {
        "kind": RESOURCE_KIND,
        "resource": room.pk,
        "name": room_name(room),
        "start": clash.start.isoformat(),
        "end": clash.end.isoformat(),
        "held_by": holders.get(clash.holder.id) if clash.holder and clash.holder.kind == HOLDER else None,
    }


def _alternatives(stay: Stay, now: datetime) -> list[dict[str, Any]]:
    """The nearest nights in the same room; `within_delegation` tells whether the delegation is here then."""
    wanted = Period(stay.start, stay.end)
    delegation = Period(stay.delegation.arrival, stay.delegation.departure)
    around = Period(wanted.start - timedelta(days=15), wanted.end + timedelta(days=15))
    rows = busy([stay.guest_room.resource_id], around, now)
    others = [Period(row.start, row.end) for row in rows if (row.holder_kind, row.holder_id) != (HOLDER, stay.pk)]
    return [
        {
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "within_delegation": rules.lies_in(period, rules.days_of(delegation)),
        }
        for period in rules.nearest_nights(wanted, others, delegation, now)
    ]


def _other_rooms(actor: User, stay: Stay, guests: int, now: datetime) -> list[dict[str, Any]]:
    """Rooms with beds enough that the caller may book and that are free at the wished time; the same house first."""
    free = queries.vacancies(actor, Period(stay.start, stay.end), now)
    mine = free.filter(inside("house__unit", scope(actor, *queries.HOSTS)), beds__gte=guests)
    house, floor = stay.guest_room.house_id, stay.guest_room.floor
    near = sorted(mine, key=lambda r: (r.house_id != house, r.beds, abs(r.floor - floor), r.number, r.pk))
    return [{"guest_room": room.pk, "name": room_name(room), "beds": room.beds} for room in near[:OTHER_ROOMS]]
