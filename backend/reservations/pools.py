"""What is held of several pools at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from backend.common.periods import Period
from backend.reservations.claims import Holder
from backend.reservations.ledger import Load

_HELD = """
SELECT h.pool_id, lower(h.during), upper(h.during), h.amount
FROM unnest(%s::bigint[]) AS c (pool_id)
JOIN LATERAL (
    SELECT * FROM backend_reservations_hold h
    WHERE int8range(h.pool_id, h.pool_id, '[]') && int8range(c.pool_id, c.pool_id, '[]')
      AND h.during && tstzrange(%s, %s) AND (h.expires_at IS NULL OR h.expires_at > %s)
      AND (h.holder_kind, h.holder_id) <> (%s, %s)
    OFFSET 0
) h ON true
"""


NOBODY = Holder("", 0)


def loads_of(pool_ids: Iterable[int], period: Period, now: datetime, besides: Holder = NOBODY) -> dict[int, list[Load]]:
    """What is held of each of the pools during `period`, but for what `besides` holds; one statement."""
    found: dict[int, list[Load]] = {pool_id: [] for pool_id in pool_ids}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [list(found), period.start, period.end, now, besides.kind, besides.id])
        for pool_id, start, end, amount in cursor.fetchall():
            found[pool_id].append(Load(Period(start, end), amount))
    return found
