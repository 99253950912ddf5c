"""Telling people about a conference. Called inside the transaction of the act itself, which has checked who may do it.

However many are invited, the number of statements stays the same: a mail is an outbox row, made in one INSERT.
"""

import secrets
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from functools import cache, partial

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from backend.accounts.models import User
from backend.audit.services import record
from backend.outbox.models import Message
from backend.outbox.services import Draft, enqueue
from meetings.invitations import queries, rules, wording
from meetings.invitations.facts import CANCEL, MOVE, WITHDRAW, Facts, Guest, dump, load_facts
from meetings.invitations.models import CalendarObject, Edition, Invitation
from meetings.invitations.queries import KIND
from meetings.invitations.rules import Step
from meetings.scheduling.access import join_urls
from meetings.scheduling.models import HOLDER, Conference

TOLD = ["participant", "name", "position", "role", "language", "place", "room", "room_key"]
COUNTED = ["sequence", "stamp", "partstat", "cancelled_at"]


@transaction.atomic
def announce(*, actor: User | None, conference: Conference, now: datetime) -> None:
    """Bring everybody to what the conference is now: newcomers are invited, others hear what changed for them.

    Who hears nothing new gets no mail. Participants without a mailbox get none either; `queries.standings` names them.
    """
    calendar, old = _calendar(conference, now)
    people, seating = queries.participants_of(conference), queries.seating_of(conference)
    facts = queries.facts_of(conference, calendar, seating, people, _stamp(old, now))
    known = _invitations(calendar) if old else {}
    steps = rules.plan(
        old=old,
        new=facts,
        told=[queries.told(invitation) for invitation in known.values()],
        wanted=queries.seats_of(people, seating),
        floor=conference.sequence,
    )
    if old and any(step.action == MOVE for step in steps):
        facts = replace(facts, before=(old.start, old.end))
    if facts.secret and old and not old.secret:
        _mask_unsent(conference)
    if steps or old is None or not rules.same_words(old, facts):
        _publish(actor, conference, calendar, facts, steps, known, now)


@transaction.atomic
def cancel(*, actor: User | None, conference: Conference, now: datetime) -> None:
    """Tell everybody who was invited that it is off."""
    calendar, old = _calendar(conference, now)
    people, seating = queries.participants_of(conference), queries.seating_of(conference)
    facts = queries.facts_of(conference, calendar, seating, people, _stamp(old, now))
    known = _invitations(calendar)
    steps = rules.cancellation([queries.told(invitation) for invitation in known.values()], floor=conference.sequence)
    calendar.cancelled_at = now
    _publish(actor, conference, calendar, facts, steps, known, now)


_CALENDAR = """
INSERT INTO meetings_invitations_calendarobject AS c (conference_id, uid, sender_name, stamp, created_at)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (conference_id) DO UPDATE SET uid = c.uid
RETURNING xmax = 0, c.id, c.conference_id, c.uid, c.sender_name, c.stamp, c.created_at, c.cancelled_at
"""
_COLUMNS = ("id", "conference_id", "uid", "sender_name", "stamp", "created_at", "cancelled_at")


def _calendar(conference: Conference, now: datetime) -> tuple[CalendarObject, Facts | None]:
    """The conference's calendar object, made or locked by one statement, and what people were last told."""
    uid, second = f"{uuid.uuid4()}@{settings.MAIL_DOMAIN}", now.replace(microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_CALENDAR, [conference.pk, uid, conference.convening_unit.authority, second, second])
        created, *values = cursor.fetchone()
    calendar = CalendarObject.from_db("default", _COLUMNS, values)
    newest = None if created else calendar.editions.last()
    return calendar, load_facts(newest.facts) if newest else None


def _stamp(old: Facts | None, now: datetime) -> datetime:
    return rules.next_stamp(old.stamp if old else None, now)


def _invitations(calendar: CalendarObject) -> dict[str, Invitation]:
    return {invitation.key: invitation for invitation in calendar.invitations.all()}


