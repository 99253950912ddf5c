"""An administrator says how a bridge is reached; what is secret goes in and never comes out."""

import pytest
from django.urls import reverse

from backend.accounts.models import Role
from backend.common.sealing import unseal
from meetings.scheduling.bridge_models import BridgeSetup
from tests.backend.desk.setup.conftest import signed_in
from tests.factories import World, make_user, make_world

pytestmark = pytest.mark.django_db
KEY = "khoa-ky-thu-nghiem-0123456789-abcdef"
JITSI = {"url": "https://meet.langson.example", "app_id": "caunoi", "key": KEY}


@pytest.fixture
def world() -> World:
    world = make_world()
    world.owner = make_user("owner", world.province, Role.ADMIN)
    world.stranger = make_user("stranger", world.other, Role.ADMIN)
    return world


def page(world: World, kind: str = "") -> str:
    return reverse("setup-bridge-access", args=[world.bridge.pk]) + (f"?kind={kind}" if kind else "")


def test_it_opens_for_the_administrator_of_the_bridge_alone(world):
    assert signed_in(world.owner).get(page(world)).status_code == 200
    assert signed_in(world.stranger).get(page(world)).status_code == 404
    assert signed_in(world.secretary).get(page(world)).status_code == 404
    assert signed_in(world.stranger).post(page(world, "jitsi"), JITSI).status_code == 404
    assert BridgeSetup.objects.count() == 0


@pytest.mark.parametrize("kind", ["manual", "dial", "jitsi", "bigbluebutton"])
def test_each_kind_has_its_form(world, kind):
    assert f"?kind={kind}" in signed_in(world.owner).get(page(world, kind)).content.decode()


def test_what_is_stored_is_shown_but_for_the_secret(world):
    owner = signed_in(world.owner)
    assert owner.post(page(world, "jitsi"), JITSI).status_code == 302
    text = owner.get(page(world)).content.decode()
    assert ("https://meet.langson.example" in text, "It is stored and not shown" in text, KEY in text) == (
        True,
        True,
        False,
    )
    form = owner.get(reverse("setup-edit", args=["bridges", world.bridge.pk])).content.decode()
    assert ("Jitsi Meet · https://meet.langson.example" in form, KEY in form) == (True, False)


def test_an_empty_secret_keeps_the_stored_one(world):
    owner = signed_in(world.owner)
    owner.post(page(world, "jitsi"), JITSI)
    before = bytes(BridgeSetup.objects.get().sealed)
    assert owner.post(page(world, "jitsi"), {**JITSI, "key": "", "app_id": "khac"}).status_code == 302
    setup = BridgeSetup.objects.get()
    assert setup.settings["app_id"] == "khac"
    assert bytes(setup.sealed) != b""
    assert unseal(bytes(setup.sealed)) == unseal(before)


@pytest.mark.parametrize(("wrong", "text"), [({"key": "ngan"}, "At least 32 characters."), ({"url": "x"}, "https://…")])
def test_what_cannot_work_is_said_at_its_field(world, wrong, text):
    answer = signed_in(world.owner).post(page(world, "jitsi"), {**JITSI, **wrong})
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert BridgeSetup.objects.count() == 0
