"""Rehearsals on the page of their conference: planned by one press, results from a phone at the site."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from backend.accounts.models import Role, User
from meetings.readiness.models import Rehearsal, SiteCheck
from meetings.scheduling.models import Conference
from tests.factories import World, make_user, make_world
from tests.meetings.scheduling.running import EIGHT, booked

pytestmark = pytest.mark.django_db
NOW, DAY = EIGHT, timedelta(days=1)
BEGINS, THREE = EIGHT + 2 * DAY, EIGHT + DAY + timedelta(hours=7)
HOURS = {"day": "2026-11-24", "start_time": "15:00", "end_time": "15:30"}


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def conference(world) -> Conference:
    return booked(world, start=BEGINS, end=BEGINS + timedelta(hours=1))


def client(user: User) -> Client:
    made = Client()
    made.force_login(user)
    made.cookies["django_language"] = "en"
    return made


def page(user: User, conference: Conference) -> str:
    return client(user).get(reverse("conference", args=[conference.pk])).content.decode()


def planned(world: World, conference: Conference) -> Rehearsal:
    client(world.secretary).post(reverse("rehearsal-new", args=[conference.pk]), {**HOURS, "note": "Trình chiếu"})
    return Rehearsal.objects.get()


def test_the_afternoon_before_is_offered_and_one_press_plans_it(world, conference):
    url = reverse("rehearsal-new", args=[conference.pk])
    offered = client(world.secretary).get(url).content.decode()
    assert ("15:00–15:30" in offered, 'value="2026-11-24"' in offered) == (True, True)
    answer = client(world.secretary).post(url, HOURS)
    assert (answer.status_code, answer["Location"]) == (302, reverse("conference", args=[conference.pk]))
    rehearsal = Rehearsal.objects.get()
    assert (rehearsal.start, rehearsal.end) == (THREE, THREE + timedelta(minutes=30))
    assert "0 of 3 sites good" in page(world.secretary, conference)


def test_a_clash_shows_who_and_other_hours_as_buttons(world, conference):
    booked(world, start=THREE, end=THREE + timedelta(hours=1), site_ids=(world.sites[2].pk,), title="Giao ban xã")
    answer = client(world.secretary).post(reverse("rehearsal-new", args=[conference.pk]), HOURS)
    shown = answer.content.decode()
    assert (answer.status_code, "Giao ban xã" in shown, "14:30–15:00" in shown) == (409, True, True)


@pytest.mark.parametrize(("given", "status"), [({}, 200), ({**HOURS, "day": "2026-11-26"}, 400)])
def test_a_bad_hour_is_said_and_nothing_is_planned(world, conference, given, status):
    answer = client(world.secretary).post(reverse("rehearsal-new", args=[conference.pk]), given)
    assert (answer.status_code, b"notice--error" in answer.content) == (status, True)
    assert Rehearsal.objects.count() == 0


def test_it_is_moved_and_cancelled_on_its_page(world, conference):
    rehearsal = planned(world, conference)
    move = reverse("rehearsal-move", args=[rehearsal.pk])
    assert client(world.secretary).get(move).status_code == 200
    client(world.secretary).post(move, {**HOURS, "start_time": "16:00", "end_time": "16:30"})
    rehearsal.refresh_from_db()
    assert rehearsal.start == THREE + timedelta(hours=1)
    client(world.secretary).post(reverse("rehearsal-cancel", args=[rehearsal.pk]))
    rehearsal.refresh_from_db()
    assert rehearsal.status == "cancelled"
    assert "No rehearsal yet" in page(world.secretary, conference)


def test_a_technician_gets_the_form_of_the_own_site_once_it_begins(world, conference):
    rehearsal = planned(world, conference)
    technician = make_user("technician", world.localities[0], Role.TECHNICIAN)
    own, other = world.sites[2].default_room_id, world.sites[3].default_room_id
    target = reverse("rehearsal-record", args=[rehearsal.pk])
    assert target not in page(technician, conference)
    with time_machine.travel(THREE, tick=False):
        shown = page(technician, conference)
        assert (f'name="room" value="{own}"' in shown, "<select" in shown) == (True, False)
        assert f'<option value="{other}">' in page(world.secretary, conference)
        answers = {"room": own, "picture": "pass", "sound": "fail", "line": "pass", "note": "Micro rè"}
        for values in (answers, {**answers, "room": other}, {**answers, "line": "perhaps"}, {**answers, "room": "x"}):
            client(technician).post(target, values)
        grid = client(technician).get(reverse("rehearsal-grid", args=[rehearsal.pk])).content.decode()
    assert list(SiteCheck.objects.exclude(recorded_at=None).values_list("site", "sound", "line", "note")) == [
        (world.sites[2].pk, "fail", "pass", "Micro rè")
    ]
    assert ("Micro rè" in grid, "1 failed" in grid, "0 of 3 sites good" in grid) == (True, True, True)


def test_an_outsider_finds_nothing(world, conference):
    rehearsal = planned(world, conference)
    found = [
        client(world.outsider).get(reverse("rehearsal-new", args=[conference.pk])).status_code,
        client(world.outsider).get(reverse("rehearsal-move", args=[rehearsal.pk])).status_code,
        client(world.outsider).post(reverse("rehearsal-cancel", args=[rehearsal.pk])).status_code,
        client(world.outsider).post(reverse("rehearsal-record", args=[rehearsal.pk])).status_code,
        client(world.outsider).get(reverse("rehearsal-grid", args=[rehearsal.pk])).status_code,
    ]
    assert found == [404] * 5


def test_the_page_costs_the_same_for_one_rehearsal_and_three(world, conference, django_assert_num_queries):
    for hour in ("13:00", "14:00", "15:00"):
        times = {**HOURS, "start_time": hour, "end_time": f"{hour[:2]}:30"}
        client(world.secretary).post(reverse("rehearsal-new", args=[conference.pk]), times)
        reader = client(world.secretary)
        with django_assert_num_queries(QUERIES):
            reader.get(reverse("conference", args=[conference.pk]))
    assert Rehearsal.objects.count() == 3


QUERIES = 25


def test_the_rooms_by_hour_show_it_to_whom_it_concerns_and_busy_to_others(world, conference):
    planned(world, conference)
    url = reverse("timeline") + "?day=2026-11-24"
    mine, theirs = (client(user).get(url).content.decode() for user in (world.secretary, world.outsider))
    assert ("Rehearsal: Giao ban" in mine, "Giao ban" in theirs, "Busy" in theirs) == (True, False, True)
