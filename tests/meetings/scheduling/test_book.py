"""Booking a conference over many sites."""

from datetime import timedelta

import pytest
import time_machine

from backend.reservations.models import Hold, Reservation
from meetings.scheduling.models import Conference
from tests.factories import NOW, World, make_world

pytestmark = pytest.mark.django_db
START = "2026-11-25T08:00:00+07:00"
END = "2026-11-25T10:00:00+07:00"


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def body(world: World, **values) -> dict:
    return {
        "title": "Hội nghị trực tuyến quý IV",
        "type": "review",
        "start": START,
        "end": END,
        "sites": [site.pk for site in world.sites],
        "chair": "Chủ tịch UBND tỉnh",
        **values,
    }


def test_the_secretariat_books_over_its_own_sites_and_it_is_approved(api, world):
    sites = [site.pk for site in world.sites[1:]]
    answer = api(world.secretary).post("/api/v1/conferences/", body(world, sites=sites), format="json")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert made["status"] == "approved"
    assert made["rooms"] == [site.default_room_id for site in world.sites[1:]]
    assert made["sequence"] == 0
    assert made["start"] == START
    assert made["code"] == f"HN-2026-{made['id']:04d}"
    assert Reservation.objects.count() == 3
    assert list(Hold.objects.values_list("amount", flat=True)) == [3]


def test_a_site_above_the_secretariats_scope_needs_the_leaders_approval(api, world):
    made = api(world.secretary).post("/api/v1/conferences/", body(world), format="json").json()
    assert made["status"] == "submitted"
    assert made["hold_until"] == "2026-11-25T08:00:00+07:00"
    refused = api(world.secretary).post(f"/api/v1/conferences/{made['id']}/approve/")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    approved = api(world.leader).post(f"/api/v1/conferences/{made['id']}/approve/")
    assert (approved.status_code, approved.json()["status"]) == (200, "approved")
    assert set(Reservation.objects.values_list("expires_at", flat=True)) == {None}


def test_a_clash_names_the_room_the_holder_and_free_hours_and_books_nothing(api, world):
    client = api(world.secretary)
    first = client.post("/api/v1/conferences/", body(world), format="json").json()
    answer = client.post("/api/v1/conferences/", body(world, sites=[world.sites[1].pk]), format="json")
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "conflict"
    assert problem["conflicts"] == [
        {
            "kind": "room",
            "resource": world.sites[1].default_room_id,
            "name": "Phòng họp Tỉnh Lạng Sơn (Tỉnh Lạng Sơn)",
            "start": "2026-11-25T01:00:00+00:00",
            "end": "2026-11-25T03:00:00+00:00",
            "held_by": f"{first['code']} · Hội nghị trực tuyến quý IV",
        }
    ]
    assert problem["alternatives"][0] == {"start": "2026-11-25T03:00:00+00:00", "end": "2026-11-25T05:00:00+00:00"}
    assert len(problem["alternatives"]) == 3
    assert Conference.objects.count() == 1


def test_an_outsider_sees_busy_but_not_by_whom(api, world):
    api(world.secretary).post("/api/v1/conferences/", body(world, sites=[world.sites[1].pk]), format="json")
    answer = api(world.outsider).post("/api/v1/conferences/", body(world, sites=[world.sites[1].pk]), format="json")
    assert answer.status_code == 409
    assert answer.json()["conflicts"][0]["held_by"] is None


def test_more_sites_than_ports_is_refused_with_the_bridge(api, world):
    world.bridge.pool.capacity = 3
    world.bridge.pool.save()
    answer = api(world.secretary).post("/api/v1/conferences/", body(world), format="json")
    assert answer.status_code == 409
    conflict = answer.json()["conflicts"][0]
    assert (conflict["kind"], conflict["resource"], conflict["left"]) == ("ports", world.bridge.pk, 3)
    assert (Conference.objects.count(), Reservation.objects.count()) == (0, 0)


def test_rescheduling_raises_the_sequence_and_moves_the_rooms(api, world):
    client = api(world.leader)
    made = client.post("/api/v1/conferences/", body(world), format="json").json()
    moved = client.post(
        f"/api/v1/conferences/{made['id']}/reschedule/",
        {"start": "2026-11-25T09:00:00+07:00", "end": "2026-11-25T11:00:00+07:00"},
        format="json",
    )
    assert (moved.status_code, moved.json()["sequence"]) == (200, 1), moved.json()
    lower = {r.during.lower for r in Reservation.objects.all()}
    assert lower == {NOW + timedelta(days=2, hours=1)}


def test_cancelling_frees_everything(api, world):
    client = api(world.leader)
    made = client.post("/api/v1/conferences/", body(world), format="json").json()
    gone = client.post(f"/api/v1/conferences/{made['id']}/cancel/", {"reason": "Hoãn"}, format="json")
    assert (gone.status_code, gone.json()["status"], gone.json()["sequence"]) == (200, "cancelled", 1)
    assert (Reservation.objects.count(), Hold.objects.count()) == (0, 0)


def test_a_draft_holds_nothing_until_it_is_submitted(api, world):
    client = api(world.secretary)
    made = client.post("/api/v1/conferences/", body(world, draft=True), format="json").json()
    assert (made["status"], Reservation.objects.count()) == ("draft", 0)
    assert client.post(f"/api/v1/conferences/{made['id']}/submit/").json()["status"] == "submitted"
    assert Reservation.objects.count() == 4


