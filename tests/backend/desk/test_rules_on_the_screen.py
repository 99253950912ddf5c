"""What the rules on meetings say, on the booking screen while it is filled in and on the conference's page."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from meetings.scheduling.gate_models import GateRule
from meetings.scheduling.models import Conference
from tests.factories import NOW, World, make_rules, make_user, make_world

pytestmark = pytest.mark.django_db
WHOLE = {
    "type": "coordination", "day": "2026-11-27", "agenda": "08:00-08:30 Khai mạc", "notes": "Chuẩn bị số liệu.",
    "contact": "Đàm Văn Mẫu", "others": "Bùi Thị Thử; thu@bo.example; Vụ trưởng",
}  # fmt: skip


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    world = make_world()
    make_rules(world.centre)
    return world


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form(world: World, **values) -> dict:
    return {
        "title": "Họp điều phối",
        "type": "coordination",
        "secrecy": "none",
        "day": "2026-11-25",
        "start_time": "08:00",
        "end_time": "10:00",
        "convening_unit": world.province.pk,
        "chair_name": "Chủ tịch UBND tỉnh",
        "sites": [world.sites[1].pk],
        **values,
    }


def forbid_short_notice(world: World) -> None:
    GateRule.objects.create(
        unit=world.province, check_code="notice", amount=3, severity="block", article="Quy chế của tỉnh, Điều 7",
        effective_from=date(2026, 1, 1),
    )  # fmt: skip


def said(page) -> list[tuple[str, str]]:
    return [(remark.code, remark.severity) for remark in page.context["remarks"]]


def asked(client: Client, values: dict, *args: int) -> list[tuple[str, str]]:
    return said(client.post(reverse("conference-gate", args=args), values))


def test_the_form_is_told_live_what_it_lacks(world):
    forbid_short_notice(world)
    client = signed_in(world.secretary)
    assert asked(client, form(world)) == [
        ("notice", "block"), ("attendees", "warning"), ("agenda", "warning"), ("requirements", "warning"),
        ("contact", "warning"),
    ]  # fmt: skip
    assert asked(client, form(world, **WHOLE)) == []
    assert asked(client, form(world, **WHOLE, last_day="2026-11-28")) == [("longest", "warning")]
    page = client.post(reverse("conference-gate"), form(world))
    assert page.content.decode().count("Quy chế của tỉnh, Điều 7") == 1
    assert Conference.objects.count() == 0


@pytest.mark.parametrize("field", ["type", "day", "start_time", "end_time", "convening_unit"])
def test_as_long_as_the_type_or_the_hours_are_missing_nothing_is_said(world, field):
    assert asked(signed_in(world.secretary), form(world, **{field: ""})) == []


def test_hours_the_wrong_way_round_are_not_judged(world):
    assert asked(signed_in(world.secretary), form(world, end_time="07:00")) == []


def test_a_block_is_shown_at_its_field_and_what_was_typed_stays(world):
    forbid_short_notice(world)
    client = signed_in(world.secretary)
    refused = client.post(reverse("conference-new"), form(world))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["start_time"])
    assert refused.context["form"]["title"].value() == "Họp điều phối"
    assert said(refused)[0] == ("notice", "block")
    unnamed = client.post(reverse("conference-new"), form(world, unscheduled="on"))
    assert list(unnamed.context["form"].errors) == ["decided_by"]
    booked = client.post(reverse("conference-new"), form(world, unscheduled="on", decided_by="Lò Thị Mẫu"))
    assert booked.status_code == 302
    conference = Conference.objects.get()
    assert (conference.unscheduled, conference.decided_by) == (True, "Lò Thị Mẫu")
    edited = client.get(reverse("conference-edit", args=[conference.pk]))
    assert edited.context["form"]["decided_by"].value() == "Lò Thị Mẫu"


def test_a_change_that_keeps_the_hours_keeps_the_day_of_the_invitations(world):
    client = signed_in(world.secretary)
    assert client.post(reverse("conference-new"), form(world, **WHOLE)).status_code == 302
    pk = Conference.objects.get().pk
    with time_machine.travel("2026-11-26T01:00:00Z", tick=False):
        client = signed_in(world.secretary)
        assert asked(client, form(world, **WHOLE), pk) == []
        assert asked(client, form(world, **WHOLE, start_time="09:00"), pk) == [("notice", "warning")]
        assert asked(client, form(world, **WHOLE)) == [("notice", "warning")]


def test_the_leader_reads_the_remarks_where_the_approval_is_given(world):
    signed_in(world.secretary).post(reverse("conference-new"), form(world, sites=[world.sites[0].pk]))
    url = reverse("conference", args=[Conference.objects.get().pk])
    page = signed_in(world.leader).get(url)
    assert page.context["allowed"]["approve"] is True
    assert [code for code, _severity in said(page)] == ["notice", "attendees", "agenda", "requirements", "contact"]
    assert "remarks" not in signed_in(make_user("host", world.province, "technician")).get(url).context
    assert signed_in(world.outsider).get(url).status_code == 404
    assert signed_in(world.outsider).post(reverse("conference-gate", args=[1])).status_code == 404


def test_a_stranger_is_led_to_the_login(world):
    assert Client().post(reverse("conference-gate"), form(world)).status_code == 302
