"""The clock of the conclusion notice: it starts with the end, is due in working days, and stops with a number."""

from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backend.audit.models import Entry
from backend.units.models import SpecialDay
from meetings.scheduling.gate_models import ConclusionNotice, GateRule
from meetings.scheduling.models import Conference
from meetings.scheduling.services import advance
from tests.factories import NOW, World, make_rules, make_user, make_world

pytestmark = pytest.mark.django_db
URL = "/api/v1/conferences/"
ENDED = "2026-11-27T04:00:00Z"  # Friday 11:00
LATE = "2026-12-07T01:00:00Z"


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    world = make_world()
    make_rules(world.centre)
    return world


def held(api, world: World, hour: int = 8, **values) -> int:
    """A conference of Friday the 27th that has ended."""
    wish = {
        "title": "Họp điều phối",
        "type": "coordination",
        "start": f"2026-11-27T{hour:02}:00:00+07:00",
        "end": f"2026-11-27T{hour:02}:45:00+07:00",
        "sites": [world.sites[1].pk],
        "chair": "Chủ tịch UBND tỉnh",
        **values,
    }
    pk = api(world.secretary).post(URL, wish, format="json").json()["id"]
    with time_machine.travel(ENDED, tick=False):
        advance(timezone.now())
    return pk


def listed(api, user, state: str = "open") -> list[tuple]:
    rows = api(user).get(f"/api/v1/conclusions/?state={state}").json()["results"]
    return [(row["conference"], row["due"], row["days"], row["late"]) for row in rows]


def note(api, user, pk: int, **values):
    return api(user).post(f"{URL}{pk}/conclusion/", values, format="json")


def test_an_ended_conference_knows_its_due_day(api, world):
    pk = held(api, world)
    with time_machine.travel(ENDED, tick=False):
        assert listed(api, world.secretary) == [(pk, "2026-12-04", 7, False)]
        assert listed(api, world.secretary, "late") == []
    with time_machine.travel(LATE, tick=False):
        assert listed(api, world.leader, "late") == [(pk, "2026-12-04", -3, True)]


def test_the_last_day_itself_is_in_time(api, world):
    pk = held(api, world)
    with time_machine.travel("2026-12-04T16:59:00Z", tick=False):
        assert listed(api, world.secretary) == [(pk, "2026-12-04", 0, False)]
    with time_machine.travel("2026-12-04T17:00:00Z", tick=False):  # midnight in Viet Nam
        assert listed(api, world.secretary) == [(pk, "2026-12-04", -1, True)]


def test_a_day_off_or_another_figure_moves_what_is_due(api, world):
    pk = held(api, world)
    with time_machine.travel(ENDED, tick=False):
        SpecialDay.objects.create(unit=world.province, day="2026-12-02", kind="off", name="Nghỉ bão")
        assert listed(api, world.secretary) == [(pk, "2026-12-07", 10, False)]
        GateRule.objects.create(
            unit=world.province, check_code="conclusion", amount=2, article="Quy chế", effective_from="2026-11-01"
        )
        assert listed(api, world.secretary) == [(pk, "2026-12-01", 4, False)]
        GateRule.objects.filter(unit=world.province).update(severity="off", amount=2)
        assert listed(api, world.secretary) == []


@pytest.mark.parametrize("type_", ["committee_session", "ceremony", "training"])
def test_types_that_conclude_nothing_start_no_clock(api, world, type_):
    held(api, world, type=type_)
    assert ConclusionNotice.objects.count() == 0


def test_the_latest_come_first(api, world):
    later = held(api, world, 9)
    first = held(api, world, 8)
    Conference.objects.filter(pk=first).update(start="2026-11-26T01:00Z", end="2026-11-26T02:00Z")
    with time_machine.travel(LATE, tick=False):
        assert listed(api, world.secretary) == [(first, "2026-12-03", -4, True), (later, "2026-12-04", -3, True)]


def test_the_secretariat_notes_number_and_day_and_the_trail_keeps_both(api, world):
    pk = held(api, world)
    with time_machine.travel(LATE, tick=False):
        answer = note(api, world.secretary, pk, number="45/TB-VPUBND", issued_on="2026-12-05")
        assert (answer.status_code, answer.json()) == (
            200, {"number": "45/TB-VPUBND", "issued_on": "2026-12-05", "waived": ""},
        )  # fmt: skip
        assert (listed(api, world.secretary), listed(api, world.secretary, "done")) == (
            [], [(pk, "2026-12-04", -1, True)],
        )  # fmt: skip
        assert note(api, world.leader, pk, number="46/TB-VPUBND", issued_on="2026-12-04").status_code == 200
    entry = Entry.objects.filter(act="conference.conclude").order_by("pk").last()
    assert (entry.before, entry.after) == (
        {"number": "45/TB-VPUBND", "issued_on": "2026-12-05"},
        {"number": "46/TB-VPUBND", "issued_on": "2026-12-04"},
    )


