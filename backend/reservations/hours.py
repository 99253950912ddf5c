"""Which hours would fit: the nearest ones at which all of an act's claims are free."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice

from backend.common.periods import Period
from backend.reservations import ledger, queries
from backend.reservations.claims import Choice, Claim, Holder, Margins, PoolClaim

Spans = dict[int, list[Period]]


def _spans(resource_ids: Iterable[int], within: Period, now: datetime, besides: Holder) -> Spans:
    """When each resource is taken by others."""
    found: Spans = {}
    for row in queries.busy(resource_ids, within, now):
        if (row.holder_kind, row.holder_id) != (besides.kind, besides.id):
            found.setdefault(row.resource_id, []).append(Period(row.start, row.end))
    return found


def _full(pools: Sequence[PoolClaim], within: Period, now: datetime, besides: Holder) -> list[Period]:
    """When a pool does not have the claimed amount."""
    amounts = {claim.pool_id: claim.amount for claim in pools}
    found = queries.filled(pools, within, now, besides) if pools else {}
    return [
        period
        for pool_id, pool in found.items()
        for period in ledger.overloaded(pool.loads, pool.capacity, amounts[pool_id], within)
    ]


def _enough(choices: Sequence[Choice], spans: Spans, period: Period) -> bool:
    """Whether of every choice as many as are needed are free throughout."""

    def free(resource: int) -> bool:
        return not any(span.overlaps(period) for span in spans.get(resource, ()))

    return all(sum(map(free, choice.resource_ids)) >= choice.count for choice in choices)


def alternatives(
    resources: Sequence[Claim],
    pools: Sequence[PoolClaim],
    wanted: Period,
    windows: Sequence[Period],
    now: datetime,
    *,
    choices: Sequence[Choice] = (),
    margins: Margins = Margins(),  # noqa: B008
    besides: Holder = queries.NOBODY,
) -> list[Period]:
    """Up to three nearest periods as long as `wanted`, inside `windows`, in which all claims would fit.

    `wanted` and the answers are without their margins, which may lie outside the windows. One claim for each pool.
    """
    if not windows:
        return []
    whole = margins.around(Period(min(w.start for w in windows), max(w.end for w in windows)))
    fixed = {claim.resource_id for claim in resources}
    spans = _spans({*fixed, *chain.from_iterable(c.resource_ids for c in choices)}, whole, now, besides)
    taken = [period for resource in fixed for period in spans.get(resource, ())]
    gaps = ledger.free_gaps([*taken, *_full(pools, whole, now, besides)], whole)
    fitting = [hours for gap in gaps if (hours := margins.inside(gap))]
    inside = [Period(max(g.start, w.start), min(g.end, w.end)) for g in fitting for w in windows if g.overlaps(w)]
    ranked = ledger.nearest(inside, wanted, step=timedelta(minutes=15))
    return list(islice((p for p in ranked if _enough(choices, spans, margins.around(p))), 3))
