"""What the prober measured goes into the database: set-based, in a constant number of statements."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from backend.live.services import changed_all
from meetings.links import queries
from meetings.links.models import Link
from meetings.links.rules import Course, Limits, Memory, Probing, Round, State, advance, measure, refreshed
from meetings.links.signals import Change, line_changed


@dataclass(frozen=True, slots=True)
class Measurement:
    """One round of one line: the round trip of each packet in ms, None for a lost one (see `probes`)."""

    link_id: int
    at: datetime
    samples: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it stood before the new rounds."""

    link_id: int
    site_id: int | None
    unit_id: int
    interval_s: int | None
    course: Course


@dataclass(frozen=True, slots=True)
class Outcome:
    """`before` is what was known when the first of the new `steps` was measured; the last one is what stands now."""

    row: Row
    before: State
    steps: list[tuple[Round, Course]]

    @property
    def after(self) -> State:
        return self.steps[-1][1].memory.state


@transaction.atomic
def record_round(*, results: Iterable[Measurement], now: datetime) -> list[Change]:
    """Store `results`, answer and announce which lines changed.

    Several rounds of one line are taken in order of time; what is not newer than the line's last round, or belongs to
    a line that is gone, is left out.
    """
    by_link: dict[int, list[Measurement]] = defaultdict(list)
    for result in sorted(results, key=lambda result: result.at):
        by_link[result.link_id].append(result)
    limits, probing = queries.limits(now), queries.probing(now)
    found = (_outcome(row, by_link[row.link_id], limits, probing) for row in _lock(by_link))
    outcomes = [outcome for outcome in found if outcome.steps]
    _write(_UPDATE, [_state_columns(outcome) for outcome in outcomes])
    _write(_INSERT, [_sample_columns(outcome.row.link_id, *step) for outcome in outcomes for step in outcome.steps])
    return _announce([outcome for outcome in outcomes if outcome.after is not outcome.before], now)


def _outcome(row: Row, results: Sequence[Measurement], limits: Limits, probing: Probing) -> Outcome:
    patience = probing.stale_after(row.interval_s)
    new = [each for each in results if row.course.measured_at is None or each.at > row.course.measured_at]
    course = refreshed(row.course, new[0].at, patience) if new else row.course
    before, steps = course.memory.state, []
    for each in new:
        latest = measure(each.samples)
        course = advance(refreshed(course, each.at, patience), latest, each.at, limits)
        steps.append((latest, course))
    return Outcome(row, before, steps)


def _announce(turned: list[Outcome], now: datetime) -> list[Change]:
    changes = [Change(each.row.link_id, each.row.site_id, each.before, each.after) for each in turned]
    if changes:
        line_changed.send(sender=Link, changes=changes, now=now)
    changed_all("link", {each.row.link_id: [each.row.unit_id] for each in turned})
    return changes


_LOCK = """
SELECT l.id, l.site_id, coalesce(s.unit_id, l.unit_id), l.interval_s, l.state, l.memory::text, l.since, l.measured_at
FROM meetings_links_link l LEFT JOIN meetings_sites_site s ON s.id = l.site_id
WHERE l.id = ANY(%s) ORDER BY l.id FOR NO KEY UPDATE OF l
"""


def _lock(link_ids: Iterable[int]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(link_ids)])
        return [
            Row(link_id, site_id, unit_id, interval_s, Course(Memory.of(state, json.loads(memory)), since, measured_at))
            for link_id, site_id, unit_id, interval_s, state, memory, since, measured_at in cursor.fetchall()
        ]


_UPDATE = """
UPDATE meetings_links_link l SET state = n.state, since = n.since, measured_at = n.at, rtt_ms = n.rtt_ms,
    jitter_ms = n.jitter_ms, loss = n.loss, memory = n.memory
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::float8[], %s::float8[], %s::float8[],
    %s::jsonb[]) AS n (id, state, since, at, rtt_ms, jitter_ms, loss, memory)
WHERE l.id = n.id
"""


def _state_columns(outcome: Outcome) -> tuple:
    latest, course = outcome.steps[-1]
    memory = json.dumps(course.memory.stored())
    times = (course.since, course.measured_at)
    return (outcome.row.link_id, outcome.after.value, *times, latest.rtt_ms, latest.jitter_ms, latest.loss, memory)


_INSERT = """
INSERT INTO meetings_links_sample (link_id, at, sent, lost, rtt_ms, jitter_ms, state)
SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::int[], %s::int[], %s::float8[], %s::float8[], %s::text[])
ON CONFLICT DO NOTHING
"""


def _sample_columns(link_id: int, latest: Round, course: Course) -> tuple:
    state = course.memory.state.value
    return (link_id, course.measured_at, latest.sent, latest.lost, latest.rtt_ms, latest.jitter_ms, state)


def _write(statement: str, rows: Sequence[tuple]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
