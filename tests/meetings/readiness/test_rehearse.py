"""A rehearsal before a conference: planned with holds of its own, moved, cancelled, and a result for each site."""

from datetime import timedelta

import pytest
import time_machine

from backend.accounts.models import Role, User
from backend.audit.models import Entry
from backend.reservations.models import Hold, Reservation
from meetings.readiness import services as readiness
from meetings.readiness.models import Rehearsal, SiteCheck
from meetings.scheduling import services
from meetings.scheduling.models import Conference
from tests.factories import World, make_room, make_user, make_world
from tests.meetings.scheduling.running import EIGHT, NINE, booked, wish

pytestmark = pytest.mark.django_db
NOW = EIGHT  # Monday 08:00; the conference is on Wednesday 08:00 to 09:00
DAY = timedelta(days=1)
BEGINS = EIGHT + 2 * DAY
THREE = EIGHT + DAY + timedelta(hours=7)  # the afternoon before, 15:00
HALF = timedelta(minutes=30)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def conference(world) -> Conference:
    return booked(world, start=BEGINS, end=BEGINS + timedelta(hours=1))


def url(conference: Conference, rest: str = "") -> str:
    return f"/api/v1/conferences/{conference.pk}/rehearsals/{rest}"


def body(start=THREE, end=THREE + HALF, **values) -> dict:
    return {"start": start.isoformat(), "end": end.isoformat(), **values}


