"""What takes many rooms at once over weeks: by holder, not by room."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from backend.common.bulk import as_array
from backend.common.periods import Period
from backend.reservations.queries import busy
from meetings.scheduling.models import HOLDER
from meetings.scheduling.worth import Taking

ROOM_BY_ROOM = 64  # rooms up to which asking each of them is the cheaper way (tests/bench: free_slots)
SHOWN = 21  # of a holder's rooms, where one has many

# Most that stands in the way of many rooms are conferences, so the start of these, which is indexed, leads to the few
# that matter; one lies within a day of what it holds. Everything else that holds rooms is rare.
_TAKINGS = """
WITH near AS MATERIALIZED (
    SELECT id FROM meetings_scheduling_conference
    WHERE start < %(end)s + interval '1 day' AND "end" > %(start)s - interval '1 day'
      AND start > %(start)s - interval '33 days'
)
SELECT %(holder)s::varchar, near.id, lower(v.during), upper(v.during), v.resources
FROM near CROSS JOIN LATERAL (
    SELECT during, array_agg(resource_id) AS resources FROM (
        SELECT v.during, v.resource_id FROM backend_reservations_reservation v
        WHERE v.holder_kind = %(holder)s AND v.holder_id = near.id
          AND v.during && tstzrange(%(start)s, %(end)s) AND (v.expires_at IS NULL OR v.expires_at > %(now)s)
          AND v.resource_id IN (SELECT unnest(%(resources)s::bigint[]))
        LIMIT %(shown)s
    ) AS few GROUP BY during
) v
UNION ALL
SELECT v.holder_kind, v.holder_id, lower(v.during), upper(v.during), array_agg(v.resource_id)
FROM backend_reservations_reservation v
WHERE (v.holder_kind < %(holder)s OR v.holder_kind > %(holder)s)
  AND v.during && tstzrange(%(start)s, %(end)s) AND (v.expires_at IS NULL OR v.expires_at > %(now)s)
  AND v.resource_id IN (SELECT unnest(%(resources)s::bigint[]))
GROUP BY v.holder_kind, v.holder_id, v.during
"""


def takings(resource_ids: Sequence[int], within: Period, now: datetime) -> tuple[list[Taking], bool]:
    """What takes any of the rooms during `within`, by start, and whether every room of each is named.

    Of a holder with many rooms over a long time not all are named (`many`). One statement. A holder's rooms are held
    for the same hours.
    """
    if len(resource_ids) <= ROOM_BY_ROOM:
        return _room_by_room(resource_ids, within, now), True
    whole = within.length.days * len(resource_ids) <= ROOM_BY_ROOM * 100
    shown = len(resource_ids) + 1 if whole else SHOWN
    values: dict[str, Any] = {
        "holder": HOLDER, "start": within.start, "end": within.end, "now": now, "shown": shown,
        "resources": as_array(resource_ids),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TAKINGS, values)
        rows = cursor.fetchall()
    named: Counter[tuple[str, int]] = Counter()
    for kind, id_, _start, _end, resources in rows:
        named[kind, id_] += len(resources)
    found = [
        Taking(start, end, kind, id_, tuple(resources), kind == HOLDER and named[kind, id_] >= shown)
        for kind, id_, start, end, resources in rows
    ]
    return sorted(found), whole


def _room_by_room(resource_ids: Sequence[int], within: Period, now: datetime) -> list[Taking]:
    rooms: dict[tuple[datetime, datetime, str, int], list[int]] = {}
    for row in busy(resource_ids, within, now):
        rooms.setdefault((row.start, row.end, row.holder_kind, row.holder_id), []).append(row.resource_id)
    return sorted(Taking(*key, tuple(resources), False) for key, resources in rooms.items())
