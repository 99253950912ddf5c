"""Hosting a delegation by the pages."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from backend.accounts.models import Role
from backend.reservations.models import Pool, Resource
from guesthouse.catering.models import Kitchen, MealService
from guesthouse.stays.models import Delegation, GuestRoom, House, Stay
from tests.factories import NOW, World, make_user, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    world = make_world()
    house = House.objects.create(name="Nhà khách tỉnh", unit=world.province)
    for number in ("101", "102"):
        resource = Resource.objects.create(kind="guest_room", name=number, unit=world.province)
        GuestRoom.objects.create(house=house, floor=1, number=number, beds=2, resource=resource)
    pool = Pool.objects.create(kind="covers", name="Bếp", unit=world.province, capacity=10)
    Kitchen.objects.create(name="Bếp", unit=world.province, house=house, pool=pool)
    return world


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_delegation(client: Client) -> Delegation:
    client.post(
        reverse("delegation-new"),
        {
            "name": "Đoàn Cục Bưu điện",
            "arrival": "2026-11-24T15:00",
            "departure": "2026-11-26T09:00",
            "members": "Hoàng Thử Nghiệm; Cục trưởng\nLý Ví Dụ; Chuyên viên; ăn chay\nNông Văn Mẫu",
        },
    )
    return Delegation.objects.get()


def test_a_delegation_gets_rooms_in_the_order_of_its_list_and_a_dinner(world):
    client = signed_in(make_user("nhakhach", world.province, Role.GUESTHOUSE))
    delegation = make_delegation(client)
    assert list(delegation.members.values_list("name", "role", "diet")) == [
        ("Hoàng Thử Nghiệm", "head", ""),
        ("Lý Ví Dụ", "member", "ăn chay"),
        ("Nông Văn Mẫu", "member", ""),
    ]
    rooms = list(GuestRoom.objects.order_by("number").values_list("pk", flat=True))
    client.post(reverse("delegation-rooms", args=[delegation.pk]), {"rooms": rooms})
    stays = Stay.objects.order_by("guest_room__number")
    assert [(s.guest_room.number, s.members.count(), s.start.isoformat()) for s in stays] == [
        ("101", 2, "2026-11-24T07:00:00+00:00"),
        ("102", 1, "2026-11-24T07:00:00+00:00"),
    ]
    meal = {"kind": "dinner", "day": "2026-11-24", "time": "18:00", "servings": "3"}
    client.post(reverse("delegation-meal", args=[delegation.pk]), meal)
    assert list(MealService.objects.values_list("kind", "servings")) == [("dinner", 3)]
    assert client.get(reverse("delegation", args=[delegation.pk])).status_code == 200
    rack = client.get(reverse("guesthouse"), {"day": "2026-11-23"}).content.decode()
    assert rack.count("Đoàn Cục Bưu điện") == 2
    assert 'data-var-from="1.583" data-var-to="3.500"' in rack


def test_too_many_covers_are_refused_with_the_reason_and_nothing_is_ordered(world):
    client = signed_in(world.secretary)
    delegation = make_delegation(client)
    meal = {"kind": "dinner", "day": "2026-11-24", "time": "18:00", "servings": "11"}
    answer = client.post(reverse("delegation-meal", args=[delegation.pk]), meal)
    assert answer.status_code == 409
    assert "Bếp" in answer.content.decode()
    assert MealService.objects.count() == 0


def test_an_outsider_finds_no_delegation(world):
    delegation = make_delegation(signed_in(world.secretary))
    outsider = signed_in(world.outsider)
    assert outsider.get(reverse("delegation", args=[delegation.pk])).status_code == 404
    assert "Bưu điện" not in outsider.get(reverse("delegations")).content.decode()
