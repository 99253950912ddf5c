"""What takes many rooms at once over weeks: by holder, not by room."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from backend.common.bulk import as_array
from backend.common.periods import Period
from meetings.scheduling.models import HOLDER
from meetings.scheduling.worth import Taking

ROOM_BY_ROOM = 64  # rooms up to which asking each of them is the cheaper way (tests/bench: free_slots)
SHOWN = 21  # of a holder's rooms, where one has many

# As whole seconds: a fifth of what times as text cost.
_SECONDS = "extract(epoch FROM lower(v.during))::bigint, extract(epoch FROM upper(v.during))::bigint"

# Most that stands in the way of many rooms are conferences, so the start of these, which is indexed, leads to the few
# that matter; one lies within a day of what it holds. Everything else that holds rooms is rare. Written with lower()
# and upper(): for && PostgreSQL would read the other index too, which does not know the time alone, and take a hundred
# times as long. IS TRUE has the rooms hashed once.
_TAKINGS = f"""
WITH near AS MATERIALIZED (
    SELECT id FROM meetings_scheduling_conference
    WHERE start < %(end)s + interval '1 day' AND "end" > %(start)s - interval '1 day'
      AND start > %(start)s - interval '33 days'
)
SELECT %(holder)s::varchar, near.id, {_SECONDS}, v.resources
FROM near CROSS JOIN LATERAL (
    SELECT during, array_agg(resource_id) AS resources FROM (
        SELECT v.during, v.resource_id FROM backend_reservations_reservation v
        WHERE v.holder_kind = %(holder)s AND v.holder_id = near.id
          AND lower(v.during) < %(end)s AND upper(v.during) > %(start)s
          AND (v.expires_at IS NULL OR v.expires_at > %(now)s)
          AND (v.resource_id IN (SELECT unnest(%(resources)s::bigint[]))) IS TRUE
        LIMIT %(shown)s
    ) AS few GROUP BY during
) v
UNION ALL
SELECT v.holder_kind, v.holder_id, {_SECONDS}, array_agg(v.resource_id)
FROM backend_reservations_reservation v
WHERE (v.holder_kind < %(holder)s OR v.holder_kind > %(holder)s)
  AND lower(v.during) < %(end)s AND upper(v.during) > %(start)s AND (v.expires_at IS NULL OR v.expires_at > %(now)s)
  AND (v.resource_id IN (SELECT unnest(%(resources)s::bigint[]))) IS TRUE
GROUP BY v.holder_kind, v.holder_id, v.during
"""


_FEW_ROOMS = f"""
SELECT v.holder_kind, v.holder_id, {_SECONDS}, array_agg(v.resource_id)
FROM unnest(%(resources)s::bigint[]) AS wanted (id)
JOIN LATERAL (
    SELECT * FROM backend_reservations_reservation v
    WHERE int8range(v.resource_id, v.resource_id, '[]') && int8range(wanted.id, wanted.id, '[]')
      AND v.during && tstzrange(%(start)s, %(end)s) AND (v.expires_at IS NULL OR v.expires_at > %(now)s)
    OFFSET 0
) v ON true
GROUP BY v.holder_kind, v.holder_id, v.during
"""


def takings(
    resource_ids: Sequence[int], within: Period, now: datetime, *, complete: bool = False
) -> tuple[list[Taking], bool]:
    """What takes any of the rooms during `within`, by start, and whether every room of each is named.

    Of a holder with many rooms over a long time not all are named (`many`), unless `complete`. One statement.
    A holder's rooms are held for the same hours.
    """
    few = len(resource_ids) <= ROOM_BY_ROOM
    whole = few or complete or within.length.days * len(resource_ids) <= ROOM_BY_ROOM * 100
    shown = len(resource_ids) + 1 if whole else SHOWN
    values: dict[str, Any] = {
        "holder": HOLDER, "start": within.start, "end": within.end, "now": now, "shown": shown,
        "resources": as_array(resource_ids),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FEW_ROOMS if few else _TAKINGS, values)
        rows = cursor.fetchall()
    named: Counter[tuple[str, int]] = Counter()
    for kind, id_, _start, _end, resources in rows:
        named[kind, id_] += len(resources)
    found = [
        Taking(_at(start), _at(end), kind, id_, tuple(resources), named[kind, id_] >= shown and not whole)
        for kind, id_, start, end, resources in rows
    ]
    return sorted(found), whole


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
