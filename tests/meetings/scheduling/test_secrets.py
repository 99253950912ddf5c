"""A state secret is said nowhere, and held only where it may be."""

import json

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from backend.accounts.models import Role
from backend.audit.models import Entry
from backend.outbox.models import Message
from bot.chat.models import Conversation
from meetings.links.models import Link, Node
from meetings.scheduling.models import Conference, ConferenceSecret
from meetings.sites.models import Room
from tests.factories import NOW, World, make_person, make_user, make_world

pytestmark = pytest.mark.django_db
SECRET, NOTES, ITEM = "Phương án bảo vệ mục tiêu", "Mang theo sơ đồ", "Báo cáo lực lượng"


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    """Centre and province may hold what is secret: rooms, bridge and lines are cleared; the localities may not."""
    world = make_world()
    cleared = world.sites[:2]
    Room.objects.filter(site__in=cleared).update(cleared=True)
    world.bridge.cleared = True
    world.bridge.save()
    core = Node.objects.create(kind="core", name="Lõi")
    for site in cleared:
        node = Node.objects.create(kind="site", name=site.name, site=site)
        Link.objects.create(
            code=site.code, site=site, a=node, b=core, carrier="Bưu điện Trung ương", network="tslcd1",
            capacity_mbps=50, cleared=True, probe_kind="icmp", probe_host="127.0.0.1",
        )  # fmt: skip
    for user in (world.secretary, world.leader):
        user.cleared = True
        user.save()
    return world


def body(world: World, **values) -> dict:
    return {
        "title": SECRET,
        "notes": NOTES,
        "agenda": [{"start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T09:00:00+07:00", "title": ITEM}],
        "type": "working",
        "secrecy": "secret",
        "start": "2026-11-25T08:00:00+07:00",
        "end": "2026-11-25T10:00:00+07:00",
        "sites": [site.pk for site in world.sites[:2]],
        "chair": "Chủ tịch UBND tỉnh",
        "participants": [{"name": "Đàm Văn Mẫu", "email": "mau@sotuphap.example"}],
        **values,
    }


def book(api, world) -> Conference:
    answer = api(world.leader).post("/api/v1/conferences/", body(world), format="json")
    assert answer.status_code == 201, answer.json()
    return Conference.objects.get()


def leaks(text: str) -> list[str]:
    """Which of the secret words stand in `text`, plain or as JSON escapes."""
    return [word for word in (SECRET, NOTES, ITEM) if word in text or json.dumps(word)[1:-1] in text]


def test_no_door_says_title_or_content(api, world):
    conference = book(api, world)
    assert leaks(" ".join([SECRET, NOTES, ITEM])) == [SECRET, NOTES, ITEM]
    api(world.leader).post(f"/api/v1/conferences/{conference.pk}/reschedule/", {
        "start": "2026-11-25T14:00:00+07:00", "end": "2026-11-25T16:00:00+07:00",
    }, format="json")  # fmt: skip
    clash = api(world.outsider).post(
        "/api/v1/conferences/",
        body(world, secrecy="none", start="2026-11-25T14:00:00+07:00", end="2026-11-25T15:00:00+07:00", agenda=[]),
        format="json",
    )
    page = Client()
    page.force_login(world.leader)
    said = [
        api(world.leader).get(url).content.decode()
        for url in (
            f"/api/v1/conferences/{conference.pk}/",
            "/api/v1/conferences/",
            "/api/v1/conferences/?search=phuong an",
            "/api/v1/availability/?date=2026-11-25",
            f"/api/v1/conferences/{conference.pk}/invitation.ics",
            f"/api/v1/conferences/{conference.pk}/invitations/",
        )
    ]
    said += [
        page.get(url).content.decode()
        for url in (
            reverse("today"),
            reverse("conferences"),
            reverse("conference", args=[conference.pk]),
            reverse("timeline") + "?day=2026-11-25",
            reverse("outbox"),
            reverse("search") + "?q=ho%E1%BB%8D",
        )
    ]
    said += [json.dumps([e.before, e.after], ensure_ascii=False) for e in Entry.objects.all()]
    said += [f"{m.subject} {json.dumps(m.payload, ensure_ascii=False)}" for m in Message.objects.all()]
    said.append(clash.content.decode())
    assert [leaks(text) for text in said] == [[] for _ in said]
    assert Conference.objects.get().title == "Họp theo giấy mời"


