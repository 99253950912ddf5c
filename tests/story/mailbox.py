"""The mail server of the story's guests: takes every mail, and reads what it invites to with three parsers."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import vobject
from aiosmtpd.controller import Controller
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from tests.service import free_port, wait_until


@dataclass(frozen=True)
class Told:
    """What one mail tells one guest; `start` in UTC."""

    recipient: str
    method: str
    uid: str
    sequence: int
    start: datetime
    status: str
    attendees: tuple[str, ...]


def read(recipient: str, raw: bytes) -> Told:
    """AssertionError when the parsers do not agree."""
    message = message_from_bytes(raw, policy=policy.SMTP)
    assert message["To"].addresses[0].addr_spec == recipient
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    data = part.get_payload(decode=True)
    calendar = Calendar.from_ical(data)
    [event] = calendar.events
    people = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
    told = Told(
        recipient=recipient,
        method=str(calendar["METHOD"]),
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        start=event.start.astimezone(UTC),
        status=str(event.get("STATUS", "")),
        attendees=tuple(str(p).removeprefix("mailto:") for p in people if p.params.get("CUTYPE") != "ROOM"),
    )
    assert part.get_param("method") == told.method
    second = IcsCalendarStream.calendar_from_ics(data.decode()).events[0]
    assert (second.uid, second.sequence, second.dtstart.astimezone(UTC)) == (told.uid, told.sequence, told.start)
    third = vobject.readOne(data.decode()).vevent
    assert (third.uid.value, int(third.sequence.value)) == (told.uid, told.sequence)
    assert third.dtstart.value.astimezone(UTC) == told.start
    return told


class Mailbox:
    """aiosmtpd's handler."""

    def __init__(self) -> None:
        self.port = free_port()
        self.came: list[tuple[str, bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.came += [(recipient, envelope.content) for recipient in envelope.rcpt_tos]
        return "250 OK"

    def take(self, count: int, seconds: float = 60) -> list[Told]:
        """The next `count` mails, when they are there; AssertionError when there are more."""
        wait_until(lambda: len(self.came) >= count, seconds)
        taken, self.came = self.came, []
        assert len(taken) == count, [recipient for recipient, _raw in taken]
        return [read(*mail) for mail in taken]


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    handler = Mailbox()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()
