"""A secretary looks who was reached; anybody who sees the conference takes it into their own calendar."""

import pytest
import time_machine
from icalendar import Calendar

from backend.accounts.models import Role
from tests.factories import NOW, make_person, make_user
from tests.meetings.invitations import lint
from tests.meetings.invitations.given import HOSTILE
from tests.meetings.invitations.test_invite_move_cancel import AN, BINH, CHI, MOVED, NOBODY


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_the_secretariat_and_its_leader_see_who_was_reached_others_do_not(api, book, world, deliver):
    made = book(participants=[AN, CHI])
    deliver()
    path = f"/api/v1/conferences/{made['id']}/invitations/"
    owner, colleague = (api(user).get(path).json() for user in (world.leader, world.secretary))
    assert owner == colleague
    assert [(row["name"], row["state"], row["sequence"]) for row in owner["results"]] == [
        ("Nguyễn Văn An", "sent", 0),
        ("Lê Chi", "phone", None),
    ]
    technician = make_user("kt", world.localities[0], Role.TECHNICIAN)  # sees the conference, not the addresses
    statuses = [api(user).get(path).status_code for user in (technician, world.outsider, None)]
    assert statuses == [404, 404, 401]


def test_whoever_sees_the_conference_may_download_it(book, world, download):
    guest = make_user("guest", person=make_person("Lâm", world.other, email="lam@x.example"))
    made = book(participants=[AN, {"person": guest.person_id}])
    technician = make_user("kt", world.localities[0], Role.TECHNICIAN)
    users = (world.secretary, technician, guest, world.outsider, None)
    assert [download(user, made["id"]).status_code for user in users] == [200, 200, 200, 404, 401]


def test_the_downloaded_file_has_the_uid_of_the_mails_and_asks_nobody(book, world, deliver, download):
    made = book(participants=[AN])
    [mail] = deliver()
    answer = download(world.secretary, made["id"])
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{made["code"]}.ics"'
    assert (lint.faults(answer.content), lint.libical_faults(answer.content)) == ([], [])
    calendar = Calendar.from_ical(answer.content)
    [event] = calendar.events
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"]) == ("PUBLISH", mail.event["UID"], 0)
    assert b"an@langson.example" not in answer.content


def test_the_downloaded_file_follows_the_conference(book, act, world, download):
    made = book(participants=[])
    act(made["id"], "reschedule", **MOVED)
    [moved] = Calendar.from_ical(download(world.secretary, made["id"]).content).events
    act(made["id"], "cancel", reason="Trùng lịch")
    [cancelled] = Calendar.from_ical(download(world.secretary, made["id"]).content).events
    assert (moved["SEQUENCE"], moved["STATUS"], moved["DTSTART"].dt.day) == (1, "CONFIRMED", 26)
    assert (cancelled["SEQUENCE"], cancelled["STATUS"]) == (2, "CANCELLED")
    assert cancelled["DTSTAMP"].dt > moved["DTSTAMP"].dt


def test_before_approval_there_is_no_file(api, world, download):
    body = {"title": "A", "type": "working", "chair": "B", "sites": [world.sites[1].pk], "draft": True}
    hours = {"start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T10:00:00+07:00"}
    made = api(world.leader).post("/api/v1/conferences/", {**body, **hours}, format="json").json()
    answer = download(world.leader, made["id"])
    assert (answer.status_code, answer.json()["code"]) == (404, "not_invited")


def test_hostile_text_typed_into_a_booking_arrives_as_text(book, deliver):
    texts = [text for name, text in HOSTILE.items() if name not in ("surrogate", "blank")]
    for number, text in enumerate(texts):
        guest = {**NOBODY, "name": text[:200], "position": text[:200], "email": f"n{number}@x.example"}
        hours = {"start": f"2026-12-{number + 1:02}T08:00:00+07:00", "end": f"2026-12-{number + 1:02}T09:00:00+07:00"}
        book(title=text[:300], notes=text, chair=text[:200], participants=[guest], **hours)
    mails = deliver()
    assert len(mails) == len(texts)
    for mail in mails:
        assert lint.faults(mail.calendars[0]) == lint.libical_faults(mail.calendars[0]) == []
        assert len(mail.event["ATTENDEE"]) == 2
        assert mail.recipients == [mail.message["To"].addresses[0].addr_spec]
        assert "<script" not in mail.message.get_body(("html",)).get_content()
    assert {tuple(mail.message.keys()) for mail in mails} == {tuple(mails[0].message.keys())}


def test_who_has_two_capitals_in_the_address_is_one_guest(book, act, deliver):
    made = book(participants=[BINH])
    deliver()
    act(made["id"], participants=[{**BINH, "email": "binh@langson.example"}])
    assert deliver() == []
