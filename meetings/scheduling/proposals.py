"""Which bridge to take: what stands in the database, put to the pure rule; a constant number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from backend.accounts.models import User
from backend.accounts.queries import has_role, scope
from backend.common.periods import Period
from backend.reservations import ledger
from backend.reservations.claims import Holder
from backend.reservations.queries import busy, loads_of
from backend.units.models import Unit
from meetings.scheduling import reach
from meetings.scheduling.models import HOLDER, Conference, ConferenceSite, Status
from meetings.scheduling.places import rooms_for
from meetings.scheduling.reach import Candidate, Place, Proposal
from meetings.sites.models import Bridge, Room
from meetings.sites.queries import bridges_visible_to, rooms_visible_to

MOVABLE = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.APPROVED)
MOST_NEIGHBOURS = 500
_PLACE = ("pk", "name", "site_id", "site__name", "platforms", "site__unit__path")


@dataclass(frozen=True)
class Answer:
    """`options`: every bridge with ports enough, the best first; `lent`: a neighbour's free room for a cut one's id."""

    places: tuple[Place, ...]
    options: tuple[Proposal, ...]
    lent: Mapping[int, Place]

    @property
    def best(self) -> Proposal | None:
        return self.options[0] if self.options else None


def for_booking(
    user: User,
    *,
    site_ids: Sequence[int],
    room_ids: Sequence[int],
    period: Period,
    convening_unit_id: int | None = None,
    secret: bool = False,
    besides: int = 0,
    now: datetime,
) -> Answer:
    """For rooms and sites that somebody is choosing; the ports of conference `besides` count as free.

    Invalid as a booking of them would be.
    """
    seats = rooms_for(user, site_ids, room_ids)
    speaks = _speaks([seat.room_id for seat in seats])
    places = tuple(
        Place(s.room_id, s.room_name, s.site_id, s.site_name, speaks[s.room_id], tuple(s.path)) for s in seats
    )
    bridges = [bridge for bridge in _working(user) if bridge.cleared or not secret]
    loads = loads_of([bridge.pool_id for bridge in bridges], period, now, Holder(HOLDER, besides))
    near = _chain(user, convening_unit_id)
    options = tuple(reach.ranked(places, [_candidate(b, loads[b.pool_id], period, near) for b in bridges]))
    return Answer(places, options, _lent(user, options[0], places, period, now) if options else {})


def for_conferences(user: User, conferences: Sequence[Conference], now: datetime) -> dict[int, Answer]:
    """Another bridge than the one that each has, by the conference's id; without neighbours' rooms."""
    if not conferences:
        return {}
    whole = Period(min(c.start for c in conferences), max(c.end for c in conferences))
    places: dict[int, list[Place]] = {conference.pk: [] for conference in conferences}
    rows = ConferenceSite.objects.filter(conference__in=places).values_list(
        "conference_id", "room_id", "room__name", "site_id", "site__name", "room__platforms"
    )
    for conference_id, room_id, room, site_id, site, speaks in rows:
        places[conference_id].append(Place(room_id, room, site_id, site, frozenset(speaks)))
    bridges = list(_working(user))
    loads = loads_of([bridge.pool_id for bridge in bridges], whole, now)
    return {c.pk: _answer_for(c, places[c.pk], bridges, loads) for c in conferences}


def _answer_for(
    conference: Conference, places: Sequence[Place], bridges: Iterable[Bridge], loads: Mapping[int, list[ledger.Load]]
) -> Answer:
    period, near = Period(conference.start, conference.end), conference.convening_unit.path
    others = [b for b in bridges if b.pk != conference.bridge_id and (b.cleared or not conference.is_secret)]
    options = reach.ranked(places, [_candidate(b, loads[b.pool_id], period, near) for b in others])
    return Answer(tuple(places), tuple(options), {})


def bridges_known_to(user: User) -> QuerySet[Bridge]:
    """With those that are out of use: conferences may still stand on them."""
    return Bridge.objects.select_related("unit", "pool") if has_role(user) else Bridge.objects.none()


def coming_on(bridge: Bridge, conferences: QuerySet[Conference], now: datetime) -> QuerySet[Conference]:
    """Those of `conferences` on the bridge that have not begun."""
    return conferences.filter(bridge=bridge, status__in=MOVABLE, start__gt=now)


def _working(user: User) -> QuerySet[Bridge]:
    return bridges_visible_to(user).filter(out_of_order_since=None)


def _chain(user: User, unit_id: int | None) -> list[int]:
    roots = scope(user)
    unit = Unit.objects.filter(pk=unit_id or (roots[0] if roots else 0)).first()
    return unit.path if unit else []


def _candidate(bridge: Bridge, held: Iterable[ledger.Load], period: Period, near: Sequence[int]) -> Candidate:
    return Candidate(
        bridge_id=bridge.pk,
        name=bridge.name,
        speaks=frozenset(bridge.platforms),
        free=bridge.pool.capacity - ledger.peak(held, period).amount,
        gateway=bridge.gateway,
        near=len(bridge.unit.path) if bridge.unit_id in near else 0,
    )


def _speaks(room_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """What each room's equipment speaks; thousands of ids go as one array."""
    rows = Room.objects.filter(pk__in=_array(room_ids)).values_list("pk", "platforms")
    return {pk: frozenset(platforms) for pk, platforms in rows}


def _array(ids: Sequence[int]) -> RawSQL:
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])


def _places(rooms: QuerySet[Room]) -> list[Place]:
    return [
        Place(pk, name, site_id, site, frozenset(speaks), tuple(path))
        for pk, name, site_id, site, speaks, path in rooms.values_list(*_PLACE)
    ]


def _lent(user: User, best: Proposal, places: Sequence[Place], period: Period, now: datetime) -> dict[int, Place]:
    """Free rooms at the same site, at sites of the same unit's other children, and at that unit itself."""
    if not best.cut:
        return {}
    parents = {place.path[-2] for place in best.cut if len(place.path) > 1}
    near = Q(site__in={p.site_id for p in best.cut}) | Q(site__unit__parent__in=parents) | Q(site__unit__in=parents)
    rooms = rooms_visible_to(user).filter(near, platforms__overlap=sorted(best.bridge.speaks))
    rooms = rooms.exclude(pk__in=_array([place.room_id for place in places])).order_by("pk")[:MOST_NEIGHBOURS]
    resources = dict(rooms.values_list("pk", "resource_id"))
    taken = {row.resource_id for row in busy(list(resources.values()), period, now)}
    free = [pk for pk, resource in resources.items() if resource not in taken]
    return reach.lent(best.cut, _places(Room.objects.filter(pk__in=free)), best.bridge)