def plan(api, world: World, conference: Conference, **values) -> dict:
    answer = api(world.secretary).post(url(conference), body(**values), format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def held(pk: int) -> list[tuple]:
    mine = {"holder_kind": "rehearsal", "holder_id": pk}
    rows = [*Reservation.objects.filter(**mine), *Hold.objects.filter(**mine)]
    return sorted({(row.during.lower, row.during.upper) for row in rows})


def acts() -> list[str]:
    return list(Entry.objects.filter(act__startswith="rehearsal.").order_by("id").values_list("act", flat=True))


def test_it_takes_the_rooms_and_ports_of_its_conference_for_its_own_hour(api, world, conference):
    made = plan(api, world, conference, note="Kiểm tra trình chiếu")
    assert (made["status"], made["start"], made["note"]) == (
        "planned",
        "2026-11-24T15:00:00+07:00",
        "Kiểm tra trình chiếu",
    )
    rooms = [site.default_room_id for site in world.sites[1:]]
    assert [(c["room"], c["picture"], c["outcome"], c["recorded_by"]) for c in made["checks"]] == [
        (room, "", "", "") for room in rooms
    ]
    mine = Reservation.objects.filter(holder_kind="rehearsal", holder_id=made["id"])
    assert [row.resource.meeting_room.pk for row in mine.order_by("resource__meeting_room")] == sorted(rooms)
    assert list(Hold.objects.filter(holder_kind="rehearsal").values_list("amount", flat=True)) == [3]
    assert held(made["id"]) == [(THREE, THREE + HALF)]
    listed = api(world.leader).get(url(conference)).json()
    assert ([row["id"] for row in listed["results"]], listed["next"]) == ([made["id"]], None)
    assert acts() == ["rehearsal.plan"]


def test_it_may_be_over_some_of_the_rooms(api, world, conference):
    room = world.sites[2].default_room_id
    assert [check["room"] for check in plan(api, world, conference, rooms=[room])["checks"]] == [room]
    foreign = api(world.secretary).post(url(conference), body(rooms=[world.sites[0].default_room_id]), format="json")
    assert (foreign.status_code, list(foreign.json()["errors"])) == (400, ["rooms"])


def test_a_taken_room_is_named_and_hours_before_the_conference_are_offered(api, world, conference):
    other = booked(world, start=THREE, end=THREE + HALF, site_ids=(world.sites[2].pk,), title="Giao ban xã")
    answer = api(world.secretary).post(url(conference), body(), format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert [(c["name"], c["held_by"]) for c in answer.json()["conflicts"]] == [
        ("Phòng họp Xã 1 (Xã 1)", f"{other.code} · Giao ban xã")
    ]
    offered = [hour["start"] for hour in answer.json()["alternatives"]]
    assert offered == [(THREE + step).isoformat() for step in (-HALF, HALF, -HALF - timedelta(minutes=15))]
    assert Rehearsal.objects.count() == 0


def test_hours_are_offered_on_the_afternoon_before(api, world, conference):
    answer = api(world.secretary).get(url(conference, "hours/?minutes=45"))
    assert answer.json()["slots"][0] == {"start": "2026-11-24T15:00:00+07:00", "end": "2026-11-24T15:45:00+07:00"}
    wrong = api(world.secretary).get(url(conference, "hours/?minutes=0"))
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["minutes"])
    with time_machine.travel(BEGINS - timedelta(minutes=45), tick=False):  # too late for the day before
        slots = api(world.secretary).get(url(conference, "hours/?minutes=15")).json()["slots"]
    assert slots[0] == {"start": "2026-11-25T07:15:00+07:00", "end": "2026-11-25T07:30:00+07:00"}


def test_a_rehearsal_keeps_others_out_of_its_rooms(api, world, conference):
    plan(api, world, conference)
    request = wish(world, start=THREE, end=THREE + HALF, site_ids=(world.sites[2].pk,))
    with pytest.raises(Exception, match="Phòng họp Xã 1"):
        services.book(actor=world.secretary, request=request, now=NOW)


@pytest.mark.parametrize(
    ("start", "end", "field", "code"),
    [
        (THREE, THREE, "end", "end_before_start"),
        (BEGINS - HALF, BEGINS + HALF, "end", "after_the_start"),
        (NOW - DAY, NOW - DAY + HALF, "start", "in_the_past"),
        (NOW, NOW + timedelta(hours=13), "end", "too_long"),
    ],
)
def test_a_bad_hour_is_named(api, world, conference, start, end, field, code):
    answer = api(world.secretary).post(url(conference), body(start, end), format="json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, code, [field])
    assert Rehearsal.objects.count() == 0


def test_only_an_approved_conference_is_rehearsed(api, world):
    draft = services.book(
        actor=world.secretary, request=wish(world, start=BEGINS, end=BEGINS + DAY / 24), draft=True, now=NOW
    )
    answer = api(world.secretary).post(url(draft), body(), format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_the_same_key_plans_once(api, world, conference):
    client = api(world.secretary)
    both = [
        client.post(url(conference), body(), format="json", headers={"Idempotency-Key": "k1"}).json() for _ in range(2)
    ]
    assert (both[0] == both[1], Rehearsal.objects.count()) == (True, 1)


def test_it_is_moved_and_cancelled_and_a_stale_version_is_refused(api, world, conference):
    made = plan(api, world, conference)
    client, later = api(world.secretary), body(THREE + HALF, THREE + 2 * HALF)
    target = f"/api/v1/rehearsals/{made['id']}/"
    moved = client.post(f"{target}reschedule/", later, format="json", headers={"If-Match": '"1"'})
    assert (moved.status_code, moved["ETag"], held(made["id"])) == (200, '"2"', [(THREE + HALF, THREE + 2 * HALF)])
    for act, data in (("reschedule/", later), ("cancel/", None)):
        assert client.post(target + act, data, format="json", headers={"If-Match": '"1"'}).status_code == 412
    gone = client.post(f"{target}cancel/", headers={"If-Match": '"2"'})
    assert (gone.status_code, gone.json()["status"], held(made["id"])) == (200, "cancelled", [])
    assert client.post(f"{target}cancel/").json()["code"] == "wrong_state"
    assert acts() == ["rehearsal.plan", "rehearsal.move", "rehearsal.cancel"]


# --- with its conference


def reschedule(world: World, conference: Conference, start) -> None:
    end = start + timedelta(hours=1)
    services.reschedule(actor=world.secretary, conference=conference, start=start, end=end, now=NOW)


def test_it_moves_along_with_its_conference(api, world, conference):
    made = plan(api, world, conference)
    reschedule(world, conference, BEGINS + DAY)
    rehearsal = Rehearsal.objects.get()
    assert (rehearsal.status, rehearsal.start) == ("planned", THREE + DAY)
    assert held(made["id"]) == [(THREE + DAY, THREE + DAY + HALF)]


def test_where_it_cannot_go_along_it_stays_if_that_is_still_before(api, world, conference):
    made = plan(api, world, conference)
    booked(world, start=THREE + DAY, end=THREE + DAY + HALF, site_ids=(world.sites[2].pk,))
    reschedule(world, conference, BEGINS + DAY)
    assert (Rehearsal.objects.get().status, held(made["id"])) == ("planned", [(THREE, THREE + HALF)])


def test_where_it_can_neither_it_holds_nothing_and_waits_for_an_hour(api, world, conference):
    made = plan(api, world, conference)
    reschedule(world, conference, NINE)
    assert (Rehearsal.objects.get().status, held(made["id"])) == ("unplaced", [])
    assert acts()[-1] == "rehearsal.unplaced"
    with time_machine.travel(NOW, tick=False):
        answer = api(world.secretary).post(
            f"/api/v1/rehearsals/{made['id']}/reschedule/", body(NINE - HALF, NINE), format="json"
        )
    assert (answer.json()["status"], held(made["id"])) == ("planned", [(NINE - HALF, NINE)])


def test_rooms_that_join_are_rehearsed_and_rooms_that_leave_are_let_go(api, world, conference):
    made = plan(api, world, conference, rooms=[site.default_room_id for site in world.sites[1:3]])
    hall = make_room(world.sites[3], "Hội trường")
    rooms = (world.sites[1].default_room_id, hall.pk)

    def edit(old):
        return wish(world, start=old.start, end=old.end, site_ids=(), room_ids=rooms)

    services.change(actor=world.secretary, conference=conference, edit=edit, now=NOW)
    assert list(SiteCheck.objects.values_list("room_id", flat=True)) == list(rooms)
    taken = Reservation.objects.filter(holder_kind="rehearsal", holder_id=made["id"])
    assert sorted(row.resource.meeting_room.pk for row in taken) == sorted(rooms)


def test_another_title_leaves_it_as_it_is(api, world, conference):
    plan(api, world, conference)
    api(world.secretary).patch(f"/api/v1/conferences/{conference.pk}/", {"title": "Sơ kết"}, format="json")
    assert (Rehearsal.objects.get().version, acts()) == (1, ["rehearsal.plan"])


def test_it_is_cancelled_with_its_conference_unless_it_has_been(api, world, conference):
    first = plan(api, world, conference, start=NOW + HALF, end=NOW + 2 * HALF)
    second = plan(api, world, conference)
    now = NOW + timedelta(hours=2)
    services.cancel(actor=world.secretary, conference=conference, reason="Hoãn", now=now)
    assert dict(Rehearsal.objects.values_list("pk", "status")) == {first["id"]: "planned", second["id"]: "cancelled"}
    assert held(second["id"]) == []


# --- results

GOOD = {"picture": "pass", "sound": "pass", "line": "pass"}


@pytest.fixture
def technician(world) -> User:
    return make_user("technician", world.localities[0], Role.TECHNICIAN)


def record(api, user: User, rehearsal: dict, site, **values):
    data = {"room": site.default_room_id, **GOOD, **values}
    return api(user).post(f"/api/v1/rehearsals/{rehearsal['id']}/results/", data, format="json")


def test_a_technician_records_the_own_site_and_no_other(api, world, conference, technician):
    made = plan(api, world, conference)
    with time_machine.travel(THREE + timedelta(minutes=5), tick=False):
        own = record(api, technician, made, world.sites[2], sound="fail", note="Micro rè")
        foreign = record(api, technician, made, world.sites[3])
        elsewhere = record(api, technician, made, world.sites[0])
    assert (own.status_code, foreign.status_code, foreign.json()["code"]) == (200, 403, "forbidden")
    assert (elsewhere.status_code, list(elsewhere.json()["errors"])) == (400, ["room"])
    check = next(c for c in own.json()["checks"] if c["site"] == world.sites[2].pk)
    assert (check["picture"], check["sound"], check["outcome"], check["note"], check["recorded_by"]) == (
        "pass", "fail", "fail", "Micro rè", "technician",
    )  # fmt: skip
    assert check["recorded_at"] == "2026-11-24T15:05:00+07:00"
    assert SiteCheck.objects.exclude(recorded_at=None).count() == 1
    history = api(world.secretary).get(f"/api/v1/conferences/{conference.pk}/history/").json()["results"]
    assert (history[-1]["words"], history[-1]["changes"]) == ("rehearsal result written", ["Xã 1 failed: sound"])


def test_who_plans_records_for_every_site_and_the_last_word_counts(api, world, conference, technician):
    made = plan(api, world, conference)
    engineer = make_user("engineer", world.province, Role.DUTY_ENGINEER)
    with time_machine.travel(THREE, tick=False):
        record(api, technician, made, world.sites[2], line="fail")
        answer = record(api, engineer, made, world.sites[2])
    outcomes = [(c["outcome"], c["recorded_by"]) for c in answer.json()["checks"]]
    assert outcomes == [("", ""), ("pass", "engineer"), ("", "")]


def test_no_result_before_the_hour_and_none_of_what_is_cancelled(api, world, conference, technician):
    made = plan(api, world, conference)
    early = record(api, technician, made, world.sites[2])
    api(world.secretary).post(f"/api/v1/rehearsals/{made['id']}/cancel/")
    with time_machine.travel(THREE, tick=False):
        late = record(api, technician, made, world.sites[2])
    assert [(a.status_code, a.json()["code"]) for a in (early, late)] == [(409, "wrong_state")] * 2


def test_who_may_what(api, world, conference, technician):
    made = plan(api, world, conference)
    colleague = make_user("colleague", world.localities[0], Role.SECRETARIAT)
    engineer = make_user("engineer", world.province, Role.DUTY_ENGINEER)
    target = f"/api/v1/rehearsals/{made['id']}/"
    got = {}
    for user in (world.secretary, world.leader, engineer, colleague, technician, world.outsider):
        client = api(user)
        got[user.username] = [
            client.get(target).status_code,
            client.get(url(conference)).status_code,
            client.post(url(conference), body(start=BEGINS, end=BEGINS), format="json").status_code,
            client.post(f"{target}reschedule/", body(), format="json").status_code,
        ]
    planner, reader, outsider = [200, 200, 400, 200], [200, 200, 403, 403], [404, 404, 404, 404]
    assert got == {
        "secretary": planner,
        "leader": planner,
        "engineer": planner,
        "colleague": reader,
        "technician": reader,
        "outsider": outsider,
    }


def test_no_more_queries_for_more_sites(api, django_assert_num_queries):
    world = make_world(localities=6, ports=40)
    client = api(world.secretary)
    for number, count in enumerate((2, 3, 7)):
        sites = tuple(site.pk for site in world.sites[1 : 1 + count])
        hour = number * timedelta(hours=2)
        made = booked(
            world, start=BEGINS + hour, end=BEGINS + hour + timedelta(hours=1), site_ids=sites,
            bridge_id=world.bridge.pk,
        )  # fmt: skip
        with django_assert_num_queries(PLANNING):
            answer = client.post(url(made), body(THREE + hour, THREE + hour + HALF), format="json")
        assert answer.status_code == 201, answer.json()
        with django_assert_num_queries(LISTING):
            client.get(url(made))
        with django_assert_num_queries(MOVING):
            readiness.move(
                actor=world.secretary, rehearsal=Rehearsal.objects.get(pk=answer.json()["id"]),
                start=THREE + hour - HALF, end=THREE + hour, now=NOW,
            )  # fmt: skip


PLANNING, LISTING, MOVING = 25, 6, 21
