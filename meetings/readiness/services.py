"""What people do with rehearsals. The conference's row is locked first, then the rehearsal, then what it holds.

A rehearsal holds nothing but rooms and ports of its conference: what a change of the conference has locked already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.errors import Forbidden, Invalid
from backend.live.services import changed as hint
from backend.reservations.claims import Holder
from backend.reservations.services import release
from meetings.readiness import queries, rules, steps
from meetings.readiness.models import HOLDER, Rehearsal, Result, SiteCheck
from meetings.scheduling import steps as conferences
from meetings.scheduling.models import HOLDER as CONFERENCE
from meetings.scheduling.models import Conference
from meetings.scheduling.places import Plan
from meetings.scheduling.signals import Before

PLANNED, UNPLACED, CANCELLED = Rehearsal.Status.PLANNED, Rehearsal.Status.UNPLACED, Rehearsal.Status.CANCELLED


@dataclass(frozen=True)
class Results:
    """Of one room: "pass", "fail", or "" for not yet known."""

    picture: str
    sound: str
    line: str
    note: str = ""


@transaction.atomic
def plan(
    *,
    actor: User,
    conference: Conference,
    start: datetime,
    end: datetime,
    room_ids: Sequence[int] = (),
    note: str = "",
    now: datetime,
) -> Rehearsal:
    """Plan a rehearsal before an approved conference, over `room_ids` of it (none named: all), and take them.

    Raises Invalid, Forbidden, or Conflict with `conflicts` and `alternatives`; then nothing is stored.
    """
    conference = conferences.locked(conference)
    _require_planner(actor, conference)
    rules.require_approved(conference.status)
    period = rules.period(start, end, conference.start, now)
    part = steps.part(conferences.plan_of(conference), room_ids)
    rehearsal = Rehearsal.objects.create(
        conference=conference, start=period.start, end=period.end, note=note,
        created_by=actor, created_at=now, updated_at=now,
    )  # fmt: skip
    steps.write_checks(rehearsal, part)
    steps.hold(actor, rehearsal, part, now)
    steps.note(actor, "plan", rehearsal, part, now)
    return rehearsal


@transaction.atomic
def move(*, actor: User, rehearsal: Rehearsal, start: datetime, end: datetime, now: datetime) -> Rehearsal:
    """Another hour before the conference, in the same rooms."""
    rehearsal, part = _locked(actor, rehearsal)
    rules.require_approved(rehearsal.conference.status)
    rules.require_ahead(rehearsal.status, rehearsal.start, now)
    period = rules.period(start, end, rehearsal.conference.start, now)
    before = steps.facts(rehearsal)
    rehearsal.start, rehearsal.end, rehearsal.status = period.start, period.end, PLANNED
    steps.hold(actor, rehearsal, part, now)
    steps.save(rehearsal, now)
    steps.note(actor, "move", rehearsal, part, now, before)
    return rehearsal


@transaction.atomic
def cancel(*, actor: User, rehearsal: Rehearsal, now: datetime) -> Rehearsal:
    """Cancel a rehearsal that has not begun: what it held is free."""
    rehearsal, part = _locked(actor, rehearsal)
    rules.require_ahead(rehearsal.status, rehearsal.start, now)
    _cancel(actor, rehearsal, part, now)
    return rehearsal


@transaction.atomic
def record(*, actor: User, rehearsal: Rehearsal, room_id: int, results: Results, now: datetime) -> SiteCheck:
    """Write down what the rehearsal showed of one room; the last word counts. Technicians for their own site alone."""
    rehearsal = Rehearsal.objects.select_related("conference__convening_unit").get(pk=rehearsal.pk)
    locked = rehearsal.checks.select_for_update(of=("self",), no_key=True).select_related("site__unit", "room")
    check = locked.filter(room=room_id).first()
    if check is None:
        raise Invalid("unknown", _("This room takes no part in the rehearsal."), field="room")
    if not queries.may_record(actor, rehearsal.conference, check):
        raise Forbidden("forbidden", _("Only the site's technician and the convening unit may record its result."))
    rules.require_recordable(rehearsal.status, rehearsal.start, now)
    check.picture, check.sound, check.line, check.note = results.picture, results.sound, results.line, results.note
    check.recorded_by, check.recorded_at = actor, now
    check.save()
    failed = [name for name in ("picture", "sound", "line") if getattr(check, name) == Result.FAIL]
    after = {"site": check.site.name, "outcome": str(check.outcome), "failed": failed}
    steps.trail(actor, "result", rehearsal, {}, after, now)
    hint(CONFERENCE, rehearsal.conference_id, [rehearsal.conference.convening_unit_id, check.site.unit_id])
    return check


# --- what follows from the conference; the act itself was permitted there


@transaction.atomic
def follow(*, actor: User | None, conference: Conference, before: Before, now: datetime) -> None:
    """The conference begins at another time or has other rooms: its rehearsals that lie ahead come along.

    Each goes by the same time; else it stays where it was, if that is still before; else it gives back what it held
    and waits, `unplaced`, for somebody to choose an hour. New rooms join, rooms that left are let go.
    """
    whole = conferences.plan_of(conference)
    ahead = Rehearsal.objects.filter(conference=conference).exclude(status=CANCELLED).select_for_update(of=("self",))
    for rehearsal in ahead:
        if rehearsal.status == PLANNED and rehearsal.start <= now:
            continue
        rehearsal.conference = conference
        was = steps.facts(rehearsal)
        part = steps.joined(rehearsal, whole, before)
        steps.write_checks(rehearsal, part)
        by = conference.start - before.start
        steps.place(rehearsal, part, rules.follow(steps.period_of(rehearsal), by, conference.start, now), now)
        if steps.facts(rehearsal) != was:
            steps.save(rehearsal, now)
            steps.note(actor, "unplaced" if rehearsal.status == UNPLACED else "move", rehearsal, part, now, was)


@transaction.atomic
def cancel_all(*, actor: User | None, conference: Conference, now: datetime) -> None:
    """The conference does not take place: nor do its rehearsals that lie ahead."""
    part = conferences.plan_of(conference)
    ahead = Rehearsal.objects.filter(conference=conference).exclude(status=CANCELLED).select_for_update(of=("self",))
    for rehearsal in ahead:
        if rehearsal.status == UNPLACED or rehearsal.start > now:
            rehearsal.conference = conference
            _cancel(actor, rehearsal, part, now)


# --- the steps


def _locked(actor: User, rehearsal: Rehearsal) -> tuple[Rehearsal, Plan]:
    conference = conferences.locked(rehearsal.conference)
    _require_planner(actor, conference)
    found = Rehearsal.objects.select_for_update(of=("self",)).get(pk=rehearsal.pk)
    found.conference = conference
    return found, steps.part(conferences.plan_of(conference), [*found.checks.values_list("room_id", flat=True)])


def _require_planner(actor: User, conference: Conference) -> None:
    if not queries.may_plan(actor, conference):
        raise Forbidden("forbidden", _("Only the convening unit plans its rehearsals."))


def _cancel(actor: User | None, rehearsal: Rehearsal, part: Plan, now: datetime) -> None:
    rehearsal.status = CANCELLED
    release(holder=Holder(HOLDER, rehearsal.pk))
    steps.save(rehearsal, now)
    steps.note(actor, "cancel", rehearsal, part, now)
