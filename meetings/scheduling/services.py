"""What people do with conferences. Permission, then rules, then the write; all or nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import may, scope
from backend.common.errors import Forbidden, Invalid, NotFound
from backend.common.periods import Period, local_date
from backend.reservations.claims import Holder
from backend.reservations.services import release
from backend.units.models import Unit
from backend.units.queries import figure
from meetings.scheduling import conclusions, gate_services, guests, places, rules, trail
from meetings.scheduling.figures import HOLD_HOURS
from meetings.scheduling.models import (
    HOLDER,
    AgendaItem,
    Conference,
    ConferenceSecret,
    Secrecy,
    Status,
)
from meetings.scheduling.places import Plan
from meetings.scheduling.rules import Request
from meetings.scheduling.signals import conference_approved, conference_cancelled, conference_changed
from meetings.scheduling.steps import BOOKERS, hold, locked, note, plan_of, require_booker, save


@transaction.atomic
def book(*, actor: User, request: Request, draft: bool = False, now: datetime) -> Conference:
    """Store a conference and, unless it is a draft, take its rooms and ports.

    Approved at once when `actor` may approve it, else submitted. Raises Invalid, Forbidden, or Conflict with
    `conflicts` and `alternatives`; then nothing is stored.
    """
    unit = convening_unit(actor, request.convening_unit_id)
    period = rules.period(request.start, request.end, now)
    rules.check_agenda(request.agenda, period)
    remarks = gate_services.hold(request=request, unit=unit, draft=draft, now=now)
    plan = planned(actor, request, unit)
    people = guests.resolve(actor, request.participants, request.chair)
    conference = _new(actor, request, unit, plan, draft, now)
    conference.remarks = remarks
    _write_places(conference, plan)
    guests.write(conference, people)
    _write_content(conference, request)
    if not draft:
        hold(actor, conference, plan, now)
    note(actor, "create", conference, now, plan=plan)
    if conference.status == Status.APPROVED:
        conference_approved.send(Conference, conference=conference, actor=actor, now=now)
    return conference


def may_approve(actor: User, unit: Unit, sites: list[list[int]]) -> bool:
    """A leader over the convening unit; its secretariat when every site lies inside the secretariat's own scope."""
    if may(actor, unit, Role.LEADER):
        return True
    roots = set(scope(actor, Role.SECRETARIAT))
    return may(actor, unit, Role.SECRETARIAT) and all(roots.intersection(path) for path in sites)


@transaction.atomic
def submit(*, actor: User, conference: Conference, now: datetime) -> Conference:
    """Put a draft or a returned conference up for approval; its rooms and ports are taken now."""
    conference = locked(conference)
    require_booker(actor, conference)
    rules.require("submit", conference.status, conference.get_status_display())
    rules.period(conference.start, conference.end, now)
    plan = plan_of(conference)
    conference.status, conference.hold_until = first_status(actor, conference.convening_unit, plan, now)
    gate_services.hold_stored(conference=conference, now=now)
    hold(actor, conference, plan, now)
    save(conference, now, reason="")
    note(actor, "submit", conference, now, plan=plan)
    if conference.status == Status.APPROVED and not conference.announce_later:
        conference_approved.send(Conference, conference=conference, actor=actor, now=now)
    return conference


@transaction.atomic
def approve(*, actor: User, conference: Conference, now: datetime) -> Conference:
    """Approve: the hold no longer runs out, and the invitations leave. A hold that has run out is taken anew."""
    conference = locked(conference)
    plan = plan_of(conference)
    if not may_approve(actor, conference.convening_unit, plan.paths()):
        raise Forbidden("forbidden", _("Only a leader of the convening unit may approve this conference."))
    rules.require("approve", conference.status, conference.get_status_display())
    rules.period(conference.start, conference.end, now)
    conference.status, conference.hold_until = Status.APPROVED, None
    gate_services.hold_stored(conference=conference, now=now)
    hold(actor, conference, plan, now, again=True)
    save(conference, now, reason="")
    note(actor, "approve", conference, now, plan=plan)
    if not conference.announce_later:
        conference_approved.send(Conference, conference=conference, actor=actor, now=now)
    return conference


@transaction.atomic
def send_back(*, actor: User, conference: Conference, reason: str, now: datetime) -> Conference:
    """Return a submitted conference with a reason; its rooms and ports are free again."""
    conference = locked(conference)
    if not may_approve(actor, conference.convening_unit, plan_of(conference).paths()):
        raise Forbidden("forbidden", _("Only a leader of the convening unit may return this conference."))
    rules.require("return", conference.status, conference.get_status_display())
    conference.status, conference.hold_until = Status.RETURNED, None
    release(holder=Holder(HOLDER, conference.pk))
    save(conference, now, reason=reason)
    note(actor, "return", conference, now)
    return conference


