"""Booking a series: the preview, the policies, and exactly what became of each date."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from backend.audit.models import Entry
from backend.outbox.models import Message
from backend.reservations.models import Hold, Reservation
from meetings.scheduling.models import Conference, ConferenceSecret, Series
from tests.factories import NOW, World, make_person, make_user, make_world

pytestmark = pytest.mark.django_db
URL = "/api/v1/conferences/series/"
WEEK = timedelta(days=7)
FIRST = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # Wednesday 08:00 in Viet Nam


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def body(world: World, **values) -> dict:
    return {
        "title": "Giao ban tuần",
        "type": "briefing",
        "start": "2026-11-25T08:00:00+07:00",
        "end": "2026-11-25T10:00:00+07:00",
        "sites": [site.pk for site in world.sites[1:]],
        "chair": "Chủ tịch UBND tỉnh",
        "rule": "FREQ=WEEKLY;COUNT=4",
        **values,
    }


def book_one(client, world: World, start: str, end: str) -> dict:
    """A conference of one site that stands in the way."""
    wish = body(world, title="Tiếp công dân", sites=[world.sites[2].pk], start=start, end=end)
    wish.pop("rule")
    answer = client.post("/api/v1/conferences/", wish, format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


@pytest.fixture
def blocked(api, world) -> dict:
    """The third date is taken from 08:00 to 09:30."""
    return book_one(api(world.secretary), world, "2026-12-09T08:00:00+07:00", "2026-12-09T09:30:00+07:00")


def test_a_free_series_is_booked_whole_each_date_a_conference_of_its_own(api, world):
    guest = make_person("Bùi Văn Thử", world.province, "thu@so.example")
    agenda = [{"start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T08:30:00+07:00", "title": "Khai mạc"}]
    wish = body(world, participants=[{"person": guest.pk}], agenda=agenda)
    answer = api(world.secretary).post(URL, wish, format="json")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert (made["status"], made["summary"]) == ("approved", "All 4 dates are booked.")
    assert [row["outcome"] for row in made["dates"]] == ["booked"] * 4
    stored = list(Conference.objects.order_by("start"))
    assert [row["conference"] for row in made["dates"]] == [conference.pk for conference in stored]
    assert [c.start for c in stored] == [c.occurrence for c in stored] == [FIRST + n * WEEK for n in range(4)]
    assert {c.series_id for c in stored} == {made["id"]}
    assert stored[3].code == f"HN-2026-{stored[3].pk:04d}"
    assert [(p.name, p.email) for p in stored[3].participants.all()] == [("Bùi Văn Thử", "thu@so.example")]
    assert [(a.title, a.start) for a in stored[3].agenda.all()] == [("Khai mạc", FIRST + 3 * WEEK)]
    held = Reservation.objects.values_list("holder_id", flat=True)
    assert sorted(held) == sorted([c.pk for c in stored] * 3)
    assert sorted(Hold.objects.values_list("holder_id", "amount")) == [(c.pk, 3) for c in stored]
    assert Entry.objects.filter(act="conference.create").count() == 4
    assert Message.objects.count() == 0  # `announce_due` tells of each date when it is near


def test_the_preview_names_each_date_its_clash_and_the_nearest_free_hour(api, world, blocked):
    answer = api(world.secretary).post(URL + "preview/", body(world), format="json")
    assert answer.status_code == 200, answer.json()
    made = answer.json()
    assert (made["count"], made["free"], [row["state"] for row in made["dates"]]) == (
        4,
        3,
        ["free", "free", "taken", "free"],
    )
    taken = made["dates"][2]
    assert taken["start"] == "2026-12-09T08:00:00+07:00"
    assert [(c["name"], c["held_by"]) for c in taken["conflicts"]] == [
        ("Phòng họp Xã 1 (Xã 1)", f"{blocked['code']} · Tiếp công dân")
    ]
    assert taken["moves_to"] == {"start": "2026-12-09T09:30:00+07:00", "end": "2026-12-09T11:30:00+07:00"}
    assert made["summary"] == (
        f"3 of 4 dates are free. 09/12/2026: Phòng họp Xã 1 (Xã 1): {blocked['code']} · Tiếp công dân;"
        " free at 09:30 09/12/2026."
    )
    assert (Conference.objects.count(), Series.objects.count()) == (1, 0)


def test_refuse_books_nothing_and_says_why(api, world, blocked):
    answer = api(world.secretary).post(URL, body(world), format="json")
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "conflict"
    assert [row["state"] for row in problem["dates"]] == ["free", "free", "taken", "free"]
    assert [conflict["held_by"] for conflict in problem["conflicts"]] == [f"{blocked['code']} · Tiếp công dân"]
    assert problem["detail"].startswith("3 of 4 dates are free.")
    assert (Conference.objects.count(), Series.objects.count(), Reservation.objects.count()) == (1, 0, 1)


def test_skip_leaves_the_date_out_and_says_so(api, world, blocked):
    made = api(world.secretary).post(URL, body(world, policy="skip"), format="json").json()
    assert made["summary"] == "3 of 4 dates are booked; 1 left out."
    left = made["dates"][2]
    assert (left["outcome"], left["conference"], left["moved_to"]) == ("left_out", None, None)
    assert left["why"] == f"Phòng họp Xã 1 (Xã 1): {blocked['code']} · Tiếp công dân"
    series = Series.objects.get()
    assert [day.isoformat() for day in series.skipped] == ["2026-12-09"]
    assert series.occurrences.count() == 3


def test_shift_moves_the_date_and_says_from_where_to_where(api, world, blocked):
    made = api(world.secretary).post(URL, body(world, policy="shift"), format="json").json()
    assert made["summary"] == "4 of 4 dates are booked, 1 of them moved."
    moved = made["dates"][2]
    assert (moved["outcome"], moved["start"]) == ("shifted", "2026-12-09T08:00:00+07:00")
    assert moved["moved_to"]["start"] == "2026-12-09T09:30:00+07:00"
    conference = Conference.objects.get(pk=moved["conference"])
    assert (conference.occurrence, conference.start) == (FIRST + 2 * WEEK, FIRST + 2 * WEEK + timedelta(minutes=90))


def test_a_full_day_moves_to_the_next_working_day_and_never_onto_the_next_date(api, world):
    client = api(world.secretary)
    friday = {"start": "2026-11-27T08:00:00+07:00", "end": "2026-11-27T10:00:00+07:00"}
    book_one(client, world, "2026-11-27T06:00:00+07:00", "2026-11-27T22:00:00+07:00")
    weekly = client.post(URL + "preview/", body(world, **friday), format="json").json()
    assert weekly["dates"][0]["moves_to"]["start"] == "2026-11-30T07:00:00+07:00"
    daily = client.post(URL + "preview/", body(world, **friday, rule="FREQ=DAILY;COUNT=2"), format="json").json()
    assert (daily["dates"][0]["state"], daily["dates"][0]["moves_to"]) == ("taken", None)


def test_ports_that_run_out_on_one_date(api, world):
    client = api(world.secretary)
    made = client.post(URL, body(world), format="json").json()
    pool = world.bridge.pool
    pool.capacity = 5
    pool.save()
    other = api(world.leader).post(URL + "preview/", body(world, sites=[world.sites[0].pk]), format="json")
    assert other.json()["free"] == 4  # one site of its own room takes no bridge
    pool.capacity = 3
    pool.save()
    second = f"/api/v1/conferences/{made['dates'][1]['conference']}"
    assert client.post(f"{second}/cancel/", {"reason": "Hoãn"}, format="json").status_code == 200
    again = body(world, sites=[world.sites[0].pk], bridge=world.bridge.pk)
    rows = client.post(URL + "preview/", again, format="json").json()["dates"]
    assert [row["state"] for row in rows] == ["taken", "free", "taken", "taken"]
    assert [c["kind"] for c in rows[0]["conflicts"]] == ["ports"]
    booked = client.post(URL, {**again, "policy": "skip"}, format="json").json()
    assert [row["outcome"] for row in booked["dates"]] == ["left_out", "booked", "left_out", "left_out"]
    assert booked["dates"][0]["why"] == "MCU has 0 left"


def test_nothing_free_is_refused_whatever_the_policy(api, world):
    client = api(world.secretary)
    client.post(URL, body(world), format="json")
    answer = client.post(URL, body(world, policy="skip"), format="json")
    assert (answer.status_code, answer.json()["code"], Series.objects.count()) == (409, "conflict", 1)


def test_exceptions_and_the_same_key_twice(api, world):
    wish = body(world, exceptions=["2026-12-02"])
    answers = [api(world.secretary).post(URL, wish, format="json", headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert [row["start"][:10] for row in answers[0].json()["dates"]] == ["2026-11-25", "2026-12-09", "2026-12-16"]
    shown = api(world.secretary).get(f"/api/v1/series/{answers[0].json()['id']}/").json()
    assert (shown["rule"], shown["exceptions"]) == ("FREQ=WEEKLY;COUNT=4", ["2026-12-02"])
    assert len(shown["conferences"]) == 3


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"rule": "FREQ=WEEKLY"}, "rule", "no_end"),
        ({"rule": "FREQ=DAILY;COUNT=501"}, "rule", "too_many"),
        ({"rule": "FREQ=DAILY;COUNT=10000"}, "rule", "too_many"),
        ({"rule": "FREQ=WEEKLY;UNTIL=20261101"}, "rule", "no_dates"),
        ({"rule": "FREQ=HOURLY;COUNT=2"}, "rule", "bad_rule"),
        ({"rule": ""}, "rule", "invalid"),
        ({"start": "2026-11-25T25:00:00+07:00"}, "start", "invalid"),
        ({"end": "2026-11-25T07:00:00+07:00"}, "end", "end_before_start"),
        ({"rule": "FREQ=DAILY;COUNT=2", "end": "2026-11-26T09:00:00+07:00"}, "end", "dates_overlap"),
        ({"exceptions": ["2026-11-26"]}, "exceptions.0", "not_a_date"),
        ({"exceptions": ["2026-02-30"]}, "exceptions.0", "invalid"),
        ({"rule": "FREQ=DAILY;COUNT=1", "exceptions": ["2026-11-25"]}, "exceptions", "no_dates"),
        ({"start": "2026-11-18T08:00:00+07:00", "end": "2026-11-18T09:00:00+07:00"}, "start", "in_the_past"),
        ({"policy": "squeeze"}, "policy", "invalid"),
        ({"draft": True}, "draft", "invalid"),
        ({"sites": []}, "sites", "no_place"),
    ],
)
@pytest.mark.parametrize("door", ["", "preview/"])
def test_bad_input_names_the_field(api, world, change, field, code, door):
    answer = api(world.secretary).post(URL + door, body(world, **change), format="json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, code, [field])
    assert (Conference.objects.count(), Series.objects.count(), Reservation.objects.count()) == (0, 0, 0)


def test_who_may_book_and_who_sees_a_series(api, world):
    kitchen = make_user("kitchen", world.province, "kitchen")
    assert api(kitchen).post(URL, body(world), format="json").status_code == 403
    assert api().post(URL, body(world), format="json").status_code == 401
    made = api(world.secretary).post(URL, body(world), format="json").json()
    path = f"/api/v1/series/{made['id']}/"
    assert [api(user).get(path).status_code for user in (world.secretary, world.leader, world.outsider)] == [
        200,
        200,
        404,
    ]
    taken = api(world.outsider).post(URL + "preview/", body(world, convening_unit=None), format="json").json()
    assert [c["held_by"] for c in taken["dates"][0]["conflicts"]] == [None, None, None]


def test_a_secret_series_shows_its_mask(api, world):
    for site in world.sites[1:]:
        site.default_room.cleared = True
        site.default_room.save()
    wish = body(world, secrecy="secret", title="Nội dung kín", bridge=None, rule="FREQ=WEEKLY;COUNT=2")
    made = api(world.secretary).post(URL, wish, format="json")
    assert made.status_code == 201, made.json()
    assert set(Conference.objects.values_list("title", flat=True)) == {"Họp theo giấy mời"}
    assert set(ConferenceSecret.objects.values_list("title", flat=True)) == {"Nội dung kín"}
    assert b"N\xe1\xbb\x99i dung" not in api(world.secretary).get(f"/api/v1/series/{made.json()['id']}/").content
    assert "Nội dung kín" not in str(list(Entry.objects.values_list("after", flat=True)))


QUERIES = 25


@pytest.mark.parametrize(("count", "sites"), [(2, 1), (52, 3), (500, 2)])
def test_no_more_queries_for_more_dates(api, django_assert_num_queries, count, sites):
    world = make_world()
    make_person("Bùi Văn Thử", world.province, "thu@so.example")
    wish = body(world, rule=f"FREQ=WEEKLY;COUNT={count}", sites=[site.pk for site in world.sites[1 : 1 + sites]])
    wish["bridge"] = world.bridge.pk
    client = api(world.secretary)
    with django_assert_num_queries(QUERIES + 1):  # the lines of the way to the bridge
        answer = client.post(URL, wish, format="json")
    assert answer.status_code == 201, answer.json()
    assert Conference.objects.count() == count


@pytest.mark.parametrize("blocks", [1, 3])
def test_no_more_queries_for_more_clashes(api, django_assert_num_queries, world, blocks):
    client = api(world.secretary)
    for n in range(blocks):
        day = 25 if n == 0 else 2 + 7 * (n - 1)
        month = 11 if n == 0 else 12
        book_one(client, world, f"2026-{month}-{day:02d}T08:00:00+07:00", f"2026-{month}-{day:02d}T09:00:00+07:00")
    with django_assert_num_queries(QUERIES + 13):
        made = client.post(URL, body(world, policy="shift"), format="json").json()
    assert [row["outcome"] for row in made["dates"]].count("shifted") == blocks
