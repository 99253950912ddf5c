"""Hours that all rooms have in common, the best first; and the rooms without which there would be more."""

from datetime import timedelta

import pytest
import time_machine

from backend.common.periods import Period
from backend.reservations.models import Reservation
from backend.units.models import Figure, SpecialDay
from meetings.scheduling import occupancy
from meetings.scheduling.figures import SETUP_MINUTES, TEARDOWN_MINUTES
from meetings.sites.models import Room
from tests.factories import NOW, World, make_room, make_world

pytestmark = pytest.mark.django_db
URL = "/api/v1/free-slots/"


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):  # Monday 08:00
        yield


@pytest.fixture
def world() -> World:
    return make_world(localities=4)


def book(api, world: World, start: str, end: str, *sites: int) -> str:
    """In the afternoon or morning of the Wednesday; answers the code."""
    body = {
        "title": "Giao ban",
        "type": "briefing",
        "start": f"2026-11-25T{start}:00+07:00",
        "end": f"2026-11-25T{end}:00+07:00",
        "sites": [world.sites[n].pk for n in sites],
        "chair": "Chánh Văn phòng",
    }
    answer = api(world.secretary).post("/api/v1/conferences/", body, format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()["code"]


def ask(api, user, world: World, **values) -> dict:
    body = {
        "sites": [site.pk for site in world.sites[1:]],
        "from": "2026-11-25T00:00:00+07:00",
        "to": "2026-11-27T00:00:00+07:00",
        "minutes": 120,
        **values,
    }
    answer = api(user).post(URL, body, format="json")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_the_best_hours_come_first_with_their_reasons(api, world):
    book(api, world, "08:00", "10:30", 1)
    found = ask(api, world.secretary, world)
    assert found["best"] == [
        {
            "start": "2026-11-26T07:30:00+07:00",
            "end": "2026-11-26T09:30:00+07:00",
            "score": 98,
            "reasons": ["morning", "room_around"],
            "why": "in the morning, half an hour free before and after",
        },
        {
            "start": "2026-11-25T13:30:00+07:00",
            "end": "2026-11-25T15:30:00+07:00",
            "score": 95,
            "reasons": ["soonest", "afternoon", "room_around"],
            "why": "the soonest good hour, in the afternoon, half an hour free before and after",
        },
        {
            "start": "2026-11-26T13:30:00+07:00",
            "end": "2026-11-26T15:30:00+07:00",
            "score": 93,
            "reasons": ["afternoon", "room_around"],
            "why": "in the afternoon, half an hour free before and after",
        },
        {
            "start": "2026-11-25T11:00:00+07:00",
            "end": "2026-11-25T13:00:00+07:00",
            "score": 70,
            "reasons": ["room_around", "over_lunch"],
            "why": "half an hour free before and after, over lunch",
        },
    ]


def test_what_is_set_up_before_and_cleared_away_after_fits_too(api, world):
    book(api, world, "10:00", "11:00", 1)
    Figure.objects.filter(key=SETUP_MINUTES).update(value=20)
    Figure.objects.filter(key=TEARDOWN_MINUTES).update(value=5)
    day = {"from": "2026-11-25T08:00:00+07:00", "to": "2026-11-25T12:00:00+07:00", "minutes": 30}
    found = ask(api, world.secretary, world, **day)
    assert [(slot["start"][11:16], slot["end"][11:16]) for slot in found["slots"]] == [
        ("08:00", "09:55"), ("11:20", "12:00"),
    ]  # fmt: skip
    assert found["busiest"][0]["minutes"] == 60


@pytest.mark.parametrize("level", ["province", "centre"])
def test_days_off_of_the_callers_unit_and_of_those_above_it_count(api, world, level):
    SpecialDay.objects.create(unit=getattr(world, level), day="2026-11-25", kind=SpecialDay.Kind.OFF, name="Nghỉ bù")
    found = ask(api, world.secretary, world)["best"]
    assert (found[0]["start"], found[0]["reasons"][0]) == ("2026-11-26T07:30:00+07:00", "soonest")
    assert {row["start"][:10] for row in found if "day_off" in row["reasons"]} == {"2026-11-25"}
    elsewhere = ask(api, world.outsider, world)["best"][0]["start"]
    assert elsewhere == {"province": "2026-11-25", "centre": "2026-11-26"}[level] + "T07:30:00+07:00"


def test_without_the_few_that_are_taken_the_hour_is_free(api, world):
    code = book(api, world, "14:00", "16:00", 2, 3)
    wish = {"from": "2026-11-25T14:00:00+07:00", "to": "2026-11-25T16:00:00+07:00"}
    found = ask(api, world.secretary, world, **wish)
    assert (found["slots"], found["best"]) == ([], [])
    rooms = [world.sites[n].default_room for n in (2, 3)]
    assert found["leave_out"] == [
        {
            "start": "2026-11-25T14:00:00+07:00",
            "end": "2026-11-25T16:00:00+07:00",
            "rooms": [
                {
                    "room": room.pk,
                    "site": room.site_id,
                    "name": f"{room.name} ({room.site.name})",
                    "held_by": f"{code} · Giao ban",
                }
                for room in rooms
            ],
        }
    ]
    by_outsider = ask(api, world.outsider, world, **wish)["leave_out"][0]["rooms"]
    assert [(row["room"], row["held_by"]) for row in by_outsider] == [(room.pk, None) for room in rooms]


def test_an_hour_at_which_most_are_taken_is_not_offered(api, world):
    book(api, world, "14:00", "16:00", 1, 2, 3, 4)
    wish = {"from": "2026-11-25T14:00:00+07:00", "to": "2026-11-25T16:00:00+07:00"}
    assert ask(api, world.secretary, world, **wish)["leave_out"] == []


def test_a_named_room_stands_for_its_site(api, world):
    book(api, world, "08:00", "10:00", 1)
    hall = make_room(world.sites[1], "Hội trường")
    wish = {"from": "2026-11-25T08:00:00+07:00", "to": "2026-11-25T10:00:00+07:00"}
    sites = [world.sites[1].pk, world.sites[2].pk]
    assert ask(api, world.secretary, world, sites=sites, **wish)["slots"] == []
    assert len(ask(api, world.secretary, world, sites=sites, rooms=[hall.pk], **wish)["slots"]) == 1
    assert len(ask(api, world.secretary, world, sites=[], rooms=[hall.pk], **wish)["slots"]) == 1


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"sites": [999_999]}, "unknown", "sites"),
        ({"sites": [], "rooms": [999_999]}, "unknown", "rooms"),
        ({"sites": []}, "no_place", "sites"),
        ({"sites": ["x"]}, "invalid", "sites"),
        ({"sites": [0]}, "invalid", "sites"),
        ({"sites": [2**63]}, "invalid", "sites"),
        ({"sites": [True]}, "invalid", "sites"),
        ({"sites": "12"}, "invalid", "sites"),
        ({"sites": list(range(1, 5002))}, "invalid", "sites"),
    ],
)
def test_places_that_nobody_knows_are_refused(api, world, values, code, field):
    body = {"from": "2026-11-25T00:00:00+07:00", "to": "2026-11-26T00:00:00+07:00", "minutes": 60, **values}
    answer = api(world.secretary).post(URL, body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert list(answer.json()["errors"]) == [field]


def test_a_site_named_twice_or_without_a_room_is_refused(api, world):
    period = {"from": "2026-11-25T00:00:00+07:00", "to": "2026-11-26T00:00:00+07:00", "minutes": 60}
    site = world.sites[1]
    twice = api(world.secretary).post(URL, {**period, "sites": [site.pk, site.pk]}, format="json")
    assert twice.json()["code"] == "doubled"
    Room.objects.filter(pk=site.default_room_id).update(active=False)
    without = api(world.secretary).post(URL, {**period, "sites": [site.pk]}, format="json")
    assert without.json()["code"] == "site_without_room"


@pytest.fixture
def busy_week(api, world: World) -> list[int]:
    """Rooms held by conferences, by something else, and by what has run out; their resources."""
    book(api, world, "08:00", "10:00", 1, 2, 3)
    book(api, world, "10:00", "11:30", 4)
    book(api, world, "16:00", "17:30", 2, 3, 4, 5)
    resources = [site.default_room.resource_id for site in world.sites]
    rows = [(resources[0], 2, 3, "rehearsal", None), (resources[1], 5, 6, "conference", NOW - timedelta(hours=1))]
    rows += [(resources[3], 6, 7, "stay", NOW + timedelta(hours=1))]
    for resource, first, last, kind, expires in rows:
        during = (NOW + timedelta(days=1, hours=first), NOW + timedelta(days=1, hours=last))
        Reservation.objects.create(
            resource_id=resource, during=during, holder_kind=kind, holder_id=77, expires_at=expires
        )
    return resources


def test_many_rooms_are_asked_by_holder_with_the_same_answer(busy_week, monkeypatch):
    within = Period(NOW, NOW + timedelta(days=5))

    def takings():
        rows, whole = occupancy.takings(busy_week, within, NOW)
        assert whole
        return [(row.start, row.end, row.holder_kind, set(row.resources), row.many) for row in rows]

    room_by_room = takings()
    assert len(room_by_room) == 5
    monkeypatch.setattr(occupancy, "ROOM_BY_ROOM", 1)
    assert takings() == room_by_room


def test_of_a_holder_of_very_many_rooms_not_all_are_named(busy_week, monkeypatch):
    monkeypatch.setattr(occupancy, "ROOM_BY_ROOM", 0)
    monkeypatch.setattr(occupancy, "SHOWN", 3)
    rows, whole = occupancy.takings(busy_week, Period(NOW, NOW + timedelta(days=5)), NOW)
    assert not whole
    assert sorted((len(row.resources), row.many) for row in rows) == [
        (1, False), (1, False), (1, False), (3, True), (3, True),
    ]  # fmt: skip


@pytest.mark.parametrize("room_by_room", [64, 0])
def test_two_sites_and_five_cost_the_same(api, world, busy_week, room_by_room, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(occupancy, "ROOM_BY_ROOM", room_by_room)
    client = api(world.secretary)
    for sites in (world.sites[3:5], world.sites[1:]):
        body = {
            "sites": [site.pk for site in sites],
            "from": "2026-11-25T08:00:00+07:00",
            "to": "2026-11-25T18:00:00+07:00",
            "minutes": 60,
        }
        with django_assert_num_queries(10):
            assert client.post(URL, body, format="json").status_code == 200


@pytest.mark.parametrize("room_by_room", [64, 0])
def test_a_day_of_all_rooms_shows_what_holds_them(
    api, world, busy_week, room_by_room, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(occupancy, "ROOM_BY_ROOM", room_by_room)
    monkeypatch.setattr(occupancy, "SHOWN", 1)
    make_room(world.sites[4], 'Z "A\\B"', equipment=["màn hình"])
    for date, queries in (("2026-11-24", 5), ("2026-11-25", 6)):
        client = api(world.secretary)
        with django_assert_num_queries(queries):
            rows = client.get(f"/api/v1/availability/?date={date}").json()["results"]
        assert len(rows) == 7
    codes = [
        [f"{period['start'][11:]}–{period['end'][11:]} {period['held_by'][13:]}" for period in row["busy"]]
        for row in rows
    ]
    assert [row["site_name"] for row in rows] == [
        "Trung ương", "Tỉnh Lạng Sơn", "Xã 1", "Xã 2", "Xã 3", "Xã 3", "Xã 4",
    ]  # fmt: skip
    early, late, middle = (
        "01:00:00Z–03:00:00Z · Giao ban",
        "09:00:00Z–10:30:00Z · Giao ban",
        "03:00:00Z–04:30:00Z · Giao ban",
    )
    assert codes == [[], [early], [early, late], [early, late], [middle, late], [], [late]]
    assert (rows[5]["name"], rows[5]["equipment"]) == ('Z "A\\B"', ["màn hình"])
    assert set(rows[1]["busy"][0]) == {"start", "end", "held_by", "conference"}
    hidden = api(world.outsider).get("/api/v1/availability/?date=2026-11-25").json()["results"]
    assert [period["held_by"] for row in hidden for period in row["busy"]] == [None] * 8
