"""What a conference takes of the ledger: rooms, ports and lines, for its hours and the margins around them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backend.common.periods import Period, local_date
from backend.reservations.claims import Claim, Clash, Holder, Margins, PoolClaim
from backend.units.queries import figures
from meetings.links.routes import edges, streams_on
from meetings.scheduling.figures import MEDIA_KBPS, SETUP_MINUTES, TEARDOWN_MINUTES
from meetings.scheduling.places import Plan
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
class Needs:
    """Claims are for the margins around `period`. `line_ids`: the line of each pool that is one's bandwidth.

    What `holder` has already stands in nobody's way.
    """

    holder: Holder
    plan: Plan
    period: Period
    terms: Terms
    resources: Sequence[Claim]
    pools: Sequence[PoolClaim]
    line_ids: dict[int, int]

    @property
    def held(self) -> Period:
        return self.terms.margins.around(self.period)

    def public(self, clash: Clash) -> tuple[int, str]:
        """Id and name by which people know what clashes."""
        if clash.kind == ROOM_KIND:
            room = next(room for room in self.plan.rooms if room.resource_id == clash.id)
            return room.room_id, f"{room.room_name} ({room.site_name})"
        if clash.kind == PORTS_KIND and self.plan.bridge:
            return self.plan.bridge.pk, clash.name
        return self.line_ids[clash.id], clash.name


def of(plan: Plan, period: Period, holder: Holder) -> Needs:
    """Every room; with a bridge also a port for each room, and its media rate on the way from its site to the bridge.

    A constant number of statements.
    """
    day = terms(local_date(period.start))
    held = day.margins.around(period)
    resources = [Claim(room.resource_id, held) for room in plan.rooms]
    pools: list[PoolClaim] = []
    line_ids: dict[int, int] = {}
    if plan.bridge:
        pools = [PoolClaim(plan.bridge.pool_id, len(plan.rooms), held)]
        streams = Counter(room.site_id for room in plan.rooms)
        passing = streams_on(edges(streams, [plan.bridge.unit_id]), streams, plan.bridge.unit_id)
        for edge, count in passing.items():
            if edge.pool_id:
                pools.append(PoolClaim(edge.pool_id, count * day.media_kbps, held))
                line_ids[edge.pool_id] = edge.link_id
    return Needs(holder, plan, period, day, resources, pools, line_ids)
