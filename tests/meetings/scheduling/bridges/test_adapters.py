"""Each adapter against what its other side documents."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from backend.common.errors import Invalid
from backend.outbox.rules import Refused, TryAgain
from meetings.scheduling.adapters import ADAPTERS, http
from meetings.scheduling.adapters.base import Attendee, Meeting, Setup, check
from meetings.scheduling.adapters.bigbluebutton.adapter import signed
from meetings.scheduling.adapters.dial.adapter import free_number
from tests.meetings.scheduling.bridges.server import SECRET, Bbb

START = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
MEETING = Meeting("hn-2026-0001-a1b2", "Giao ban", START, START + timedelta(hours=2))
AN = Attendee("p7", "Nguyễn Văn An")
CHAIR = Attendee("p8", "Trần Thị Bình", leads=True)


def bbb_setup(bbb: Bbb, **values: str) -> Setup:
    return Setup({"url": bbb.url, "secret": SECRET, "digest": "sha256", **values})


# the example of docs.bigbluebutton.org/development/api, "Usage"
EXAMPLE = {"name": "Test Meeting", "meetingID": "abc123", "attendeePW": "111222", "moderatorPW": "333444"}
QUERY = "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444"


@pytest.mark.parametrize(
    ("digest", "checksum"),
    [
        ("sha1", "1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17"),
        ("sha256", "da9185f7f333cfdfcd6eeac32dca3777510c4c436020d8b887ba5515bd1d189e"),
        ("", "da9185f7f333cfdfcd6eeac32dca3777510c4c436020d8b887ba5515bd1d189e"),
    ],
)
def test_the_checksum_is_that_of_the_published_example(digest, checksum):
    setup = Setup({"secret": "639259d4-9dd8-4b25-bf01-95f9567eaf4b", "digest": digest})
    assert signed(setup, "create", EXAMPLE) == f"{QUERY}&checksum={checksum}"


def test_bigbluebutton_makes_a_meeting_once_and_finds_it_again(bbb):
    adapter = ADAPTERS["bigbluebutton"]
    for _time in range(2):
        assert adapter.create(bbb_setup(bbb), MEETING, START - timedelta(hours=1)) == {}
    assert list(bbb.meetings) == [MEETING.key]
    made = bbb.meetings[MEETING.key]
    assert (made["name"], made["record"]) == ("Giao ban", "false")
    assert made["meetingExpireIfNoUserJoinedInMinutes"] == "240"  # until an hour after the end


@pytest.mark.parametrize("tail", ["", "/", "api", "api/"])
def test_the_address_may_be_pasted_with_or_without_its_last_part(bbb, tail):
    url = bbb.url if tail.startswith("api") else bbb.url.rstrip("/")
    ADAPTERS["bigbluebutton"].create(bbb_setup(bbb, url=f"{url}{tail}"), MEETING, START)
    assert bbb.names() == ["create"]


@pytest.mark.parametrize(("who", "role"), [(AN, "attendeePW"), (CHAIR, "moderatorPW")])
def test_bigbluebutton_lets_in_each_by_their_role(bbb, who, role):
    url = ADAPTERS["bigbluebutton"].enter(bbb_setup(bbb), MEETING, who, START)
    assert url.startswith(f"{bbb.url}api/join?")
    assert http.get(bbb.url, "api/join", urlsplit(url).query).decode().count(f"<role>{role}</role>") == 1
    asked = bbb.calls[-1][1]
    assert (asked["fullName"], asked["userID"]) == (who.name, who.id)


def test_bigbluebutton_ends_a_meeting_and_does_not_mind_one_that_is_gone(bbb):
    adapter = ADAPTERS["bigbluebutton"]
    adapter.create(bbb_setup(bbb), MEETING, START)
    for _time in range(2):
        adapter.end(bbb_setup(bbb), MEETING)
    assert bbb.meetings == {}


def test_a_name_that_is_taken_by_somebody_else_is_refused(bbb):
    bbb.meetings[MEETING.key] = {**EXAMPLE}
    with pytest.raises(Refused, match=r"refuses “create”: idNotUnique"):
        ADAPTERS["bigbluebutton"].create(bbb_setup(bbb), MEETING, START)


def test_a_wrong_secret_is_refused_without_telling_it(bbb):
    with pytest.raises(Refused, match="checksumError") as refusal:
        ADAPTERS["bigbluebutton"].create(bbb_setup(bbb, secret="mot-khoa-khac"), MEETING, START)
    assert "mot-khoa-khac" not in str(refusal.value)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((500, "<html>"), TryAgain),
        ((503, ""), TryAgain),
        ((429, ""), TryAgain),
        ((404, ""), Refused),
        ((302, "http://127.0.0.1:1/elsewhere"), Refused),
        ((200, "<html><body>Bảo trì</body></html>"), TryAgain),
        ((200, '<!DOCTYPE r [<!ENTITY a "b">]><response>&a;</response>'), TryAgain),
        ((200, "x" * (http.MOST_BYTES + 1)), TryAgain),
        ((200, "<response><returncode>FAILED</returncode></response>"), Refused),
    ],
)
def test_what_may_pass_is_told_from_what_somebody_must_change(bbb, answer, error):
    bbb.answers.append(answer)
    with pytest.raises(error):
        ADAPTERS["bigbluebutton"].create(bbb_setup(bbb), MEETING, START)
    assert bbb.names() == ["create"]  # no redirect was followed


def test_a_server_that_does_not_answer_in_time_is_tried_again_later(bbb, monkeypatch):
    monkeypatch.setattr(http, "TIMEOUT_S", 0.05)
    bbb.slow = threading.Event()
    with pytest.raises(TryAgain, match=r"does not answer \(ReadTimeout\)"):
        ADAPTERS["bigbluebutton"].create(bbb_setup(bbb), MEETING, START)
    bbb.slow.set()


def test_a_server_that_is_away_is_tried_again_later(bbb):
    with pytest.raises(TryAgain, match="does not answer"):
        ADAPTERS["bigbluebutton"].create(bbb_setup(bbb, url="http://127.0.0.1:1/"), MEETING, START)


KEY = "khoa-ky-thu-nghiem-0123456789-abcdef"
JITSI = Setup({"url": "https://meet.langson.example/", "app_id": "caunoi", "key": KEY})


@pytest.mark.parametrize("who", [AN, CHAIR])
def test_jitsi_opens_one_room_for_one_person_until_an_hour_after_the_end(who):
    url = urlsplit(ADAPTERS["jitsi"].enter(JITSI, MEETING, who, START))
    assert (url.scheme, url.netloc, url.path) == ("https", "meet.langson.example", f"/{MEETING.key}")
    [token] = parse_qs(url.query)["jwt"]
    told = jwt.decode(token, KEY, algorithms=["HS256"], audience="caunoi", options={"verify_exp": False,
                      "verify_nbf": False})  # fmt: skip
    assert told == {
        "iss": "caunoi",
        "aud": "caunoi",
        "sub": "meet.langson.example",
        "room": MEETING.key,
        "nbf": int((START - timedelta(minutes=1)).timestamp()),
        "exp": int((START + timedelta(hours=3)).timestamp()),
        "context": {"user": {"id": who.id, "name": who.name, "moderator": who.leads}},
    }
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, KEY[::-1], algorithms=["HS256"], audience="caunoi")


def test_a_conference_unit_is_dialled_by_both_protocols():
    setup = Setup({"sip": "mcu.langson.example", "h323": "10.20.0.5", "number": "8001", "pin": "4321"})
    assert ADAPTERS["dial"].create(setup, MEETING, START) == {
        "sip": "8001@mcu.langson.example",
        "h323": "10.20.0.5##8001",
        "number": "8001",
        "pin": "4321",
    }
    assert ADAPTERS["dial"].enter(setup, MEETING, AN, START) == ""
    with pytest.raises(Refused):
        ADAPTERS["dial"].create(Setup({"number": "8001"}), MEETING, START)


@pytest.mark.parametrize(
    ("numbers", "taken", "number"),
    [
        ("8001-8003", set(), "8001"),
        ("8001 – 8003", {"8001", "8003"}, "8002"),
        ("001-010", {"001"}, "002"),
        ("8001", {"8001"}, "8001"),  # one standing room
        ("phong-hop", set(), "phong-hop"),
    ],
)
def test_each_conference_has_a_room_of_its_own_where_there_are_several(numbers, taken, number):
    assert free_number(numbers, taken) == number


def test_when_every_room_has_its_conference_it_is_said():
    with pytest.raises(Refused, match="Every virtual room of 1-2 has its conference"):
        free_number("1-2", {"1", "2"})


def test_a_carriers_operator_gives_what_is_passed_on():
    setup = Setup({"phone": "1800 1091"})
    assert ADAPTERS["manual"].create(setup, MEETING, START) == {"phone": "1800 1091"}
    given = Meeting("k", "t", START, START, {"url": "https://hop.nhamang.example/j/9"})
    assert ADAPTERS["manual"].enter(setup, given, AN, START) == "https://hop.nhamang.example/j/9"


@pytest.mark.parametrize(
    ("adapter", "values", "wrong"),
    [
        ("bigbluebutton", {"url": "https://b.example", "secret": "x", "digest": "md5"}, ["digest"]),
        ("bigbluebutton", {"url": "ftp://b.example"}, ["secret", "url"]),
        ("jitsi", {"url": "https://a:b@m.example", "app_id": "x", "key": "short"}, ["key", "url"]),
        ("jitsi", {"url": "https://m.example?x=1", "key": KEY}, ["app_id", "url"]),
        ("jitsi", {"url": "https://[", "app_id": "x", "key": KEY}, ["url"]),
        ("manual", {"url": "javascript:alert(1)"}, ["url"]),
    ],
)
def test_a_setting_that_cannot_work_is_named(adapter, values, wrong):
    with pytest.raises(Invalid) as refusal:
        check(ADAPTERS[adapter].fields, values)
    assert (refusal.value.code, sorted(refusal.value.errors)) == ("bad_setting", wrong)


def test_every_adapter_has_the_same_files():
    root = Path(http.__file__).parent
    folders = {
        path.name: {f.name for f in path.glob("*.py")} for path in root.iterdir() if (path / "adapter.py").exists()
    }
    assert folders == {key: {"__init__.py", "fields.py", "adapter.py"} for key in ADAPTERS}


def test_nothing_that_gives_entry_shows_in_a_log_line():
    assert KEY not in repr(JITSI)
    assert "4321" not in repr(Meeting("k", "t", START, START, {"pin": "4321"}))
