"""A bridge's page: its state, what stands on it, and the one click that moves it; and the proposal beside a booking."""

import pytest
import time_machine
from django.test import Client

from backend.accounts.models import Role
from meetings.scheduling.models import Conference
from meetings.scheduling.rules import Guest, Request
from meetings.scheduling.services import book
from meetings.sites.models import Bridge, Room
from tests.factories import NOW, World, make_bridge, make_user, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    world = make_world()
    world.duty = make_user("duty", world.province, Role.DUTY_ENGINEER)
    return world


@pytest.fixture
def spare(world) -> Bridge:
    return make_bridge(world.province, 4, name="MCU dự phòng")


def conference(world: World, hour: int = 1) -> Conference:
    request = Request(
        title="Giao ban",
        type="briefing",
        start=NOW.replace(day=25, hour=hour),
        end=NOW.replace(day=25, hour=hour + 1),
        site_ids=tuple(site.pk for site in world.sites[1:]),
        chair=Guest(name="Trần Văn Mẫu"),
        bridge_id=world.bridge.pk,
    )
    return book(actor=world.leader, request=request, now=NOW)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user, path: str) -> str:
    answer = signed_in(user).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_duty_engineer_reports_and_the_secretariat_moves(world, spare):
    made = conference(world)
    path = f"/bridges/{world.bridge.pk}/"
    duty, office = page(world.duty, path), page(world.secretary, path)
    assert ("It is out of order" in duty, "Move 1 to another bridge" in duty) == (True, False)
    assert ("It is out of order" in office, "Move 1 to another bridge" in office) == (False, True)
    signed_in(world.duty).post(f"{path}report/", {"works": "0"})
    assert "Out of order since 08:00 23/11/2026" in page(world.secretary, path)
    answer = signed_in(world.secretary).post(f"{path}move/", follow=True)
    assert "1 conference is moved. Whoever is invited is told." in answer.content.decode()
    made.refresh_from_db()
    assert made.bridge == spare
    assert "No coming conference stands on it" in page(world.secretary, path)
    assert "out of order" in page(world.secretary, "/bridges/")


def test_one_row_is_moved_by_its_own_button(world, spare):
    first, second = conference(world), conference(world, 4)
    path = f"/bridges/{world.bridge.pk}/move/"
    assert signed_in(world.secretary).post(path, {"conference": second.pk}).status_code == 302
    assert dict(Conference.objects.values_list("pk", "bridge__name")) == {first.pk: "MCU", second.pk: "MCU dự phòng"}


def test_a_refusal_is_told(world, spare):
    conference(world)
    Room.objects.filter(site=world.sites[2]).update(platforms=["vnpt"])
    path = f"/bridges/{world.bridge.pk}/"
    assert "Not reached:" in page(world.secretary, path)
    answer = signed_in(world.secretary).post(f"{path}move/", follow=True)
    assert "MCU dự phòng does not reach Xã 1." in answer.content.decode()


def test_an_outsider_sees_the_bridge_and_none_of_its_conferences(world, spare):
    made = conference(world)
    text = page(world.outsider, f"/bridges/{world.bridge.pk}/")
    assert (made.code in text, "Move" in text, "It is out of order" in text) == (False, False, False)
    assert signed_in(make_user("nobody")).get(f"/bridges/{world.bridge.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_its_page_costs_the_same_for_one_and_for_three(world, spare, count, django_assert_num_queries):
    for hour in range(count):
        conference(world, hour + 1)
    client = signed_in(world.secretary)
    with django_assert_num_queries(8):
        client.get(f"/bridges/{world.bridge.pk}/")


WISH = {"day": "2026-11-25", "start_time": "08:00", "end_time": "10:00"}


def ask(world: World, **values) -> str:
    answer = signed_in(world.secretary).get("/conferences/new/reach/", {**WISH, **values})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_booking_form_proposes_the_bridge_that_reaches_all(world, spare):
    Bridge.objects.filter(pk=spare.pk).update(platforms=["sip", "vnpt"])
    for site, speaks in zip(world.sites[1:], (["sip"], ["sip"], ["vnpt"]), strict=True):
        Room.objects.filter(site=site).update(platforms=speaks)
    sites = [site.pk for site in world.sites[1:]]
    text = ask(world, sites=sites)
    assert ("MCU dự phòng reaches all of them. 4 ports are free." in text, f'data-bridge="{spare.pk}"' in text) == (
        True,
        True,
    )
    Bridge.objects.filter(pk=spare.pk).update(active=False)
    assert "MCU reaches the most of them." in (text := ask(world, sites=sites))
    assert "<li>Xã 2" in text


def test_the_form_says_nothing_before_it_knows_where_and_when(world):
    assert ask(world) == ""
    assert ask(world, sites=world.sites[1].pk, day="") == ""
    assert ask(world, sites=world.sites[1].pk, day="2020-01-01") == ""


def test_ones_own_ports_count_as_free_in_a_change(world):
    made = conference(world)
    sites = [site.pk for site in world.sites[1:]]
    assert "7 ports are free." in ask(world, sites=sites, end_time="09:00")
    assert "10 ports are free." in ask(world, sites=sites, end_time="09:00", conference=made.pk)
