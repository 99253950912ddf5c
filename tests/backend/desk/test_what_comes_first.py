"""A page shows first what its reader works with and what needs somebody."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from backend.accounts.models import Role
from meetings.links.rules import State
from tests.factories import NOW, World, make_user, make_world
from tests.meetings.links.factories import make_line

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def book(world: World, **values) -> None:
    form = {
        "title": "Giao ban",
        "type": "briefing",
        "secrecy": "none",
        "day": "2026-11-23",
        "start_time": "09:00",
        "end_time": "10:00",
        "convening_unit": world.province.pk,
        "chair_name": "Chánh Văn phòng",
        "sites": [world.sites[1].pk],
        **values,
    }
    assert signed_in(world.leader).post(reverse("conference-new"), form).status_code == 302


BOARD = {
    Role.SECRETARIAT: (["conferences", "lines", "guests"], False),
    Role.DUTY_ENGINEER: (["conferences", "lines"], False),
    Role.KITCHEN: (["conferences", "guests"], True),
}


@pytest.mark.parametrize("role", BOARD)
def test_the_board_shows_what_the_role_works_with(world, role):
    answer = signed_in(make_user("someone", world.province, role)).get("/")
    assert (answer.context["shown"], answer.context["house_first"]) == BOARD[role]


def test_a_part_that_comes_anew_brings_its_tile_along(world):
    book(world)
    client = signed_in(world.leader)
    whole = client.get("/").content.decode()
    part = client.get("/today/conferences/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-swap-oob="true"' not in whole
    assert part.count('id="tile-conferences" hx-swap-oob="true"') == 1
    assert "next at 09:00" in part


def test_rooms_in_use_come_first_and_can_stand_alone(world):
    book(world)
    client = signed_in(world.secretary)

    def rooms(**asked: str) -> list[str]:
        return [lane.room.site.name for lane in client.get(reverse("timeline"), asked).context["board"].lanes]

    assert rooms() == ["Tỉnh Lạng Sơn", "Trung ương", "Xã 1", "Xã 2"]
    assert rooms(used="on") == ["Tỉnh Lạng Sơn"]


def test_the_busy_hours_name_the_clashes_first(world):
    book(world)
    wish = {"day": "2026-11-23", "start_time": "09:30", "end_time": "11:00", "sites": [s.pk for s in world.sites]}
    board = signed_in(world.secretary).get(reverse("conference-hours"), wish).context["board"]
    assert [(lane.room.site.name, lane.clashes) for lane in board.lanes][:2] == [
        ("Tỉnh Lạng Sơn", True),
        ("Trung ương", False),
    ]
    assert board.clashes == 1


def test_the_worst_lines_come_first(world):
    for site, state in zip(world.sites[1:], (State.UP, State.DEGRADED, State.DOWN), strict=True):
        make_line(site, f"{site.code}-1", state=state, since=NOW, measured_at=NOW)
    answer = signed_in(world.secretary).get(reverse("lines"))
    assert [standing.site.name for standing in answer.context["standings"]] == ["Xã 2", "Xã 1", "Tỉnh Lạng Sơn"]


def test_a_site_without_a_line_has_a_page_too(world):
    page = reverse("site", args=[world.sites[2].pk])
    assert "No line here" in signed_in(world.secretary).get(page).content.decode()
    assert signed_in(world.outsider).get(page).status_code == 404
