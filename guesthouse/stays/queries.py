"""Reading houses, delegations and stays. Rooms are free or taken for all staff; by whom only where it is theirs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import has_role, inside, scope
from backend.common.errors import Invalid
from backend.common.periods import Period, local_day, local_time
from backend.common.text import fold
from backend.reservations.queries import busy
from backend.units.queries import figure
from guesthouse.stays.figures import CHECK_IN, CHECK_OUT
from guesthouse.stays.models import HOLDER, Delegation, GuestRoom, House, Member, Stay

HOSTS = (Role.GUESTHOUSE, Role.SECRETARIAT, Role.LEADER, Role.ADMIN)


def houses_visible_to(user: User) -> QuerySet[House]:
    if not has_role(user):
        return House.objects.none()
    return House.objects.filter(active=True).select_related("unit")


def guest_rooms_visible_to(user: User) -> QuerySet[GuestRoom]:
    if not has_role(user):
        return GuestRoom.objects.none()
    return GuestRoom.objects.filter(active=True, house__active=True).select_related("house__unit")


def delegations_visible_to(user: User) -> QuerySet[Delegation]:
    """Received inside the user's scope, or staying in a house inside it."""
    roots = scope(user, *HOSTS)
    here = Stay.objects.filter(
        inside("guest_room__house__unit", roots), delegation=OuterRef("pk"), status=Stay.Status.BOOKED
    )
    return Delegation.objects.filter(inside("host_unit", roots) | Exists(here)).select_related("unit", "host_unit")


def stays_visible_to(user: User) -> QuerySet[Stay]:
    roots = scope(user, *HOSTS)
    return Stay.objects.filter(
        inside("guest_room__house__unit", roots) | inside("delegation__host_unit", roots)
    ).select_related("delegation__host_unit", "guest_room__house__unit")


def matching(delegations: QuerySet[Delegation], text: str) -> QuerySet[Delegation]:
    """`delegations` whose own name, or a member's, holds every word of `text`; diacritics do not count."""
    own, member = Q(), Q()
    for word in fold(text).split():
        own &= Q(folded__contains=word)
        member &= Q(folded__contains=word)
    people = Member.objects.filter(member, delegation=OuterRef("pk"))
    return delegations.filter(own | Exists(people))


def counted(delegations: QuerySet[Delegation]) -> QuerySet[Delegation]:
    """With `members_count`, and `rooms_count` of the rooms booked."""
    return delegations.annotate(
        members_count=_count(Member.objects.filter(delegation=OuterRef("pk"))),
        rooms_count=_count(Stay.objects.filter(delegation=OuterRef("pk"), status=Stay.Status.BOOKED)),
    )


def _count(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("delegation").annotate(n=Count("pk")).values("n")), 0)


def with_details(delegation: Delegation) -> Delegation:
    """Load members, and stays with their rooms and members, in one statement each."""
    prefetch_related_objects([delegation], "members", "stays__guest_room__house", "stays__members")
    return delegation


def arrivals(user: User, day: date) -> QuerySet[Delegation]:
    """Delegations expected on the local `day`, by the hour."""
    return _expected(user).filter(_within("arrival", day)).order_by("arrival", "id")


def departures(user: User, day: date) -> QuerySet[Delegation]:
    return _expected(user).filter(_within("departure", day)).order_by("departure", "id")


def _expected(user: User) -> QuerySet[Delegation]:
    return counted(delegations_visible_to(user).filter(status=Delegation.Status.EXPECTED))


def _within(column: str, day: date) -> Q:
    period = local_day(day)
    return Q(**{f"{column}__gte": period.start, f"{column}__lt": period.end})


# --- nights and rooms


def check_in(day: date) -> datetime:
    """The hour from which rooms are given on the local `day`, as UTC."""
    return local_time(day, time.fromisoformat(figure(CHECK_IN, on=day)))


