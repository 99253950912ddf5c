"""Ordering meals for a delegation or a conference, within the kitchen's covers."""

import pytest

from backend.accounts.models import Role
from backend.audit.models import Entry
from backend.reservations.models import Hold
from guesthouse.catering.models import MealService
from guesthouse.catering.queries import meals_on
from tests.factories import make_user
from tests.guesthouse.catering.conferences import make_conference
from tests.guesthouse.houses import make_delegation, make_house, make_kitchen, make_meal, make_stay, moment

pytestmark = pytest.mark.django_db
URL = "/api/v1/meal-services/"
DINNER = "2026-11-25T18:00:00+07:00"


@pytest.fixture
def delegation(place):
    return make_delegation(place, members=24)


def body(party, **values) -> dict:
    return {"delegation": party.pk, "kind": "dinner", "start": DINNER, "servings": 24, **values}


def test_a_dinner_for_a_delegation_of_24(api, place, delegation):
    asked = body(delegation, menu="Phở chua, vịt quay", diets={"chay": 2})
    answer = api(place.clerk).post(URL, asked, format="json")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert made == {
        **asked,
        "id": made["id"],
        "conference": None,
        "party": "Đoàn Cục Bưu điện",
        "kitchen": place.kitchen.pk,
        "kitchen_name": "Bếp nhà khách",
        "end": "2026-11-25T19:30:00+07:00",
        "status": "ordered",
        "to_check": False,
        "version": 1,
    }
    hold = Hold.objects.get()
    assert (hold.pool_id, hold.amount, hold.holder_kind, hold.holder_id) == (
        place.kitchen.pool_id,
        24,
        "meal",
        made["id"],
    )
    assert (hold.during.lower, hold.during.upper) == (moment(DINNER), moment("2026-11-25T19:30:00+07:00"))


def test_a_tea_break_for_a_conference(api, place):
    conference = make_conference(place.world)
    asked = {"conference": conference.pk, "kind": "tea_break", "start": "2026-11-25T09:30:00+07:00", "servings": 40}
    made = api(place.colleague).post(URL, asked, format="json").json()
    assert (made["party"], made["end"]) == (f"{conference.code} · Hội nghị sơ kết quý", "2026-11-25T10:00:00+07:00")


def test_a_secret_conference_is_fed_without_its_title(api, place):
    from meetings.sites.models import Room

    Room.objects.update(cleared=True)
    conference = make_conference(place.world, secrecy="secret", title="Kế hoạch tuyệt mật")
    asked = {"conference": conference.pk, "kind": "tea_break", "start": "2026-11-25T09:30:00+07:00", "servings": 4}
    api(place.colleague).post(URL, asked, format="json")
    shown = api(place.cook).get(URL).json()["results"]
    assert [row["party"] for row in shown] == [f"{conference.code} · Họp theo giấy mời"]


def test_over_the_covers_the_binding_hour_is_named_and_other_hours_are_offered(api, place, delegation):
    make_meal(place, make_delegation(place), servings=50, start="2026-11-25T17:30:00+07:00")  # until 19:00
    make_meal(place, make_delegation(place), servings=30, start="2026-11-25T18:30:00+07:00")  # until 20:00
    answer = api(place.clerk).post(URL, body(delegation), format="json")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    problem = answer.json()
    assert problem["detail"] == ("“Bếp nhà khách” has only 20 covers left at 18:30 25/11/2026. Nothing was ordered.")
    assert problem["conflicts"] == [
        {
            "kind": "covers",
            "resource": place.kitchen.pk,
            "name": "Bếp nhà khách",
            "start": "2026-11-25T11:30:00+00:00",
            "end": "2026-11-25T12:30:00+00:00",
            "held_by": None,
            "left": 20,
        }
    ]
    assert problem["alternatives"] == [  # 17:00 and 19:00 local: beside the half hour that is too full
        {"start": "2026-11-25T10:00:00+00:00", "end": "2026-11-25T11:30:00+00:00"},
        {"start": "2026-11-25T12:00:00+00:00", "end": "2026-11-25T13:30:00+00:00"},
        {"start": "2026-11-25T12:15:00+00:00", "end": "2026-11-25T13:45:00+00:00"},
    ]
    assert MealService.objects.count() == 2
    again = api(place.clerk).post(URL, body(delegation, start=problem["alternatives"][0]["start"]), format="json")
    assert again.status_code == 201, again.json()


