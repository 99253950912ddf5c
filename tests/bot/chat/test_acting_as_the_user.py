"""The assistant's key and a conversation stand for the user, with exactly that user's rights."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backend.accounts.models import User
from bot.chat.models import Conversation
from bot.chat.services import open_conversation
from guesthouse.stays.models import House
from meetings.scheduling.models import Conference
from meetings.scheduling.rules import Guest, Request
from meetings.scheduling.services import book
from tests.factories import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def bot(conversation: Conversation | None = None, key: str = "test-bot-key") -> APIClient:
    shown = {"X-Conversation": conversation.key} if conversation else {}
    return APIClient(headers={"X-Bot-Key": key, **shown})


def talking(user: User) -> Conversation:
    return open_conversation(user=user, tab="", now=timezone.now())


def booking(world: World) -> dict:
    start = timezone.now() + timedelta(days=2)
    return {
        "title": "Giao ban",
        "type": "briefing",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
        "sites": [world.sites[1].pk],
        "chair": "Chủ tịch",
    }


def booked(world: World, secrecy: str = "none") -> Conference:
    start = timezone.now() + timedelta(days=2)
    room = world.sites[1].default_room
    request = Request(
        title="Nội dung riêng", type="working", start=start, end=start + timedelta(hours=1), room_ids=(room.pk,),
        chair=Guest(name="Chủ tịch"), secrecy=secrecy, bridge_id=0,
    )  # fmt: skip
    return book(actor=world.secretary, request=request, now=timezone.now())


def test_it_books_as_the_user_and_only_once(world):
    client, body = bot(talking(world.secretary)), booking(world)
    answers = [
        client.post("/api/v1/conferences/", body, format="json", headers={"Idempotency-Key": "one"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Conference.objects.get().created_by == world.secretary


def test_it_sees_what_the_user_sees(world):
    conference = booked(world)
    seen = {
        user.username: bot(talking(user)).get(f"/api/v1/conferences/{conference.pk}/").status_code
        for user in (world.secretary, world.leader, world.outsider)
    }
    assert seen == {"secretary": 200, "leader": 200, "outsider": 404}


def test_a_wrong_key_an_unknown_or_an_ended_conversation_is_nobody(world):
    good, ended = talking(world.secretary), talking(world.leader)
    Conversation.objects.filter(pk=ended.pk).update(expires_at=timezone.now())
    for client in (bot(good, key="guessed"), bot(), bot(Conversation(key="guessed")), bot(ended)):
        assert client.get("/api/v1/conferences/").status_code == 401


def test_a_closed_account_ends_its_conversations(world):
    client = bot(talking(world.secretary))
    User.objects.filter(pk=world.secretary.pk).update(is_active=False)
    assert client.get("/api/v1/conferences/").status_code == 401


def test_the_gazetteer_is_for_the_key_alone(world, api):
    assert bot().get("/api/v1/chat/gazetteer/").status_code == 200
    for client in (api(world.admin), api(), bot(key="guessed")):
        assert client.get("/api/v1/chat/gazetteer/").status_code == 403


def test_the_gazetteer_names_everything_but_what_is_secret(world):
    site = world.sites[1]
    type(site).objects.filter(pk=site.pk).update(old_names="Văn phòng cũ; nhà số 2", cleared=True)
    type(site.default_room).objects.update(cleared=True)
    House.objects.create(name="Nhà khách tỉnh", unit=world.province)
    open_one, secret = booked(world), booked_apart(world)
    names = bot().get("/api/v1/chat/gazetteer/").json()
    assert sorted(names) == ["guesthouse", "room", "session", "site", "unit"]
    assert names["session"] == [{"id": open_one.pk, "name": "Nội dung riêng", "names": [open_one.code]}]
    assert secret.pk != open_one.pk
    assert {"id": site.pk, "name": site.name, "names": ["Văn phòng cũ", "nhà số 2"]} in names["site"]
    assert len(names["room"]) == len(world.sites)
    assert [house["name"] for house in names["guesthouse"]] == ["Nhà khách tỉnh"]


def booked_apart(world: World) -> Conference:
    world.sites[1].default_room = world.sites[0].default_room  # another room, the first being taken
    type(world.sites[0].default_room).objects.update(cleared=True)
    world.sites[1].default_room.refresh_from_db()
    return booked(world, secrecy="secret")


def test_an_unchanged_gazetteer_is_not_sent_again(world):
    first = bot().get("/api/v1/chat/gazetteer/")
    again = bot().get("/api/v1/chat/gazetteer/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_who_am_i(world, api):
    assert bot(talking(world.secretary)).get("/api/v1/chat/me/").json() == {
        "name": "secretary",
        "language": "vi",
        "person": None,
        "roles": ["secretariat"],
        "may_book": True,
        "sites": [{"id": world.sites[1].pk, "name": world.sites[1].name}],
    }
    assert api(world.admin).get("/api/v1/chat/me/").json()["may_book"] is False


def test_an_office_without_a_site_uses_the_one_above(world, api):
    world.secretary.grants.update(unit=world.department)
    assert [site["id"] for site in api(world.secretary).get("/api/v1/chat/me/").json()["sites"]] == [world.sites[1].pk]
