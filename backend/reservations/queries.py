"""What is taken when. Answers hold nothing about the holder but its kind and id: its part says what may be seen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from backend.common.periods import Period
from backend.reservations import ledger
from backend.reservations.claims import Claim, Clash, Holder, PoolClaim

NOBODY = Holder("", 0)


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


def busy(resource_ids: Iterable[int], period: Period, now: datetime) -> list[Busy]:
    """Reservations that touch `period`, by start; one statement."""
    return [Busy(*row) for row in _rows(_BUSY, [list(resource_ids), period.start, period.end, now])]


_CLASHES = """
SELECT r.id, r.kind, r.name, lower(v.during), upper(v.during), v.holder_kind, v.holder_id, v.id, v.expires_at <= %s
FROM unnest(%s::bigint[], %s::int[]) AS c (resource_id, span)
JOIN unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY AS s (starts, ends, span) ON s.span = c.span
JOIN LATERAL (
    SELECT * FROM backend_reservations_reservation v
    WHERE int8range(v.resource_id, v.resource_id, '[]') && int8range(c.resource_id, c.resource_id, '[]')
      AND v.during && tstzrange(s.starts, s.ends)
    OFFSET 0
) v ON true
JOIN backend_reservations_resource r ON r.id = v.resource_id
WHERE (v.holder_kind, v.holder_id) <> (%s, %s)
ORDER BY lower(v.during), r.name
"""


def in_the_way(claims: Sequence[Claim], now: datetime, besides: Holder = NOBODY) -> tuple[list[Clash], list[int]]:
    """Whose reservations stand in the way of `claims`, and the ids of those rows that have run out."""
    if not claims:
        return [], []
    numbers, spans = spread(claims, besides)
    values = [[c.resource_id for c in claims], numbers, [s.period.start for s in spans]]
    values.append([s.period.end for s in spans])
    rows = _rows(_CLASHES, [now, *values, besides.kind, besides.id])
    clashes = [
        Clash(kind, id_, name, start, end, Holder(by, by_id))
        for id_, kind, name, start, end, by, by_id, _id, old in rows
        if not old
    ]
    return clashes, [row[7] for row in rows if row[8]]


class Span(NamedTuple):
    """When and for whom, and until when it is only held."""

    period: Period
    holder: Holder
    expires_at: datetime | None


def spread(
    claims: Sequence[Claim] | Sequence[PoolClaim], holder: Holder, expires_at: datetime | None = None
) -> tuple[list[int], list[Span]]:
    """Of each claim the number (from 1) of its span, and the spans once each: thousands of claims share a few."""
    found: dict[Span, int] = {}
    numbers = []
    for claim in claims:
        until = claim.expires_at if claim.holder else expires_at
        numbers.append(found.setdefault(Span(claim.period, claim.holder or holder, until), len(found) + 1))
    return numbers, list(found)


# Of pool c.pool_id: during [%s, %s), not run out at %s, by others than (%s, %s).
_HELD = """LATERAL (
    SELECT * FROM backend_reservations_hold h
    WHERE int8range(h.pool_id, h.pool_id, '[]') && int8range(c.pool_id, c.pool_id, '[]')
      AND h.during && tstzrange(%s, %s) AND (h.expires_at IS NULL OR h.expires_at > %s)
      AND (h.holder_kind, h.holder_id) <> (%s, %s)
    OFFSET 0
) h ON true"""

# Most pools are far from full. Only those whose holds of the whole time, added up with what is wanted, would exceed
# their capacity come back, to be swept.
_LOADS = f"""
SELECT id, kind, name, capacity, amount, starts, ends FROM (
    SELECT p.id, p.kind, p.name, p.capacity, h.amount, lower(h.during) AS starts, upper(h.during) AS ends,
        c.amount + coalesce(sum(h.amount) OVER (PARTITION BY p.id), 0) AS most
    FROM (
        SELECT pool_id, sum(amount) AS amount FROM unnest(%s::bigint[], %s::int[]) AS c (pool_id, amount) GROUP BY 1
    ) c
    JOIN backend_reservations_pool p ON p.id = c.pool_id
    LEFT JOIN {_HELD}
) held WHERE most > capacity
ORDER BY id
"""


class Filled(NamedTuple):
    """A pool that may be full at some moment, with what is held of it."""

    kind: str
    name: str
    capacity: int
    loads: list[ledger.Load]


def filled(claims: Sequence[PoolClaim], within: Period, now: datetime, besides: Holder) -> dict[int, Filled]:
    """Those of the claimed pools that may be full at some moment of `within`; one statement."""
    wanted = [[c.pool_id for c in claims], [c.amount for c in claims]]
    found: dict[int, Filled] = {}
    for pool, kind, name, capacity, amount, start, end in _rows(
        _LOADS, [*wanted, within.start, within.end, now, besides.kind, besides.id]
    ):
        loads = found.setdefault(pool, Filled(kind, name, capacity, [])).loads
        if amount:
            loads.append(ledger.Load(Period(start, end), amount))
    return found


_EACH = f"""
SELECT h.pool_id, lower(h.during), upper(h.during), h.amount FROM unnest(%s::bigint[]) AS c (pool_id) JOIN {_HELD}
"""


def loads_of(
    pool_ids: Iterable[int], period: Period, now: datetime, besides: Holder = NOBODY
) -> dict[int, list[ledger.Load]]:
    """What is held of each of the pools during `period`, but for what `besides` holds; one statement."""
    found: dict[int, list[ledger.Load]] = {pool_id: [] for pool_id in pool_ids}
    for pool_id, start, end, amount in _rows(
        _EACH, [list(found), period.start, period.end, now, besides.kind, besides.id]
    ):
        found[pool_id].append(ledger.Load(Period(start, end), amount))
    return found


def overrun(claims: Sequence[PoolClaim], now: datetime, besides: Holder = NOBODY) -> list[Clash]:
    """The pools that `claims`, added to what is held, would overrun, each with its binding moment."""
    if not claims:
        return []
    span = Period(min(c.period.start for c in claims), max(c.period.end for c in claims))
    return swept(claims, filled(claims, span, now, besides))


def swept(claims: Sequence[PoolClaim], pools: Mapping[int, Filled]) -> list[Clash]:
    """Pure: what overruns of `pools`, whose loads it adds to; the others have room for all of it."""
    for claim in claims:
        if claim.pool_id in pools:
            pools[claim.pool_id].loads.append(ledger.Load(claim.period, claim.amount))
    clashes = []
    for claim in claims:
        pool = pools.get(claim.pool_id)
        top = ledger.peak(pool.loads, claim.period) if pool else None
        if pool and top and top.at and top.amount > pool.capacity:
            left = max(pool.capacity - top.amount + claim.amount, 0)
            clashes.append(Clash(pool.kind, claim.pool_id, pool.name, top.at, claim.period.end, None, left))
    return clashes


_HOLDERS = """
SELECT DISTINCT h.pool_id, h.holder_kind, h.holder_id
FROM unnest(%s::bigint[], %s::timestamptz[]) AS c (pool_id, moment)
JOIN LATERAL (
    SELECT * FROM backend_reservations_hold h
    WHERE int8range(h.pool_id, h.pool_id, '[]') && int8range(c.pool_id, c.pool_id, '[]') AND h.during @> c.moment
      AND (h.expires_at IS NULL OR h.expires_at > %s)
    OFFSET 0
) h ON true
ORDER BY 1, 3
"""


def holders_at(moments: Iterable[tuple[int, datetime]], now: datetime) -> dict[int, list[Holder]]:
    """Of each pool those that hold some of it at its moment."""
    wanted = list(moments)
    found: dict[int, list[Holder]] = {}
    for pool, kind, id_ in _rows(_HOLDERS, [[w[0] for w in wanted], [w[1] for w in wanted], now]):
        found.setdefault(pool, []).append(Holder(kind, id_))
    return found


def _rows(statement: str, values: list[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
