"""Facts and a guest → one mail with its calendar object; pure but for the catalogue of the guest's language."""

from dataclasses import replace
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils import translation

from meetings.invitations import ics, mime, wording
from meetings.invitations.facts import CANCEL, WITHDRAW, Facts, Guest

ICAL_ROLES = {"chair": "CHAIR", "observer": "OPT-PARTICIPANT", "guest": "OPT-PARTICIPANT"}


def compose(facts: Facts, guest: Guest, *, action: str, message_id: str) -> EmailMessage:
    """The mail of one edition to one guest. `action` of facts.py; ValueError when a value cannot be mailed."""
    facts = replace(facts, join_url=guest.join_url or facts.join_url)
    with translation.override(guest.language):
        plain, html = wording.letter(facts, guest, action)
        entry = entry_for(facts, guest, action)
        parts = mime.Parts(
            sender=guest.organizer,
            sender_name=entry.organizer_name,
            recipient=guest.address,
            recipient_name=guest.name,
            subject=wording.subject(facts, action),
            message_id=message_id,
            date=facts.stamp,
            language=guest.language,
            plain=plain,
            html=html,
            calendar=ics.render(entry),
            method=entry.method,
        )
    return mime.build(parts)


def entry_for(facts: Facts, guest: Guest, action: str) -> ics.Entry:
    """The calendar object of this guest alone: no other person's address is in it."""
    gone = action in (CANCEL, WITHDRAW)
    return _entry(
        facts,
        guest,
        action,
        method=ics.CANCEL if gone else ics.REQUEST,
        sequence=guest.sequence,
        cancelled=gone,
        organizer=guest.organizer,
        attendees=(_attendee(guest, gone), *_rooms(facts, guest)),
    )


def published(facts: Facts, *, sequence: int, cancelled: bool = False) -> ics.Entry:
    """The copy that anybody who may see the meeting downloads: nobody's invitation, so nobody is asked to answer."""
    office = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return _entry(
        facts, None, "", method=ics.PUBLISH, sequence=sequence, organizer=office, cancelled=cancelled, attendees=()
    )


def _entry(facts: Facts, guest: Guest | None, action: str, **given: Any) -> ics.Entry:
    return ics.Entry(
        uid=facts.uid,
        stamp=facts.stamp,
        created=facts.created,
        start=facts.start,
        end=facts.end,
        summary=wording.title(facts),
        description=wording.description(facts, guest, action),
        location=wording.place(facts, guest) or facts.join_url,
        url=facts.join_url,
        join_url=facts.join_url,
        organizer_name=wording.sender(facts),
        private=facts.secret,
        **given,
    )


def _attendee(guest: Guest, gone: bool) -> ics.Attendee:
    return ics.Attendee(
        address=guest.address,
        name=guest.name,
        role=ICAL_ROLES.get(guest.role, "REQ-PARTICIPANT"),
        partstat=guest.partstat,
        rsvp=not gone,
    )


def _rooms(facts: Facts, guest: Guest) -> tuple[ics.Attendee, ...]:
    """The guest's own room, else the host's, under an address of ours that nobody writes to."""
    key, name = (guest.room_key, guest.room) if guest.room else (facts.room_key, facts.room)
    local, _, domain = guest.organizer.rpartition("@")
    return (ics.room(f"{local.partition('+')[0]}+{key}@{domain}", name),) if name else ()
