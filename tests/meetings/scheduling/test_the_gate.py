"""The rules on meetings at the door: asked without booking, told with a booking, and in the way where they forbid."""

from datetime import date

import pytest
import time_machine

from backend.audit.models import Entry
from backend.reservations.models import Reservation
from backend.units.models import SpecialDay
from meetings.scheduling.gate_models import GateRule
from meetings.scheduling.models import Conference
from tests.factories import NOW, World, make_rules, make_unit, make_user, make_world

pytestmark = pytest.mark.django_db
URL = "/api/v1/conferences/"


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    world = make_world()
    make_rules(world.centre)
    return world


def body(world: World, **values) -> dict:
    """Friday the 27th: the first day that keeps the notice, for the 24th is a holiday."""
    return {
        "title": "Họp điều phối",
        "type": "coordination",
        "start": "2026-11-27T08:00:00+07:00",
        "end": "2026-11-27T10:00:00+07:00",
        "sites": [world.sites[1].pk],
        "chair": "Chủ tịch UBND tỉnh",
        "participants": [{"name": "Bùi Thị Thử", "email": "thu@bo.example"}],
        "agenda": [
            {"start": "2026-11-27T08:00:00+07:00", "end": "2026-11-27T09:00:00+07:00", "title": "Báo cáo"},
        ],
        "notes": "Chuẩn bị số liệu tháng 11.",
        "contact": "Đàm Văn Mẫu, 0900 000 000",
        **values,
    }


EARLY = {"start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T10:00:00+07:00", "agenda": []}


def strict(world: World, check: str, **values) -> GateRule:
    """The province forbids what the Decision only frowns on."""
    amount = GateRule.objects.filter(check_code=check).values_list("amount", flat=True)[0]
    return GateRule.objects.create(
        unit=world.province, check_code=check, amount=amount, severity="block", article="Quy chế của tỉnh, Điều 7",
        effective_from=date(2026, 1, 1), **values,
    )  # fmt: skip


def seen(answer) -> list[tuple[str, str, str]]:
    return [(row["code"], row["severity"], row["field"]) for row in answer.json()["remarks"]]


def test_a_whole_request_is_booked_without_a_remark(api, world):
    answer = api(world.secretary).post(URL, body(world), format="json")
    assert (answer.status_code, answer.json()["remarks"]) == (201, [])
    stored = api(world.secretary).get(f"{URL}{answer.json()['id']}/").json()
    assert (stored["unscheduled"], stored["decided_by"], stored["contact"], stored["papers_on"]) == (
        False, "", "Đàm Văn Mẫu, 0900 000 000", None,
    )  # fmt: skip


def test_warnings_come_with_the_booking(api, world):
    answer = api(world.secretary).post(URL, body(world, **EARLY, contact=""), format="json")
    assert answer.status_code == 201
    assert seen(answer) == [
        ("notice", "warning", "start"),
        ("agenda", "warning", "agenda"),
        ("contact", "warning", "contact"),
    ]
    assert answer.json()["remarks"][2] == {
        "code": "contact",
        "article": "Quy định về giấy mời họp, Quyết định 45/2018/QĐ-TTg",
        "text": "The invitation names a contact: write a name with a phone number.",
        "severity": "warning",
        "field": "contact",
    }


