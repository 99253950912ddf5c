"""Lists cost the same for one row and for three, and are pages."""

import pytest
import time_machine

from backend.accounts.models import Group
from tests.factories import NOW, World, make_bridge, make_person, make_room, make_unit, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def book(api, world: World, hour: int) -> None:
    body = {
        "title": "Giao ban",
        "type": "briefing",
        "start": f"2026-11-25T{hour:02}:00:00+07:00",
        "end": f"2026-11-25T{hour:02}:30:00+07:00",
        "sites": [world.sites[1].pk],
        "chair": "Chánh Văn phòng",
    }
    assert api(world.secretary).post("/api/v1/conferences/", body, format="json").status_code == 201


ADD = {
    "conferences": book,
    "people": lambda api, world, n: make_person(f"Người {n}", world.department),
    "groups": lambda api, world, n: Group.objects.create(name=f"Nhóm {n}", unit=world.department),
    "rooms": lambda api, world, n: make_room(world.sites[1], f"Phòng {n}"),
    "units": lambda api, world, n: make_unit(f"Sở {n}", world.department.level, world.province),
    "bridges": lambda api, world, n: make_bridge(world.province, name=f"MCU {n}"),
}
QUERIES = {"conferences": 4, "people": 4, "groups": 5, "rooms": 4, "units": 3, "bridges": 4}


@pytest.mark.parametrize("name", ADD)
def test_one_row_and_three_cost_the_same(api, world, django_assert_num_queries, name):
    client = api(world.secretary)
    ADD[name](api, world, 8)
    for rows in (1, 3):
        with django_assert_num_queries(QUERIES[name]):
            answer = client.get(f"/api/v1/{name}/")
        assert (answer.status_code, sorted(answer.json())) == (200, ["next", "previous", "results"])
        assert len(answer.json()["results"]) >= rows
        ADD[name](api, world, 8 + 2 * rows)
        ADD[name](api, world, 9 + 2 * rows)


def test_a_long_list_comes_in_pages(api, world):
    for n in range(60):
        make_person(f"Người {n:02}", world.department)
    client = api(world.secretary)
    first = client.get("/api/v1/people/").json()
    assert (len(first["results"]), first["previous"]) == (50, None)
    second = client.get(first["next"]).json()
    assert (len(second["results"]), second["next"]) == (10, None)
    assert len(client.get("/api/v1/people/?page_size=200").json()["results"]) == 60
    assert client.get("/api/v1/people/?page=x").json()["code"] == "bad_page"


def test_sites_are_found_by_level_parent_and_old_name(api, world):
    world.sites[2].unit.old_names = "Xã Gia Cát, huyện Cao Lộc"
    world.sites[2].unit.save()
    client = api(world.secretary)

    def names(query: str) -> list[str]:
        return [site["name"] for site in client.get(f"/api/v1/sites/?{query}").json()["results"]]

    assert names("level=commune") == ["Xã 1", "Xã 2"]
    assert names("level=central,provincial") == ["Trung ương", "Tỉnh Lạng Sơn"]
    assert names(f"parent={world.province.pk}") == ["Xã 1", "Xã 2"]
    assert names("search=cao loc") == ["Xã 1"]
    assert names("search=HUYỆN CAO LỘC") == ["Xã 1"]
    assert client.get("/api/v1/sites/?parent=x").json()["code"] == "bad_id"


def test_free_slots_and_availability(api, world):
    book(api, world, 9)
    client, site = api(world.secretary), world.sites[1]
    query = "from=2026-11-25T08:00:00%2B07:00&to=2026-11-25T12:00:00%2B07:00&minutes=60"
    answer = client.get(f"/api/v1/free-slots/?sites={site.pk}&{query}").json()
    assert answer == {
        "slots": [
            {"start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T09:00:00+07:00"},
            {"start": "2026-11-25T09:30:00+07:00", "end": "2026-11-25T12:00:00+07:00"},
        ],
        "best": [
            {
                "start": "2026-11-25T10:00:00+07:00",
                "end": "2026-11-25T11:00:00+07:00",
                "score": 100,
                "reasons": ["soonest", "morning", "room_around"],
                "why": "the soonest good hour, in the morning, half an hour free before and after",
            }
        ],
        "leave_out": [],
        "busiest": [{"room": site.default_room_id, "name": f"{site.default_room.name} ({site.name})", "minutes": 30}],
    }
    day = client.get(f"/api/v1/availability/?date=2026-11-25&site={site.pk}").json()["results"]
    assert [(row["room"], [period["held_by"] for period in row["busy"]]) for row in day] == [
        (site.default_room_id, [f"HN-2026-{row_id(api, world):04} · Giao ban"])
    ]
    blind = api(world.outsider).get(f"/api/v1/availability/?date=2026-11-25&site={site.pk}").json()["results"]
    assert [period["held_by"] for period in blind[0]["busy"]] == [None]


def row_id(api, world) -> int:
    return api(world.secretary).get("/api/v1/conferences/").json()["results"][0]["id"]