def test_exactly_the_covers_fit_and_one_more_does_not(api, place, delegation):
    client = api(place.clerk)
    over = client.post(URL, body(delegation, servings=101), format="json")
    assert (over.status_code, over.json()["conflicts"][0]["left"], over.json()["alternatives"]) == (409, 100, [])
    assert client.post(URL, body(delegation, servings=100), format="json").status_code == 201
    one = client.post(URL, body(delegation, servings=1), format="json")
    assert (one.status_code, one.json()["conflicts"][0]["left"]) == (409, 0)
    after = client.post(URL, body(delegation, servings=100, start="2026-11-25T19:30:00+07:00"), format="json")
    assert after.status_code == 201


def test_an_order_is_changed_and_its_covers_with_it(api, place, delegation):
    meal, client = make_meal(place, delegation), api(place.clerk)
    url = f"{URL}{meal.pk}/"
    change = {"servings": 100, "start": "2026-11-25T18:30:00+07:00", "diets": {"chay": 3}}
    changed = client.patch(url, change, format="json")
    assert (changed.status_code, changed.json()["end"], changed.json()["version"]) == (
        200,
        "2026-11-25T20:00:00+07:00",
        2,
    )
    hold = Hold.objects.get()
    assert (hold.amount, hold.during.lower) == (100, moment("2026-11-25T18:30:00+07:00"))
    refused = client.patch(url, {"servings": 101, "diets": {}}, format="json")
    assert (refused.status_code, Hold.objects.get().amount) == (409, 100)
    stale = client.patch(url, {"servings": 5}, format="json", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_a_cancelled_meal_frees_its_covers(api, place, delegation):
    meal, client = make_meal(place, delegation, servings=100), api(place.clerk)
    gone = client.post(f"{URL}{meal.pk}/cancel/")
    assert (gone.status_code, gone.json()["status"], Hold.objects.count()) == (200, "cancelled", 0)
    again = client.post(f"{URL}{meal.pk}/cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert client.post(URL, body(delegation, servings=100), format="json").status_code == 201


def test_the_kitchen_of_the_house_where_they_stay_cooks(api, place, delegation):
    other = make_kitchen(place.world.province, name="Bếp hai", house=make_house(place.world.province, "Nhà khách Hai"))
    make_kitchen(place.world.other, name="Bếp xa")
    first = api(place.clerk).post(URL, body(delegation), format="json").json()
    assert first["kitchen"] == place.kitchen.pk
    from tests.guesthouse.houses import make_guest_room

    room = make_guest_room(other.house, "101")
    place.rooms[0] = room
    make_stay(place, delegation)
    second = api(place.clerk).post(URL, body(delegation), format="json").json()
    assert second["kitchen"] == other.pk
    named = api(place.clerk).post(URL, body(delegation, kitchen=place.kitchen.pk), format="json").json()
    assert named["kitchen"] == place.kitchen.pk


def test_the_meals_of_a_day_by_the_hour(api, place, delegation):
    late = make_meal(place, delegation, start="2026-11-25T23:30:00+07:00")
    early = make_meal(place, delegation, start="2026-11-25T06:00:00+07:00")
    make_meal(place, delegation, start="2026-11-26T00:00:00+07:00")
    client = api(place.cook)
    rows = client.get(URL, {"date": "2026-11-25", "delegation": delegation.pk}).json()["results"]
    assert [row["id"] for row in rows] == [early.pk, late.pk]
    api(place.clerk).post(f"{URL}{early.pk}/cancel/")
    assert [m.pk for m in meals_on(place.cook, moment(DINNER).date())] == [late.pk]
    assert [r["id"] for r in client.get(URL, {"status": "cancelled"}).json()["results"]] == [early.pk]
    assert client.get(URL, {"kitchen": place.kitchen.pk, "conference": 1}).json()["results"] == []
    bad = client.get(URL, {"date": "25/11"})
    assert (bad.status_code, list(bad.json()["errors"])) == (400, ["date"])


def test_the_list_is_one_statement(api, place, delegation, django_assert_num_queries):
    client = api(place.clerk)
    for number in (1, 3):
        while MealService.objects.count() < number:
            make_meal(place, delegation)
        with django_assert_num_queries(4):  # session, user, grants, meals
            assert len(client.get(URL).json()["results"]) == number


def test_owner_colleague_outsider_and_the_kitchen(api, place, delegation):
    url = f"{URL}{make_meal(place, delegation).pk}/"
    users = (place.clerk, place.colleague, place.outsider, place.cook)
    assert [api(u).get(url).status_code for u in users] == [200, 200, 404, 200]
    answers = [api(u).patch(url, {"servings": 20}, format="json").status_code for u in users]
    assert answers == [200, 200, 404, 403]
    orders = [api(u).post(URL, body(delegation), format="json") for u in (place.outsider, place.cook)]
    assert [(a.status_code, a.json()["code"]) for a in orders] == [(400, "unknown"), (400, "unknown")]
    assert api(place.cook).post(f"{url}cancel/").status_code == 403
    assert api(place.outsider).get(URL).json()["results"] == []
    assert api().get(URL).status_code == 401


def test_nobody_orders_from_another_units_kitchen(api, place, delegation):
    far = make_kitchen(place.world.other, name="Bếp xa")
    answer = api(place.clerk).post(URL, body(delegation, kitchen=far.pk), format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    theirs = make_delegation(place, actor=place.outsider)
    far.active = False
    far.save()
    none = api(place.outsider).post(URL, body(theirs), format="json")
    assert (none.status_code, none.json()["code"]) == (403, "forbidden")


def test_the_convening_unit_sees_the_meals_of_its_conference(api, place):
    conference = make_conference(place.world, actor=make_user("head", place.world.department, Role.LEADER))
    asked = {"conference": conference.pk, "kind": "tea_break", "start": "2026-11-25T09:30:00+07:00", "servings": 4}
    assert api(place.colleague).post(URL, asked, format="json").status_code == 201
    member = make_user("member", place.world.department, Role.SECRETARIAT)
    assert len(api(member).get(URL).json()["results"]) == 1


def test_every_act_leaves_a_trail(api, place, delegation):
    client = api(place.clerk)
    url = f"{URL}{client.post(URL, body(delegation), format='json').json()['id']}/"
    client.patch(url, {"servings": 30}, format="json")
    client.post(f"{url}cancel/")
    trail = Entry.objects.filter(subject_kind="meal").order_by("id")
    assert list(trail.values_list("act", "before__servings", "after__servings", "unit")) == [
        ("meal.book", None, 24, place.world.province.pk),
        ("meal.change", 24, 30, place.world.province.pk),
        ("meal.cancel", None, 30, place.world.province.pk),
    ]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"delegation": None}, "delegation", "one_party"),
        ({"conference": 1}, "conference", "one_party"),
        ({"delegation": 999999}, "delegation", "unknown"),
        ({"delegation": None, "conference": 999999}, "conference", "unknown"),
        ({"kitchen": 999999}, "kitchen", "unknown"),
        ({"kind": "supper"}, "kind", "invalid"),
        ({"start": "2026-11-25T18:00:00"}, "start", "invalid"),
        ({"start": "2026-11-23T07:00:00+07:00"}, "start", "in_the_past"),
        ({"start": "2026-11-24T18:00:00+07:00"}, "start", "outside_days"),
        ({"start": "2026-11-29T00:00:00+07:00"}, "start", "outside_days"),
        ({"servings": 0}, "servings", "invalid"),
        ({"servings": -5}, "servings", "invalid"),
        ({"servings": 10**9}, "servings", "invalid"),
        ({"servings": "nhiều"}, "servings", "invalid"),
        ({"diets": {"chay": 25}}, "diets.chay", "too_many"),
        ({"diets": {"chay": "hai"}}, "diets.chay", "invalid"),
        ({"diets": ["chay"]}, "diets", "invalid"),
        ({"diets": {str(n): 1 for n in range(51)}}, "diets", "invalid"),
        ({"menu": "x" * 5001}, "menu", "invalid"),
    ],
)
def test_bad_input_names_the_field(api, place, delegation, change, field, code):
    answer = api(place.clerk).post(URL, body(delegation, **change), format="json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, code, [field])
    assert (MealService.objects.count(), Hold.objects.count()) == (0, 0)


def test_a_meal_keeps_its_guests(api, place, delegation):
    meal = make_meal(place, delegation)
    for field in ("delegation", "conference"):
        answer = api(place.clerk).patch(f"{URL}{meal.pk}/", {field: 1}, format="json")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_cancelled_delegation_gets_nothing_to_eat(api, place, delegation):
    client = api(place.clerk)
    client.post(f"/api/v1/delegations/{delegation.pk}/cancel/")
    answer = client.post(URL, body(delegation), format="json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (
        400,
        "cancelled",
        ["delegation"],
    )


def test_a_conference_that_is_not_approved_takes_nobodys_covers(api, place):
    conference = make_conference(place.world, actor=place.colleague, site_ids=(place.world.sites[0].pk,))
    assert conference.status == "submitted"
    asked = {"conference": conference.pk, "kind": "tea_break", "start": "2026-11-25T09:30:00+07:00", "servings": 4}
    answer = api(place.colleague).post(URL, asked, format="json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (
        400,
        "not_approved",
        ["conference"],
    )


def test_the_same_key_orders_once(api, place, delegation):
    client = api(place.clerk)
    first = client.post(URL, body(delegation), format="json", headers={"Idempotency-Key": "k1"})
    again = client.post(URL, body(delegation), format="json", headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.json(), Hold.objects.count()) == (201, first.json(), 1)