@transaction.atomic
def cancel(*, actor: User, conference: Conference, reason: str, now: datetime) -> Conference:
    """Cancel: everything is free again, and whoever was invited is told."""
    conference = locked(conference)
    require_booker(actor, conference)
    rules.require("cancel", conference.status, conference.get_status_display())
    announced = conference.status in (Status.APPROVED, Status.LIVE)
    conference.status, conference.hold_until = Status.CANCELLED, None
    conference.sequence += 1
    release(holder=Holder(HOLDER, conference.pk))
    save(conference, now, reason=reason)
    note(actor, "cancel", conference, now)
    if announced:
        conference_cancelled.send(Conference, conference=conference, actor=actor, now=now)
    return conference


@transaction.atomic
def change(*, actor: User, conference: Conference, edit: Callable[[Request], Request], now: datetime) -> Conference:
    """Change anything of a conference that has not begun; `edit` turns what stands into what is wanted.

    Other times or rooms are reserved in the same step, and raise `sequence`. A hold that has run out begins anew.
    """
    conference = locked(conference)
    require_booker(actor, conference)
    rules.require("change", conference.status, conference.get_status_display())
    was = trail.snapshot(conference)
    before = was.signal
    old = as_request(conference)
    new = edit(old)
    if conference.is_secret and rules.content(new) != rules.content(old):
        require_cleared(actor, conference)
    period = rules.period(new.start, new.end, now if new.start != old.start else min(now, new.start))
    rules.check_agenda(new.agenda, period)
    unit = convening_unit(actor, new.convening_unit_id)
    gate_services.hold_change(conference=conference, old=old, new=new, unit=unit, now=now)
    plan = planned(actor, new, unit)
    guests.rewrite(actor, conference, new)
    moved = (new.start, new.end) != (before.start, before.end)
    elsewhere = {room.room_id for room in plan.rooms} != before.room_ids
    assign(conference, new, unit, plan)
    conference.sequence += moved or elsewhere
    if elsewhere:
        conference.places.all().delete()
        _write_places(conference, plan)
    if rules.hold_expired(conference.status, conference.hold_until, now):
        conference.hold_until = _hold_end(now)
    if conference.status in rules.HOLDING:
        hold(actor, conference, plan, now, again=True)
    save(conference, now)
    _write_content(conference, new, again=True)
    note(
        actor,
        "reschedule" if moved else "change",
        conference,
        now,
        plan,
        *trail.differences(was, conference, plan, old, new),
    )
    if conference.status == Status.APPROVED:
        conference_changed.send(Conference, conference=conference, actor=actor, now=now, before=before)
    return conference


def reschedule(*, actor: User, conference: Conference, start: datetime, end: datetime, now: datetime) -> Conference:
    """Move the conference; its agenda moves along."""

    def edit(old: Request) -> Request:
        agenda = rules.shifted(old.agenda, start - old.start, Period(start, end)) if end > start else ()
        return replace(old, start=start, end=end, agenda=agenda)

    return change(actor=actor, conference=conference, edit=edit, now=now)


@transaction.atomic
def reveal(*, actor: User, conference: Conference, now: datetime) -> ConferenceSecret:
    """Title and content of a secret conference, for cleared persons of the convening unit; each reading is noted."""
    require_cleared(actor, conference)
    note(actor, "reveal", conference, now)
    secret = ConferenceSecret.objects.filter(conference=conference).first()
    if secret is None:
        raise NotFound("not_secret", _("This conference holds no secret content."))
    return secret


@transaction.atomic
def advance(now: datetime) -> None:
    """Approved conferences whose start has come are live; those whose end has come are ended."""
    for old, new, column in ((Status.APPROVED, Status.LIVE, "start"), (Status.LIVE, Status.ENDED, "end")):
        due = Conference.objects.filter(status=old, **{f"{column}__lte": now})
        for conference in due.select_for_update(skip_locked=True, of=("self",)):
            conference.status = new
            save(conference, now)
            if new == Status.ENDED:
                conclusions.start_clock(conference)
            note(None, new, conference, now)


# --- the steps


def convening_unit(actor: User, unit_id: int | None) -> Unit:
    """The unit for which `actor` convenes: the one of this id, or their first. Forbidden, or Invalid (`unknown`)."""
    roots = scope(actor, *BOOKERS)
    if not roots:
        raise Forbidden("forbidden", _("Only the secretariat or a leader may book a conference."))
    unit = Unit.objects.filter(pk=unit_id or roots[0]).select_related("level").first()
    if unit is None or not may(actor, unit, *BOOKERS):
        raise Invalid("unknown", _("Not a unit that you may convene for."), field="convening_unit")
    return unit


def plan_for(actor: User, request: Request) -> Plan:
    """Where `request` would take place. Raises what `book` raises of it."""
    return planned(actor, request, convening_unit(actor, request.convening_unit_id))


