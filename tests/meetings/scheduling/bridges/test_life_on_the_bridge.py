"""From the approval to the end: made once, kept through edits, ended by a cancellation; failures are seen."""

from datetime import timedelta

import pytest

from backend.accounts.models import Role
from backend.audit.models import Entry
from backend.outbox import services as outbox
from backend.outbox.models import Message
from meetings.scheduling.bridge_models import BridgeMeeting, BridgeSetup
from meetings.scheduling.models import Conference
from tests.factories import NOW, make_user
from tests.meetings.scheduling.bridges.conftest import call_all
from tests.meetings.scheduling.bridges.server import SECRET


def calls():
    return list(Message.objects.filter(channel="bridge").order_by("id").values_list("kind", "state"))


def path(made, act=""):
    return f"/api/v1/conferences/{made['id']}/{act}"


def test_the_approval_makes_the_meeting(api, world, on_bbb, book, access):
    draft = book(draft=True)
    submitted = api(world.secretary).post(path(draft, "submit/"))
    assert submitted.json()["status"] == "approved"
    assert (access(world.leader, draft)["state"], on_bbb.names()) == ("waiting", [])
    call_all()
    assert (access(world.leader, draft)["state"], on_bbb.names()) == ("made", ["create"])
    [meeting] = on_bbb.meetings.values()
    assert meeting["name"] == "Hội nghị trực tuyến quý IV"
    assert meeting["meetingID"] == BridgeMeeting.objects.get().key


def test_a_draft_and_a_booking_that_was_refused_make_nothing(api, world, on_bbb, book):
    book(draft=True)
    book()
    refused = api(world.leader).post(
        "/api/v1/conferences/",
        {
            "title": "Trùng giờ",
            "type": "review",
            "start": "2026-11-25T09:00:00+07:00",
            "end": "2026-11-25T11:00:00+07:00",
            "sites": [world.sites[1].pk],
            "chair": "Trần Văn Mẫu",
        },
        format="json",
    )
    assert refused.status_code == 409
    assert calls() == [("bridge.create", "pending")]


def test_an_edit_keeps_the_dial_in(api, world, on_bbb, book, access):
    made = book()
    call_all()
    key, before = BridgeMeeting.objects.get().key, access(world.leader, made)["links"]
    moved = {"start": "2026-11-26T08:00:00+07:00", "end": "2026-11-26T10:00:00+07:00"}
    assert api(world.leader).post(path(made, "reschedule/"), moved, format="json").status_code == 200
    assert api(world.leader).patch(path(made), {"title": "Hội nghị quý IV"}, format="json").status_code == 200
    call_all()
    assert (BridgeMeeting.objects.get().key, on_bbb.names()) == (key, ["create"])
    assert access(world.leader, made)["links"] == before


def test_cancelling_ends_it(api, world, on_bbb, book, access):
    made = book()
    call_all()
    assert api(world.leader).post(path(made, "cancel/"), {"reason": "Hoãn"}, format="json").status_code == 200
    call_all()
    assert (on_bbb.names(), on_bbb.meetings) == (["create", "end"], {})
    assert access(world.leader, made)["state"] == "ended"


def test_what_is_cancelled_before_the_call_is_never_made(api, world, on_bbb, book):
    made = book()
    api(world.leader).post(path(made, "cancel/"), {"reason": "Hoãn"}, format="json")
    call_all()
    assert on_bbb.names() == ["end"]
    assert calls() == [("bridge.create", "sent"), ("bridge.end", "sent")]


def test_another_bridge_takes_over_with_a_name_of_its_own(api, world, on_bbb, book):
    made = book()
    call_all()
    key = BridgeMeeting.objects.get().key
    assert api(world.leader).patch(path(made), {"bridge": None}, format="json").status_code == 200
    call_all()
    assert (on_bbb.names(), BridgeMeeting.objects.count()) == (["create", "end"], 0)
    api(world.leader).patch(path(made), {"bridge": world.bridge.pk}, format="json")
    call_all()
    assert on_bbb.names() == ["create"]
    assert BridgeMeeting.objects.get().key != key