def _publish(
    actor: User | None,
    conference: Conference,
    calendar: CalendarObject,
    facts: Facts,
    steps: list[Step],
    known: dict[str, Invitation],
    now: datetime,
) -> None:
    if (calendar.stamp, calendar.cancelled_at) != (facts.stamp, None):
        calendar.stamp = facts.stamp
        calendar.save(update_fields=["stamp", "cancelled_at"])
    edition = Edition.objects.create(calendar=calendar, stamp=facts.stamp, facts=dump(facts))
    told = [(step, _told_now(calendar, known.get(step.seat.key), step, facts.stamp, now)) for step in steps]
    Invitation.objects.bulk_create(
        [invitation for _step, invitation in told],
        update_conflicts=True,
        unique_fields=["calendar", "key"],
        update_fields=[*TOLD, *COUNTED],
    )
    subject = cache(partial(_subject, facts))
    links = join_urls(conference) if facts.bridge else {}
    enqueue([_draft(conference, edition, step, invitation, subject, links) for step, invitation in told], now)
    _note(actor, conference, steps, now)


def _told_now(
    calendar: CalendarObject, invitation: Invitation | None, step: Step, stamp: datetime, now: datetime
) -> Invitation:
    """The invitation as it stands once this step's mail is queued."""
    seat = step.seat
    row = invitation or _new_invitation(calendar, step, now)
    row.participant_id, row.language = seat.participant, seat.language
    row.name, row.position, row.role = seat.name, seat.position, seat.role
    row.place, row.room, row.room_key = seat.place, seat.room, seat.room_key
    row.sequence, row.stamp, row.partstat = step.sequence, stamp, step.partstat
    row.cancelled_at = now if step.action in (CANCEL, WITHDRAW) else None
    return row


def _new_invitation(calendar: CalendarObject, step: Step, now: datetime) -> Invitation:
    token = secrets.token_hex(10)
    local, _at, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")
    organizer = f"{local}+{token}@{domain}"
    return Invitation(
        calendar=calendar,
        key=step.seat.key,
        address=step.seat.address,
        token=token,
        organizer=organizer,
        created_at=now,
    )


def _draft(
    conference: Conference,
    edition: Edition,
    step: Step,
    invitation: Invitation,
    subject: Callable[[str, str], str],
    links: Mapping[int | None, str],
) -> Draft:
    guest = Guest(
        address=invitation.address,
        organizer=invitation.organizer,
        sequence=step.sequence,
        name=invitation.name,
        position=invitation.position,
        role=invitation.role,
        language=invitation.language,
        partstat=step.partstat,
        place=invitation.place,
        room=invitation.room,
        room_key=invitation.room_key,
        join_url=links.get(step.seat.participant, ""),
    )
    return Draft(
        kind=KIND,
        recipient=invitation.address,
        order_key=invitation.order_key,
        subject=subject(step.action, invitation.language),
        payload={"edition": edition.pk, "action": step.action, "guest": dump(guest)},
        unit_id=conference.convening_unit_id,
        subject_kind=HOLDER,
        subject_id=conference.pk,
    )


def _subject(facts: Facts, action: str, language: str) -> str:
    with translation.override(language):
        return wording.subject(facts, action)


def _mask_unsent(conference: Conference) -> None:
    """It has become secret: what waits or has failed is made anew, with nothing but what a secret one may say."""
    unsent = Message.objects.filter(kind=KIND, subject_kind=HOLDER, subject_id=conference.pk)
    unsent.exclude(state=Message.State.SENT).update(body=None, subject=conference.code)


def _note(actor: User | None, conference: Conference, steps: list[Step], now: datetime) -> None:
    record(
        actor=actor,
        act="invitation.send",
        subject_kind=HOLDER,
        subject_id=conference.pk,
        unit_id=conference.convening_unit_id,
        after=dict(Counter(step.action for step in steps)),
        now=now,
    )
