"""Facts of one meeting → the bytes of an iTIP object (RFC 5545, 5546, 7986); pure, the same input gives the same bytes.

The icalendar library folds and escapes. What it gets wrong or leaves open is handled here: a VTIMEZONE of exactly one
rule (no COMMENT, no transition of 1975), the features of CONFERENCE unquoted, no random calendar UID, clean text.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vUri

from backend.common.periods import VIETNAM
from meetings.invitations.text import one_line, parameter, prose

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
PRODID = "-//Cau Noi//Conferences//VI"
REMIND_BEFORE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """An ATTENDEE line; `address` without mailto:, the rest in the words of RFC 5545."""

    address: str
    name: str = ""
    kind: str = "INDIVIDUAL"
    role: str = "REQ-PARTICIPANT"
    partstat: str = "NEEDS-ACTION"
    rsvp: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One VEVENT and what is done with it; times aware, written in Vietnam's zone, `stamp` to the second.

    `organizer` and every attendee's address stand without mailto:. Empty text is left out of the file.
    """

    method: str
    uid: str
    sequence: int
    stamp: datetime
    created: datetime
    start: datetime
    end: datetime
    summary: str
    organizer: str
    organizer_name: str = ""
    description: str = ""
    location: str = ""
    url: str = ""
    join_url: str = ""
    attendees: tuple[Attendee, ...] = ()
    private: bool = False
    cancelled: bool = False


def room(address: str, name: str) -> Attendee:
    """A room that is taken already; its address gets no mail."""
    return Attendee(address=address, name=name, kind="ROOM", role="NON-PARTICIPANT", partstat="ACCEPTED", rsvp=False)


def render(entry: Entry) -> bytes:
    """The VCALENDAR with CRLF and lines of at most 75 octets. ValueError for a time or address that no client reads."""
    if entry.end <= entry.start:
        raise ValueError("the end must lie after the start")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("method", entry.method)
    calendar.add_component(_vietnam())
    calendar.add_component(_event(entry))
    return calendar.to_ical()


@cache
def _vietnam() -> Timezone:
    zone = Timezone.from_tzid(VIETNAM.key, first_date=date(1976, 1, 1), last_date=date(2100, 1, 1))
    zone.pop("COMMENT", None)
    return zone


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    event.add("last-modified", entry.stamp.astimezone(UTC))
    event.add("created", entry.created.astimezone(UTC))
    event.add("dtstart", entry.start.astimezone(VIETNAM))
    event.add("dtend", entry.end.astimezone(VIETNAM))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("class", "PRIVATE" if entry.private else "PUBLIC")
    _texts(event, entry)
    _people(event, entry)
    _clients(event, entry)
    return event


def _texts(event: Event, entry: Entry) -> None:
    event.add("summary", one_line(entry.summary))
    texts = {"location": one_line(entry.location), "description": prose(entry.description)}
    for name, text in texts.items():
        if text:
            event.add(name, text)
    if entry.url:
        event.add("url", vUri(entry.url, params={"VALUE": "URI"}))
    if entry.join_url:
        features = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]}
        event.add("conference", vUri(entry.join_url, params=features))


def _people(event: Event, entry: Entry) -> None:
    event.add("organizer", _address(entry.organizer, entry.organizer_name))
    for attendee in entry.attendees:
        params = {
            "CUTYPE": attendee.kind,
            "ROLE": attendee.role,
            "PARTSTAT": attendee.partstat,
            "RSVP": "TRUE" if attendee.rsvp else "FALSE",
        }
        event.add("attendee", _address(attendee.address, attendee.name, params))


def _address(address: str, name: str, params: dict[str, str] | None = None) -> vCalAddress:
    if not address.isprintable() or " " in address:
        raise ValueError(f"not a mail address: {address!r}")
    value = vCalAddress(f"mailto:{address}")
    value.params.update(params or {})
    if shown := parameter(name):
        value.params["CN"] = shown
    return value


def _clients(event: Event, entry: Entry) -> None:
    event.add("x-microsoft-cdo-busystatus", "BUSY")
    event.add("x-microsoft-disallow-counter", "TRUE")  # a counter-proposal would get no answer
    if not entry.cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one_line(entry.summary))
        alarm.add("trigger", -REMIND_BEFORE)
        event.add_component(alarm)
