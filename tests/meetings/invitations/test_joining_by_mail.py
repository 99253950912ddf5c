"""The mail and its calendar entry carry each guest's own link, and nobody else's."""

import pytest
import time_machine
from icalendar import Calendar

from meetings.scheduling.access import join_urls
from meetings.scheduling.bridging import save_setup
from meetings.scheduling.models import Conference
from tests.factories import NOW
from tests.meetings.invitations.test_invite_move_cancel import AN, BINH


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def bridge(world):
    values = {"url": "https://meet.langson.example", "app_id": "caunoi", "key": "k" * 32}
    save_setup(actor=world.admin, bridge=world.bridge, adapter="jitsi", values=values, now=NOW)
    return world.bridge


def urls(made) -> dict[str, str]:
    conference = Conference.objects.get(pk=made["id"])
    own = join_urls(conference)
    return {person.email: own[person.pk] for person in conference.participants.all()}


def test_each_mail_holds_its_guests_link_alone(book, deliver):
    made = book(participants=[AN, BINH])
    own = urls(made)
    assert len(own) == 2
    for mail in deliver():
        [address] = mail.recipients
        [other] = [url for email, url in own.items() if email != address]
        assert mail.everything.count(other) == 0
        plain = mail.message.get_body(("plain",)).get_content()
        assert plain.count(own[address]) == 1
        assert (str(mail.event["URL"]), str(mail.event["CONFERENCE"])) == (own[address], own[address])


def test_a_move_keeps_the_link_and_a_withdrawal_has_none(book, deliver, act):
    made = book(participants=[AN, BINH])
    own = urls(made)
    deliver()
    act(made["id"], "reschedule", start="2026-11-26T08:00:00+07:00", end="2026-11-26T10:00:00+07:00")
    for mail in deliver():
        assert str(mail.event["URL"]) == own[mail.recipients[0]]
    act(made["id"], "cancel", reason="Hoãn")
    for mail in deliver():
        assert "/join/" not in mail.everything


def test_the_file_that_anybody_downloads_has_nobodys_link(api, world, book):
    made = book(participants=[AN])
    content = api(world.leader).get(f"/api/v1/conferences/{made['id']}/invitation.ics").content
    [event] = Calendar.from_ical(content).events
    assert ("URL" in event, "CONFERENCE" in event, b"/join/" in content) == (False, False, False)


def test_another_bridge_is_told_to_everybody(api, world, book, deliver):
    made = book(participants=[AN, BINH])
    assert {"MCU" in mail.everything for mail in deliver()} == {True}
    answer = api(world.leader).patch(f"/api/v1/conferences/{made['id']}/", {"bridge": None}, format="json")
    assert answer.status_code == 200
    assert [mail.method for mail in deliver()] == ["REQUEST", "REQUEST"]
