"""Giving rooms to a delegation, moving it, and what is offered when a room is taken."""

import pytest

from backend.audit.models import Entry
from backend.reservations.models import Reservation
from guesthouse.stays.models import Stay
from guesthouse.stays.rules import StayRequest
from guesthouse.stays.services import book_stays
from tests.factories import NOW, Role, make_user
from tests.guesthouse.houses import END, START, make_delegation, make_guest_room, make_house, make_stay, moment

pytestmark = pytest.mark.django_db
URL = "/api/v1/stays/"


@pytest.fixture
def delegation(place):
    return make_delegation(place)


def body(place, party, **values) -> dict:
    members = list(party.members.values_list("pk", flat=True))
    asked = {"delegation": party.pk, "guest_room": place.rooms[0].pk, "members": members}
    return {**asked, "start": START, "end": END, **values}


def test_a_room_is_given_whole_and_its_members_share_it(api, place, delegation):
    asked = body(place, delegation)
    answer = api(place.clerk).post(URL, asked, format="json")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert made == {
        **asked,
        "id": made["id"],
        "delegation_name": "Đoàn Cục Bưu điện",
        "room_number": "101",
        "house": place.house.pk,
        "house_name": "Nhà khách Tỉnh",
        "status": "booked",
        "version": 1,
    }
    row = Reservation.objects.get()
    assert (row.resource_id, row.holder_kind, row.holder_id) == (place.rooms[0].resource_id, "stay", made["id"])
    assert (row.during.lower, row.during.upper) == (moment(START), moment(END))
    shown = api(place.clerk).get(f"/api/v1/delegations/{delegation.pk}/").json()["stays"]
    assert shown == [made]


def test_a_day_alone_means_the_hours_of_the_house(api, place, delegation):
    made = (
        api(place.clerk).post(URL, body(place, delegation, start="2026-11-25", end="2026-11-27"), format="json").json()
    )
    assert (made["start"], made["end"]) == ("2026-11-25T14:00:00+07:00", "2026-11-27T12:00:00+07:00")


def test_a_taken_room_says_who_has_it_and_offers_nights_and_rooms(api, place, delegation):
    make_stay(place, delegation)
    other = make_delegation(place, name="Đoàn Sở Y tế")
    answer = api(place.clerk).post(URL, body(place, other), format="json")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    problem = answer.json()
    assert problem["code"] == "conflict"
    assert problem["detail"] == "Not free at that time: Room 101 (Nhà khách Tỉnh). Nothing was booked."
    assert problem["conflicts"] == [
        {
            "kind": "guest_room",
            "resource": place.rooms[0].pk,
            "name": "Room 101 (Nhà khách Tỉnh)",
            "start": "2026-11-25T07:00:00+00:00",
            "end": "2026-11-27T05:00:00+00:00",
            "held_by": "Đoàn Cục Bưu điện",
        }
    ]
    # two nights more do not fit between the 27th and the departure of the 28th: the first free nights are shown anyway
    assert problem["alternatives"] == [
        {"start": f"2026-11-{a}T07:00:00+00:00", "end": f"2026-11-{b}T05:00:00+00:00", "within_delegation": False}
        for a, b in ((23, 25), (27, 29), (28, 30))
    ]
    assert problem["other_rooms"] == [
        {"guest_room": place.rooms[1].pk, "name": "Room 102 (Nhà khách Tỉnh)", "beds": 2},
        {"guest_room": place.rooms[2].pk, "name": "Room 201 (Nhà khách Tỉnh)", "beds": 3},
    ]
    assert Stay.objects.count() == 1


def test_what_is_offered_can_be_booked(api, place, delegation):
    make_stay(place, delegation, start="2026-11-25T14:00:00+07:00", end="2026-11-26T12:00:00+07:00")
    other, client = make_delegation(place, name="Đoàn Sở Y tế"), api(place.clerk)
    night = {"start": "2026-11-25T14:00:00+07:00", "end": "2026-11-26T12:00:00+07:00"}
    problem = client.post(URL, body(place, other, **night), format="json").json()
    assert [a["within_delegation"] for a in problem["alternatives"]] == [True, True]
    for offered in problem["alternatives"]:
        offered.pop("within_delegation")
    first, room = problem["alternatives"][0], problem["other_rooms"][0]["guest_room"]
    people = [m.pk for m in other.members.all()]
    one = client.post(URL, body(place, other, **first, members=people[:1]), format="json")
    two = client.post(URL, body(place, other, **night, guest_room=room, members=people[1:]), format="json")
    assert (one.status_code, two.status_code) == (201, 201)


