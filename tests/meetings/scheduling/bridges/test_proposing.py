"""Choosing sites: which bridge reaches all, whom it cannot reach, and what helps."""

import pytest

from meetings.sites.models import Room
from tests.factories import make_bridge, make_room, make_site, make_unit

ASKED = {"start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T10:00:00+07:00"}


@pytest.fixture
def rooms(world) -> list[Room]:
    """Province, commune 1, commune 2: the last speaks a carrier's system alone."""
    rooms = [site.default_room for site in world.sites[1:]]
    for room, speaks in zip(rooms, (["sip", "h323"], ["sip"], ["vnpt"]), strict=True):
        Room.objects.filter(pk=room.pk).update(platforms=speaks)
    return rooms


def bridge(world, name, platforms, ports=10, **values):
    made = make_bridge(values.pop("unit", world.province), ports, name=name, **values)
    made.platforms = platforms
    made.save()
    return made


def ask(api, user, world, **values):
    body = {**ASKED, "sites": [site.pk for site in world.sites[1:]], **values}
    answer = api(user).post("/api/v1/bridges/proposal/", body, format="json")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_the_bridge_that_reaches_all_is_proposed(api, world, rooms):
    both = bridge(world, "MCU 2", ["sip", "vnpt"], ports=7)
    told = ask(api, world.secretary, world)
    assert told["bridge"] == {"id": both.pk, "name": "MCU 2", "platforms": ["sip", "vnpt"], "free_ports": 7}
    assert (told["unreached"], told["gateway"]) == ([], None)
    assert [(other["name"], other["unreached"]) for other in told["others"]] == [("MCU", 1)]


def test_who_cannot_be_reached_is_named_with_a_neighbours_free_room(api, world, rooms, book):
    near = make_room(world.sites[3], "Hội trường", platforms=["sip"])
    told = ask(api, world.secretary, world)
    [cut] = told["unreached"]
    assert (cut["site_name"], cut["platforms"]) == ("Xã 2", ["vnpt"])
    assert (cut["neighbour"]["room"], cut["neighbour"]["site_name"]) == (near.pk, "Xã 2")
    book(sites=[], rooms=[near.pk])  # it is taken now; the sister commune has another
    sister = make_site(make_unit("Xã 3", world.localities[0].level, world.province), "xa-3")
    Room.objects.filter(site=sister).update(platforms=["sip"])
    [cut] = ask(api, world.secretary, world)["unreached"]
    assert cut["neighbour"]["site_name"] == "Xã 3"


def test_a_gateway_is_proposed(api, world, rooms):
    gateway = bridge(world, "Cổng VNPT", ["sip", "vnpt"], ports=2, gateway=True)
    told = ask(api, world.secretary, world)
    assert (told["bridge"]["name"], told["gateway"]["id"]) == ("MCU", gateway.pk)
    assert ([room["site_name"] for room in told["by_gateway"]], told["unreached"]) == (["Xã 2"], [])


def test_rooms_of_which_nothing_is_known_are_named(api, world):
    told = ask(api, world.secretary, world)
    assert (len(told["unknown"]), told["unreached"]) == (3, [])


def test_only_free_ports_count(api, world, rooms, book):
    bridge(world, "MCU 2", ["sip", "vnpt"], ports=5)
    book(bridge=world.bridge.pk)
    assert [b["free_ports"] for b in ask(api, world.secretary, world)["others"]] == [7]
    later = {"start": "2026-11-25T10:00:00+07:00", "end": "2026-11-25T11:00:00+07:00"}
    assert [b["free_ports"] for b in ask(api, world.secretary, world, **later)["others"]] == [10]


@pytest.mark.parametrize("change", ["out_of_order", "inactive", "small", "not_cleared"])
def test_a_bridge_that_cannot_be_used_is_not_proposed(api, world, rooms, change):
    made = bridge(world, "MCU 2", ["sip", "vnpt"], ports=2 if change == "small" else 9)
    world.bridge.delete()
    if change == "out_of_order":
        api(world.admin).post(f"/api/v1/bridges/{made.pk}/report/", {"works": False}, format="json")
    elif change == "inactive":
        made.active = False
        made.save()
    told = ask(api, world.secretary, world, secret=change == "not_cleared")
    assert (told["bridge"], told["others"]) == (None, [])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"end": ASKED["start"]}, "end_before_start"),
        ({"sites": []}, "no_place"),
        ({"sites": [10**9]}, "unknown"),
        ({"start": "morgen"}, "invalid"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(api, world, wrong, code):
    body = {**ASKED, "sites": [world.sites[1].pk], **wrong}
    answer = api(world.secretary).post("/api/v1/bridges/proposal/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_who_has_no_role_is_told_nothing(api, world, rooms):
    body = {**ASKED, "sites": [world.sites[1].pk]}
    assert api(world.an_user).post("/api/v1/bridges/proposal/", body, format="json").status_code == 400
    assert api().post("/api/v1/bridges/proposal/", body, format="json").status_code == 401


def test_the_cost_does_not_grow(api, world, rooms, django_assert_num_queries):
    client = api(world.secretary)
    client.get("/api/v1/bridges/")
    for round_ in range(2):
        with django_assert_num_queries(10):
            ask(lambda user: client, world.secretary, world)
        for n in range(3):
            bridge(world, f"MCU {round_} {n}", ["sip"])
            site = make_site(make_unit(f"Xã {round_} {n}", world.localities[0].level, world.province), f"x{round_}{n}")
            Room.objects.filter(site=site).update(platforms=["vnpt"])
            world.sites.append(site)
