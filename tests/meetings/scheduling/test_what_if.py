"""A refusal that offers another room and another bridge, and the same as a question that writes nothing."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.models import Role
from backend.audit.models import Entry
from backend.reservations.models import Hold, Reservation
from meetings.scheduling.models import Conference
from tests.factories import NOW, World, make_bridge, make_endpoint, make_room, make_technician, make_user, make_world
from tests.meetings.links.factories import make_core, make_line, make_pop, make_trunk
from tests.meetings.scheduling.test_book import END, START, body

pytestmark = pytest.mark.django_db
CHECK = "/api/v1/conferences/check/"
NOTHING = {"free": True, "conflicts": [], "alternatives": [], "rooms": [], "bridges": []}


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def book(client, world: World, **values) -> dict:
    answer = client.post("/api/v1/conferences/", body(world, **values), format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def refused(client, world: World, **values) -> dict:
    answer = client.post("/api/v1/conferences/", body(world, **values), format="json")
    assert answer.status_code == 409, answer.json()
    return answer.json()


def ask(client, path: str = CHECK, **values) -> dict:
    answer = client.post(path, {"start": START, "end": END, **values}, format="json")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_a_busy_room_brings_free_rooms_of_its_site_the_fitting_ones_first(api, world):
    client, site = api(world.secretary), world.sites[1]
    large, small, busy = make_room(site, "Hội trường", 250), make_room(site, "Phòng nhỏ", 12), make_room(site, "Bận")
    make_room(site, "Đóng cửa", active=False)
    make_room(world.sites[2], "Nơi khác")
    book(client, world, sites=[], rooms=[site.default_room_id, busy.pk], bridge=None)
    problem = refused(client, world, sites=[site.pk])
    assert problem["rooms"] == [
        {"room": large.pk, "name": "Hội trường (Tỉnh Lạng Sơn)", "instead_of": site.default_room_id},
        {"room": small.pk, "name": "Phòng nhỏ (Tỉnh Lạng Sơn)", "instead_of": site.default_room_id},
    ]
    assert problem["bridges"] == []
    book(client, world, sites=[], rooms=[large.pk])


def test_no_room_is_offered_whose_endpoint_or_whose_sites_technician_is_taken(api, world):
    client, site = api(world.secretary), world.sites[1]
    other, third = make_room(site, "Phòng 2"), make_room(site, "Phòng 3")
    endpoint = make_endpoint(site, "Codec", other)
    book(client, world, sites=[], rooms=[site.default_room_id], bridge=None)
    wish = {"sites": [], "rooms": [site.default_room_id], "bridge": world.bridge.pk}
    assert [offer["room"] for offer in refused(client, world, **wish)["rooms"]] == [other.pk, third.pk]
    period = Reservation.objects.get().during
    Reservation.objects.create(resource=endpoint.resource, during=period, holder_kind="repair", holder_id=1)
    assert [offer["room"] for offer in refused(client, world, **wish)["rooms"]] == [third.pk]
    technician = make_technician(site, "Nông Thị Đỗ Quyên")
    Reservation.objects.create(resource=technician.resource, during=period, holder_kind="leave", holder_id=1)
    assert refused(client, world, **wish)["rooms"] == []


def test_full_ports_bring_a_bridge_that_has_enough_and_whose_lines_are_free(api, world):
    client = api(world.leader)
    small, far = make_bridge(world.province, 2, name="Nhỏ"), make_bridge(world.centre, 20, name="MCU trung ương")
    make_bridge(world.province, 50, name="Hỏng", active=False)
    world.bridge.pool.capacity = 3
    world.bridge.pool.save()
    problem = refused(client, world, bridge=world.bridge.pk)
    assert [(c["kind"], c["left"], c["held_by"]) for c in problem["conflicts"]] == [("ports", 3, None)]
    assert problem["bridges"] == [{"bridge": far.pk, "name": "MCU trung ương"}]
    assert small.pool.capacity == 2
    hub, core = make_pop("POP tỉnh"), make_core()
    for number, site in enumerate(world.sites[1:]):
        make_line(site, f"X-{number}", b=hub)
    make_line(world.sites[0], "TW-1", b=core)
    make_trunk(world.province, "TRUC", a=hub, b=core, capacity_mbps=4)  # three sites would need six
    assert refused(client, world, bridge=world.bridge.pk)["bridges"] == []


def test_who_holds_the_ports_is_told_to_those_who_see_it_alone(api, world):
    world.bridge.pool.capacity = 3
    world.bridge.pool.save()
    first = book(api(world.secretary), world, sites=[site.pk for site in world.sites[1:3]])
    wish = {"sites": [], "rooms": [world.sites[3].default_room_id, world.sites[0].default_room_id]}
    mine = refused(api(world.secretary), world, **wish)
    theirs = refused(api(world.outsider), world, bridge=world.bridge.pk, **wish)
    name = f"{first['code']} · Hội nghị trực tuyến quý IV"
    assert [(c["held_by"], c["left"]) for c in mine["conflicts"]] == [(name, 1)]
    assert [(c["held_by"], c["left"]) for c in theirs["conflicts"]] == [(None, 1)]


def test_the_question_answers_like_the_refusal_and_writes_nothing(api, world):
    client, site = api(world.secretary), world.sites[1]
    make_room(site, "Phòng 2")
    assert ask(client, sites=[site.pk]) == NOTHING
    book(client, world, sites=[site.pk])
    before = (Conference.objects.count(), Reservation.objects.count(), Hold.objects.count(), Entry.objects.count())
    with CaptureQueriesContext(connection) as asked:
        answer = ask(client, sites=[site.pk])
    assert [q["sql"] for q in asked if not q["sql"].lstrip().upper().startswith(("SELECT", "SET "))] == []
    problem = refused(client, world, sites=[site.pk])
    assert answer == {"free": False, **{key: problem[key] for key in NOTHING if key != "free"}}
    assert len(answer["rooms"]) == 1
    after = (Conference.objects.count(), Reservation.objects.count(), Hold.objects.count(), Entry.objects.count())
    assert after == before


def test_what_if_a_conference_stood_at_another_hour(api, world):
    client = api(world.leader)
    first = book(client, world)
    second = book(client, world, start="2026-11-25T13:00:00+07:00", end="2026-11-25T15:00:00+07:00")
    url = f"/api/v1/conferences/{second['id']}/check/"
    later = {"start": "2026-11-25T14:00:00+07:00", "end": "2026-11-25T16:00:00+07:00"}
    assert ask(client, url, **later) == NOTHING  # its own rooms are in nobody's way
    taken = ask(client, url)
    assert {conflict["held_by"] for conflict in taken["conflicts"]} == {f"{first['code']} · Hội nghị trực tuyến quý IV"}
    assert taken["alternatives"][0] == {"start": "2026-11-25T03:00:00+00:00", "end": "2026-11-25T05:00:00+00:00"}
    assert Conference.objects.get(pk=second["id"]).sequence == 0


def test_only_who_may_move_it_may_ask_and_an_outsider_finds_nothing(api, world):
    made = book(api(world.leader), world)
    url = f"/api/v1/conferences/{made['id']}/check/"
    hours = {"start": START, "end": END}
    watcher = make_user("watcher", world.province, Role.DUTY_ENGINEER)
    assert api(world.secretary).post(url, hours, format="json").status_code == 200
    assert api(watcher).post(url, hours, format="json").status_code == 403
    assert api(world.outsider).post(url, hours, format="json").status_code == 404
    assert api(watcher).post(CHECK, {**hours, "sites": [world.sites[1].pk]}, format="json").status_code == 403
    assert api().post(CHECK, hours, format="json").status_code == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"end": START}, "end"),
        ({"sites": []}, "sites"),
        ({"sites": [999_999]}, "sites"),
        ({"start": "2026-11-20T08:00:00+07:00"}, "start"),
        ({"bridge": 12345}, "bridge"),
        ({"start": None}, "start"),
    ],
)
def test_a_bad_question_names_its_field(api, world, change, field):
    wish = {"start": START, "end": END, "sites": [world.sites[1].pk], **change}
    answer = api(world.secretary).post(CHECK, wish, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_refusal_of_many_rooms_takes_no_more_statements_than_of_one(api):
    world = make_world(localities=6, ports=20)
    for site in world.sites:
        make_room(site, "Phòng 2")
    client = api(world.secretary)
    book(client, world)
    counts = []
    for number in (2, 4, 8):
        with CaptureQueriesContext(connection) as asked:
            answer = ask(client, sites=[site.pk for site in world.sites[:number]])
        assert (len(answer["conflicts"]), len(answer["rooms"])) == (number, number)
        counts.append(len(asked))
    assert counts == [QUERIES] * 3


QUERIES = 18
