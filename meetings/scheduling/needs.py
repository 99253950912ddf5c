"""What a conference takes of the ledger: rooms, endpoints, technicians, ports and lines.

For its hours and the margins around them. Which endpoint and which technician is chosen among those that are free.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from backend.common.periods import Period, local_date
from backend.reservations.claims import Choice, Claim, Clash, Holder, Margins, PoolClaim
from backend.reservations.queries import busy
from backend.units.queries import figures
from meetings.links.routes import Edge, edges, streams_on
from meetings.scheduling.figures import MEDIA_KBPS, SETUP_MINUTES, TEARDOWN_MINUTES
from meetings.scheduling.places import Plan
from meetings.sites.crew import ENDPOINT_KIND, TECHNICIAN_KIND
from meetings.sites.models import Bridge
from meetings.sites.queries import Helper, helpers
from meetings.sites.services import PORTS_KIND, ROOM_KIND


@dataclass(frozen=True)
class Terms:
    """The office's figures on the day of the conference."""

    margins: Margins
    media_kbps: int


def terms(on: date) -> Terms:
    """Those of the local day `on`; one statement."""
    before, after, rate = figures([SETUP_MINUTES, TEARDOWN_MINUTES, MEDIA_KBPS], on=on)
    return Terms(Margins(timedelta(minutes=before), timedelta(minutes=after)), rate)


@dataclass(frozen=True)
class Group:
    """Helpers of which any `count` will do."""

    helpers: tuple[Helper, ...]
    count: int

    def choice(self) -> Choice:
        return Choice(tuple(helper.resource_id for helper in self.helpers), self.count)


@dataclass(frozen=True)
class Needs:
    """Claims are for the margins around `period`. `line_ids`: the line of each pool that is one's bandwidth.

    `resources` holds the chosen helpers too; `choices` says among which they were chosen, and `helpers` (by resource)
    are all of them. What `holder` has already stands in nobody's way.
    """

    holder: Holder
    plan: Plan
    period: Period
    terms: Terms
    resources: Sequence[Claim]
    choices: Sequence[Choice]
    helpers: dict[int, Helper]
    pools: Sequence[PoolClaim]
    line_ids: dict[int, int]
    secret: bool

    @property
    def held(self) -> Period:
        return self.terms.margins.around(self.period)

    @property
    def fixed(self) -> list[Claim]:
        """Claims for which nothing else would do."""
        open_ = {resource for choice in self.choices for resource in choice.resource_ids}
        return [claim for claim in self.resources if claim.resource_id not in open_]

    def telling(self, clashes: Sequence[Clash]) -> list[Clash]:
        """Without the endpoints and technicians of a site whose room the same holder has: they come with the room."""
        sites = {room.resource_id: room.site_id for room in self.plan.rooms}
        rooms = {(sites[clash.id], clash.holder) for clash in clashes if clash.kind == ROOM_KIND}
        places = {resource: helper.site_id for resource, helper in self.helpers.items()}
        kinds = (ENDPOINT_KIND, TECHNICIAN_KIND)
        return [c for c in clashes if c.kind not in kinds or (places[c.id], c.holder) not in rooms]

    def public(self, clash: Clash) -> tuple[int, str]:
        """Id and name by which people know what clashes."""
        if clash.kind == ROOM_KIND:
            room = next(room for room in self.plan.rooms if room.resource_id == clash.id)
            return room.room_id, f"{room.room_name} ({room.site_name})"
        if clash.kind in (ENDPOINT_KIND, TECHNICIAN_KIND):
            helper = self.helpers[clash.id]
            site = next(room.site_name for room in self.plan.rooms if room.site_id == helper.site_id)
            return helper.id, f"{helper.name} ({site})"
        if clash.kind == PORTS_KIND and self.plan.bridge:
            return self.plan.bridge.pk, clash.name
        return self.line_ids[clash.id], clash.name


@dataclass(frozen=True)
class Outline:
    """What a plan needs at any hour; who of those that may be chosen is free then comes with the hour."""

    plan: Plan
    terms: Terms
    groups: Sequence[Group]
    network: Sequence[Edge]
    secret: bool

    @property
    def choices(self) -> list[Choice]:
        return [group.choice() for group in self.groups if len(group.helpers) > group.count]

    def at(self, period: Period, holder: Holder, taken: Set[int] = frozenset(), own: Set[int] = frozenset()) -> Needs:
        """`taken`: what others have of the choices then; `own`: what `holder` has."""
        held = self.terms.margins.around(period)
        chosen = [helper.resource_id for group in self.groups for helper in chosen_of(group, taken, own)]
        pools, line_ids = self._pools(held)
        return Needs(
            holder=holder,
            plan=self.plan,
            period=period,
            terms=self.terms,
            resources=[Claim(resource, held) for resource in (*(r.resource_id for r in self.plan.rooms), *chosen)],
            choices=self.choices,
            helpers={helper.resource_id: helper for group in self.groups for helper in group.helpers},
            pools=pools,
            line_ids=line_ids,
            secret=self.secret,
        )

    def _pools(self, held: Period) -> tuple[list[PoolClaim], dict[int, int]]:
        if self.plan.bridge is None:
            return [], {}
        streams = Counter(room.site_id for room in self.plan.rooms)
        return pools_of(self.plan.bridge, streams, self.network, held, self.terms.media_kbps)


