"""The set-up opens for administrators alone, each inside what they administer."""

import pytest
from django.test import Client
from django.urls import reverse

from backend.accounts.models import Group, Role
from backend.desk.setup.kinds import KINDS
from backend.units.models import SpecialDay
from guesthouse.catering.models import Kitchen
from guesthouse.stays.models import GuestRoom, House
from meetings.links.models import AllowedTarget, Link, Node
from meetings.scheduling.gate_models import GateRule
from meetings.sites.models import Room
from tests.backend.desk.setup.conftest import signed_in
from tests.factories import World, make_person, make_user, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """The owner of the tests administers the province; the outsider another one."""
    world = make_world()
    world.owner = make_user("owner", world.province, Role.ADMIN)
    world.stranger = make_user("stranger", world.other, Role.ADMIN)
    return world


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("name", ["setup-list", "setup-new"])
def test_each_kind_opens_for_an_administrator_alone(world, key, name):
    url = reverse(name, args=[key])
    assert signed_in(world.owner).get(url).status_code == 200
    assert signed_in(world.secretary).get(url).status_code == 404
    assert signed_in(world.stranger).get(url).status_code == 200
    assert Client().get(url).status_code == 302


def test_the_way_through_opens_for_an_administrator_alone(world):
    assert signed_in(world.owner).get(reverse("setup")).status_code == 200
    assert signed_in(world.secretary).get(reverse("setup")).status_code == 404


@pytest.mark.parametrize("key", ["units", "sites", "rooms", "lines", "people", "groups", "accounts", "days"])
def test_the_sheet_of_a_kind_opens_for_an_administrator_alone(world, key):
    for name in ("setup-sheet", "setup-export"):
        url = reverse(name, args=[key])
        assert signed_in(world.owner).get(url).status_code == 200
        assert signed_in(world.secretary).get(url).status_code == 404


def rows_of(world: World) -> dict[str, object]:
    """One row of every kind inside the province."""
    person = make_person("Đàm Văn Mẫu", world.department)
    group = Group.objects.create(name="Lãnh đạo", unit=world.province)
    account = make_user("thuky", world.department, Role.SECRETARIAT)
    node = Node.objects.create(kind="core", name="Lõi")
    AllowedTarget.objects.create(unit=world.province, network="10.0.0.0/8")
    signed_in(world.owner).post(reverse("setup-new", args=["lines"]), line_data(world, node))
    house = House.objects.create(name="Nhà khách", unit=world.province)
    owner = signed_in(world.owner)
    owner.post(
        reverse("setup-new", args=["guest-rooms"]),
        {"house": house.pk, "number": "101", "floor": 1, "beds": 2, "type": "standard", "active": "on"},
    )
    owner.post(
        reverse("setup-new", args=["kitchens"]),
        {"name": "Bếp", "unit": world.province.pk, "house": house.pk, "covers": 100, "active": "on"},
    )
    return {
        "units": world.department,
        "sites": world.sites[1],
        "rooms": Room.objects.get(site=world.sites[1]),
        "bridges": world.bridge,
        "targets": AllowedTarget.objects.get(),
        "lines": Link.objects.get(),
        "people": person,
        "groups": group,
        "accounts": account,
        "houses": house,
        "guest-rooms": GuestRoom.objects.get(),
        "kitchens": Kitchen.objects.get(),
        "rules": GateRule.objects.create(
            unit=world.province, check_code="agenda", article="Điều 7", effective_from="2026-01-01"
        ),
        "days": SpecialDay.objects.create(unit=world.province, day="2026-12-26", kind="worked", name="Làm bù"),
    }


def line_data(world: World, node: Node, **values) -> dict:
    return {
        "code": "ls-1",
        "role": "primary",
        "site": world.sites[1].pk,
        "b": node.pk,
        "carrier": "VNPT",
        "network": "tslcd2",
        "capacity_mbps": 50,
        "probe_kind": "icmp",
        "probe_host": "10.1.1.1",
        "probe_port": "0",
        "active": "on",
        **values,
    }


def test_a_row_of_another_administrator_is_not_there(world):
    rows = rows_of(world)
    owner, stranger = signed_in(world.owner), signed_in(world.stranger)
    for key, row in rows.items():
        url = reverse("setup-edit", args=[key, row.pk])
        assert (key, owner.get(url).status_code) == (key, 200)
        assert (key, stranger.get(url).status_code) == (key, 404)
        assert (key, stranger.post(url, {}).status_code) == (key, 404)
        assert (key, stranger.post(reverse("setup-remove", args=[key, row.pk])).status_code) == (key, 404)
        assert (key, signed_in(world.secretary).get(url).status_code) == (key, 404)
        assert f"/setup/{key}/{row.pk}/" not in stranger.get(reverse("setup-list", args=[key])).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_people_asks_the_same_number_of_queries_for_one_and_for_three(
    world, many, django_assert_num_queries
):
    for number in range(many):
        make_person(f"Đàm Văn {number}", world.department)
    client = signed_in(world.owner)
    client.get(reverse("setup-list", args=["people"]))
    with django_assert_num_queries(5):  # session, account, rights, count, rows
        assert client.get(reverse("setup-list", args=["people"])).status_code == 200
