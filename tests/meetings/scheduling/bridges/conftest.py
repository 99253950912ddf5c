"""A BigBlueButton of our own on loopback, and conferences whose bridge is set up."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from backend.outbox import services as outbox
from meetings.scheduling import bridging
from meetings.scheduling.bridge_models import BridgeSetup
from tests.factories import NOW, World, make_person, make_user, make_world
from tests.meetings.scheduling.bridges.server import SECRET, Bbb, serve


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def bbb() -> Iterator[Bbb]:
    bbb = Bbb()
    server = serve(bbb)
    yield bbb
    server.shutdown()
    server.server_close()


@pytest.fixture
def world(db: None) -> World:
    """With two people of the province, the first of whom has an account without a role."""
    world = make_world()
    world.an = make_person("Nguyễn Văn An", world.department, "an@langson.example")
    world.binh = make_person("Trần Thị Bình", world.department, "binh@langson.example")
    world.an_user = make_user("an", person=world.an)
    return world


@pytest.fixture
def set_up(world: World) -> Callable[..., BridgeSetup]:
    def save(adapter: str, **values: str) -> BridgeSetup:
        return bridging.save_setup(actor=world.admin, bridge=world.bridge, adapter=adapter, values=values, now=NOW)

    return save


@pytest.fixture
def on_bbb(set_up: Callable, bbb: Bbb) -> Bbb:
    set_up("bigbluebutton", url=bbb.url, secret=SECRET, digest="sha256")
    return bbb


@pytest.fixture
def book(api: Callable, world: World) -> Callable[..., dict]:
    """Booked by the leader, so it is approved at once; on Wednesday 08:00 to 10:00."""

    def post(**values: Any) -> dict:
        body = {
            "title": "Hội nghị trực tuyến quý IV",
            "type": "review",
            "start": "2026-11-25T08:00:00+07:00",
            "end": "2026-11-25T10:00:00+07:00",
            "sites": [site.pk for site in world.sites[1:]],
            "chair": {"person": world.an.pk},
            "participants": [{"person": world.binh.pk}],
            **values,
        }
        answer = api(world.leader).post("/api/v1/conferences/", body, format="json")
        assert answer.status_code == 201, answer.json()
        return answer.json()

    return post


@pytest.fixture
def access(api: Callable) -> Callable[..., dict]:
    """`access(user, made)` → what the API tells that user of how the conference is joined."""

    def get(user: object, made: dict) -> dict:
        answer = api(user).get(f"/api/v1/conferences/{made['id']}/access/")
        assert answer.status_code == 200, answer.json()
        return answer.json()

    return get


def call_all() -> None:
    """Run the bridge calls that are due."""
    while outbox.call():
        pass


def at(clock: Any, text: str) -> None:
    clock.move_to(datetime.fromisoformat(text))
