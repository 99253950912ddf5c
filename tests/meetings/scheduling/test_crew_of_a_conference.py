"""Endpoints and technicians: taken with a conference over video, chosen among those that are free."""

import pytest
import time_machine

from backend.reservations.models import Reservation
from meetings.scheduling.models import Conference
from tests.factories import NOW, World, make_endpoint, make_room, make_technician, make_world
from tests.meetings.scheduling.test_book import body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def wish(world: World, *rooms, **values) -> dict:
    return body(world, sites=[], rooms=[room.pk for room in rooms], bridge=world.bridge.pk, **values)


def held(kind: str) -> list[tuple[str, int]]:
    rows = Reservation.objects.filter(resource__kind=kind).order_by("holder_id", "resource_id")
    numbers = {pk: number for number, pk in enumerate(Conference.objects.order_by("pk").values_list("pk", flat=True))}
    return [(row.resource.name, numbers[row.holder_id]) for row in rows.select_related("resource")]


def test_two_technicians_serve_two_conferences_and_the_third_is_refused_by_name(api, world):
    client, site = api(world.secretary), world.sites[1]
    rooms = [site.default_room, make_room(site, "Phòng 2"), make_room(site, "Phòng 3")]
    for name in ("Nông Thị Đỗ Quyên", "Vi Văn Hướng Dương"):
        make_technician(site, name)
    first = client.post("/api/v1/conferences/", wish(world, rooms[0]), format="json").json()
    later = {"start": "2026-11-25T09:00:00+07:00", "end": "2026-11-25T11:00:00+07:00"}
    client.post("/api/v1/conferences/", wish(world, rooms[1], **later), format="json")
    assert held("technician") == [("Nông Thị Đỗ Quyên", 0), ("Vi Văn Hướng Dương", 1)]

    early = {"start": "2026-11-25T09:00:00+07:00", "end": "2026-11-25T10:00:00+07:00"}
    answer = client.post("/api/v1/conferences/", wish(world, rooms[2], **early), format="json")
    assert answer.status_code == 409
    problem = answer.json()
    technician = site.technicians.get(person__name="Nông Thị Đỗ Quyên")
    assert problem["conflicts"] == [
        {
            "kind": "technician",
            "resource": technician.pk,
            "name": "Nông Thị Đỗ Quyên (Tỉnh Lạng Sơn)",
            "start": "2026-11-25T01:00:00+00:00",
            "end": "2026-11-25T03:00:00+00:00",
            "held_by": f"{first['code']} · Hội nghị trực tuyến quý IV",
        }
    ]
    assert [slot["start"] for slot in problem["alternatives"]] == [
        "2026-11-25T01:00:00+00:00",
        "2026-11-25T03:00:00+00:00",
        "2026-11-25T00:45:00+00:00",
    ]


def test_no_hour_is_offered_in_which_no_one_technician_is_free_throughout(api, world):
    """One is busy before ten, the other after: a conference across ten would need both."""
    client, site = api(world.secretary), world.sites[1]
    rooms = [site.default_room, make_room(site, "Phòng 2"), make_room(site, "Phòng 3")]
    for name in ("Nông Thị Đỗ Quyên", "Vi Văn Hướng Dương"):
        make_technician(site, name)

    def hours(start: str, end: str) -> dict:
        return {"start": f"2026-11-25T{start}:00+07:00", "end": f"2026-11-25T{end}:00+07:00"}

    client.post("/api/v1/conferences/", wish(world, rooms[0], **hours("07:00", "10:00")), format="json")
    client.post("/api/v1/conferences/", wish(world, rooms[1], **hours("07:00", "08:00")), format="json")
    client.post("/api/v1/conferences/", wish(world, rooms[1], **hours("10:00", "14:00")), format="json")
    assert held("technician") == [("Nông Thị Đỗ Quyên", 0), ("Vi Văn Hướng Dương", 1), ("Nông Thị Đỗ Quyên", 2)]
    Reservation.objects.filter(holder_id=Conference.objects.last().pk, resource__kind="technician").update(
        resource=site.technicians.get(person__name="Vi Văn Hướng Dương").resource
    )
    answer = client.post("/api/v1/conferences/", wish(world, rooms[2], **hours("09:00", "11:00")), format="json")
    assert [slot["start"] for slot in answer.json()["alternatives"]] == [  # 01:15 is nearer, and nobody's
        "2026-11-25T01:00:00+00:00",
        "2026-11-25T03:00:00+00:00",
        "2026-11-25T03:15:00+00:00",
    ]


def test_a_room_takes_its_own_endpoint_and_others_those_that_are_carried(api, world):
    site = world.sites[1]
    rooms = [site.default_room, make_room(site, "Phòng 2"), make_room(site, "Phòng 3")]
    make_endpoint(site, "Codec cố định", rooms[0])
    make_endpoint(site, "Bộ di động")
    client = api(world.secretary)
    client.post("/api/v1/conferences/", wish(world, rooms[0], rooms[1]), format="json")
    assert held("endpoint") == [("Codec cố định", 0), ("Bộ di động", 0)]
    answer = client.post("/api/v1/conferences/", wish(world, rooms[2]), format="json")
    assert [(c["kind"], c["name"]) for c in answer.json()["conflicts"]] == [("endpoint", "Bộ di động (Tỉnh Lạng Sơn)")]


def test_a_busy_room_is_named_once_and_not_its_endpoint_and_technician_again(api, world):
    site = world.sites[1]
    make_endpoint(site, "Codec cố định", site.default_room)
    make_technician(site, "Nông Thị Đỗ Quyên")
    client = api(world.secretary)
    client.post("/api/v1/conferences/", wish(world, site.default_room), format="json")
    answer = client.post("/api/v1/conferences/", wish(world, site.default_room), format="json")
    assert [conflict["kind"] for conflict in answer.json()["conflicts"]] == ["room"]


def test_without_video_nobody_else_is_taken_and_who_is_out_of_use_is_not(api, world):
    site = world.sites[1]
    make_endpoint(site, "Codec cố định", site.default_room)
    technician = make_technician(site, "Nông Thị Đỗ Quyên")
    client = api(world.secretary)
    client.post("/api/v1/conferences/", {**wish(world, site.default_room), "bridge": None}, format="json")
    assert held("endpoint") + held("technician") == []
    technician.active = False
    technician.save()
    later = {"start": "2026-11-25T13:00:00+07:00", "end": "2026-11-25T14:00:00+07:00"}
    client.post("/api/v1/conferences/", wish(world, site.default_room, **later), format="json")
    assert (held("endpoint"), held("technician")) == ([("Codec cố định", 1)], [])


def test_a_conference_keeps_its_technician_when_it_is_approved_or_moved(api, world):
    site = world.sites[1]
    for name in ("Nông Thị Đỗ Quyên", "Vi Văn Hướng Dương"):
        make_technician(site, name)
    other = make_room(site, "Phòng 2")
    client, leader = api(world.secretary), api(world.leader)
    first = client.post("/api/v1/conferences/", wish(world, site.default_room), format="json").json()
    second = client.post("/api/v1/conferences/", wish(world, other), format="json").json()
    leader.post(f"/api/v1/conferences/{first['id']}/cancel/", {"reason": "Hoãn"}, format="json")
    moved = leader.post(
        f"/api/v1/conferences/{second['id']}/reschedule/",
        {"start": "2026-11-25T08:30:00+07:00", "end": "2026-11-25T10:00:00+07:00"},
        format="json",
    )
    assert (moved.status_code, held("technician")) == (200, [("Vi Văn Hướng Dương", 1)])
