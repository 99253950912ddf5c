"""A conference takes its media rate on every line between its sites and the bridge."""

import pytest
import time_machine

from backend.reservations.models import Hold, Reservation
from meetings.links.models import Link
from meetings.links.services import save_link
from meetings.scheduling.models import Conference
from tests.factories import NOW, World, make_bridge, make_room, make_world
from tests.meetings.links.factories import allow, make_core, make_line, make_pop, make_trunk
from tests.meetings.scheduling.test_book import body

pytestmark = pytest.mark.django_db
RATE = 2048


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    """The centre at the core, the province at its hub, both localities behind one trunk of 5 Mbit/s."""
    world = make_world()
    core, hub, pop = make_core(), make_pop("POP tỉnh"), make_pop("POP Cao Lộc")
    centre, province, *local = world.sites
    make_line(centre, "TW-1", b=core)
    make_line(province, "LS-1", b=hub)
    for number, site in enumerate(local):
        make_line(site, f"X-{number}", b=pop)
    make_trunk(world.province, "TRUC-TINH", a=hub, b=core, capacity_mbps=100)
    make_trunk(world.province, "TRUC-XA", a=pop, b=hub, capacity_mbps=5)
    return world


def held() -> dict[str, int]:
    return dict(Hold.objects.order_by("pk").values_list("pool__name", "amount"))


def test_every_line_on_the_way_is_held_and_freed_again(api, world):
    client = api(world.leader)
    made = client.post("/api/v1/conferences/", body(world), format="json").json()
    assert held() == {
        "MCU": 4,
        "Trung ương (TW-1)": RATE,
        "Tỉnh Lạng Sơn (LS-1)": RATE,
        "Xã 1 (X-0)": RATE,
        "Xã 2 (X-1)": RATE,
        "POP Cao Lộc – POP tỉnh": 2 * RATE,
        "POP tỉnh – Lõi TSLCD": RATE,
    }
    client.post(f"/api/v1/conferences/{made['id']}/cancel/", {"reason": "Hoãn"}, format="json")
    assert held() == {}


def test_without_video_no_line_is_taken(api, world):
    api(world.leader).post("/api/v1/conferences/", body(world, bridge=None), format="json")
    assert (Reservation.objects.count(), held()) == (4, {})


def test_a_full_trunk_refuses_and_names_itself_its_minute_and_its_holder(api, world):
    first, second = world.sites[2:]
    later = {"start": "2026-11-25T09:00:00+07:00", "end": "2026-11-25T11:00:00+07:00"}
    client = api(world.secretary)
    made = client.post(
        "/api/v1/conferences/", body(world, sites=[first.pk, second.pk], bridge=world.bridge.pk), format="json"
    ).json()
    other = make_room(first, "Hội trường xã 1")
    wish = body(world, sites=[first.pk], rooms=[other.pk], bridge=world.bridge.pk, **later)
    answer = client.post("/api/v1/conferences/", wish, format="json")
    assert answer.status_code == 409
    problem = answer.json()
    trunk = world.sites[2].links.get().b.pk
    assert problem["conflicts"] == [
        {
            "kind": "trunk",
            "resource": _trunk_from(trunk),
            "name": "POP Cao Lộc – POP tỉnh",
            "start": "2026-11-25T02:00:00+00:00",
            "end": "2026-11-25T04:00:00+00:00",
            "held_by": f"{made['code']} · Hội nghị trực tuyến quý IV",
            "left_mbps": 0.904,
        }
    ]
    assert problem["alternatives"][0] == {"start": "2026-11-25T03:00:00+00:00", "end": "2026-11-25T05:00:00+00:00"}
    assert Conference.objects.count() == 1
    by_outsider = api(world.outsider).post("/api/v1/conferences/", wish, format="json").json()
    assert [conflict["held_by"] for conflict in by_outsider["conflicts"]] == [None]


def _trunk_from(node: int) -> int:
    return Link.objects.get(site=None, a=node).pk


def test_a_bridge_at_the_core_moves_the_load_to_the_trunk_of_the_province(api, world):
    far = make_bridge(world.centre, name="MCU trung ương")
    sites = [site.pk for site in world.sites[1:]]
    api(world.leader).post("/api/v1/conferences/", body(world, sites=sites, bridge=far.pk), format="json")
    assert held()["POP tỉnh – Lõi TSLCD"] == 3 * RATE


def test_a_changed_capacity_holds_for_the_next_booking(api, world):
    allow(world.centre)
    trunk = Link.objects.get(code="TRUC-XA")
    trunk.capacity_mbps = 2
    save_link(actor=world.admin, link=trunk, now=NOW)
    sites = [world.sites[2].pk]
    answer = api(world.secretary).post(
        "/api/v1/conferences/", body(world, sites=sites, bridge=world.bridge.pk), format="json"
    )
    assert [(c["kind"], c["left_mbps"]) for c in answer.json()["conflicts"]] == [("trunk", 2.0)]
    assert answer.json()["alternatives"] == []
