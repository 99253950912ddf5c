"""What is taken when. Answers hold nothing about the holder but its kind and id: its part says what may be seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from backend.common.periods import Period
from backend.reservations import ledger
from backend.reservations.claims import Claim, PoolClaim
from backend.reservations.models import Hold, Pool


class Busy(NamedTuple):
    resource_id: int
    start: datetime
    end: datetime
    holder_kind: str
    holder_id: int


_BUSY = """
SELECT v.resource_id, lower(v.during), upper(v.during), v.holder_kind, v.holder_id
FROM unnest(%s::bigint[]) AS c (resource_id)
JOIN LATERAL (
    SELECT * FROM backend_reservations_reservation v
    WHERE int8range(v.resource_id, v.resource_id, '[]') && int8range(c.resource_id, c.resource_id, '[]')
      AND v.during && tstzrange(%s, %s) AND (v.expires_at IS NULL OR v.expires_at > %s)
    OFFSET 0
) v ON true
ORDER BY lower(v.during), v.resource_id
"""


def busy(resource_ids: Sequence[int], period: Period, now: datetime) -> list[Busy]:
    """Reservations that touch `period`, by start; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BUSY, [list(resource_ids), period.start, period.end, now])
        return [Busy(*row) for row in cursor.fetchall()]


def loads(pool_id: int, period: Period, now: datetime) -> list[ledger.Load]:
    """What is held of the pool during `period`."""
    rows = Hold.objects.filter(pool_id=pool_id, during__overlap=(period.start, period.end)).exclude(expires_at__lte=now)
    return [ledger.Load(Period(h.during.lower, h.during.upper), h.amount) for h in rows]


def free_gaps(resource_ids: Sequence[int], pools: Sequence[PoolClaim], within: Period, now: datetime) -> list[Period]:
    """The parts of `within` where every resource is free and every pool still has the claimed amount."""
    taken = [Period(row.start, row.end) for row in busy(resource_ids, within, now)]
    for claim in pools:
        capacity = Pool.objects.values_list("capacity", flat=True).get(pk=claim.pool_id)
        taken += ledger.overloaded(loads(claim.pool_id, within, now), capacity, claim.amount, within)
    return ledger.free_gaps(taken, within)


def alternatives(
    resources: Sequence[Claim], pools: Sequence[PoolClaim], wanted: Period, windows: Sequence[Period], now: datetime
) -> list[Period]:
    """Up to three nearest periods as long as `wanted`, inside `windows`, in which all claims would fit."""
    if not windows:
        return []
    whole = Period(min(w.start for w in windows), max(w.end for w in windows))
    gaps = free_gaps([c.resource_id for c in resources], pools, whole, now)
    inside = [Period(max(g.start, w.start), min(g.end, w.end)) for g in gaps for w in windows if g.overlaps(w)]
    return ledger.nearest(inside, wanted, step=timedelta(minutes=15), count=3)