def test_a_failure_that_may_pass_is_tried_again(clock, world, on_bbb, book, access):
    on_bbb.answers += [(500, ""), (503, "")]
    made = book()
    call_all()
    [message] = Message.objects.filter(channel="bridge")
    assert (message.state, message.attempts) == ("pending", 1)
    assert message.error == f"127.0.0.1:{on_bbb.port} answers with status 500."
    assert access(world.leader, made)["state"] == "waiting"
    for _again in range(2):
        clock.shift(timedelta(minutes=3))
        call_all()
    assert (on_bbb.names(), access(world.leader, made)["state"]) == (["create"] * 3, "made")


def test_a_refusal_stands_where_people_look_and_is_sent_again(world, set_up, bbb, book, access):
    set_up("bigbluebutton", url=bbb.url, secret="mot-khoa-sai")
    made = book()
    call_all()
    seen = access(world.leader, made)
    assert (seen["state"], seen["error"]) == ("failed", "BigBlueButton refuses “create”: checksumError.")
    assert access(world.an_user, made)["error"] == ""
    set_up("bigbluebutton", url=bbb.url, secret=SECRET)
    [failed] = Message.objects.filter(channel="bridge")
    outbox.send_again(actor=make_user("office", world.province, Role.SECRETARIAT), message=failed, now=NOW)
    call_all()
    assert (access(world.leader, made)["state"], list(bbb.meetings)) == ("made", [BridgeMeeting.objects.get().key])


def test_a_dead_bridge_holds_up_no_mail(world, set_up, book):
    set_up("bigbluebutton", url="http://127.0.0.1:1/", secret=SECRET)
    book()
    claimed = outbox.claim(NOW)
    assert {message.channel for message in claimed} == {"mail"}
    call_all()
    assert calls() == [("bridge.create", "pending")]


def test_at_most_five_calls_are_under_way_at_once(world, on_bbb, book):
    for day in range(24, 31):
        book(start=f"2026-11-{day}T08:00:00+07:00", end=f"2026-11-{day}T10:00:00+07:00")
    claimed = outbox.claim(NOW, 4, ("bridge",))
    assert [outbox.call(), on_bbb.names(), outbox.call()] == [1, ["create"], 1]
    Message.objects.filter(pk__in=[message.pk for message in claimed]).update(claimed_until=NOW - timedelta(seconds=1))
    call_all()  # whoever had claimed them has died
    assert calls() == [("bridge.create", "sent")] * 7


def test_a_bridge_without_a_set_up_is_asked_nothing(api, world, book):
    made = book()
    answer = api(world.leader).get(path(made, "access/"))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_access")
    assert calls() == []


def test_secrets_are_sealed_and_stand_in_no_trail(world, on_bbb, book):
    book()
    call_all()
    setup = BridgeSetup.objects.get()
    assert SECRET.encode() not in bytes(setup.sealed)
    assert SECRET not in str(setup.settings)
    entries = list(Entry.objects.values_list("before", "after"))
    messages = list(Message.objects.filter(channel="bridge").values_list("payload", "error", "subject"))
    assert SECRET not in f"{entries}{messages}"
    [stored] = Entry.objects.filter(act="bridge.setup").values_list("after", flat=True)
    assert stored == {"adapter": "bigbluebutton", "url": on_bbb.url, "digest": "sha256", "replaced": ["secret"]}


def test_a_secret_that_is_left_empty_stays(world, on_bbb, set_up):
    set_up("bigbluebutton", url=on_bbb.url, secret="", digest="sha256")
    set_up("jitsi", url="https://meet.example", app_id="x", key="k" * 32)
    with pytest.raises(Exception, match="Some of it is not right"):
        set_up("bigbluebutton", url=on_bbb.url, secret="")  # the secret of another kind is not its own
    replaced = [entry["replaced"] for entry in Entry.objects.order_by("id").values_list("after", flat=True)]
    assert replaced == [["secret"], [], ["key"]]


