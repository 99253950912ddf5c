"""`reserve()`, the only writer of reservations and holds. docs/locking.md says what is locked, in which order, why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from backend.common.errors import Conflict
from backend.reservations import queries
from backend.reservations.claims import Claim, Clash, Holder, PoolClaim
from backend.reservations.queries import Span


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
    """Give everything of one act, or nothing, to `holder`, or to the holders that claims name themselves.

    `replace` takes back what the holders had before, in the same step. Raises Taken: with `replace` the caller's
    transaction, which there must be, has to end with it; without, nothing was given or taken back and the locks stay,
    so that the caller may ask for less. A constant number of statements, whatever the number of claims.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("reserve() locks: call it inside the transaction of the act")
    with connection.cursor() as cursor:
        claims: list[Claim | PoolClaim] = [*resources, *pools]
        holders = list(dict.fromkeys([holder, *(claim.holder for claim in claims if claim.holder)]))
        _lock(cursor, holders, resources, pools, replace)
        if replace:
            _release(cursor, holders)
        _reserve_resources(cursor, holder, resources, expires_at, now)
        _reserve_pools(cursor, holder, pools, expires_at, now)


@transaction.atomic
def release(*, holder: Holder) -> None:
    """Take back everything that `holder` has."""
    release_all(holders=[holder])


@transaction.atomic
def release_all(*, holders: Sequence[Holder]) -> None:
    """Take back everything that they have."""
    with connection.cursor() as cursor:
        _release(cursor, holders)


_HELD_BY = "(holder_kind, holder_id) IN (SELECT * FROM unnest(%s::text[], %s::bigint[]))"


def _names(holders: Sequence[Holder]) -> list[list]:
    return [[holder.kind for holder in holders], [holder.id for holder in holders]]


def _lock(
    cursor: Any,
    holders: Sequence[Holder],
    resources: Sequence[Claim],
    pools: Sequence[PoolClaim],
    replace: bool,
) -> None:
    """All resources by id, then all pools by id: every writer in one order, so that none waits in a circle."""
    for table, column, wanted, held in (
        ("resource", "resource_id", list({c.resource_id for c in resources}), "reservation"),
        ("pool", "pool_id", list({c.pool_id for c in pools}), "hold"),
    ):
        old = f"OR id IN (SELECT {column} FROM backend_reservations_{held} WHERE {_HELD_BY})"
        cursor.execute(
            f"SELECT id FROM backend_reservations_{table} WHERE id = ANY(%s) {old if replace else ''}"
            " ORDER BY id FOR NO KEY UPDATE",
            [wanted, *_names(holders)] if replace else [wanted],
        )
        missing = set(wanted) - {row[0] for row in cursor.fetchall()}
        if missing:
            raise LookupError(f"no such {table}: {sorted(missing)}")


def _release(cursor: Any, holders: Sequence[Holder]) -> None:
    for table in ("reservation", "hold"):
        cursor.execute(f"DELETE FROM backend_reservations_{table} WHERE {_HELD_BY}", _names(holders))


_SPANS = """
JOIN unnest(%s::timestamptz[], %s::timestamptz[], %s::text[], %s::bigint[], %s::timestamptz[]) WITH ORDINALITY
    AS s (starts, ends, kind, id, expires_at, span) ON s.span = c.span
"""

_INSERT = f"""
INSERT INTO backend_reservations_reservation (resource_id, during, holder_kind, holder_id, expires_at)
SELECT c.resource_id, tstzrange(s.starts, s.ends), s.kind, s.id, s.expires_at
FROM unnest(%s::bigint[], %s::int[]) AS c (resource_id, span) {_SPANS}
"""


def _columns(spans: Sequence[Span]) -> list[list]:
    starts, ends = [span.period.start for span in spans], [span.period.end for span in spans]
    return [starts, ends, *_names([span.holder for span in spans]), [span.expires_at for span in spans]]


def _reserve_resources(
    cursor: Any, holder: Holder, claims: Sequence[Claim], expires_at: datetime | None, now: datetime
) -> None:
    if not claims:
        return
    clashes, expired = queries.in_the_way(claims, now)
    if expired:
        cursor.execute("DELETE FROM backend_reservations_reservation WHERE id = ANY(%s)", [expired])
    if clashes:
        raise Taken(clashes)
    numbers, spans = queries.spread(claims, holder, expires_at)
    cursor.execute(_INSERT, [[claim.resource_id for claim in claims], numbers, *_columns(spans)])


_INSERT_HOLDS = f"""
INSERT INTO backend_reservations_hold (pool_id, amount, during, holder_kind, holder_id, expires_at)
SELECT c.pool_id, c.amount, tstzrange(s.starts, s.ends), s.kind, s.id, s.expires_at
FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS c (pool_id, amount, span) {_SPANS}
"""


def _reserve_pools(
    cursor: Any, holder: Holder, claims: Sequence[PoolClaim], expires_at: datetime | None, now: datetime
) -> None:
    if not claims:
        return
    clashes = queries.overrun(claims, now)
    if clashes:
        raise Taken(clashes)
    numbers, spans = queries.spread(claims, holder, expires_at)
    amounts = [claim.amount for claim in claims]
    values = [[claim.pool_id for claim in claims], amounts, numbers, *_columns(spans)]
    cursor.execute(_INSERT_HOLDS, values)