def test_a_room_a_line_and_a_bridge_that_are_not_cleared_are_refused(api, world):
    client = api(world.leader)
    site = client.post("/api/v1/conferences/", body(world, sites=[s.pk for s in world.sites]), format="json")
    assert (site.status_code, site.json()["code"]) == (400, "room_not_cleared")
    Link.objects.filter(site=world.sites[0]).update(cleared=False)
    line = client.post("/api/v1/conferences/", body(world), format="json")
    assert (line.status_code, line.json()["code"], list(line.json()["errors"])) == (400, "line_not_cleared", ["sites"])
    world.bridge.cleared = False
    world.bridge.save()
    bridge = client.post("/api/v1/conferences/", body(world), format="json")
    assert (bridge.status_code, bridge.json()["code"]) == (400, "bridge_not_cleared")
    assert Conference.objects.count() == 0


def test_only_the_cleared_of_the_convening_unit_read_it_and_each_reading_is_noted(api, world):
    conference = book(api, world)
    reveal = reverse("conference-reveal", args=[conference.pk])
    for user, status in ((world.leader, 200), (make_user("colleague", world.province, Role.SECRETARIAT), 403)):
        client = Client()
        client.force_login(user)
        answer = client.post(reveal)
        assert (answer.status_code, leaks(answer.content.decode()) != []) == (status, status == 200)
    outsider = Client()
    outsider.force_login(world.outsider)
    assert outsider.post(reveal).status_code == 404
    readers = Entry.objects.filter(act="conference.reveal").values_list("actor__username", flat=True)
    assert list(readers) == ["leader"]


def test_nobody_makes_it_public_who_may_not_read_it(api, world):
    conference = book(api, world)
    colleague = make_user("colleague", world.province, Role.SECRETARIAT)
    url = f"/api/v1/conferences/{conference.pk}/"
    opened = api(colleague).patch(url, {"secrecy": "none"}, format="json")
    assert (opened.status_code, opened.json()["code"]) == (403, "not_cleared")
    moved = api(colleague).post(
        f"{url}reschedule/", {"start": "2026-11-25T14:00:00+07:00", "end": "2026-11-25T16:00:00+07:00"}, format="json"
    )
    assert moved.status_code == 200
    assert ConferenceSecret.objects.get().title == SECRET


def test_the_assistant_is_told_the_mask_alone(api, world):
    conference = book(api, world)
    talk = Conversation.objects.create(user=world.leader, created_at=NOW, expires_at=NOW.replace(year=2027))
    headers = {"X-Bot-Key": "test-bot-key", "X-Conversation": talk.key}
    answer = api().get(f"/api/v1/conferences/{conference.pk}/", headers=headers)
    assert (answer.status_code, answer.json()["title"], answer.json()["agenda"]) == (200, "Họp theo giấy mời", [])
    assert leaks(answer.content.decode()) == []


def test_an_invited_person_who_is_not_staff_sees_the_hour_alone(api, world):
    person = make_person("Bùi Thị Thử", world.department, email="thu@sotuphap.example")
    invited = make_user("invited", person=person)
    answer = api(world.leader).post(
        "/api/v1/conferences/", body(world, participants=[{"person": person.pk}]), format="json"
    )
    seen = api(invited).get(f"/api/v1/conferences/{answer.json()['id']}/")
    assert (seen.status_code, seen.json()["title"], leaks(seen.content.decode())) == (200, "Họp theo giấy mời", [])
