"""`reserve()`, the only writer of reservations and holds. docs/locking.md says what is locked, in which order, why."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from backend.common.errors import Conflict
from backend.common.periods import Period
from backend.reservations import ledger
from backend.reservations.claims import Claim, Clash, Holder, PoolClaim


class Taken(Conflict):
    """Nothing was written. `clashes` says why; the caller turns them into words that its user may see."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__("taken", _("Something is already taken at that time."))
        self.clashes = list(clashes)


def reserve(
    *,
    holder: Holder,
    resources: Sequence[Claim] = (),
    pools: Sequence[PoolClaim] = (),
    now: datetime,
    expires_at: datetime | None = None,
    replace: bool = False,
) -> None:
    """Give `holder` everything of one act, or nothing.

    `replace` takes back what the holder had before, in the same step. Raises Taken: the caller's transaction, which
    there must be, has to end with it. A constant number of statements, whatever the number of claims.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("reserve() locks: call it inside the transaction of the act")
    with connection.cursor() as cursor:
        _lock(cursor, holder, resources, pools, replace)
        if replace:
            _release(cursor, holder)
        _reserve_resources(cursor, holder, resources, expires_at, now)
        _reserve_pools(cursor, holder, pools, expires_at, now)


@transaction.atomic
def release(*, holder: Holder) -> None:
    """Take back everything that `holder` has."""
    with connection.cursor() as cursor:
        _release(cursor, holder)


@transaction.atomic
def cut(*, holder: Holder, at: datetime) -> None:
    """Take back what `holder` has from `at` on; what lies before stays. Needs no lock: it only makes room."""
    with connection.cursor() as cursor:
        for table in ("reservation", "hold"):
            mine = f"backend_reservations_{table} WHERE holder_kind = %s AND holder_id = %s"
            cursor.execute(f"DELETE FROM {mine} AND lower(during) >= %s", [holder.kind, holder.id, at])
            cursor.execute(
                f"UPDATE backend_reservations_{table} SET during = tstzrange(lower(during), %s)"
                " WHERE holder_kind = %s AND holder_id = %s AND upper(during) > %s",
                [at, holder.kind, holder.id, at],
            )


def _lock(cursor: Any, holder: Holder, resources: Sequence[Claim], pools: Sequence[PoolClaim], replace: bool) -> None:
    """All resources by id, then all pools by id: every writer in one order, so that none waits in a circle."""
    for table, column, wanted, held in (
        ("resource", "resource_id", [c.resource_id for c in resources], "reservation"),
        ("pool", "pool_id", [c.pool_id for c in pools], "hold"),
    ):
        old = f"OR id IN (SELECT {column} FROM backend_reservations_{held} WHERE holder_kind = %s AND holder_id = %s)"
        cursor.execute(
            f"SELECT id FROM backend_reservations_{table} WHERE id = ANY(%s) {old if replace else ''}"
            " ORDER BY id FOR NO KEY UPDATE",
            [wanted, holder.kind, holder.id] if replace else [wanted],
        )
        missing = set(wanted) - {row[0] for row in cursor.fetchall()}
        if missing:
            raise LookupError(f"no such {table}: {sorted(missing)}")


def _release(cursor: Any, holder: Holder) -> None:
    for table in ("reservation", "hold"):
        cursor.execute(
            f"DELETE FROM backend_reservations_{table} WHERE holder_kind = %s AND holder_id = %s",
            [holder.kind, holder.id],
        )


_CLASHES = """
SELECT r.id, r.kind, r.name, lower(v.during), upper(v.during), v.holder_kind, v.holder_id, v.id, v.expires_at <= %s
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS c (resource_id, starts, ends)
JOIN LATERAL (
    SELECT * FROM backend_reservations_reservation v
    WHERE int8range(v.resource_id, v.resource_id, '[]') && int8range(c.resource_id, c.resource_id, '[]')
      AND v.during && tstzrange(c.starts, c.ends)
    OFFSET 0
) v ON true
JOIN backend_reservations_resource r ON r.id = v.resource_id
ORDER BY lower(v.during), r.name
"""

_INSERT = """
INSERT INTO backend_reservations_reservation (resource_id, during, holder_kind, holder_id, expires_at)
SELECT c.resource_id, tstzrange(c.starts, c.ends), %s, %s, %s
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS c (resource_id, starts, ends)
"""


def _columns(claims: Iterable[Claim]) -> list[list]:
    rows = [(c.resource_id, c.period.start, c.period.end) for c in claims]
    return [list(column) for column in zip(*rows, strict=True)]


def _reserve_resources(
    cursor: Any, holder: Holder, claims: Sequence[Claim], expires_at: datetime | None, now: datetime
) -> None:
    if not claims:
        return
    columns = _columns(claims)
    cursor.execute(_CLASHES, [now, *columns])
    rows = cursor.fetchall()
    expired = [row[7] for row in rows if row[8]]
    if expired:
        cursor.execute("DELETE FROM backend_reservations_reservation WHERE id = ANY(%s)", [expired])
    clashes = [
        Clash(kind, id_, name, a, b, Holder(hk, hi)) for id_, kind, name, a, b, hk, hi, _id, old in rows if not old
    ]
    if clashes:
        raise Taken(clashes)
    cursor.execute(_INSERT, [holder.kind, holder.id, expires_at, *columns])


_LOADS = """
SELECT p.id, p.kind, p.name, p.capacity, h.amount, lower(h.during), upper(h.during)
FROM backend_reservations_pool p
LEFT JOIN backend_reservations_hold h
  ON int8range(h.pool_id, h.pool_id, '[]') && int8range(p.id, p.id, '[]')
 AND h.during && tstzrange(%s, %s) AND (h.expires_at IS NULL OR h.expires_at > %s)
