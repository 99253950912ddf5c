"""Entering a delegation, changing it, cancelling it."""

import pytest

from backend.audit.models import Entry
from backend.reservations.models import Hold, Reservation
from guesthouse.stays.models import Delegation, Member, Stay
from guesthouse.stays.queries import arrivals, departures
from tests.factories import NOW, make_unit
from tests.guesthouse.houses import ARRIVAL, DEPARTURE, days, make_delegation, make_meal, make_stay, moment

pytestmark = pytest.mark.django_db
URL = "/api/v1/delegations/"


def body(**values) -> dict:
    return {"name": "Đoàn Cục Bưu điện", "arrival": ARRIVAL, "departure": DEPARTURE, **values}


def test_the_clerk_enters_a_delegation_with_its_members(api, place):
    head = {"name": "Nguyễn Văn Mẫu", "position": "Cục trưởng", "rank": 2, "role": "head", "gender": "male"}
    driver = {"name": "Lê Thị Ví Dụ", "role": "driver", "birth_year": 1980, "diet": "chay"}
    answer = api(place.clerk).post(URL, body(members=[head, driver], contact_name="Phòng Hành chính"), format="json")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    members = made.pop("members")
    assert made == {
        "id": made["id"],
        "name": "Đoàn Cục Bưu điện",
        "unit": None,
        "unit_name": None,
        "host_unit": place.world.province.pk,
        "host_unit_name": "Tỉnh Lạng Sơn",
        "conference": None,
        "arrival": ARRIVAL,
        "departure": DEPARTURE,
        "contact_name": "Phòng Hành chính",
        "contact_phone": "",
        "status": "expected",
        "version": 1,
        "notes": "",
        "stays": [],
    }
    blank = {"position": "", "role": "member", "rank": None, "gender": "", "birth_year": None, "diet": ""}
    assert [{**m, "id": 0} for m in members] == [
        {**blank, **head, "id": 0, "identity_number": ""},
        {**blank, **driver, "id": 0, "identity_number": ""},
    ]
    assert answer["ETag"] == '"1"'


