"""The secretariat books, moves, corrects and cancels; every guest's calendar follows, over real SMTP."""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

import pytest
import time_machine
import vobject
from ical.calendar_stream import IcsCalendarStream

from backend.outbox.models import Message
from meetings.invitations.models import CalendarObject, Edition, Invitation
from meetings.scheduling.models import Participant
from tests.factories import NOW, make_person, make_user
from tests.meetings.invitations import lint

NOBODY = {"name": "", "position": "", "unit": "", "email": "", "phone": "", "role": "member"}
AN = {**NOBODY, "name": "Nguyễn Văn An", "position": "Giám đốc Sở Tư pháp", "email": "an@langson.example"}
BINH = {**NOBODY, "name": "Trần Thị Bình", "email": "Binh@LangSon.example"}
CHI = {**NOBODY, "name": "Lê Chi", "phone": "0912000111"}
MOVED = {"start": "2026-11-26T14:00:00+07:00", "end": "2026-11-26T16:00:00+07:00"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def by_recipient(mails):
    found = {mail.recipients[0]: mail for mail in mails}
    assert len(found) == len(mails)
    return found


def test_everybody_with_a_mailbox_gets_one_mail_of_their_own(book, deliver):
    book(participants=[AN, BINH, CHI])
    mails = by_recipient(deliver())
    assert set(mails) == {"an@langson.example", "Binh@LangSon.example"}
    for address, mail in mails.items():
        assert [a.addr_spec for a in mail.message["To"].addresses] == [address]
        assert (mail.recipients, mail.method, mail.event["SEQUENCE"]) == ([address], "REQUEST", 0)
        assert mail.sender == parseaddr(mail.message["From"])[1]
        assert mail.event["ORGANIZER"] == f"mailto:{mail.sender}"
        assert mail.event["ATTENDEE"][0] == f"mailto:{address}"
        assert mail.event["ATTENDEE"][0].params["RSVP"] == "TRUE"
    an, binh = mails.values()
    assert an.sender != binh.sender
    assert "langson.example" not in binh.everything.replace("Binh@LangSon.example", "")


def test_what_arrives_is_what_left_and_every_parser_reads_it(book, deliver):
    book(participants=[AN])
    [mail] = deliver()
    in_body, attached = mail.calendars
    assert in_body == attached
    assert (lint.faults(in_body), lint.libical_faults(in_body)) == ([], [])
    [event] = IcsCalendarStream.calendar_from_ics(in_body.decode()).events
    second = vobject.readOne(in_body.decode())
    second.validate(raiseException=True)
    assert event.dtstart.astimezone(UTC) == second.vevent.dtstart.value.astimezone(UTC)
    assert event.dtstart.astimezone(UTC) == datetime(2026, 11, 25, 1, tzinfo=UTC)
    assert event.dtend.astimezone(UTC) == datetime(2026, 11, 25, 3, tzinfo=UTC)
    assert event.summary == second.vevent.summary.value == "Hội nghị trực tuyến quý IV"


def test_invited_moved_corrected_and_cancelled_it_stays_one_entry(book, act, deliver, clock):
    made = book(participants=[AN])
    [invited] = deliver()
    clock.shift(timedelta(minutes=5))
    moved_answer = act(made["id"], "reschedule", **MOVED)
    [moved] = deliver()
    clock.shift(timedelta(minutes=5))
    act(made["id"], title="Hội nghị trực tuyến quý IV năm 2026")
    [corrected] = deliver()
    clock.shift(timedelta(minutes=5))
    cancelled_answer = act(made["id"], "cancel", reason="Trùng lịch")
    [cancelled] = deliver()

    mails = [invited, moved, corrected, cancelled]
    assert [mail.method for mail in mails] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert [mail.event["SEQUENCE"] for mail in mails] == [0, 1, 1, 2]
    assert (moved_answer["sequence"], cancelled_answer["sequence"]) == (1, 2)
    stamps = [mail.event["DTSTAMP"].dt for mail in mails]
    assert stamps == [NOW + timedelta(minutes=5 * n) for n in range(4)]
    assert len({mail.event["UID"] for mail in mails}) == 1
    assert len({mail.event["ORGANIZER"].to_ical() for mail in mails}) == 1
    assert len({mail.sender for mail in mails}) == 1
    assert len({mail.message["Message-ID"] for mail in mails}) == 4
    assert [mail.event["STATUS"] for mail in mails] == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [fault for mail in mails for fault in lint.faults(mail.calendars[0])] == []
    assert [fault for mail in mails for fault in lint.libical_faults(mail.calendars[0])] == []
    assert moved.event["DTSTART"].dt.astimezone(UTC) == datetime(2026, 11, 26, 7, tzinfo=UTC)
    assert "25/11/2026" in moved.message.get_body(("plain",)).get_content()  # the old hour is shown
    assert "25/11/2026" not in corrected.message.get_body(("plain",)).get_content()
    assert "Trùng lịch" in cancelled.message.get_body(("plain",)).get_content()
    assert corrected.event["SUMMARY"] == "Hội nghị trực tuyến quý IV năm 2026"


def test_another_hour_asks_everybody_again_other_words_do_not(book, act, deliver):
    made = book(participants=[AN])
    Invitation.objects.update(partstat="ACCEPTED")
    deliver()
    act(made["id"], notes="Mang theo tài liệu")
    [corrected] = deliver()
    assert corrected.event["ATTENDEE"][0].params["PARTSTAT"] == "ACCEPTED"
    act(made["id"], "reschedule", **MOVED)
    [moved] = deliver()
    assert moved.event["ATTENDEE"][0].params["PARTSTAT"] == "NEEDS-ACTION"
    assert Invitation.objects.get().partstat == "NEEDS-ACTION"


def test_two_changes_in_the_same_second_have_rising_stamps_and_arrive_in_order(book, act, deliver):
    made = book(participants=[AN])
    act(made["id"], "reschedule", **MOVED)
    act(made["id"], title="Tên mới")
    act(made["id"], "cancel", reason="Trùng lịch")
    mails = deliver()
    assert [mail.method for mail in mails] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert [mail.event["DTSTAMP"].dt for mail in mails] == [NOW + timedelta(seconds=n) for n in range(4)]
    assert [mail.event["SUMMARY"] for mail in mails][:2] == ["Hội nghị trực tuyến quý IV"] * 2  # as it was then
    assert [mail.event["DTSTART"].dt.day for mail in mails] == [25, 26, 26, 26]


def test_a_newcomer_alone_is_invited_and_who_is_taken_off_alone_is_told(book, act, deliver):
    made = book(participants=[AN])
    deliver()
    act(made["id"], participants=[AN, BINH])
    [newcomer] = deliver()
    assert (newcomer.recipients, newcomer.method) == (["Binh@LangSon.example"], "REQUEST")
    act(made["id"], participants=[BINH])
    [off] = deliver()
    assert (off.recipients, off.method, off.event["SEQUENCE"]) == (["an@langson.example"], "CANCEL", 1)
    act(made["id"], participants=[AN, BINH])
    [again] = deliver()
    assert (again.recipients, again.method, again.event["SEQUENCE"]) == (["an@langson.example"], "REQUEST", 2)
    assert again.event["ORGANIZER"] == off.event["ORGANIZER"]
    act(made["id"], "cancel", reason="Trùng lịch")
    mails = by_recipient(deliver())
    assert {a: m.event["SEQUENCE"] for a, m in mails.items()} == {"an@langson.example": 3, "Binh@LangSon.example": 1}


def test_who_was_taken_off_hears_no_cancellation(book, act, deliver):
    made = book(participants=[AN, BINH])
    act(made["id"], participants=[BINH])
    deliver()
    act(made["id"], "cancel", reason="Trùng lịch")
    assert [mail.recipients for mail in deliver()] == [["Binh@LangSon.example"]]


def test_a_corrected_address_moves_the_invitation_to_the_right_mailbox(book, act, deliver):
    made = book(participants=[AN])
    deliver()
    act(made["id"], participants=[{**AN, "email": "an.nguyen@langson.example"}])
    mails = by_recipient(deliver())
    assert {a: m.method for a, m in mails.items()} == {
        "an@langson.example": "CANCEL",
        "an.nguyen@langson.example": "REQUEST",
    }


def test_a_change_that_nobody_sees_sends_nothing(book, act, deliver):
    made = book(participants=[AN])
    deliver()
    act(made["id"], bridge=None)
    act(made["id"], participants=[{**AN, "phone": "0900"}])
    assert (deliver(), Edition.objects.count()) == ([], 1)


def test_each_guest_reads_the_room_of_their_own_site(book, world, deliver):
    commune = world.localities[0]
    people = {
        "commune": make_person("Hà", commune, email="ha@x.example"),
        "department": make_person("Kim", world.department, email="kim@x.example"),
        "elsewhere": make_person("Lâm", world.other, email="lam@x.example"),
    }
    typed = {"name": "Minh", "unit": "xã 2", "email": "minh@x.example"}
    book(participants=[*({"person": person.pk} for person in people.values()), typed])
    places = {address: mail.event["LOCATION"] for address, mail in by_recipient(deliver()).items()}
    host = "Phòng họp Tỉnh Lạng Sơn, Tỉnh Lạng Sơn"
    assert places == {
        "ha@x.example": "Phòng họp Xã 1, Xã 1",
        "kim@x.example": host,
        "lam@x.example": host,
        "minh@x.example": "Phòng họp Xã 2, Xã 2",
    }


def test_another_room_at_one_site_is_told_to_its_guests_alone(book, act, world, deliver):
    from tests.factories import make_room

    ha = make_person("Hà", world.localities[0], email="ha@x.example")
    made = book(participants=[AN, {"person": ha.pk}])
    deliver()
    hall = make_room(world.sites[2], "Hội trường")
    act(made["id"], rooms=[world.sites[1].default_room_id, hall.pk, world.sites[3].default_room_id])
    [mail] = deliver()
    assert (mail.recipients, mail.event["SEQUENCE"], mail.event["LOCATION"]) == (
        ["ha@x.example"],
        1,
        "Hội trường, Xã 1",
    )


def test_a_person_with_an_account_reads_their_own_language(book, world, deliver):
    person = make_person("Ms Example", world.province, email="ms@x.example")
    make_user("ms", person=person, language="en")
    book(participants=[{"person": person.pk}])
    [mail] = deliver()
    assert mail.message["Content-Language"] == "en"
    assert mail.message["Subject"] == "Invitation: Hội nghị trực tuyến quý IV, 08:00 25/11/2026"


def test_the_chair_is_the_chair_in_their_own_calendar(book, deliver):
    book(chair={"name": "Trần Văn Mẫu", "email": "mau@x.example"}, participants=[AN])
    mails = by_recipient(deliver())
    assert mails["mau@x.example"].event["ATTENDEE"][0].params["ROLE"] == "CHAIR"
    assert mails["an@langson.example"].event["ATTENDEE"][0].params["ROLE"] == "REQ-PARTICIPANT"
    assert "mau@x.example" not in mails["an@langson.example"].everything


def test_nothing_leaves_before_approval(api, world, book, deliver):
    body = {"title": "Dự thảo", "type": "working", "chair": "A", "sites": [world.sites[0].pk], "participants": [AN]}
    hours = {"start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T10:00:00+07:00"}
    made = api(world.secretary).post("/api/v1/conferences/", {**body, **hours}, format="json").json()
    assert made["status"] == "submitted"
    assert (Message.objects.count(), CalendarObject.objects.count()) == (0, 0)
    api(world.leader).post(f"/api/v1/conferences/{made['id']}/approve/")
    assert [mail.recipients for mail in deliver()] == [["an@langson.example"]]


def test_a_refused_booking_leaves_no_mail(api, world, book):
    book(participants=[AN])
    body = {"title": "B", "type": "working", "chair": "A", "sites": [world.sites[1].pk], "participants": [BINH]}
    hours = {"start": "2026-11-25T09:00:00+07:00", "end": "2026-11-25T11:00:00+07:00"}
    assert api(world.leader).post("/api/v1/conferences/", {**body, **hours}, format="json").status_code == 409
    assert list(Message.objects.values_list("recipient", flat=True)) == ["an@langson.example"]


def test_a_renamed_unit_does_not_rename_the_organizer(book, act, world, deliver):
    made = book(participants=[AN])
    [invited] = deliver()
    world.province.name = "Tỉnh Mới"
    world.province.save()
    act(made["id"], "reschedule", **MOVED)
    [moved] = deliver()
    assert moved.event["ORGANIZER"].to_ical() == invited.event["ORGANIZER"].to_ical()
    assert moved.event["ORGANIZER"].params == invited.event["ORGANIZER"].params
    assert "Tỉnh Mới" in moved.message.get_body(("plain",)).get_content()


@pytest.mark.parametrize("guests", [1, 30])
def test_the_number_of_statements_does_not_grow_with_the_guests(
    book, act, django_assert_num_queries, deliver, world, guests
):
    from django.utils import timezone

    from meetings.invitations import services
    from meetings.scheduling.models import Conference

    people = [{"name": f"Người {n}", "email": f"n{n}@x.example"} for n in range(guests)]
    made = book(participants=[AN])
    conference = Conference.objects.select_related("convening_unit__level", "created_by__person").get(pk=made["id"])
    rows = [Participant(conference=conference, name=p["name"], email=p["email"]) for p in people]
    Participant.objects.bulk_create(rows)
    with django_assert_num_queries(14):
        services.announce(actor=world.leader, conference=conference, now=timezone.now())
    assert len(deliver()) == guests + 1


def test_three_hundred_guests_get_three_hundred_mails(book, deliver):
    people = [{"name": f"Người thứ {n}", "email": f"nguoi{n}@x.example"} for n in range(300)]
    book(participants=people)
    mails = deliver()
    assert sorted(mail.recipients[0] for mail in mails) == sorted(p["email"] for p in people)
    assert {len(mail.message["To"].addresses) for mail in mails} == {1}
    assert {mail.message["Cc"] or mail.message["Bcc"] for mail in mails} == {None}
    assert len({mail.message["Message-ID"] for mail in mails}) == 300
    assert len({mail.sender for mail in mails}) == 300
    assert len({mail.event["UID"] for mail in mails}) == 1