def test_a_returned_conference_is_free_and_can_be_submitted_again(api, world):
    made = api(world.secretary).post("/api/v1/conferences/", body(world), format="json").json()
    url = f"/api/v1/conferences/{made['id']}"
    returned = api(world.leader).post(f"{url}/return/", {"reason": "Thiếu nội dung"}, format="json").json()
    assert (returned["status"], returned["reason"], Reservation.objects.count()) == ("returned", "Thiếu nội dung", 0)
    assert api(world.secretary).post(f"{url}/submit/").json()["status"] == "submitted"


def test_an_outsider_finds_nothing(api, world):
    made = api(world.secretary).post("/api/v1/conferences/", body(world), format="json").json()
    assert api(world.outsider).get(f"/api/v1/conferences/{made['id']}/").status_code == 404
    assert api(world.outsider).post(f"/api/v1/conferences/{made['id']}/approve/").status_code == 404
    assert api(world.outsider).get("/api/v1/conferences/").json() == {"results": [], "next": None, "previous": None}
    assert api().get("/api/v1/conferences/").status_code == 401


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"end": START}, "end", "end_before_start"),
        ({"end": "2026-11-25T07:00:00+07:00"}, "end", "end_before_start"),
        ({"sites": []}, "sites", "no_place"),
        ({"sites": [999999]}, "sites", "unknown"),
        ({"sites": list(range(500000, 504999))}, "sites", "unknown"),
        ({"start": "2026-11-25T08:00:00"}, "start", "invalid"),
        ({"start": "2026-11-25T08:00:00[Asia/Atlantis]"}, "start", "invalid"),
        ({"participants": [{"name": "Nguyễn Văn Mẫu"}]}, "participants.0", "unreachable"),
        ({"participants": [{"name": "Nguyễn Văn Mẫu", "email": "mẫu@@x"}]}, "participants.0.email", "invalid"),
        ({"type": "party"}, "type", "invalid"),
        ({"start": "2026-11-20T08:00:00+07:00"}, "start", "in_the_past"),
        ({"bridge": 12345}, "bridge", "unknown"),
    ],
)
def test_bad_input_names_the_field(api, world, change, field, code):
    answer = api(world.secretary).post("/api/v1/conferences/", body(world, **change), format="json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, code, [field])
    assert (Conference.objects.count(), Reservation.objects.count()) == (0, 0)


def test_a_doubled_site_and_a_room_of_another_site_are_refused(api, world):
    site = world.sites[1]
    twice = api(world.secretary).post("/api/v1/conferences/", body(world, sites=[site.pk, site.pk]), format="json")
    assert (twice.status_code, twice.json()["code"]) == (400, "doubled")
    foreign = body(world, sites=[site.pk], rooms=[world.sites[2].default_room_id])
    answer = api(world.secretary).post("/api/v1/conferences/", foreign, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "room_of_other_site")


def test_a_body_too_large_and_broken_json(api, world):
    client = api(world.secretary)
    large = client.post("/api/v1/conferences/", b'{"title": "' + b"x" * 2_000_000, content_type="application/json")
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    broken = client.post("/api/v1/conferences/", b'{"title": ', content_type="application/json")
    assert (broken.status_code, broken.json()["code"]) == (400, "broken_json")


def test_the_same_idempotency_key_books_once(api, world):
    client = api(world.secretary)
    answers = [
        client.post("/api/v1/conferences/", body(world), format="json", headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Conference.objects.count() == 1


def test_a_stale_version_is_refused(api, world):
    client = api(world.secretary)
    made = client.post("/api/v1/conferences/", body(world), format="json")
    assert made["ETag"] == '"1"'
    url = f"/api/v1/conferences/{made.json()['id']}/"
    fresh = client.patch(url, {"title": "Sơ kết"}, format="json", headers={"If-Match": '"1"'})
    assert (fresh.status_code, fresh.json()["title"], fresh.json()["sequence"]) == (200, "Sơ kết", 0)
    stale = client.patch(url, {"title": "Tổng kết"}, format="json", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_no_more_queries_for_more_sites(api, django_assert_num_queries):
    world = make_world(localities=6, ports=20)
    client = api(world.secretary)  # submitted: what higher parts do at approval is theirs to count
    for start, count in (("08:00", 2), ("10:00", 3), ("13:00", 8)):
        sites = [site.pk for site in world.sites[:count]]
        times = {"start": f"2026-11-25T{start}:00+07:00", "end": f"2026-11-25T{start[:2]}:59:00+07:00"}
        with django_assert_num_queries(QUERIES):
            answer = client.post("/api/v1/conferences/", body(world, sites=sites, **times), format="json")
        assert answer.status_code == 201, answer.json()


QUERIES = 25


def test_a_patch_may_name_a_participant_by_little(api, world):
    made = api(world.secretary).post("/api/v1/conferences/", body(world), format="json").json()
    guests = [{"name": "Bùi Thị Thử", "email": "thu@bo.example"}]
    answer = api(world.secretary).patch(f"/api/v1/conferences/{made['id']}/", {"participants": guests}, format="json")
    assert answer.status_code == 200, answer.json()
    assert [(p["name"], p["email"], p["role"]) for p in answer.json()["participants"]] == [
        ("Bùi Thị Thử", "thu@bo.example", "member")
    ]
