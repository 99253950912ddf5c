"""A bridge dies: one click moves what stands on it to others; who is invited is told, and the dial-in is made anew."""

import pytest

from backend.accounts.models import Role
from backend.audit.models import Entry
from backend.outbox.models import Message
from backend.reservations.models import Hold
from meetings.scheduling.bridge_models import BridgeMeeting
from meetings.scheduling.bridging import save_setup
from meetings.scheduling.models import Conference
from meetings.sites.models import Room
from tests.factories import NOW, make_bridge, make_user
from tests.meetings.scheduling.bridges.conftest import call_all


@pytest.fixture
def spare(world):
    return make_bridge(world.province, 4, name="MCU dự phòng")


@pytest.fixture
def duty(world):
    return make_user("duty", world.province, Role.DUTY_ENGINEER)


def path(bridge, act: str) -> str:
    return f"/api/v1/bridges/{bridge.pk}/{act}/"


def report(api, user, bridge, works=False):
    return api(user).post(path(bridge, "report"), {"works": works}, format="json")


def move(api, user, bridge, **values) -> list[tuple[str, str]]:
    answer = api(user).post(path(bridge, "move"), values, format="json")
    assert answer.status_code == 200, answer.json()
    return [(row["bridge"], row["why"]) for row in answer.json()]


def test_who_minds_a_bridge_says_that_it_is_out_of_order(api, world, duty):
    assert report(api, duty, world.bridge).json()["out_of_order_since"] == "2026-11-23T08:00:00+07:00"
    assert report(api, world.secretary, world.bridge).status_code == 403
    assert report(api, world.outsider, world.bridge, works=True).status_code == 403
    assert report(api, duty, world.bridge).status_code == 200  # said twice, noted once
    assert report(api, duty, world.bridge, works=True).json()["out_of_order_since"] is None
    acts = list(Entry.objects.filter(subject_kind="bridge").order_by("id").values_list("act", flat=True))
    assert acts == ["bridge.out_of_order", "bridge.works"]


def test_nobody_gets_a_dead_bridge_unasked(api, world, duty, spare, book):
    report(api, duty, world.bridge)
    assert Conference.objects.get(pk=book()["id"]).bridge == spare


def test_what_stands_on_it_may_still_be_changed(api, world, duty, book):
    made = book()
    report(api, duty, world.bridge)
    answer = api(world.leader).patch(f"/api/v1/conferences/{made['id']}/", {"title": "Tên khác"}, format="json")
    assert (answer.status_code, answer.json()["bridge"]) == (200, world.bridge.pk)


def test_one_click_moves_them_tells_everybody_and_makes_the_dial_in_anew(api, world, duty, spare, on_bbb, book):
    values = {"sip": "du-phong.langson.example", "number": "9001", "pin": "9988"}
    save_setup(actor=world.admin, bridge=spare, adapter="dial", values=values, now=NOW)
    made = book()
    call_all()
    key = BridgeMeeting.objects.get().key
    report(api, duty, world.bridge)
    assert move(api, world.secretary, world.bridge) == [("MCU dự phòng", "")]
    call_all()
    assert Conference.objects.get().bridge == spare
    assert list(Hold.objects.values_list("pool_id", "amount")) == [(spare.pool_id, 3)]
    meeting = BridgeMeeting.objects.get()
    assert (meeting.bridge, meeting.key != key, on_bbb.names()) == (
        spare,
        True,
        ["create"],
    )  # the dead one is not asked
    rows = api(world.an_user).get(f"/api/v1/conferences/{made['id']}/access/").json()["rows"]
    assert [row["value"] for row in rows] == ["9001@du-phong.langson.example", "9001", "9988"]
    mails = Message.objects.filter(channel="mail").order_by("id")
    assert [mail.payload["action"] for mail in mails] == ["invite", "invite", "update", "update"]
    [entry] = Entry.objects.filter(act="conference.bridge")
    assert (entry.actor, entry.before, entry.after) == (
        world.secretary,
        {"bridge": "MCU"},
        {"bridge": "MCU dự phòng"},
    )


def test_a_bridge_taken_out_of_use_lets_go_of_them_too(api, world, spare, book):
    book()
    world.bridge.active = False
    world.bridge.save()
    assert move(api, world.secretary, world.bridge) == [("MCU dự phòng", "")]


def test_one_that_finds_no_ports_stays_and_holds_up_no_other(api, world, duty, spare, book):
    late = {"start": "2026-11-26T08:00:00+07:00", "end": "2026-11-26T10:00:00+07:00"}
    first, second = book(), book(**late)
    Hold.objects.create(pool=spare.pool, amount=2, during=Hold.objects.first().during, holder_kind="x", holder_id=1)
    assert move(api, world.secretary, world.bridge) == [
        ("", "No other bridge that may be used has enough free ports then."),
        ("MCU dự phòng", ""),
    ]
    standing = dict(Conference.objects.values_list("pk", "bridge_id"))
    assert standing == {first["id"]: world.bridge.pk, second["id"]: spare.pk}


def test_one_that_would_lose_somebody_moves_only_when_it_is_named(api, world, spare, book):
    made = book()
    Room.objects.filter(site=world.sites[2]).update(platforms=["vnpt"])
    assert move(api, world.secretary, world.bridge) == [("", "MCU dự phòng does not reach Xã 1.")]
    assert move(api, world.secretary, world.bridge, conferences=[made["id"]]) == [("MCU dự phòng", "")]


def test_what_has_begun_stays(api, world, spare, book, clock):
    book()
    clock.move_to(NOW.replace(day=25, hour=1, minute=30))
    assert move(api, world.secretary, world.bridge) == []


def test_only_who_books_for_them_moves_them(api, world, duty, spare, book):
    book()
    assert api(duty).post(path(world.bridge, "move"), {}, format="json").status_code == 403
    assert move(api, world.outsider, world.bridge) == []  # sees none of them
    assert api(world.an_user).post(path(world.bridge, "move"), {}, format="json").status_code == 404
    assert Conference.objects.get().bridge == world.bridge
