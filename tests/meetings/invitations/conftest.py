"""A real SMTP server on loopback, and a conference whose guests are somebody."""

import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from icalendar import Calendar, Event

from backend.outbox import services as outbox
from tests.factories import World, make_world


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived: envelope and raw bytes, and the two calendar parts of it."""

    sender: str
    recipients: list[str]
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.SMTP)

    @cached_property
    def calendars(self) -> list[bytes]:
        kinds = ("text/calendar", "application/ics")
        return [p.get_payload(decode=True) for p in self.message.walk() if p.get_content_type() in kinds]

    @cached_property
    def method(self) -> str:
        return str(Calendar.from_ical(self.calendars[0])["METHOD"])

    @cached_property
    def event(self) -> Event:
        [event] = Calendar.from_ical(self.calendars[0]).events
        return event

    @cached_property
    def everything(self) -> str:
        """The raw mail and each part decoded, for searching."""
        parts = [p.get_payload(decode=True) for p in self.message.walk() if not p.is_multipart()]
        headers = "\n".join(str(value) for value in self.message.values())
        decoded = "\n".join(part.replace(b"\r\n ", b"").decode() for part in parts)
        return f"{self.raw.decode('ascii')}\n{headers}\n{decoded}"


@dataclass
class Mailbox:
    """aiosmtpd's handler. `refuse`: address → the SMTP answer that its RCPT gets."""

    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    after_data: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.mails.append(Mail(envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return self.after_data.pop(0) if self.after_data else "250 OK"

    def take(self) -> list[Mail]:
        """What has arrived since the last time, in order."""
        taken, self.mails = self.mails, []
        return taken


@pytest.fixture
def smtp(settings) -> Iterator[Mailbox]:
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command
    handler = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler.port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", handler.port
    yield handler
    controller.stop()


@pytest.fixture
def deliver(smtp) -> Callable[[], list[Mail]]:
    """Run the outbox until nothing is due; answers what arrived."""

    def run() -> list[Mail]:
        while outbox.deliver():
            pass
        return smtp.take()

    return run


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def book(api, world) -> Callable[..., dict]:
    """`book(participants=[…], …)` → the API's answer; booked by the leader, so it is approved at once."""

    def post(**values: Any) -> dict:
        body = {
            "title": "Hội nghị trực tuyến quý IV",
            "type": "review",
            "start": "2026-11-25T08:00:00+07:00",
            "end": "2026-11-25T10:00:00+07:00",
            "sites": [site.pk for site in world.sites[1:]],
            "chair": "Trần Văn Mẫu",
            **values,
        }
        answer = api(world.leader).post("/api/v1/conferences/", body, format="json")
        assert answer.status_code == 201, answer.json()
        assert answer.json()["status"] == "approved"
        return answer.json()

    return post


@pytest.fixture
def act(api, world) -> Callable[..., dict]:
    """`act(id, "reschedule", start=…, end=…)`; without a name it is a PATCH."""

    def run(pk: int, name: str = "", **values: Any) -> dict:
        client = api(world.leader)
        path = f"/api/v1/conferences/{pk}/"
        answer = client.post(f"{path}{name}/", values, format="json") if name else client.patch(path, values, "json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    return run


@pytest.fixture
def download(api) -> Callable:
    """`download(user, id)` → invitation.ics as a calendar program asks for it."""

    def get(user: object, pk: int) -> Any:
        return api(user).get(f"/api/v1/conferences/{pk}/invitation.ics", headers={"Accept": "text/calendar"})

    return get


@pytest.fixture(autouse=True)
def office_writes_vietnamese(settings) -> None:
    """Whoever's language is not known is written to in the office's."""
    settings.LANGUAGE_CODE = "vi"
