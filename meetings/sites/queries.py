"""Sites, rooms and bridges, endpoints, technicians. Any member of the staff sees them: anybody may invite anybody."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from backend.accounts.models import User
from backend.accounts.queries import has_role
from backend.common.bulk import as_array
from backend.common.text import fold
from backend.units.models import Succession, Unit
from meetings.sites.models import Bridge, Room, Site


def sites_visible_to(user: User) -> QuerySet[Site]:
    if not has_role(user):
        return Site.objects.none()
    return Site.objects.filter(active=True).select_related("unit__level", "default_room")


def rooms_visible_to(user: User) -> QuerySet[Room]:
    if not has_role(user):
        return Room.objects.none()
    return Room.objects.filter(active=True, site__active=True).select_related("site__unit")


class Seat(NamedTuple):
    """A room with all that booking it needs to know. `path`: its unit's, from the highest unit down."""

    room_id: int
    room_name: str
    resource_id: int
    cleared: bool
    site_id: int
    site_name: str
    unit_id: int
    path: list[int]
    is_default: bool


_SEAT = ("pk", "name", "resource_id", "cleared", "site_id", "site__name", "site__unit_id", "site__unit__path")


def seats(user: User, site_ids: Sequence[int], room_ids: Sequence[int]) -> list[Seat]:
    """The named rooms, and the default rooms of the named sites; one statement, no objects for thousands of rows."""
    default = Q(site__in=site_ids, pk=F("site__default_room"))
    return seats_of(rooms_visible_to(user).filter(Q(pk__in=room_ids) | default))


_RESOURCES = """
WITH named AS MATERIALIZED (
    SELECT r.resource_id, s.id AS site_id
    FROM unnest(%(rooms)s::bigint[]) AS asked (id)
    JOIN meetings_sites_room r ON r.id = asked.id
    JOIN meetings_sites_site s ON s.id = r.site_id
    WHERE r.active AND s.active AND (s.id = ANY(%(sites)s::bigint[]) OR cardinality(%(sites)s::bigint[]) = 0)
), chosen AS (
    SELECT resource_id FROM named
    UNION ALL
    SELECT r.resource_id
    FROM unnest(%(sites)s::bigint[]) AS asked (id)
    JOIN meetings_sites_site s ON s.id = asked.id
    JOIN meetings_sites_room r ON r.id = s.default_room_id
    WHERE r.active AND s.active AND s.id NOT IN (SELECT site_id FROM named)
)
SELECT coalesce(array_agg(resource_id), '{}'), (SELECT count(*) FROM named), (SELECT count(DISTINCT site_id) FROM named)
FROM chosen
"""


def resources_of(user: User, site_ids: Sequence[int], room_ids: Sequence[int]) -> list[int] | None:
    """What `seats` would have reserved, by its ids alone; None where something of it is unknown or has no room."""
    if not has_role(user):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_RESOURCES, {"sites": as_array(site_ids), "rooms": as_array(room_ids)})
        resources, named, sites_of_named = cursor.fetchone()
    by_default = len(resources) - named
    complete = named == len(room_ids) and (not site_ids or by_default + sites_of_named == len(site_ids))
    return resources if complete else None


class Place(NamedTuple):
    """A room by its resource, with what people call it."""

    room_id: int
    room_name: str
    site_id: int
    site_name: str

    @property
    def label(self) -> str:
        return f"{self.room_name} ({self.site_name})"


_PLACES = """
SELECT r.resource_id, r.id, r.name, s.id, s.name
FROM meetings_sites_room r JOIN meetings_sites_site s ON s.id = r.site_id
WHERE r.resource_id = ANY(%s::bigint[])
"""


def places_by_resource(resource_ids: Iterable[int]) -> dict[int, Place]:
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [as_array(resource_ids)])
        return {row[0]: Place(*row[1:]) for row in cursor.fetchall()}


def seats_of(rooms: QuerySet[Room]) -> list[Seat]:
    is_default = ExpressionWrapper(Q(pk=F("site__default_room")), output_field=BooleanField())
    return [Seat(*row) for row in rooms.annotate(is_default=is_default).values_list(*_SEAT, "is_default")]


class Helper(NamedTuple):
    """An endpoint (`room_id` where it is fixed) or a technician in use."""

    kind: str
    id: int
    name: str
    resource_id: int
    site_id: int
    room_id: int | None


_HELPERS = """
SELECT 'endpoint', e.id, e.name, e.resource_id, e.site_id, e.room_id
FROM meetings_sites_endpoint e WHERE e.active AND e.site_id = ANY(%s)
UNION ALL
SELECT 'technician', t.id, p.name, t.resource_id, t.site_id, NULL
FROM meetings_sites_technician t JOIN backend_accounts_person p ON p.id = t.person_id
WHERE t.active AND t.site_id = ANY(%s)
ORDER BY 1, 2
"""


def helpers(site_ids: Iterable[int]) -> list[Helper]:
    """Endpoints, then technicians, of these sites, in the order of their ids; one statement."""
    ids = list(site_ids)
    with connection.cursor() as cursor:
        cursor.execute(_HELPERS, [ids, ids])
        return [Helper(*row) for row in cursor.fetchall()]


def bridges_visible_to(user: User) -> QuerySet[Bridge]:
    if not has_role(user):
        return Bridge.objects.none()
    return Bridge.objects.filter(active=True).select_related("unit", "pool")


def matching(sites: QuerySet[Site], text: str) -> QuerySet[Site]:
    """`sites` whose own name, unit or former name holds every word of `text`, and those of successors of such units."""
    words, units = Q(), Q()
    for word in fold(text).split():
        words &= Q(folded__contains=word) | Q(unit__folded__contains=word)
        units &= Q(folded__contains=word)
    heirs = Succession.objects.filter(predecessor__in=Unit.objects.filter(units).values("pk")).values("successor")
    return sites.filter(words | Q(unit__in=heirs))


def matching_rooms(rooms: QuerySet[Room], text: str) -> QuerySet[Room]:
    """`rooms` whose name, or whose site's name, holds every word of `text`."""
    words = Q()
    for word in fold(text).split():
        words &= Q(folded__contains=word) | Q(site__folded__contains=word)
    return rooms.filter(words)