def check_out(day: date) -> datetime:
    """The hour until which rooms are to be left on the local `day`, as UTC."""
    return local_time(day, time.fromisoformat(figure(CHECK_OUT, on=day)))


def nights(first: date, last: date) -> Period:
    """From check-in on `first` to check-out on `last`. Invalid when that is no night."""
    if last <= first:
        raise Invalid("end_before_start", _("The end must lie after the start."), field="to")
    return Period(check_in(first), check_out(last))


def taken(rooms: Iterable[GuestRoom] | QuerySet[GuestRoom], period: Period, now: datetime) -> set[int]:
    """Resource ids of those of `rooms` that are not free during all of `period`."""
    ids = [room.resource_id for room in rooms]
    return {row.resource_id for row in busy(ids, period, now)}


def vacancies(user: User, period: Period, now: datetime) -> QuerySet[GuestRoom]:
    """Rooms that are free during all of `period`."""
    rooms = guest_rooms_visible_to(user)
    return rooms.exclude(resource_id__in=taken(rooms, period, now))


# --- the rack


class RackStay(NamedTuple):
    """Times UTC. `stay_id`, `delegation_id` and `label` only where the user may see who it is."""

    start: datetime
    end: datetime
    stay_id: int | None
    delegation_id: int | None
    label: str


@dataclass
class RackRoom:
    id: int
    number: str
    floor: int
    beds: int
    type: str
    house_id: int
    house: str
    stays: list[RackStay] = field(default_factory=list)


# OFFSET 0 keeps the planner to one index look-up per room and per stay: it would read every stay ever booked.
_RACK = """
SELECT r.id, r.number, r.floor, r.beds, r.type, h.id, h.name,
       lower(v.during), upper(v.during), s.id, s.delegation_id, s.name
FROM guesthouse_stays_guestroom r
JOIN guesthouse_stays_house h ON h.id = r.house_id AND h.active
JOIN backend_units_unit hu ON hu.id = h.unit_id
LEFT JOIN LATERAL (
    SELECT * FROM backend_reservations_reservation v
    WHERE int8range(v.resource_id, v.resource_id, '[]') && int8range(r.resource_id, r.resource_id, '[]')
      AND v.during && tstzrange(%(start)s, %(end)s) AND (v.expires_at IS NULL OR v.expires_at > %(now)s)
    OFFSET 0
) v ON true
LEFT JOIN LATERAL (
    SELECT s.id, s.delegation_id, d.name FROM guesthouse_stays_stay s
    JOIN guesthouse_stays_delegation d ON d.id = s.delegation_id
    JOIN backend_units_unit du ON du.id = d.host_unit_id
    WHERE v.holder_kind = %(holder)s AND s.id = v.holder_id
      AND (hu.path && %(roots)s::bigint[] OR du.path && %(roots)s::bigint[])
    OFFSET 0
) s ON true
WHERE r.active AND (%(house)s::bigint IS NULL OR h.id = %(house)s::bigint)
ORDER BY h.name, h.id, r.floor, r.number, r.id, lower(v.during)
"""


def rack(user: User, from_day: date, days: int, now: datetime, house_id: int | None = None) -> list[RackRoom]:
    """Every room with what takes it during `days` local days from `from_day` on; one statement."""
    if not has_role(user):
        return []
    period = local_day(from_day, days)
    values: dict[str, Any] = {
        "start": period.start, "end": period.end, "now": now, "holder": HOLDER, "roots": scope(user, *HOSTS),
        "house": house_id,
    }  # fmt: skip
    rooms: dict[int, RackRoom] = {}
    with connection.cursor() as cursor:
        cursor.execute(_RACK, values)
        for *room, start, end, stay_id, delegation_id, label in cursor.fetchall():
            found = rooms.setdefault(room[0], RackRoom(*room))
            if start:
                found.stays.append(RackStay(start, end, stay_id, delegation_id, label or ""))
    return list(rooms.values())