WHERE p.id = ANY(%s)
"""

_INSERT_HOLDS = """
INSERT INTO backend_reservations_hold (pool_id, amount, during, holder_kind, holder_id, expires_at)
SELECT c.pool_id, c.amount, tstzrange(c.starts, c.ends), %s, %s, %s
FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[], %s::timestamptz[]) AS c (pool_id, amount, starts, ends)
"""


def _reserve_pools(
    cursor: Any, holder: Holder, claims: Sequence[PoolClaim], expires_at: datetime | None, now: datetime
) -> None:
    if not claims:
        return
    span = Period(min(c.period.start for c in claims), max(c.period.end for c in claims))
    cursor.execute(_LOADS, [span.start, span.end, now, [c.pool_id for c in claims]])
    clashes = _over(claims, cursor.fetchall())
    if clashes:
        raise Taken(clashes)
    columns = [
        list(x) for x in zip(*[(c.pool_id, c.amount, c.period.start, c.period.end) for c in claims], strict=True)
    ]
    cursor.execute(_INSERT_HOLDS, [holder.kind, holder.id, expires_at, *columns])


def _over(claims: Sequence[PoolClaim], rows: Sequence[tuple]) -> list[Clash]:
    """The pools that `claims`, added to what is held, would overrun, each with its binding moment."""
    pools = {row[0]: row[1:4] for row in rows}
    loads: dict[int, list[ledger.Load]] = {pool: [] for pool in pools}
    for pool, _kind, _name, _capacity, amount, start, end in rows:
        if amount:
            loads[pool].append(ledger.Load(Period(start, end), amount))
    for claim in claims:
        loads[claim.pool_id].append(ledger.Load(claim.period, claim.amount))
    clashes = []
    for claim in claims:
        kind, name, capacity = pools[claim.pool_id]
        top = ledger.peak(loads[claim.pool_id], claim.period)
        if top.amount > capacity and top.at:
            left = capacity - top.amount + claim.amount
            clashes.append(Clash(kind, claim.pool_id, name, top.at, claim.period.end, None, left))
    return clashes
