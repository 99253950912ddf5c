"""Reading a conference for its invitations, and the invitations for people."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backend.accounts.models import Person, Role, User
from backend.accounts.queries import inside, scope
from backend.common.errors import NotFound
from backend.outbox.models import Message
from meetings.invitations.facts import AgendaLine, Facts, load_facts
from meetings.invitations.models import CalendarObject, Edition, Invitation
from meetings.invitations.rules import Seat, Told
from meetings.invitations.seating import Place, Seating
from meetings.scheduling.models import HOLDER, BridgeMeeting, Conference, Participant, Secrecy
from meetings.scheduling.queries import conferences_visible_to

KIND = "invitation"
BY_PHONE = "phone"
READERS = (Role.ADMIN, Role.SECRETARIAT, Role.LEADER)


# --- for people


@dataclass(frozen=True, slots=True)
class Standing:
    """How one participant was reached. `state`: an outbox state, `phone`, or `cancelled` once told that it is off.

    `message_id` is the outbox's id of the last mail, to send it again.
    """

    name: str
    position: str
    role: str
    address: str
    phone: str
    state: str
    error: str
    sent_at: datetime | None
    message_id: int | None
    sequence: int | None
    partstat: str


def conferences_whose_guests_are_visible_to(user: User) -> QuerySet[Conference]:
    """Addresses of guests are for those who book and lead inside the convening unit, not for everybody invited."""
    return conferences_visible_to(user).filter(inside("convening_unit", scope(user, *READERS)))


def standings(conference: Conference) -> list[Standing]:
    """Everybody who was or should be reached, in the order of invitation; those without a mailbox last."""
    invitations = Invitation.objects.filter(calendar__conference=conference).select_related("participant")
    last = _last_messages(conference)
    mailed = [_standing(invitation, last.get(invitation.order_key)) for invitation in invitations]
    return mailed + [_by_phone(person) for person in conference.participants.filter(email="")]


def _last_messages(conference: Conference) -> dict[str, Message]:
    about = Message.objects.filter(kind=KIND, subject_kind=HOLDER, subject_id=conference.pk)
    newest = about.order_by("order_key", "-id").distinct("order_key").defer("body", "payload")
    return {message.order_key: message for message in newest}


def _standing(invitation: Invitation, message: Message | None) -> Standing:
    state = message.state if message else Message.State.PENDING
    gone = invitation.cancelled_at is not None and state == Message.State.SENT
    return Standing(
        name=invitation.name,
        position=invitation.position,
        role=invitation.role,
        address=invitation.address,
        phone=invitation.participant.phone if invitation.participant else "",
        state="cancelled" if gone else state,
        error=message.error if message else "",
        sent_at=message.sent_at if message else None,
        message_id=message.pk if message else None,
        sequence=invitation.sequence,
        partstat=invitation.partstat,
    )


def _by_phone(person: Participant) -> Standing:
    return Standing(
        name=person.name,
        position=person.position,
        role=person.role,
        address="",
        phone=person.phone,
        state=BY_PHONE,
        error="",
        sent_at=None,
        message_id=None,
        sequence=None,
        partstat="",
    )


def newest_edition(conference: Conference) -> Edition:
    """What people were last told. NotFound before the invitations have left."""
    editions = Edition.objects.filter(calendar__conference=conference).select_related("calendar")
    if (edition := editions.last()) is None:
        raise NotFound("not_invited", _("Invitations leave when the conference is approved."))
    return edition


def facts_at(edition_id: int) -> Facts:
    """What an edition said; when the conference has become secret since, no more than a secret one may say."""
    columns = ("facts", "calendar__conference__secrecy")
    facts, secrecy = Edition.objects.values_list(*columns).get(pk=edition_id)
    return load_facts({**facts, "secret": secrecy != Secrecy.NONE or facts.get("secret", False)})


# --- for the services


def seating_of(conference: Conference) -> Seating:
    columns = ("site__name", "site_id", "site__unit_id", "site__unit__name", "room__name", "room_id")
    return Seating(
        [
            Place(site=site, site_id=site_id, unit_id=unit_id, names=(site, unit), room=room, room_id=room_id)
            for site, site_id, unit_id, unit, room, room_id in conference.places.order_by("id").values_list(*columns)
        ]
    )


class Invitee(NamedTuple):
    """A participant with what of the directory their invitation needs; None where they are not in it."""

    pk: int
    name: str
    position: str
    unit_name: str
    email: str
    role: str
    unit_path: list[int] | None
    language: str | None


_INVITEE = ("pk", "name", "position", "unit_name", "email", "role", "person__unit__path", "person__user__language")


def participants_of(conference: Conference) -> list[Invitee]:
    return [Invitee(*row) for row in conference.participants.order_by("id").values_list(*_INVITEE)]


def facts_of(
    conference: Conference, calendar: CalendarObject, seating: Seating, people: list[Invitee], stamp: datetime
) -> Facts:
    """What an edition of now says. The title is the conference's public one; what is secret is never read."""
    host = seating.of_site(conference.host_site_id)
    agenda = conference.agenda.all()
    return Facts(
        uid=calendar.uid,
        code=conference.code,
        stamp=stamp,
        created=calendar.created_at,
        start=conference.start,
        end=conference.end,
        title=conference.title,
        secret=conference.is_secret,
        sender_name=calendar.sender_name,
        convener=conference.convening_unit.authority,
        chair=_chair(conference, people),
        hosted_at=host.label if host else conference.host_site.name,
        room=host.room if host else "",
        room_key=host.room_key if host else "",
        sites=seating.sites(),
        agenda=tuple(AgendaLine(start=item.start, end=item.end, title=item.title) for item in agenda),
        notes=conference.notes,
        contact=_contact(conference.created_by.person),
        reason=conference.reason,
        bridge=_bridge(conference),
    )