def outline_of(plan: Plan, on: date, *, secret: bool = False) -> Outline:
    """Every room; with a bridge also, where there are any, an endpoint for each room and a technician for each site,
    a port for each room, and its media rate on the way from its site to the bridge. By the figures of the local day
    `on`. At most three statements, however many sites.
    """
    sites = Counter(room.site_id for room in plan.rooms)
    groups = grouped(plan, helpers(sites)) if plan.bridge else []
    network = edges(sites, [plan.bridge.unit_id]) if plan.bridge else []
    return Outline(plan, terms(on), groups, network, secret)


def of(plan: Plan, period: Period, holder: Holder, now: datetime, *, secret: bool = False) -> Needs:
    """What a conference at `period` needs; at most four statements, however many sites."""
    return each_of(outline_of(plan, local_date(period.start), secret=secret), [(period, holder)], now)[0]


def each_of(outline: Outline, wishes: Sequence[tuple[Period, Holder]], now: datetime) -> list[Needs]:
    """The same at several hours, for a holder each; one statement for all of them."""
    asked = [resource for choice in outline.choices for resource in choice.resource_ids]
    around = [outline.terms.margins.around(period) for period, _holder in wishes]
    rows = busy(asked, Period(min(p.start for p in around), max(p.end for p in around)), now) if asked else []
    found = []
    for (period, holder), held in zip(wishes, around, strict=True):
        near = [row for row in rows if row.start < held.end and held.start < row.end]
        own = {row.resource_id for row in near if (row.holder_kind, row.holder_id) == (holder.kind, holder.id)}
        taken = {row.resource_id for row in near if (row.holder_kind, row.holder_id) != (holder.kind, holder.id)}
        found.append(outline.at(period, holder, taken, own - taken))
    return found


def grouped(plan: Plan, found: Iterable[Helper]) -> list[Group]:
    """An endpoint that is fixed in a room serves it alone; those that are carried serve the site's other rooms.

    One technician for each site. Who has fewer than needed takes what there is.
    """
    in_room: dict[int, list[Helper]] = defaultdict(list)
    carried: dict[int, list[Helper]] = defaultdict(list)
    technicians: dict[int, list[Helper]] = defaultdict(list)
    for helper in found:
        if helper.kind == TECHNICIAN_KIND:
            technicians[helper.site_id].append(helper)
        elif helper.room_id:
            in_room[helper.room_id].append(helper)
        else:
            carried[helper.site_id].append(helper)
    bare = Counter(room.site_id for room in plan.rooms if room.room_id not in in_room)
    wanted = [(in_room.get(room.room_id, []), 1) for room in plan.rooms]
    wanted += [(carried.get(site, []), count) for site, count in bare.items()]
    wanted += [(technicians.get(site, []), 1) for site in dict.fromkeys(room.site_id for room in plan.rooms)]
    return [Group(tuple(those), min(count, len(those))) for those, count in wanted if those]


def chosen_of(group: Group, taken: Set[int], own: Set[int]) -> list[Helper]:
    """Those that the conference has already, then free ones, then busy ones: these are refused by name."""

    def order(helper: Helper) -> tuple[bool, bool]:
        return helper.resource_id not in own, helper.resource_id in taken

    return sorted(group.helpers, key=order)[: group.count]


def pools_of(
    bridge: Bridge, streams: Counter[int], network: Sequence[Edge], held: Period, kbps: int
) -> tuple[list[PoolClaim], dict[int, int]]:
    """What so many streams from each site take of the bridge and of the lines to it; and the lines of those pools."""
    pools = [PoolClaim(bridge.pool_id, streams.total(), held)]
    line_ids: dict[int, int] = {}
    for edge, count in streams_on(network, streams, bridge.unit_id).items():
        if edge.pool_id:
            pools.append(PoolClaim(edge.pool_id, count * kbps, held))
            line_ids[edge.pool_id] = edge.link_id
    return pools, line_ids


def described(outlines: Sequence[Outline], period: Period, holder: Holder) -> Needs:
    """One that knows every room, helper and line of `outlines`, to name what clashes."""
    parts = [outline.at(period, holder) for outline in outlines]
    rooms = {room.room_id: room for part in parts for room in part.plan.rooms}
    return replace(
        parts[0],
        plan=replace(parts[0].plan, rooms=tuple(rooms.values())),
        helpers={key: value for part in parts for key, value in part.helpers.items()},
        line_ids={key: value for part in parts for key, value in part.line_ids.items()},
    )