def test_the_same_key_enters_it_once(api, place):
    client = api(place.clerk)
    first = client.post(URL, body(), format="json", headers={"Idempotency-Key": "k1"})
    again = client.post(URL, body(), format="json", headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert Delegation.objects.count() == 1


def test_members_are_kept_added_and_removed_by_their_ids(api, place):
    delegation = make_delegation(place, members=3)
    one, two, _leaves = delegation.members.all()
    wanted = [{"id": two.pk, "diet": "chay"}, {"id": one.pk}, {"name": "Người Mới Mẫu"}]
    answer = api(place.clerk).patch(f"{URL}{delegation.pk}/", {"members": wanted}, format="json")
    assert answer.status_code == 200, answer.json()
    rows = [(m.pk, m.name, m.diet) for m in delegation.members.all()]
    new = Member.objects.latest("pk")
    assert rows == [(one.pk, one.name, ""), (two.pk, two.name, "chay"), (new.pk, "Người Mới Mẫu", "")]
    assert (answer.json()["version"], answer["ETag"]) == (2, '"2"')


def test_a_member_with_a_room_cannot_leave_the_list(api, place):
    delegation = make_delegation(place)
    stay = make_stay(place, delegation)
    lodger = stay.members.get()
    others = [{"id": m.pk} for m in delegation.members.exclude(pk=lodger.pk)]
    answer = api(place.clerk).patch(f"{URL}{delegation.pk}/", {"members": others}, format="json")
    problem = answer.json()
    assert (answer.status_code, problem["code"], list(problem["errors"])) == (400, "member_has_room", ["members"])
    assert delegation.members.count() == 2


def test_the_days_cannot_leave_a_booked_room_behind(api, place):
    delegation = make_delegation(place)
    make_stay(place, delegation)
    client = api(place.clerk)
    late = client.patch(f"{URL}{delegation.pk}/", {"arrival": "2026-11-26T08:00:00+07:00"}, format="json")
    early = client.patch(f"{URL}{delegation.pk}/", {"departure": "2026-11-26T20:00:00+07:00"}, format="json")
    assert [(a.status_code, a.json()["code"], list(a.json()["errors"])) for a in (late, early)] == [
        (400, "stay_outside", ["arrival"]),
        (400, "stay_outside", ["departure"]),
    ]
    fits = client.patch(f"{URL}{delegation.pk}/", {"departure": "2026-11-27T09:00:00+07:00"}, format="json")
    assert (fits.status_code, fits.json()["departure"]) == (200, "2026-11-27T09:00:00+07:00")


def test_a_meal_outside_the_new_days_is_marked_to_be_checked(api, place):
    delegation = make_delegation(place)
    first, last = make_meal(place, delegation), make_meal(place, delegation, start="2026-11-27T18:00:00+07:00")
    client = api(place.clerk)
    client.patch(f"{URL}{delegation.pk}/", {"departure": "2026-11-26T20:00:00+07:00"}, format="json")
    assert list(delegation.meals.values_list("pk", "to_check", "status")) == [
        (first.pk, False, "ordered"),
        (last.pk, True, "ordered"),
    ]


def test_cancelling_frees_rooms_and_covers(api, place):
    delegation = make_delegation(place)
    make_stay(place, delegation, room=0)
    make_stay(place, delegation, room=1)
    make_meal(place, delegation)
    answer = api(place.clerk).post(f"{URL}{delegation.pk}/cancel/")
    assert (answer.status_code, answer.json()["status"], answer.json()["stays"]) == (200, "cancelled", [])
    assert (Reservation.objects.count(), Hold.objects.count()) == (0, 0)
    assert set(Stay.objects.values_list("status", flat=True)) == {"cancelled"}
    again = api(place.clerk).post(f"{URL}{delegation.pk}/cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_somebody_who_saw_an_older_version_is_told(api, place):
    delegation = make_delegation(place)
    client = api(place.clerk)
    client.patch(f"{URL}{delegation.pk}/", {"notes": "Đón tại sân bay"}, format="json")
    stale = client.patch(f"{URL}{delegation.pk}/", {"notes": ""}, format="json", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert client.post(f"{URL}{delegation.pk}/cancel/", headers={"If-Match": '"2"'}).status_code == 200


def test_it_is_found_by_its_name_or_a_members_without_diacritics(api, place):
    make_delegation(place, members=1)
    make_delegation(place, members=0, name="Đoàn Sở Y tế")
    client = api(place.clerk)
    found = [[r["name"] for r in client.get(URL, {"search": s}).json()["results"]] for s in ("buu dien", "khach", "x")]
    assert found == [["Đoàn Cục Bưu điện"], ["Đoàn Cục Bưu điện"], []]


def test_the_list_counts_members_and_rooms_in_one_statement(api, place, django_assert_num_queries):
    client = api(place.clerk)
    client.get(URL)
    for number in (1, 3):
        while Delegation.objects.count() < number:
            made = make_delegation(place, members=number)
            make_stay(place, made, room=Delegation.objects.count() - 1)
        with django_assert_num_queries(4):  # session, user, grants, list
            rows = client.get(URL).json()["results"]
        assert len(rows) == number
    assert [(r["members_count"], r["rooms_count"]) for r in rows] == [(1, 1), (3, 1), (3, 1)]


def test_no_more_queries_for_more_members(api, place, django_assert_num_queries):
    client = api(place.clerk)
    for count in (1, 3, 24):
        people = [{"name": f"Khách Mẫu {n}", "identity_number": f"{n:012d}"} for n in range(count)]
        with django_assert_num_queries(11):
            answer = client.post(URL, body(members=people), format="json")
        assert (answer.status_code, len(answer.json()["members"])) == (201, count)


def test_it_may_come_for_a_conference_that_one_sees(api, place):
    from tests.guesthouse.catering.conferences import make_conference

    conference = make_conference(place.world)
    made = api(place.colleague).post(URL, body(conference=conference.pk), format="json").json()
    assert made["conference"] == conference.pk
    unseen = api(place.outsider).post(URL, body(conference=conference.pk), format="json")
    assert (unseen.status_code, list(unseen.json()["errors"])) == (400, ["conference"])


def test_where_it_comes_from_does_not_decide_who_sees_it(api, place):
    made = api(place.clerk).post(URL, body(unit=place.world.other.pk), format="json").json()
    assert (made["unit_name"], made["host_unit"]) == ("Tỉnh Thái Nguyên", place.world.province.pk)
    assert api(place.outsider).get(f"{URL}{made['id']}/").status_code == 404


def test_who_comes_and_leaves_today(place):
    one = make_delegation(place)
    make_stay(place, one)
    gone = make_delegation(place, departure=moment("2026-11-25T23:59:00+07:00"), arrival=NOW)
    day = moment(ARRIVAL).date()
    assert [(d.pk, d.members_count, d.rooms_count) for d in arrivals(place.clerk, day)] == [(one.pk, 2, 1)]
    assert [d.pk for d in departures(place.clerk, day)] == [gone.pk]
    assert list(arrivals(place.clerk, day + days(1))) == []
    assert list(arrivals(place.outsider, day)) == []


def test_owner_colleague_outsider(api, place):
    made = api(place.clerk).post(URL, body(), format="json").json()
    url = f"{URL}{made['id']}/"
    assert [api(u).get(url).status_code for u in (place.clerk, place.colleague, place.outsider)] == [200, 200, 404]
    change = {"notes": "Có trẻ em"}
    answers = [api(u).patch(url, change, format="json") for u in (place.clerk, place.colleague, place.outsider)]
    assert [a.status_code for a in answers] == [200, 200, 404]
    assert api(place.outsider).get(URL).json() == {"results": [], "next": None, "previous": None}
    assert api(place.outsider).post(f"{url}cancel/").status_code == 404
    assert api(place.cook).get(url).status_code == 404
    assert api(place.cook).post(URL, body(), format="json").status_code == 403
    assert api().get(URL).status_code == 401


def test_nobody_receives_for_a_unit_that_is_not_theirs(api, place):
    answer = api(place.outsider).post(URL, body(host_unit=place.world.province.pk), format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["host_unit"])
    own = api(place.outsider).post(URL, body(), format="json").json()
    assert own["host_unit"] == place.world.other.pk


def test_the_guesthouse_sees_a_delegation_of_another_unit_once_it_stays_there(api, place):
    office = make_unit("Bộ Mẫu", place.world.province.level, place.world.centre)
    delegation = make_delegation(place, actor=place.world.admin, host_unit_id=office.pk)
    url = f"{URL}{delegation.pk}/"
    assert api(place.clerk).get(url).status_code == 404
    from guesthouse.stays.rules import StayRequest
    from guesthouse.stays.services import book_stay

    people = tuple(delegation.members.values_list("pk", flat=True))
    request = StayRequest(delegation.pk, place.rooms[0].pk, people, moment(ARRIVAL), moment(DEPARTURE))
    book_stay(actor=place.world.admin, request=request, now=NOW)
    assert api(place.clerk).get(url).status_code == 200
    assert api(place.clerk).patch(url, {"notes": "x"}, format="json").status_code == 403


def test_every_act_leaves_a_trail_without_the_people(api, place):
    client = api(place.clerk)
    made = client.post(URL, body(members=[{"name": "Nguyễn Văn Mẫu"}]), format="json").json()
    client.patch(f"{URL}{made['id']}/", {"name": "Đoàn Tổng cục"}, format="json")
    client.post(f"{URL}{made['id']}/cancel/")
    trail = Entry.objects.filter(subject_kind="delegation").order_by("id")
    assert list(trail.values_list("act", "actor", "after__members")) == [
        ("delegation.create", place.clerk.pk, 1),
        ("delegation.change", place.clerk.pk, 1),
        ("delegation.cancel", place.clerk.pk, None),
    ]
    assert "Mẫu" not in str(list(trail.values_list("before", "after")))


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"departure": ARRIVAL}, "departure", "end_before_start"),
        ({"departure": "2026-11-25T08:00:00+07:00"}, "departure", "end_before_start"),
        ({"departure": "2028-11-25T08:00:00+07:00"}, "departure", "too_long"),
        (
            {"arrival": "2026-11-20T08:00:00+07:00", "departure": "2026-11-21T08:00:00+07:00"},
            "departure",
            "in_the_past",
        ),
        ({"arrival": "2026-11-25T08:00:00"}, "arrival", "invalid"),
        ({"arrival": "2026-11-25"}, "arrival", "invalid"),
        ({"arrival": None}, "arrival", "invalid"),
        ({"name": "  "}, "name", "invalid"),
        ({"name": "x" * 201}, "name", "invalid"),
        ({"unit": 999999}, "unit", "unknown"),
        ({"host_unit": 999999}, "host_unit", "unknown"),
        ({"conference": 999999}, "conference", "unknown"),
        ({"members": "An"}, "members", "invalid"),
        ({"members": [{"name": "Mẫu"}, {}]}, "members.1.name", "invalid"),
        ({"members": [{"name": "x" * 300}]}, "members.0.name", "invalid"),
        ({"members": [{"name": "Mẫu", "gender": "x"}]}, "members.0.gender", "invalid"),
        ({"members": [{"name": "Mẫu", "birth_year": 1815}]}, "members.0.birth_year", "invalid"),
        ({"members": [{"name": "Mẫu", "birth_year": 2030}]}, "members.0.birth_year", "bad_year"),
        ({"members": [{"name": "Mẫu", "rank": 0}]}, "members.0.rank", "invalid"),
        ({"members": [{"name": "Mẫu", "identity_number": "12"}]}, "members.0.identity_number", "bad_identity_number"),
        ({"members": [{"name": "Mẫu"}] * 2001}, "members", "invalid"),
    ],
)
def test_bad_input_names_the_field(api, place, change, field, code):
    answer = api(place.clerk).post(URL, body(**change), format="json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, code, [field])
    assert (Delegation.objects.count(), Member.objects.count()) == (0, 0)


def test_a_change_names_the_member_too(api, place):
    delegation = make_delegation(place, members=1)
    stranger = make_delegation(place, members=1).members.get()
    url, client = f"{URL}{delegation.pk}/", api(place.clerk)
    for members, field in (
        ([{"id": stranger.pk}], "members.0.id"),
        ([{"name": "Mẫu"}, {"diet": "chay"}], "members.1.name"),
        ([{"id": delegation.members.get().pk}] * 2, "members.1.id"),
    ):
        answer = client.patch(url, {"members": members}, format="json")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert delegation.members.count() == 1
