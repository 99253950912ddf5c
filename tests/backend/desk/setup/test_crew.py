"""Setting up endpoints and technicians."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from backend.accounts.models import Role
from backend.audit.models import Entry
from backend.reservations.models import Hold, Reservation, Resource
from meetings.sites.models import Endpoint, Technician
from tests.factories import NOW, World, make_endpoint, make_person, make_user, make_world
from tests.meetings.links.factories import make_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """The owner administers the province, the outsider another one, the colleague administers nothing."""
    world = make_world()
    world.owner = make_user("owner", world.province, Role.ADMIN)
    world.stranger = make_user("stranger", world.other, Role.ADMIN)
    return world


def store(user, key: str, pk: int | None = None, **values):
    client = Client()
    client.force_login(user)
    url = reverse("setup-edit", args=[key, pk]) if pk else reverse("setup-new", args=[key])
    return client.post(url, {"active": "on", **values})


def errors(answer) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return {field: list(texts) for field, texts in answer.context["form"].errors.items()}


def test_an_endpoint_comes_with_its_resource_and_its_name_goes_along(world):
    site = world.sites[1]
    values = {"site": site.pk, "room": site.default_room_id, "platform": "h323", "address": "10.20.1.5"}
    assert store(world.owner, "endpoints", name="Codec 1", **values).status_code == 302
    endpoint = Endpoint.objects.get()
    assert (endpoint.resource.kind, endpoint.resource.name, endpoint.resource.unit) == (
        "endpoint",
        "Codec 1",
        world.province,
    )
    assert store(world.owner, "endpoints", endpoint.pk, name="Codec A", **values).status_code == 302
    assert list(Resource.objects.filter(kind="endpoint").values_list("name", flat=True)) == ["Codec A"]
    assert list(Entry.objects.order_by("pk").values_list("act", flat=True)) == ["endpoint.create", "endpoint.change"]


def test_a_room_of_another_site_and_a_name_twice_are_refused(world):
    site, other = world.sites[1:3]
    elsewhere = store(world.owner, "endpoints", name="Codec", site=site.pk, room=other.default_room_id, platform="sip")
    assert errors(elsewhere) == {"room": ["This room belongs to another site."]}
    store(world.owner, "endpoints", name="Codec", site=site.pk, platform="sip")
    twice = store(world.owner, "endpoints", name="Codec", site=site.pk, platform="sip")
    assert errors(twice) == {"name": ["This is taken already; choose another."]}
    assert Endpoint.objects.count() == 1


def test_a_person_looks_after_one_site(world):
    person = make_person("Nông Thị Đỗ Quyên", world.localities[0])
    assert store(world.owner, "technicians", site=world.sites[2].pk, person=person.pk).status_code == 302
    assert Technician.objects.get().resource.name == "Nông Thị Đỗ Quyên"
    assert list(errors(store(world.owner, "technicians", site=world.sites[1].pk, person=person.pk))) == ["person"]


def test_neither_a_colleague_without_the_right_nor_an_outsider_may(world):
    values = {"name": "Codec", "site": world.sites[1].pk, "platform": "sip"}
    assert store(world.secretary, "endpoints", **values).status_code in (403, 404)
    assert list(errors(store(world.stranger, "endpoints", **values))) == ["site"]
    assert Endpoint.objects.count() == 0


def test_what_a_conference_has_is_taken_out_of_use_and_what_nobody_had_goes(world):
    site = world.sites[1]
    used, spare = make_endpoint(site, "Codec 1"), make_endpoint(site, "Codec 2")
    line = make_line(site, "LS-1")
    period = (NOW, NOW + timedelta(hours=1))
    Reservation.objects.create(resource=used.resource, during=period, holder_kind="conference", holder_id=1)
    Hold.objects.create(pool=line.pool, amount=2048, during=period, holder_kind="conference", holder_id=1)
    client = Client()
    client.force_login(world.owner)
    for key, row in (("endpoints", used), ("endpoints", spare), ("lines", line)):
        assert client.post(reverse("setup-remove", args=[key, row.pk])).status_code == 302
    assert list(Endpoint.objects.values_list("name", "active")) == [("Codec 1", False)]
    assert list(Resource.objects.filter(kind="endpoint").values_list("name", flat=True)) == ["Codec 1"]
    line.refresh_from_db()
    assert line.active is False
