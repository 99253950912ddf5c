"""A calendar program opens what we made: clean for every validator, read alike by other parsers."""

from datetime import UTC, timedelta

import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from meetings.invitations import ics
from meetings.invitations.compose import entry_for, published
from meetings.invitations.facts import CANCEL, INVITE, MOVE, UPDATE, WITHDRAW
from tests.meetings.invitations import lint
from tests.meetings.invitations.given import END, HOSTILE, START, facts, guest

ACTIONS = (INVITE, MOVE, UPDATE, CANCEL, WITHDRAW)


def render(action: str = INVITE, **changes) -> bytes:
    return ics.render(entry_for(facts(**changes), guest(), action))


@pytest.mark.parametrize("action", ACTIONS)
def test_every_object_is_clean_for_our_lint_and_for_libical(action):
    data = render(action, join_url="https://hop.example/j/abc")
    assert (lint.faults(data), lint.libical_faults(data)) == ([], [])


def test_the_copy_that_is_downloaded_is_clean_and_asks_nobody():
    data = ics.render(published(facts(), sequence=3))
    assert (lint.faults(data), lint.libical_faults(data)) == ([], [])
    [event] = Calendar.from_ical(data).events
    assert (Calendar.from_ical(data)["METHOD"], event["SEQUENCE"], "ATTENDEE" in event) == ("PUBLISH", 3, False)


def test_other_parsers_read_the_same_meeting():
    data = render()
    with_vobject = vobject.readOne(data.decode())
    with_vobject.validate(raiseException=True)
    [with_ical] = IcsCalendarStream.calendar_from_ics(data.decode()).events
    first = with_vobject.vevent
    assert first.summary.value == with_ical.summary == "Hội nghị trực tuyến quý IV"
    assert first.dtstart.value.astimezone(UTC) == with_ical.dtstart.astimezone(UTC) == START
    assert first.dtend.value.astimezone(UTC) == with_ical.dtend.astimezone(UTC) == END
    assert first.description.value == with_ical.description
    assert first.organizer.value == str(with_ical.organizer.uri) == "mailto:hop+k3x9@caunoi.example"


def test_the_same_facts_give_the_same_bytes():
    assert render() == render()


def test_viet_nam_is_one_rule_without_summer_time():
    zone = render().split(b"BEGIN:VTIMEZONE")[1].split(b"END:VTIMEZONE")[0].strip().decode().split("\r\n")
    assert zone == [
        "TZID:Asia/Ho_Chi_Minh",
        "BEGIN:STANDARD",
        "DTSTART:19760101T000000",
        "TZNAME:+07",
        "TZOFFSETFROM:+0700",
        "TZOFFSETTO:+0700",
        "END:STANDARD",
    ]
    assert b"DTSTART;TZID=Asia/Ho_Chi_Minh:20261205T080000" in render()


def test_a_request_asks_the_guest_and_names_the_room():
    [event] = Calendar.from_ical(render()).events
    person, room = event["ATTENDEE"]
    assert (str(person), dict(person.params)) == (
        "mailto:mau.le@langson.example",
        {
            "CN": "Lê Thị Mẫu",
            "CUTYPE": "INDIVIDUAL",
            "ROLE": "REQ-PARTICIPANT",
            "PARTSTAT": "NEEDS-ACTION",
            "RSVP": "TRUE",
        },
    )
    assert (str(room), room.params["CUTYPE"], room.params["PARTSTAT"], room.params["RSVP"]) == (
        "mailto:hop+phong-9@caunoi.example",
        "ROOM",
        "ACCEPTED",
        "FALSE",
    )
    assert event["LOCATION"] == "Phòng họp số 1, điểm cầu Xã Gia Cát"


@pytest.mark.parametrize(
    ("role", "said"), [("chair", "CHAIR"), ("head", "REQ-PARTICIPANT"), ("observer", "OPT-PARTICIPANT")]
)
def test_the_role_is_said_in_the_calendar(role, said):
    [event] = Calendar.from_ical(ics.render(entry_for(facts(), guest(role=role, room="", place=""), INVITE))).events
    assert event["ATTENDEE"][0].params["ROLE"] == said


@pytest.mark.parametrize("action", [CANCEL, WITHDRAW])
def test_a_cancellation_says_so_and_rings_no_bell(action):
    calendar = Calendar.from_ical(render(action))
    [event] = calendar.events
    assert (calendar["METHOD"], event["STATUS"], event.subcomponents) == ("CANCEL", "CANCELLED", [])


def test_the_link_to_join_comes_first_and_its_features_stand_unquoted():
    text = render(join_url="https://hop.example/j/abc").replace(b"\r\n ", b"").decode()
    assert "CONFERENCE;FEATURE=AUDIO,VIDEO;VALUE=URI:https://hop.example/j/abc\r\n" in text
    assert "URL;VALUE=URI:https://hop.example/j/abc\r\n" in text
    [event] = Calendar.from_ical(text).events
    assert event["DESCRIPTION"].split("\n")[0] == "https://hop.example/j/abc"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_in_every_field_stays_text(text):
    fields = ("title", "sender_name", "convener", "chair", "hosted_at", "room", "notes", "contact")
    everywhere = facts(**dict.fromkeys(fields, text), sites=(text, text))
    data = ics.render(entry_for(everywhere, guest(name=text, position=text, place=text, room=text), INVITE))
    assert (lint.faults(data), lint.libical_faults(data)) == ([], [])
    plain = ics.render(entry_for(facts(), guest(), INVITE))
    assert names(data) == names(plain) - ({"LOCATION"} if not text.strip("\x00 \t\r\n") else set())


def names(data: bytes) -> set[str]:
    return {name for name, _params, _value in lint.unfold(data.decode())}


def test_text_of_all_kinds_comes_back_as_it_was():
    title = 'Sơ kết, "quý IV"; 50% \\ C:\\hop; đ/c Nghĩa: ✓ 🇻🇳 ' + "ường " * 100
    title = title.strip()
    data = render(title=title)
    [event] = Calendar.from_ical(data).events
    [with_ical] = IcsCalendarStream.calendar_from_ics(data.decode()).events
    assert title == event["SUMMARY"] == with_ical.summary == vobject.readOne(data.decode()).vevent.summary.value


@pytest.mark.parametrize("address", ["a@x.example\r\nDTSTART:1", "a@x.example\nX", "a\x00@x.example"])
def test_an_address_that_breaks_the_line_is_refused(address):
    with pytest.raises(ValueError):
        ics.render(entry_for(facts(), guest(address=address), INVITE))


@pytest.mark.parametrize("length", [timedelta(0), timedelta(hours=-1)])
def test_a_meeting_without_length_is_refused(length):
    with pytest.raises(ValueError, match="after the start"):
        render(end=START + length)


def test_a_secret_meeting_shows_its_code_its_hour_and_its_place_only():
    data = render(
        secret=True, title="TUYET-MAT", chair="CHU-TRI", notes="GHI-CHU", contact="LIEN-HE", join_url="http://x/j"
    )
    [event] = Calendar.from_ical(data).events
    assert event["CLASS"] == "PRIVATE"
    for leak in (b"TUYET-MAT", b"CHU-TRI", b"GHI-CHU", b"LIEN-HE", b"http", "Thảo luận".encode(), "Văn phòng".encode()):
        assert leak not in data.replace(b"\r\n ", b"")
