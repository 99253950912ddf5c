"""Which rooms are free, and the rack."""

from datetime import date, timedelta

import pytest

from backend.reservations.claims import Claim, Holder
from backend.reservations.services import reserve
from guesthouse.stays.queries import RackStay, nights, rack, vacancies
from tests.factories import NOW
from tests.guesthouse.houses import make_delegation, make_guest_room, make_house, make_stay

pytestmark = pytest.mark.django_db
URL = "/api/v1/guest-rooms/"
NIGHTS = {"from": "2026-11-25", "to": "2026-11-27"}


def test_anybody_of_the_staff_sees_what_is_free_and_what_is_not(api, place):
    make_stay(place, make_delegation(place))
    for user in (place.clerk, place.colleague, place.outsider):
        rows = api(user).get(URL, NIGHTS).json()["results"]
        assert [(r["number"], r["free"]) for r in rows] == [("101", False), ("102", True), ("201", True)]
    assert rows[0] == {
        "id": place.rooms[0].pk,
        "house": place.house.pk,
        "house_name": "Nhà khách Tỉnh",
        "floor": 1,
        "number": "101",
        "beds": 2,
        "type": "standard",
        "features": [],
        "free": False,
    }
    assert api().get(URL, NIGHTS).status_code == 401


def test_only_the_free_ones(api, place):
    make_stay(place, make_delegation(place))
    client = api(place.clerk)
    assert [r["number"] for r in client.get(URL, {**NIGHTS, "free": "true"}).json()["results"]] == ["102", "201"]
    assert [r["number"] for r in client.get(URL, {**NIGHTS, "free": "true", "beds": 3}).json()["results"]] == ["201"]
    assert client.get(URL, {**NIGHTS, "free": "true", "house": 0}).json()["results"] == []
    later = {"from": "2026-11-27T12:00:00+07:00", "to": "2026-11-28T12:00:00+07:00", "free": "true"}
    assert [r["number"] for r in client.get(URL, later).json()["results"]] == ["101", "102", "201"]


def test_without_times_nothing_is_said_about_them(api, place):
    assert {r["free"] for r in api(place.clerk).get(URL).json()["results"]} == {None}
    assert api(place.clerk).get(f"{URL}{place.rooms[0].pk}/").json()["free"] is None


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": "2026-11-27", "to": "2026-11-27"}, "to"),
        ({"from": "2026-11-27", "to": "2026-11-25"}, "to"),
        ({"from": "mai", "to": "2026-11-25"}, "from"),
        ({"from": "2026-11-25"}, "to"),
        ({"to": "2026-11-25"}, "from"),
        ({"free": "true"}, "from"),
        ({"beds": "hai"}, "beds"),
        ({"house": "-1"}, "house"),
    ],
)
def test_bad_questions_name_the_field(api, place, asked, field):
    answer = api(place.clerk).get(URL, asked)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_the_list_does_not_grow_with_the_rooms(api, place, django_assert_num_queries):
    client = api(place.clerk)
    for count in (3, 9):
        while place.house.rooms.count() < count:
            make_guest_room(place.house, f"4{place.house.rooms.count():02}")
        with django_assert_num_queries(8):  # session, user, grants, two figures, rooms, what is taken, list
            assert len(client.get(URL, NIGHTS).json()["results"]) == count


def test_vacancies_of_two_nights(place):
    make_stay(place, make_delegation(place), room=1)
    free = vacancies(place.clerk, nights(date(2026, 11, 26), date(2026, 11, 28)), NOW)
    assert [room.number for room in free] == ["101", "201"]


def test_the_rack_shows_every_room_with_its_stays(place, django_assert_num_queries):
    delegation = make_delegation(place)
    one = make_stay(place, delegation, room=0, end="2026-11-26T12:00:00+07:00")
    two = make_stay(place, make_delegation(place, name="Đoàn Sở Y tế"), room=0, start="2026-11-26T14:00:00+07:00")
    rack(place.clerk, date(2026, 11, 25), 14, NOW)
    with django_assert_num_queries(1):
        rows = rack(place.clerk, date(2026, 11, 25), 14, NOW)
    assert [(r.number, r.floor, r.beds, r.type, r.house) for r in rows] == [
        ("101", 1, 2, "standard", "Nhà khách Tỉnh"),
        ("102", 1, 2, "standard", "Nhà khách Tỉnh"),
        ("201", 2, 3, "standard", "Nhà khách Tỉnh"),
    ]
    assert [r.stays for r in rows[1:]] == [[], []]
    assert rows[0].stays == [
        RackStay(one.start, one.end, one.pk, delegation.pk, "Đoàn Cục Bưu điện"),
        RackStay(two.start, two.end, two.pk, two.delegation_id, "Đoàn Sở Y tế"),
    ]


def test_the_rack_ends_with_its_last_day(place):
    stay = make_stay(place, make_delegation(place))  # 25th 14:00 to 27th 12:00
    seen = [len(rack(place.clerk, date(2026, 11, day), 1, NOW)[0].stays) for day in (24, 25, 26, 27, 28)]
    assert seen == [0, 1, 1, 1, 0]
    assert rack(place.clerk, date(2026, 11, 26), 1, NOW)[0].stays[0].start == stay.start


def test_an_outsider_sees_that_it_is_taken_and_nothing_else(place):
    stay = make_stay(place, make_delegation(place))
    rows = rack(place.outsider, date(2026, 11, 25), 3, NOW)
    assert rows[0].stays == [RackStay(stay.start, stay.end, None, None, "")]


def test_the_rack_of_one_house_and_what_else_takes_a_room(place):
    far = make_house(place.world.other, "Nhà khách Xa")
    room = make_guest_room(far, "1")
    period = nights(date(2026, 11, 25), date(2026, 11, 26))
    reserve(holder=Holder("repair", 1), resources=[Claim(room.resource_id, period)], now=NOW)
    reserve(
        holder=Holder("repair", 2), resources=[Claim(place.rooms[0].resource_id, period)],
        expires_at=NOW + timedelta(minutes=1), now=NOW,
    )  # fmt: skip
    rows = rack(place.clerk, date(2026, 11, 25), 1, NOW + timedelta(minutes=1), house_id=far.pk)
    assert [(r.number, [(s.stay_id, s.label) for s in r.stays]) for r in rows] == [("1", [(None, "")])]
    own = rack(place.clerk, date(2026, 11, 25), 1, NOW + timedelta(minutes=1), house_id=place.house.pk)
    assert [r.stays for r in own] == [[], [], []]