def test_none_is_needed_for_a_reason(api, world):
    pk = held(api, world)
    with time_machine.travel(LATE, tick=False):
        assert note(api, world.secretary, pk, waived="Kết luận tại biên bản").status_code == 200
        assert listed(api, world.secretary) == []
        assert note(api, world.secretary, pk, number="45/TB", issued_on="2026-12-05").json()["waived"] == ""
        again = note(api, world.secretary, pk, waived="Thôi")
        assert (again.status_code, again.json()["code"]) == (409, "issued")


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({}, "invalid", "number"),
        ({"number": "45/TB", "waived": "x", "issued_on": "2026-12-01"}, "invalid", "number"),
        ({"number": "45/TB"}, "invalid", "issued_on"),
        ({"number": "4" * 51, "issued_on": "2026-12-01"}, "invalid", "number"),
        ({"number": "45/TB", "issued_on": "2026-11-26"}, "before_end", "issued_on"),
        ({"number": "45/TB", "issued_on": "2026-12-08"}, "in_the_future", "issued_on"),
    ],
)
def test_a_bad_entry_is_refused_and_stores_nothing(api, world, values, code, field):
    pk = held(api, world)
    with time_machine.travel(LATE, tick=False):
        answer = note(api, world.secretary, pk, **values)
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, code, [field])
    assert ConclusionNotice.objects.get().number == ""


def test_before_the_end_there_is_nothing_to_conclude(api, world):
    pk = held(api, world)
    Conference.objects.update(status="live")
    answer = note(api, world.secretary, pk, number="45/TB", issued_on="2026-11-27")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_who_sees_and_who_notes(api, world):
    pk = held(api, world)
    tech = make_user("tech", world.province, "technician")
    host = make_user("host", world.localities[0], "secretariat")
    with time_machine.travel(LATE, tick=False):
        seen = {user.username: len(listed(api, user)) for user in (world.leader, world.outsider, tech, host)}
        assert seen == {"leader": 1, "outsider": 0, "tech": 0, "host": 0}
        entry = {"number": "45/TB", "issued_on": "2026-12-01"}
        assert note(api, world.outsider, pk, **entry).status_code == 404
        assert note(api, tech, pk, **entry).status_code == 403
        assert note(api, world.leader, pk, **entry).status_code == 200
    assert api().get("/api/v1/conclusions/").status_code == 401
    assert api(world.secretary).get("/api/v1/conclusions/?state=x").json()["code"] == "bad_state"


def test_the_database_keeps_number_and_day_together(api, world):
    held(api, world)
    for values in ({"number": "45/TB"}, {"issued_on": date(2026, 12, 1)}, {
        "number": "45/TB", "issued_on": date(2026, 12, 1), "waived": "x"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            ConclusionNotice.objects.update(**values)


@pytest.mark.parametrize("state", ["open", "done"])
@pytest.mark.parametrize("rows", [1, 3])
def test_one_row_and_three_cost_the_same(api, world, rows, state, django_assert_num_queries):
    for number in range(rows):
        pk = held(api, world, 7 + number)
        if state == "done":
            note(api, world.secretary, pk, waived="Không cần")
    client = api(world.secretary)
    client.get("/api/v1/conclusions/")
    with django_assert_num_queries(6):  # session, account, rights, notices, rules, days
        assert len(client.get(f"/api/v1/conclusions/?state={state}").json()["results"]) == rows


# --- on the screen


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_board_counts_the_late_ones_for_those_who_issue_them(api, world):
    held(api, world, 8)
    held(api, world, 9)
    tech = make_user("tech", world.province, "technician")
    with time_machine.travel(LATE, tick=False):
        assert "2 conclusion notices are late" in signed_in(world.secretary).get("/").content.decode()
        assert "conclusion notice" not in signed_in(tech).get("/").content.decode()
        assert "conclusion notice" not in signed_in(world.outsider).get("/").content.decode().replace("Conclusion", "")


def test_the_page_lists_them_and_its_form_notes_one(api, world):
    pk = held(api, world)
    page = reverse("conclusions")
    with time_machine.travel(LATE, tick=False):
        client = signed_in(world.secretary)
        assert "3 days late" in client.get(page).content.decode()
        url = reverse("conference-conclusion", args=[pk])
        assert client.post(url, {"number": "45/TB-VPUBND", "issued_on": ""}).status_code == 302
        assert ConclusionNotice.objects.get().number == ""
        client.post(url, {"number": "45/TB-VPUBND", "issued_on": "2026-12-05"})
        assert "45/TB-VPUBND" not in client.get(page).content.decode()
        assert "issued 1 day late" in client.get(f"{page}?state=done").content.decode()
        assert "45/TB-VPUBND" in client.get(reverse("conference", args=[pk])).content.decode()
    assert signed_in(make_user("tech", world.province, "technician")).get(page).status_code == 404
    answer = signed_in(world.outsider).get(page)
    assert (answer.status_code, f"/conferences/{pk}/" in answer.content.decode()) == (200, False)
    assert signed_in(world.outsider).post(url, {"waive": "1", "reason": "x"}).status_code == 404