def test_what_an_operator_gives_is_entered_and_kept(api, world, set_up, book, access):
    set_up("manual", phone="1800 1091")
    made = book()
    call_all()
    assert [row["value"] for row in access(world.an_user, made)["rows"]] == ["1800 1091"]
    given = {"meeting_id": "842 119", "password": "7788", "phone": "1800 1091"}
    for user in (world.an_user, world.outsider):
        answer = api(user).put(path(made, "access/"), given, format="json")
        assert answer.status_code in (403, 404)
    assert api(world.secretary).put(path(made, "access/"), given, format="json").status_code == 200
    rows = {row["name"]: row["value"] for row in access(world.an_user, made)["rows"]}
    assert rows == given
    again = {**given, "password": "", "meeting_id": "842 120"}  # an empty secret stays
    assert api(world.secretary).put(path(made, "access/"), again, format="json").status_code == 200
    assert {r["name"]: r["value"] for r in access(world.an_user, made)["rows"]} == {**given, "meeting_id": "842 120"}
    trail = list(Entry.objects.filter(act="conference.access").order_by("id").values_list("after", flat=True))
    assert trail == [{"fields": ["meeting_id", "password"]}, {"fields": ["meeting_id"]}]
    assert b"7788" not in bytes(BridgeMeeting.objects.get().sealed)


def test_what_a_person_entered_before_the_call_stays(api, world, set_up, book, access):
    set_up("manual", phone="1800 1091", meeting_id="1")
    made = book()
    api(world.secretary).put(path(made, "access/"), {"meeting_id": "842 119"}, format="json")
    call_all()
    rows = {row["name"]: row["value"] for row in access(world.leader, made)["rows"]}
    assert rows == {"meeting_id": "842 119", "phone": "1800 1091"}


def test_no_two_coming_conferences_share_a_virtual_room(api, world, set_up, book, access):
    set_up("dial", sip="mcu.langson.example", number="8001-8002")
    days = [book(start=f"2026-11-{day}T08:00:00+07:00", end=f"2026-11-{day}T10:00:00+07:00") for day in (25, 26, 27)]
    call_all()

    def number(made: dict) -> list[str]:
        return [row["value"] for row in access(world.leader, made)["rows"] if row["name"] == "sip"]

    dialled = ["8001@mcu.langson.example", "8002@mcu.langson.example"]
    assert sorted(number(days[0]) + number(days[1])) == dialled
    assert access(world.leader, days[2])["error"] == "Every virtual room of 8001-8002 has its conference."
    api(world.leader).post(path(days[0], "cancel/"), {"reason": "Hoãn"}, format="json")
    [failed] = Message.objects.filter(channel="bridge", state="failed")
    outbox.send_again(actor=make_user("office", world.province, Role.SECRETARIAT), message=failed, now=NOW)
    call_all()
    assert sorted(number(days[1]) + number(days[2])) == dialled


def test_where_nothing_is_entered_by_hand_it_is_refused(api, world, on_bbb, book):
    made = book()
    answer = api(world.secretary).put(path(made, "access/"), {"meeting_id": "1"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_by_hand")


def test_of_a_secret_conference_the_uncleared_read_nothing_and_nobody_has_a_link(api, world, set_up, book, access):
    set_up("dial", sip="mcu.langson.example", number="8001", pin="4321")
    made = book()
    call_all()
    Conference.objects.filter(pk=made["id"]).update(secrecy="secret")
    assert access(world.leader, made)["rows"] == []
    world.leader.cleared = True
    world.leader.save()
    assert [row["name"] for row in access(world.leader, made)["rows"]] == ["sip", "number", "pin"]


def test_the_cost_is_the_same_for_one_and_for_many(api, world, on_bbb, book, django_assert_num_queries):
    few = book()
    many = book(
        start="2026-11-26T08:00:00+07:00",
        end="2026-11-26T10:00:00+07:00",
        participants=[{"name": f"Đại biểu {n}", "email": f"db{n}@langson.example"} for n in range(12)],
    )
    client = api(world.leader)
    client.get(path(few, "access/"))
    for made in (few, many):
        with django_assert_num_queries(8):
            client.get(path(made, "access/"))