def planned(actor: User, request: Request, unit: Unit) -> Plan:
    rooms = places.rooms_for(actor, request.site_ids, request.room_ids)
    if request.host_site_id and all(room.site_id != request.host_site_id for room in rooms):
        raise Invalid("host_not_there", _("The host site does not take part."), field="host_site")
    own = next((room.site_id for room in rooms if room.unit_id == unit.pk), rooms[0].site_id)
    plan = Plan(rooms, request.host_site_id or own, places.bridge_for(actor, request.bridge_id, rooms, unit.path))
    if request.secrecy != Secrecy.NONE:
        places.check_cleared(plan)
    return plan


def first_status(actor: User, unit: Unit, plan: Plan, now: datetime) -> tuple[str, datetime | None]:
    if may_approve(actor, unit, plan.paths()):
        return Status.APPROVED, None
    return Status.SUBMITTED, _hold_end(now)


def _hold_end(now: datetime) -> datetime:
    return now + timedelta(hours=figure(HOLD_HOURS, on=local_date(now)))


def _new(actor: User, request: Request, unit: Unit, plan: Plan, draft: bool, now: datetime) -> Conference:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('meetings_scheduling_conference', 'id'))")
        pk = cursor.fetchone()[0]
    status, hold_until = (Status.DRAFT, None) if draft else first_status(actor, unit, plan, now)
    conference = Conference(
        pk=pk, code=f"HN-{local_date(request.start).year}-{pk:04d}", status=status, hold_until=hold_until,
        created_by=actor, created_at=now, updated_at=now,
        announced_on=local_date(now) if status == Status.APPROVED else None,
    )  # fmt: skip
    assign(conference, request, unit, plan)
    conference.save(force_insert=True)
    return conference


def assign(conference: Conference, request: Request, unit: Unit, plan: Plan) -> None:
    secret = request.secrecy != Secrecy.NONE
    conference.title = rules.MASK if secret else request.title
    conference.notes = "" if secret else request.notes
    conference.type, conference.secrecy = request.type, request.secrecy
    conference.start, conference.end = request.start, request.end
    conference.convening_unit, conference.host_site_id, conference.bridge = unit, plan.host_site_id, plan.bridge
    conference.chair_name = request.chair.name
    conference.unscheduled, conference.decided_by = request.unscheduled, request.decided_by
    conference.contact, conference.papers_on = request.contact, request.papers_on


_PLACES = """
INSERT INTO meetings_scheduling_conferencesite (conference_id, site_id, room_id)
SELECT %s, p.site_id, p.room_id FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS p (site_id, room_id, n)
ORDER BY p.n
"""


def _write_places(conference: Conference, plan: Plan) -> None:
    sites, rooms = [room.site_id for room in plan.rooms], [room.room_id for room in plan.rooms]
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [conference.pk, sites, rooms])


def _write_content(conference: Conference, request: Request, again: bool = False) -> None:
    """Agenda and, of a secret conference, all of its content: where only `reveal` reads it."""
    if again:
        conference.agenda.all().delete()
        ConferenceSecret.objects.filter(conference=conference).delete()
    if conference.is_secret:
        agenda = rules.agenda_rows(request.agenda)
        ConferenceSecret.objects.create(conference=conference, title=request.title, notes=request.notes, agenda=agenda)
    elif request.agenda:
        AgendaItem.objects.bulk_create(
            [AgendaItem(conference=conference, start=a.start, end=a.end, title=a.title) for a in request.agenda]
        )


def require_cleared(actor: User, conference: Conference) -> None:
    """For what is secret of `conference`: to read it, to change it, or to make it no longer secret."""
    if not (actor.cleared and may(actor, conference.convening_unit, *BOOKERS)):
        raise Forbidden("not_cleared", _("Only persons cleared for state secrets may do this."))


def as_request(conference: Conference) -> Request:
    """What stands, in the form in which it is asked for; of a secret conference with its secret content."""
    secret = ConferenceSecret.objects.filter(conference=conference).first()
    places_ = list(conference.places.all())
    return Request(
        title=secret.title if secret else conference.title,
        notes=secret.notes if secret else conference.notes,
        agenda=rules.agenda_from(secret.agenda) if secret else guests.agenda_of(conference),
        type=conference.type,
        start=conference.start,
        end=conference.end,
        site_ids=tuple(dict.fromkeys(place.site_id for place in places_)),
        room_ids=tuple(place.room_id for place in places_),
        chair=guests.chair_of(conference),
        participants=guests.guests_of(conference),
        secrecy=conference.secrecy,
        convening_unit_id=conference.convening_unit_id,
        host_site_id=conference.host_site_id,
        bridge_id=conference.bridge_id or 0,
        unscheduled=conference.unscheduled,
        decided_by=conference.decided_by,
        contact=conference.contact,
        papers_on=conference.papers_on,
    )