def _bridge(conference: Conference) -> str:
    meeting = BridgeMeeting.objects.filter(conference=conference.pk)
    return meeting.values_list("bridge__name", flat=True).first() or ""


def _chair(conference: Conference, people: list[Invitee]) -> str:
    chair = next((p for p in people if p.role == Participant.Role.CHAIR), None)
    return ", ".join(filter(None, (chair.name, chair.position))) if chair else conference.chair_name


def _contact(person: Person | None) -> str:
    """Who answers questions (Decision 45/2018/QĐ-TTg asks for a contact point); a phone, never a mailbox."""
    return ", ".join(filter(None, (person.name, person.phone))) if person else ""


def seats_of(people: list[Invitee], seating: Seating) -> list[Seat]:
    """One seat for each participant with a mailbox."""
    return [_seat(person, _place(person, seating)) for person in people if person.email]


def _place(invitee: Invitee, seating: Seating) -> Place | None:
    if invitee.unit_path:
        return seating.of_person(invitee.unit_path)
    return seating.of_name(invitee.unit_name)


def _seat(invitee: Invitee, place: Place | None) -> Seat:
    return Seat(
        key=invitee.email.lower(),
        address=invitee.email,
        name=invitee.name,
        position=invitee.position,
        role=invitee.role,
        language=_language(invitee.language),
        place=place.label if place else "",
        room=place.room if place else "",
        room_key=place.room_key if place else "",
        participant=invitee.pk,
    )


def _language(chosen: str | None) -> str:
    return chosen if chosen and chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def told(invitation: Invitation) -> Told:
    seat = Seat(
        key=invitation.key,
        address=invitation.address,
        name=invitation.name,
        position=invitation.position,
        role=invitation.role,
        language=invitation.language,
        place=invitation.place,
        room=invitation.room,
        room_key=invitation.room_key,
        participant=invitation.participant_id,
    )
    live = invitation.cancelled_at is None
    return Told(seat=seat, sequence=invitation.sequence, partstat=invitation.partstat, live=live)
