"""Questions about many periods at once, such as a series asks; a constant number of statements for all of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from backend.common.periods import Period
from backend.reservations import ledger
from backend.reservations.claims import Claim, Clash, Holder, PoolClaim
from backend.reservations.queries import Filled, swept


class Wanted(NamedTuple):
    """What one act needs together."""

    resources: Sequence[Claim]
    pools: Sequence[PoolClaim]

    @property
    def span(self) -> Period:
        periods = [c.period for c in self.resources] + [c.period for c in self.pools]
        return Period(min(p.start for p in periods), max(p.end for p in periods))


_CLASHES = """
SELECT c.act, r.kind, r.id, r.name, lower(v.during), upper(v.during), v.holder_kind, v.holder_id
FROM unnest(%s::int[], %s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS c (act, resource_id, starts, ends)
JOIN LATERAL (
    SELECT * FROM backend_reservations_reservation v
    WHERE int8range(v.resource_id, v.resource_id, '[]') && int8range(c.resource_id, c.resource_id, '[]')
      AND v.during && tstzrange(c.starts, c.ends) AND (v.expires_at IS NULL OR v.expires_at > %s)
    OFFSET 0
) v ON true
JOIN backend_reservations_resource r ON r.id = v.resource_id
ORDER BY c.act, lower(v.during), r.name
"""

_LOADS = """
SELECT c.act, p.id, p.kind, p.name, p.capacity, h.amount, lower(h.during), upper(h.during)
FROM unnest(%s::int[], %s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS c (act, pool_id, starts, ends)
JOIN backend_reservations_pool p ON p.id = c.pool_id
LEFT JOIN LATERAL (
    SELECT * FROM backend_reservations_hold h
    WHERE int8range(h.pool_id, h.pool_id, '[]') && int8range(c.pool_id, c.pool_id, '[]')
      AND h.during && tstzrange(c.starts, c.ends) AND (h.expires_at IS NULL OR h.expires_at > %s)
    OFFSET 0
) h ON true
"""


def clashes(acts: Sequence[Wanted], now: datetime) -> list[list[Clash]]:
    """For each act by itself what stands in its way; whether they stand in each other's is the caller's to know."""
    found: list[list[Clash]] = [[] for _ in acts]
    rows = [(n, c.resource_id, c.period.start, c.period.end) for n, act in enumerate(acts) for c in act.resources]
    for act, kind, id_, name, start, end, holder_kind, holder_id in _ask(_CLASHES, rows, now):
        found[act].append(Clash(kind, id_, name, start, end, Holder(holder_kind, holder_id)))
    rows = [(n, c.pool_id, c.period.start, c.period.end) for n, act in enumerate(acts) for c in act.pools]
    pools: dict[int, dict[int, Filled]] = defaultdict(dict)
    for act, pool, kind, name, capacity, amount, start, end in _ask(_LOADS, rows, now):
        loads = pools[act].setdefault(pool, Filled(kind, name, capacity, [])).loads
        if amount:
            loads.append(ledger.Load(Period(start, end), amount))
    for act, held in pools.items():
        found[act] += swept(acts[act].pools, held)
    return found


def taken(wanted: Wanted, spans: Sequence[Period], now: datetime) -> list[list[Period]]:
    """For each of `spans` the periods in which something of `wanted`, whenever it is, could not be had."""
    found: list[list[Period]] = [[] for _ in spans]
    rooms = [c.resource_id for c in wanted.resources]
    rows = [(n, room, span.start, span.end) for n, span in enumerate(spans) for room in rooms]
    for n, *_resource, start, end, _kind, _holder in _ask(_CLASHES, rows, now):
        found[n].append(Period(start, end))
    rows = [(n, c.pool_id, span.start, span.end) for n, span in enumerate(spans) for c in wanted.pools]
    loads: dict[tuple[int, int], list[ledger.Load]] = defaultdict(list)
    capacity = {}
    for n, pool, _kind, _name, most, amount, start, end in _ask(_LOADS, rows, now):
        capacity[pool] = most
        if amount:
            loads[n, pool].append(ledger.Load(Period(start, end), amount))
    for (n, pool), held in loads.items():
        amount = sum(c.amount for c in wanted.pools if c.pool_id == pool)
        found[n] += ledger.overloaded(held, capacity[pool], amount, spans[n])
    return found


def _ask(statement: str, rows: Sequence[tuple], now: datetime) -> list[tuple]:
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(list(column) for column in zip(*rows, strict=True)), now])
        return cursor.fetchall()