def test_only_rooms_with_beds_enough_in_houses_of_ones_own_are_offered(api, place):
    far = make_house(place.world.other, "Nhà khách Xa")
    make_guest_room(far, "101", beds=4)
    make_stay(place, make_delegation(place), room=2)
    three = make_delegation(place, members=3)
    answer = api(place.clerk).post(URL, body(place, three, guest_room=place.rooms[2].pk), format="json")
    assert (answer.status_code, answer.json()["other_rooms"]) == (409, [])


def test_back_to_back_nights_fit_and_one_hour_less_does_not(api, place, delegation):
    make_stay(place, delegation, end="2026-11-26T12:00:00+07:00")
    other, client = make_delegation(place), api(place.clerk)
    early = client.post(URL, body(place, other, start="2026-11-26T11:59:00+07:00"), format="json")
    exact = client.post(URL, body(place, other, start="2026-11-26T12:00:00+07:00"), format="json")
    assert (early.status_code, exact.status_code) == (409, 201)


def test_a_member_has_one_room_at_a_time(api, place, delegation):
    make_stay(place, delegation, end="2026-11-26T12:00:00+07:00")
    client, room = api(place.clerk), place.rooms[1].pk
    twice = client.post(URL, body(place, delegation, guest_room=room), format="json")
    assert (twice.status_code, twice.json()["code"], list(twice.json()["errors"])) == (
        400,
        "member_has_room",
        ["members"],
    )
    assert twice.json()["detail"] == "“Khách Mẫu 1” already has room 101 at that time."
    after = client.post(URL, body(place, delegation, guest_room=room, start="2026-11-26T12:00:00+07:00"), format="json")
    assert after.status_code == 201, after.json()


