"""The buttons on the page of a running conference; and what is said of a hold that has run out."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from meetings.scheduling import services
from meetings.scheduling.models import Conference
from tests.factories import World, make_user, make_world
from tests.meetings.scheduling.running import EIGHT, NINE, TEN, booked, running, wish

pytestmark = pytest.mark.django_db
NOW = EIGHT + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def client(user) -> Client:
    made = Client(headers={"Accept-Language": "en"})
    made.force_login(user)
    made.cookies["django_language"] = "en"
    return made


def page(user, conference: Conference) -> str:
    return client(user).get(reverse("conference", args=[conference.pk])).content.decode()


def test_one_press_extends_to_the_hour_on_the_button(world):
    conference = running(world)
    shown = page(world.secretary, conference)
    assert "In session until 09:00" in shown
    assert [f'value="2026-11-23T{hour}:00+07:00"' in shown for hour in ("09:15", "09:30", "10:00")] == [True] * 3
    url = reverse("conference-extend", args=[conference.pk])
    for _twice in range(2):
        client(world.secretary).post(url, {"until": "2026-11-23T09:30:00+07:00"})
    conference.refresh_from_db()
    assert conference.end == NINE + timedelta(minutes=30)
    client(world.secretary).post(url, {"time": "09:50"})
    conference.refresh_from_db()
    assert conference.end == NINE + timedelta(minutes=50)


def test_a_refusal_offers_the_latest_hour(world):
    conference = running(world)
    booked(world, start=NINE + timedelta(minutes=45), end=TEN, site_ids=(world.sites[2].pk,), title="Họp giao ban xã")
    url = reverse("conference-extend", args=[conference.pk])
    answer = client(world.secretary).post(url, {"time": "10:00"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Not free for so long: Phòng họp Xã 1 (Xã 1). The conference can go on until 09:45." in shown
    assert ("Họp giao ban xã" in shown, 'value="2026-11-23T09:45:00+07:00"' in shown) == (True, True)


@pytest.mark.parametrize("given", [{}, {"time": "25:00"}, {"until": "2026-11-23T09:30:00"}, {"until": "soon"}])
def test_an_hour_that_is_none_changes_nothing(world, given):
    conference = running(world)
    client(world.secretary).post(reverse("conference-extend", args=[conference.pk]), given)
    conference.refresh_from_db()
    assert (conference.end, conference.version) == (NINE, 2)


def test_it_is_ended_by_one_press_and_its_page_has_no_more_buttons(world):
    conference = running(world)
    client(world.leader).post(reverse("conference-end", args=[conference.pk]))
    conference.refresh_from_db()
    assert (conference.status, conference.end) == ("ended", NOW)
    assert reverse("conference-extend", args=[conference.pk]) not in page(world.secretary, conference)


def test_who_may_not_gets_no_buttons_and_no_way(world):
    conference = running(world)
    technician = make_user("technician", world.localities[0], "technician")
    for user, seen, pressed in ((technician, 200, 302), (world.outsider, 404, 404)):
        answer = client(user).get(reverse("conference", args=[conference.pk]))
        assert (answer.status_code, b"conference-extend" in answer.content) == (seen, False)
        assert reverse("conference-end", args=[conference.pk]) not in answer.content.decode()
        assert client(user).post(reverse("conference-end", args=[conference.pk])).status_code == pressed
    conference.refresh_from_db()
    assert conference.status == "live"


def test_a_hold_that_has_run_out_is_said_so_on_page_board_and_list(world, api):
    sites = tuple(site.pk for site in world.sites)  # with the centre: waits for the leader
    later = wish(world, start=EIGHT + timedelta(days=5), end=NINE + timedelta(days=5), site_ids=sites)
    conference = services.book(actor=world.secretary, request=later, now=NOW)
    texts = [("conference", [conference.pk]), ("today", []), ("conferences", [])]
    said = []
    for moment in (conference.hold_until - timedelta(seconds=1), conference.hold_until):
        with time_machine.travel(moment, tick=False):
            shown = [client(world.secretary).get(reverse(name, args=args)).content.decode() for name, args in texts]
            told = api(world.secretary).get(f"/api/v1/conferences/{conference.pk}/").json()
            listed = api(world.secretary).get("/api/v1/conferences/").json()["results"][0]
        said.append((["old has run out" in text for text in shown], told["hold_expired"], listed["hold_expired"]))
    assert said == [([False] * 3, False, False), ([True] * 3, True, True)]


def test_a_change_begins_an_expired_hold_anew(world):
    sites = tuple(site.pk for site in world.sites)
    later = wish(world, start=EIGHT + timedelta(days=9), end=NINE + timedelta(days=9), site_ids=sites)
    conference = services.book(actor=world.secretary, request=later, now=NOW)
    old, late = conference.hold_until, conference.hold_until + timedelta(hours=1)
    start = EIGHT + timedelta(days=8)
    end = start + timedelta(hours=1)
    moved = services.reschedule(actor=world.secretary, conference=conference, start=start, end=end, now=late)
    assert (moved.status, moved.hold_until) == ("submitted", late + (old - NOW))