def test_a_block_is_refused_with_every_remark_and_nothing_is_written(api, world):
    strict(world, "notice")
    answer = api(world.secretary).post(URL, body(world, **EARLY), format="json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    problem = answer.json()
    assert (problem["code"], list(problem["errors"])) == ("gate", ["start"])
    assert problem["errors"]["start"][0].endswith("(Quy chế của tỉnh, Điều 7)")
    assert seen(answer) == [("notice", "block", "start"), ("agenda", "warning", "agenda")]
    assert (Conference.objects.count(), Reservation.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_the_way_out_of_a_block_is_a_named_decider(api, world):
    strict(world, "notice")
    client = api(world.secretary)
    unnamed = client.post(URL, body(world, **EARLY, unscheduled=True), format="json")
    assert (unnamed.status_code, list(unnamed.json()["errors"])) == (400, ["decided_by"])
    named = client.post(URL, body(world, **EARLY, unscheduled=True, decided_by="Lò Thị Mẫu"), format="json")
    assert (named.status_code, seen(named)) == (201, [("agenda", "warning", "agenda")])
    assert Conference.objects.get().decided_by == "Lò Thị Mẫu"


def test_an_exempt_type_is_not_held_to_the_rules(api, world):
    strict(world, "notice")
    answer = api(world.secretary).post(URL, body(world, **EARLY, type="committee_session"), format="json")
    assert (answer.status_code, answer.json()["remarks"]) == (201, [])


def test_the_office_swaps_a_day(api, world):
    strict(world, "notice")
    wish = body(world, start="2026-11-26T08:00:00+07:00", end="2026-11-26T10:00:00+07:00", agenda=[])
    assert api(world.secretary).post(URL, wish, format="json").status_code == 400
    SpecialDay.objects.create(unit=world.centre, day="2026-11-24", kind="worked", name="Làm bù")
    assert api(world.secretary).post(URL, wish, format="json").status_code == 201


def test_another_province_keeps_its_own_rules(api, world):
    strict(world, "notice")
    stranger = make_user("leader2", world.other, "leader")
    answer = api(stranger).post(URL, body(world, **EARLY, sites=[world.sites[1].pk]), format="json")
    assert seen(answer)[0] == ("notice", "warning", "start")


def test_the_question_answers_alike_and_books_nothing(api, world):
    strict(world, "notice")
    answer = api(world.secretary).post(f"{URL}gate/", body(world, **EARLY), format="json")
    assert (answer.status_code, answer.json()["blocked"]) == (200, True)
    assert seen(answer) == [("notice", "block", "start"), ("agenda", "warning", "agenda")]
    assert Conference.objects.count() == 0
    times = {"type": "working", "start": "2026-11-27T08:00:00+07:00", "end": "2026-11-27T15:00:00+07:00"}
    little = api(world.secretary).post(f"{URL}gate/", times, format="json")
    assert [row[0] for row in seen(little)] == [
        "longest", "chair", "attendees", "agenda", "requirements", "contact",
    ]  # fmt: skip
    assert little.json()["blocked"] is False


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"type": None}, "invalid", "type"),
        ({"start": "2026-11-20T08:00:00+07:00"}, "in_the_past", "start"),
        ({"start": "0001-01-01T00:00:00+00:00"}, "too_long", "end"),
        ({"end": "9999-12-31T23:59:59+00:00"}, "invalid", "end"),
        ({"end": "9998-12-31T23:59:59+00:00"}, "too_long", "end"),
        ({"end": "2026-11-27T07:00:00+07:00"}, "end_before_start", "end"),
        ({"convening_unit": 999_999_999}, "unknown", "convening_unit"),
    ],
)
def test_a_bad_question_is_refused_with_its_field(api, world, values, code, field):
    answer = api(world.secretary).post(f"{URL}gate/", body(world, **values), format="json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, code, [field])


def test_a_question_without_hours_says_what_is_missing(api, world):
    answer = api(world.secretary).post(f"{URL}gate/", {"type": "working"}, format="json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, "required", ["start"])


def test_a_day_in_a_far_century_does_not_hang(api, world):
    far = {"start": "9998-11-27T08:00:00+07:00", "end": "9998-11-27T10:00:00+07:00", "agenda": []}
    answer = api(world.secretary).post(f"{URL}gate/", body(world, **far), format="json")
    assert [row[0] for row in seen(answer)] == ["agenda"]


def test_who_may_ask(api, world):
    made = api(world.secretary).post(URL, body(world, **EARLY), format="json").json()
    url = f"{URL}{made['id']}/gate/"
    assert seen(api(world.secretary).get(url)) == [("notice", "warning", "start"), ("agenda", "warning", "agenda")]
    assert seen(api(world.leader).get(url)) == seen(api(world.secretary).get(url))
    assert api(make_user("tech", world.province, "technician")).get(url).status_code == 403
    assert api(world.outsider).get(url).status_code == 404
    assert api(make_user("tech2", world.province, "technician")).post(
        f"{URL}gate/", body(world), format="json"
    ).status_code == 403  # fmt: skip


def test_the_leader_who_approves_is_held_to_a_block_too(api, world):
    """Submitted in time, left lying until it no longer is."""
    strict(world, "notice")
    made = api(world.secretary).post(URL, body(world, sites=[world.sites[0].pk]), format="json").json()
    assert made["status"] == "submitted"
    with time_machine.travel("2026-11-25T01:00:00Z", tick=False):
        refused = api(world.leader).post(f"{URL}{made['id']}/approve/")
        assert (refused.status_code, refused.json()["code"]) == (400, "gate")
        change = {"unscheduled": True, "decided_by": "Lò Thị Mẫu"}
        assert api(world.leader).patch(f"{URL}{made['id']}/", change, format="json").status_code == 200
        assert api(world.leader).post(f"{URL}{made['id']}/approve/").json()["status"] == "approved"


def test_a_draft_is_stored_whatever_it_lacks_and_held_to_the_rules_when_submitted(api, world):
    strict(world, "contact")
    client = api(world.secretary)
    made = client.post(URL, body(world, contact="", draft=True), format="json")
    assert (made.status_code, seen(made)) == (201, [("contact", "block", "contact")])
    url = f"{URL}{made.json()['id']}/"
    assert client.patch(url, {"title": "Họp"}, format="json").status_code == 200
    assert client.post(f"{url}submit/").json()["code"] == "gate"
    assert Conference.objects.get().status == "draft"
    client.patch(url, {"contact": "Đàm Văn Mẫu"}, format="json")
    assert client.post(f"{url}submit/").json()["status"] == "approved"


def test_a_change_answers_for_what_it_breaks_itself_alone(api, world):
    client = api(world.secretary)
    made = client.post(URL, body(world, contact=""), format="json").json()
    strict(world, "contact")
    strict(world, "notice")
    url = f"{URL}{made['id']}/"
    assert client.patch(url, {"notes": "Mang theo máy tính."}, format="json").status_code == 200
    hours = {"start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T10:00:00+07:00"}
    moved = client.post(f"{url}reschedule/", hours, format="json")
    assert (moved.status_code, list(moved.json()["errors"])) == (400, ["start"])
    assert Conference.objects.get().start.isoformat() == "2026-11-27T01:00:00+00:00"


def test_notice_counts_from_the_day_on_which_the_invitations_left(api, world):
    made = api(world.secretary).post(URL, body(world), format="json").json()
    url = f"{URL}{made['id']}/"
    with time_machine.travel("2026-11-26T01:00:00Z", tick=False):
        assert seen(api(world.secretary).get(f"{url}gate/")) == []
        hour = {"start": "2026-11-27T09:00:00+07:00", "end": "2026-11-27T11:00:00+07:00"}
        assert api(world.secretary).post(f"{url}reschedule/", hour, format="json").status_code == 200
        assert seen(api(world.secretary).get(f"{url}gate/")) == [("notice", "warning", "start")]


def test_a_secret_conference_is_judged_without_its_content(api, world):
    cleared = make_user("cleared", world.province, "secretariat", "leader", cleared=True)
    world.sites[1].cleared = world.sites[1].default_room.cleared = True
    world.sites[1].save()
    world.sites[1].default_room.save()
    wish = body(world, secrecy="secret", type="review", bridge=None)
    made = api(cleared).post(URL, wish, format="json")
    assert (made.status_code, made.json()["remarks"]) == (201, [])
    answer = api(world.leader).get(f"{URL}{made.json()['id']}/gate/")
    assert answer.json() == {"remarks": [], "blocked": False}


@pytest.mark.parametrize("rows", [1, 3])
def test_more_rules_cost_no_more_queries(api, world, rows, django_assert_num_queries):
    for number in range(rows):
        strict(world, "notice", types=["training", "review", "working"][: number + 1])
        SpecialDay.objects.create(unit=world.province, day=date(2026, 12, number + 1), kind="off", name="Nghỉ")
    client = api(world.secretary)
    client.post(f"{URL}gate/", body(world), format="json")
    with django_assert_num_queries(6):  # session, account, rights, unit, rules, days
        assert client.post(f"{URL}gate/", body(world), format="json").status_code == 200


def test_special_days_are_told_with_the_offices_own(api, world):
    commune = make_unit("Xã Ba Sơn", world.localities[0].level, world.province)
    SpecialDay.objects.create(unit=world.centre, day="2026-11-24", kind="worked", name="Làm bù")
    SpecialDay.objects.create(unit=world.province, day="2026-11-26", kind="off", name="Nghỉ bão")
    SpecialDay.objects.create(unit=commune, day="2026-11-26", kind="worked", name="Trực bão")
    client, url = api(world.secretary), "/api/v1/working-days/?from=2026-11-23&to=2026-11-30"
    assert client.get(url).json()["results"] == [{"day": "2026-11-24", "works": False, "name": "Vietnam Cultural Day"}]
    own = client.get(f"{url}&unit={world.province.pk}").json()["results"]
    assert own == [{"day": "2026-11-26", "works": False, "name": "Nghỉ bão"}]
    assert client.get(f"{url}&unit={commune.pk}").json()["results"] == []
    assert client.get(f"{url}&unit=999999999").status_code == 404
    for bad in ("from=x", "from=0001-01-01", "from=2026-01-01&to=2028-01-01", "from=2026-02-01&to=2026-01-01"):
        assert client.get(f"/api/v1/working-days/?{bad}").status_code == 400
    assert api().get(url).status_code == 401