def test_a_cancelled_room_is_free_again(api, place, delegation):
    client = api(place.clerk)
    made = client.post(URL, body(place, delegation), format="json").json()
    gone = client.post(f"{URL}{made['id']}/cancel/")
    assert (gone.status_code, gone.json()["status"], gone["ETag"]) == (200, "cancelled", '"2"')
    again = client.post(f"{URL}{made['id']}/cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert Reservation.objects.count() == 0
    assert client.post(URL, body(place, delegation), format="json").status_code == 201


def test_a_stay_moves_to_another_room_and_other_nights(api, place, delegation):
    client = api(place.clerk)
    url = f"{URL}{client.post(URL, body(place, delegation), format='json').json()['id']}/"
    moved = client.patch(url, {"guest_room": place.rooms[1].pk, "end": "2026-11-28"}, format="json")
    assert (moved.status_code, moved.json()["room_number"], moved.json()["end"], moved.json()["version"]) == (
        200,
        "102",
        "2026-11-28T12:00:00+07:00",
        2,
    )
    row = Reservation.objects.get()
    assert (row.resource_id, row.during.upper) == (place.rooms[1].resource_id, moment("2026-11-28T12:00:00+07:00"))
    fewer = client.patch(url, {"members": moved.json()["members"][:1]}, format="json").json()
    assert fewer["members"] == moved.json()["members"][:1]


def test_a_move_that_does_not_fit_changes_nothing(api, place, delegation):
    make_stay(place, delegation, room=1)
    mine = make_stay(place, delegation, room=0)
    answer = api(place.clerk).patch(f"{URL}{mine.pk}/", {"guest_room": place.rooms[1].pk}, format="json")
    assert (answer.status_code, [r["guest_room"] for r in answer.json()["other_rooms"]]) == (409, [place.rooms[2].pk])
    assert Reservation.objects.get(holder_id=mine.pk).resource_id == place.rooms[0].resource_id
    assert Stay.objects.get(pk=mine.pk).version == 1


def test_a_delegation_of_24_gets_its_rooms_all_or_none(place):
    delegation = make_delegation(place, members=24)
    rooms = [*place.rooms[:2], *(make_guest_room(place.house, f"3{n:02}") for n in range(1, 11))]
    people = list(delegation.members.values_list("pk", flat=True))
    requests = [
        StayRequest(delegation.pk, room.pk, tuple(people[2 * n : 2 * n + 2]), moment(START), moment(END))
        for n, room in enumerate(rooms)
    ]
    make_stay(place, make_delegation(place), room=0)
    from backend.common.errors import Conflict

    with pytest.raises(Conflict):
        book_stays(actor=place.clerk, requests=requests, now=NOW)
    assert Reservation.objects.count() == 1
    requests[0] = StayRequest(delegation.pk, place.rooms[2].pk, tuple(people[:2]), moment(START), moment(END))
    assert len(book_stays(actor=place.clerk, requests=requests, now=NOW)) == 12
    assert (Reservation.objects.count(), delegation.members.filter(stays__status="booked").count()) == (13, 24)


def test_no_more_queries_for_more_members(api, place, django_assert_num_queries):
    big = make_guest_room(place.house, "301", beds=20)
    client = api(place.clerk)
    for count, start, end in ((1, "25", "26"), (3, "26", "27"), (20, "27", "28")):
        delegation = make_delegation(place, members=count)
        times = {"start": f"2026-11-{start}T14:00:00+07:00", "end": f"2026-11-{end}T12:00:00+07:00"}
        with django_assert_num_queries(21):
            answer = client.post(URL, body(place, delegation, guest_room=big.pk, **times), format="json")
        assert answer.status_code == 201, answer.json()


def test_the_list_takes_one_statement_more_for_all_members(api, place, django_assert_num_queries):
    client = api(place.clerk)
    for number in (1, 3):
        while Stay.objects.count() < number:
            make_stay(place, make_delegation(place), room=Stay.objects.count())
        with django_assert_num_queries(5):  # session, user, grants, stays, members
            rows = client.get(URL, {"status": "booked", "to": END, "from": START}).json()["results"]
        assert len(rows) == number


def test_owner_colleague_outsider(api, place, delegation):
    stay = make_stay(place, delegation)
    url = f"{URL}{stay.pk}/"
    assert [api(u).get(url).status_code for u in (place.clerk, place.colleague, place.outsider)] == [200, 200, 404]
    move = {"guest_room": place.rooms[1].pk}
    assert api(place.outsider).patch(url, move, format="json").status_code == 404
    assert api(place.outsider).post(f"{url}cancel/").status_code == 404
    assert api(place.outsider).get(URL).json()["results"] == []
    strange = api(place.outsider).post(URL, body(place, delegation, guest_room=place.rooms[1].pk), format="json")
    assert (strange.status_code, list(strange.json()["errors"])) == (400, ["delegation"])
    assert api(place.colleague).patch(url, move, format="json").status_code == 200
    assert api(place.colleague).post(f"{url}cancel/").status_code == 200


def test_an_outsider_learns_that_a_room_is_taken_but_not_by_whom(api, place, delegation):
    far = make_house(place.world.other, "Nhà khách Xa")
    room = make_guest_room(far, "101")
    clerk = make_user("far", place.world.other, Role.GUESTHOUSE)
    theirs = make_delegation(place, actor=clerk)
    body_there = body(place, theirs, guest_room=room.pk)
    assert api(clerk).post(URL, body_there, format="json").status_code == 201
    both = make_user("both", far.unit, Role.GUESTHOUSE)
    from backend.accounts.models import Grant

    Grant.objects.create(user=both, role=Role.GUESTHOUSE, unit=place.world.province)
    mine = body(place, delegation, guest_room=room.pk)
    assert api(both).post(URL, mine, format="json").json()["conflicts"][0]["held_by"] == "Đoàn Cục Bưu điện"
    refused = api(place.clerk).post(URL, mine, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_every_act_leaves_a_trail(api, place, delegation):
    client = api(place.clerk)
    url = f"{URL}{client.post(URL, body(place, delegation), format='json').json()['id']}/"
    client.patch(url, {"guest_room": place.rooms[1].pk}, format="json")
    client.post(f"{url}cancel/")
    trail = Entry.objects.filter(subject_kind="stay").order_by("id")
    assert list(trail.values_list("act", "before__number", "after__number")) == [
        ("stay.book", None, "101"),
        ("stay.move", "101", "102"),
        ("stay.cancel", None, "102"),
    ]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"end": START}, "end", "end_before_start"),
        ({"end": "2026-11-25T13:00:00+07:00"}, "end", "end_before_start"),
        ({"start": "2026-11-24T14:00:00+07:00"}, "start", "outside_delegation"),
        ({"end": "2026-11-29T12:00:00+07:00"}, "end", "outside_delegation"),
        ({"start": "2026-11-25T14:00:00"}, "start", "invalid"),
        ({"start": "2026-11-31"}, "start", "invalid"),
        ({"start": 5}, "start", "invalid"),
        ({"guest_room": 999999}, "guest_room", "unknown"),
        ({"guest_room": None}, "guest_room", "invalid"),
        ({"delegation": 999999}, "delegation", "unknown"),
        ({"members": []}, "members", "nobody"),
        ({"members": [999999]}, "members", "not_a_member"),
        ({"members": ["An"]}, "members.0", "invalid"),
        ({"members": None}, "members", "invalid"),
    ],
)
def test_bad_input_names_the_field(api, place, delegation, change, field, code):
    answer = api(place.clerk).post(URL, body(place, delegation, **change), format="json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, code, [field])
    assert (Stay.objects.count(), Reservation.objects.count()) == (0, 0)


def test_more_members_than_beds_strangers_and_doubles_are_refused(api, place):
    three, stranger = make_delegation(place, members=3), make_delegation(place, members=1).members.get()
    people = [m.pk for m in three.members.all()]
    answers = [
        api(place.clerk).post(URL, body(place, three, members=members), format="json")
        for members in (people, [people[0], stranger.pk], [people[0], people[0]])
    ]
    assert [(a.status_code, a.json()["code"], list(a.json()["errors"])) for a in answers] == [
        (400, "too_many", ["members"]),
        (400, "not_a_member", ["members"]),
        (400, "doubled", ["members"]),
    ]
    assert answers[0].json()["detail"] == "The room has 2 beds, but 3 members were named."


def test_nights_outside_the_delegations_days_are_refused_with_its_days(api, place, delegation):
    answer = api(place.clerk).post(URL, body(place, delegation, end="2026-11-29T12:00:00+07:00"), format="json")
    text = "The delegation is here from 25/11/2026 to 28/11/2026; the stay must lie within these days."
    assert answer.json()["errors"] == {"end": [text]}


def test_a_stay_that_began_before_today_is_refused_but_a_running_one_may_be_extended(api, place):
    import time_machine

    delegation = make_delegation(place, arrival=NOW)
    stay = make_stay(place, delegation, start="2026-11-23T14:00:00+07:00", end="2026-11-25T12:00:00+07:00")
    with time_machine.travel(moment("2026-11-25T09:00:00+07:00"), tick=False):
        client = api(place.clerk)
        late = client.post(
            URL, body(place, delegation, guest_room=place.rooms[1].pk, start="2026-11-24T14:00:00+07:00"), format="json"
        )
        assert (late.status_code, late.json()["code"]) == (400, "in_the_past")
        longer = client.patch(f"{URL}{stay.pk}/", {"end": "2026-11-26"}, format="json")
        assert (longer.status_code, longer.json()["end"]) == (200, "2026-11-26T12:00:00+07:00")


def test_a_cancelled_delegation_gets_no_room(api, place, delegation):
    client = api(place.clerk)
    client.post(f"/api/v1/delegations/{delegation.pk}/cancel/")
    answer = client.post(URL, body(place, delegation), format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_a_stay_keeps_its_delegation(api, place, delegation):
    stay, other = make_stay(place, delegation), make_delegation(place)
    answer = api(place.clerk).patch(f"{URL}{stay.pk}/", {"delegation": other.pk}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["delegation"])
    stale = api(place.clerk).post(f"{URL}{stay.pk}/cancel/", headers={"If-Match": '"7"'})
    assert stale.status_code == 412
