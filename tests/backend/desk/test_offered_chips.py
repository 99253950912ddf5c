"""Beside the busy hours the booking page offers the best ones, and what would make a wish possible."""

import pytest
import time_machine
from django.test import Client

from backend.desk.booking import BookingForm
from tests.factories import NOW, World, make_world

pytestmark = pytest.mark.django_db
URL = "/conferences/new/hours/"


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):  # Monday 08:00
        yield


@pytest.fixture
def world() -> World:
    return make_world(localities=4)


def book(api, world: World, *sites: int) -> dict:
    body = {
        "title": "Giao ban",
        "type": "briefing",
        "start": "2026-11-25T14:00:00+07:00",
        "end": "2026-11-25T15:00:00+07:00",
        "sites": [world.sites[n].pk for n in sites],
        "chair": "Chánh Văn phòng",
    }
    answer = api(world.secretary).post("/api/v1/conferences/", body, format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def hours(user, world: World, **asked):
    """What the page shows for a wish at 14:00 with the province and its localities."""
    client = Client()
    client.force_login(user)
    wish = {"day": "2026-11-25", "start_time": "14:00", "end_time": "15:00"}
    answer = client.get(URL, {**wish, "sites": [site.pk for site in world.sites[1:]], **asked})
    assert answer.status_code == 200
    return answer


def test_the_best_hours_are_chips_with_their_reason(api, world):
    answer = hours(world.secretary, world)
    offers = [(f"{o.start:%a %H:%M}", f"{o.end:%H:%M}", o.why) for o in answer.context["offers"]]
    assert offers == [
        ("Wed 07:30", "08:30", "the soonest good hour, in the morning, half an hour free before and after"),
        ("Thu 07:30", "08:30", "in the morning, half an hour free before and after"),
        ("Fri 07:30", "08:30", "in the morning, half an hour free before and after"),
    ]
    assert 'data-hour data-day="2026-11-25" data-start="07:30" data-end="08:30"' in answer.content.decode()
    assert answer.context["sacrifice"] is None


def test_the_sites_that_stand_in_the_way_can_be_left_out(api, world):
    code = book(api, world, 2, 3)["code"]
    answer = hours(world.secretary, world)
    sites = [world.sites[2], world.sites[3]]
    assert answer.context["sacrifice"].sites == {site.pk: site.name for site in sites}
    page = answer.content.decode()
    assert f'data-leave-out="{sites[0].pk} {sites[1].pk} "' in page
    assert "Leave out 2 sites, Xã 1, Xã 2: then 14:00 fits" in page
    assert f"{code} · Giao ban" in page
    strangers = hours(world.outsider, world).content.decode()
    assert "Leave out 2 sites, Xã 1, Xã 2: then 14:00 fits" in strangers
    assert code not in strangers


def test_where_most_are_taken_nothing_is_to_be_left_out(api, world):
    book(api, world, 1, 2, 3, 4)
    assert hours(world.secretary, world).context["sacrifice"] is None


def test_a_conference_that_is_changed_does_not_stand_in_its_own_way(api, world):
    made = book(api, world, 2, 3)
    answer = hours(world.secretary, world, conference=made["id"])
    assert (answer.context["sacrifice"], answer.context["board"].clashes) == (None, 0)
    assert hours(world.secretary, world).context["board"].clashes == 2


def test_of_very_many_rooms_those_that_clash_are_drawn_first(api, world, monkeypatch):
    monkeypatch.setattr("backend.desk.pages.booking.MOST_LANES", 2)
    book(api, world, 3, 4, 5)
    answer = hours(world.secretary, world)
    board = answer.context["board"]
    assert ([lane.room.site for lane in board.lanes], len(board.hidden)) == (world.sites[3:5], 3)
    assert board.clashes == 3
    assert "and 3 more" in answer.content.decode()


def test_a_site_that_nobody_knows_is_no_choice(api, world):
    form = BookingForm({"sites": ["999999"]}, user=world.secretary)
    assert form.errors["sites"][0] == "Select a valid choice. 999999 is not one of the available choices."


def test_without_rooms_or_hours_nothing_is_offered(api, world):
    for asked in ({"sites": []}, {"end_time": ""}):
        assert "offers" not in hours(world.secretary, world, **asked).context


def test_two_sites_and_five_cost_the_same(api, world, django_assert_num_queries):
    book(api, world, 3)
    for sites in (world.sites[2:4], world.sites[1:]):
        with django_assert_num_queries(34):
            hours(world.secretary, world, sites=[site.pk for site in sites])
