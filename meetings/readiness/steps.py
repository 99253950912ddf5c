"""The steps that the acts on rehearsals are made of: which rooms, what is held, the trail."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.audit.services import record
from backend.common.errors import Conflict, Invalid
from backend.common.periods import Period
from backend.live.services import changed as hint
from backend.reservations.claims import Holder
from backend.reservations.services import Taken, release, reserve
from meetings.readiness import queries
from meetings.readiness.models import HOLDER, Rehearsal
from meetings.scheduling import needs, refusals
from meetings.scheduling.models import HOLDER as CONFERENCE
from meetings.scheduling.needs import Needs
from meetings.scheduling.places import Plan
from meetings.scheduling.signals import Before

PLANNED, UNPLACED = Rehearsal.Status.PLANNED, Rehearsal.Status.UNPLACED


def part(whole: Plan, room_ids: Sequence[int]) -> Plan:
    """`whole` reduced to these rooms; all of it when none is named. Invalid for a room that takes no part."""
    wanted = set(room_ids)
    rooms = tuple(room for room in whole.rooms if not wanted or room.room_id in wanted)
    if wanted - {room.room_id for room in rooms}:
        raise Invalid("unknown", _("Only rooms of the conference are rehearsed."), field="rooms")
    return replace(whole, rooms=rooms)


def joined(rehearsal: Rehearsal, whole: Plan, before: Before) -> Plan:
    """The rooms of the rehearsal that are left, and those that have come to the conference since."""
    had = set(rehearsal.checks.values_list("room_id", flat=True))
    rooms = {room.room_id for room in whole.rooms}
    return part(whole, [*((had & rooms) | (rooms - before.room_ids))])


def hold(actor: User, rehearsal: Rehearsal, part: Plan, now: datetime) -> None:
    wanted = _wanted(rehearsal, part, period_of(rehearsal), now)
    try:
        _take(wanted, now)
    except Taken as taken:
        raise _refusal(actor, rehearsal, wanted, taken, now) from taken


def _wanted(rehearsal: Rehearsal, part: Plan, period: Period, now: datetime) -> Needs:
    return needs.of(part, period, Holder(HOLDER, rehearsal.pk), now)


def _take(wanted: Needs, now: datetime) -> None:
    rooms = queries.rooms_of(wanted)
    reserve(holder=wanted.holder, resources=rooms, pools=wanted.pools, replace=True, now=now)


def place(rehearsal: Rehearsal, part: Plan, periods: Sequence[Period], now: datetime) -> None:
    """Take the first of `periods` that is free; where none is, hold nothing and wait."""
    for period in periods:
        try:
            with transaction.atomic():
                _take(_wanted(rehearsal, part, period, now), now)
        except Taken:
            continue
        rehearsal.start, rehearsal.end, rehearsal.status = period.start, period.end, PLANNED
        return
    release(holder=Holder(HOLDER, rehearsal.pk))
    rehearsal.status = UNPLACED


def _refusal(actor: User, rehearsal: Rehearsal, wanted: Needs, taken: Taken, now: datetime) -> Conflict:
    conflicts = refusals.describe(actor, wanted, taken.clashes, now)
    minutes = int(period_of(rehearsal).length.total_seconds() // 60)
    hours = queries.free_hours(rehearsal.conference, wanted.plan, minutes, now)
    names = ", ".join(dict.fromkeys(conflict["name"] for conflict in conflicts[:3]))
    return Conflict(
        "conflict",
        _("Not free at that time: %(names)s. Nothing was booked.") % {"names": names},
        conflicts=conflicts,
        alternatives=[{"start": hour.start.isoformat(), "end": hour.end.isoformat()} for hour in hours],
    )


_CHECKS = """
INSERT INTO meetings_readiness_sitecheck (rehearsal_id, site_id, room_id, picture, sound, line, note)
SELECT %s, p.site_id, p.room_id, '', '', '', '' FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY
    AS p (site_id, room_id, n)
ORDER BY p.n
ON CONFLICT (rehearsal_id, room_id) DO NOTHING
"""


def write_checks(rehearsal: Rehearsal, part: Plan) -> None:
    """One for each room of `part`, and no other; what is recorded of a room that stays, stays."""
    sites, rooms = [room.site_id for room in part.rooms], [room.room_id for room in part.rooms]
    rehearsal.checks.exclude(room__in=rooms).delete()
    with connection.cursor() as cursor:
        cursor.execute(_CHECKS, [rehearsal.pk, sites, rooms])


def save(rehearsal: Rehearsal, now: datetime) -> None:
    rehearsal.version += 1
    rehearsal.updated_at = now
    rehearsal.save()


def period_of(rehearsal: Rehearsal) -> Period:
    return Period(rehearsal.start, rehearsal.end)


def facts(rehearsal: Rehearsal) -> dict[str, Any]:
    return {
        "start": rehearsal.start.isoformat(),
        "end": rehearsal.end.isoformat(),
        "rehearsal": rehearsal.pk,
        "status": rehearsal.status,
    }


def note(
    actor: User | None, act: str, rehearsal: Rehearsal, part: Plan, now: datetime, before: dict | None = None
) -> None:
    trail(actor, act, rehearsal, before or {}, facts(rehearsal), now)
    units = [rehearsal.conference.convening_unit_id, *(room.unit_id for room in part.rooms)]
    hint(CONFERENCE, rehearsal.conference_id, units)


def trail(actor: User | None, act: str, rehearsal: Rehearsal, before: dict, after: dict, now: datetime) -> None:
    """In the history of the conference, where people look for it."""
    record(
        actor=actor, act=f"rehearsal.{act}", subject_kind=CONFERENCE, subject_id=rehearsal.conference_id,
        unit_id=rehearsal.conference.convening_unit_id, before=before, after=after, now=now,
    )  # fmt: skip
