"""The conference's page says how it is joined: everybody their own way, the office all of them."""

import pytest
import time_machine
from django.test import Client

from backend.outbox import services as outbox
from meetings.scheduling.bridge_models import JoinLink
from meetings.scheduling.bridging import save_setup
from meetings.scheduling.models import Conference
from meetings.scheduling.rules import Guest, Request
from meetings.scheduling.services import book
from tests.factories import NOW, World, make_person, make_user, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def conference(world) -> Conference:
    """On a carrier's bridge, made there, with one participant who has an account."""
    save_setup(actor=world.admin, bridge=world.bridge, adapter="manual", values={"phone": "1800 1091"}, now=NOW)
    person = make_person("Nguyễn Văn An", world.department)
    world.an = make_user("an", person=person)
    request = Request(
        title="Giao ban",
        type="briefing",
        start=NOW.replace(day=25),
        end=NOW.replace(day=25, hour=3),
        site_ids=tuple(site.pk for site in world.sites[1:]),
        chair=Guest(name="Trần Văn Mẫu"),
        participants=(Guest(person_id=person.pk),),
    )
    made = book(actor=world.leader, request=request, now=NOW)
    outbox.call()
    return made


def page(user, conference: Conference) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(f"/conferences/{conference.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def post(user, path: str, **data: str):
    client = Client()
    client.force_login(user)
    return client.post(path, data)


def test_the_office_sees_every_link_and_a_participant_the_own_one(world, conference):
    [link] = JoinLink.objects.all()
    office, own = page(world.secretary, conference), page(world.an, conference)
    assert ("1 personal link" in office, "1800 1091" in office, "Enter the access data" in office) == (True, True, True)
    assert ("personal link" in own, "1800 1091" in own, "Enter the access data" in own) == (False, True, False)
    assert (link.token in office, link.token in own) == (True, True)


def test_the_access_data_are_entered_on_the_page(world, conference):
    path = f"/conferences/{conference.pk}/access/"
    assert post(world.outsider, path, meeting_id="1").status_code == 404
    assert post(world.secretary, path, meeting_id="842 119", password="7788", phone="1800 1091").status_code == 302
    text = page(world.an, conference)
    assert ("842 119" in text, "7788" in text) == (True, True)


def test_a_link_is_stopped_and_given_anew_by_one_click(world, conference):
    [link] = JoinLink.objects.all()
    path = f"/conferences/{conference.pk}/links/{link.participant_id}"
    assert post(world.outsider, f"{path}/stop/").status_code == 404
    assert post(world.secretary, f"{path}/stop/").status_code == 302
    assert link.token not in page(world.secretary, conference)
    assert post(world.secretary, f"{path}/renew/").status_code == 302
    new = JoinLink.objects.get(stopped_at=None)
    assert new.token != link.token
    assert new.token in page(world.secretary, conference)
