"""The administrator keeps the rules on meetings and the working days, by form and by sheet."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from backend.audit.models import Entry
from backend.units.models import SpecialDay
from meetings.scheduling.gate_models import GateRule
from tests.backend.desk.setup.conftest import signed_in
from tests.factories import World, make_rules

pytestmark = pytest.mark.django_db


def rule(world: World, **values) -> dict:
    return {
        "check_code": "notice", "unit": world.province.pk, "amount": "5", "severity": "block",
        "article": "Quy chế làm việc, Điều 7", "effective_from": "2026-12-01", "types": ["working", "briefing"],
        **values,
    }  # fmt: skip


def day(world: World, **values) -> dict:
    return {"day": "2026-12-26", "kind": "worked", "name": "Làm bù", "unit": world.province.pk, **values}


def new(user, key: str, values: dict):
    return signed_in(user).post(reverse("setup-new", args=[key]), values)


def errors(answer) -> list[str]:
    assert answer.status_code == 422
    return list(answer.context["form"].errors)


def test_a_rule_is_stored_with_its_types_in_their_order_and_noted(world):
    assert new(world.owner, "rules", rule(world)).status_code == 302
    stored = GateRule.objects.get()
    assert (stored.types, stored.amount, stored.severity) == (["briefing", "working"], 5, "block")
    entry = Entry.objects.get(act="gate_rule.create")
    assert (entry.unit_id, entry.after["effective_from"], entry.after["amount"]) == (
        world.province.pk, "2026-12-01", 5,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "201"}, "amount"),
        ({"amount": "99999999"}, "amount"),
        ({"check_code": "agenda"}, "amount"),
        ({"check_code": "chairs"}, "check_code"),
        ({"types": ["party"]}, "types"),
        ({"severity": "deadly"}, "severity"),
        ({"article": ""}, "article"),
        ({"effective_from": "soon"}, "effective_from"),
    ],
)
def test_a_bad_rule_is_refused_at_its_field(world, values, field):
    assert errors(new(world.owner, "rules", rule(world, **values))) == [field]
    assert GateRule.objects.count() == 0


def test_two_rules_for_the_same_from_the_same_day_are_refused(world):
    new(world.owner, "rules", rule(world))
    assert len(errors(new(world.owner, "rules", rule(world, types=["briefing", "working"])))) == 1
    assert new(world.owner, "rules", rule(world, effective_from="2027-01-01")).status_code == 302


def test_a_rule_of_the_unit_above_is_not_there_to_be_changed(world):
    make_rules(world.centre)
    above = GateRule.objects.get(check_code="notice")
    for user in (world.owner, world.stranger, world.secretary):
        url = reverse("setup-edit", args=["rules", above.pk])
        assert signed_in(user).post(url, rule(world)).status_code == 404
        assert signed_in(user).post(reverse("setup-remove", args=["rules", above.pk])).status_code == 404
    assert errors(new(world.low, "rules", rule(world))) == ["unit"]
    assert GateRule.objects.count() == 14


def test_a_rule_can_be_taken_away(world):
    new(world.owner, "rules", rule(world))
    url = reverse("setup-remove", args=["rules", GateRule.objects.get().pk])
    assert signed_in(world.owner).post(url).status_code == 302
    assert (GateRule.objects.count(), Entry.objects.filter(act="gate_rule.delete").count()) == (0, 1)


@pytest.mark.parametrize(("check", "amount"), [("notice", None), ("notice", 0), ("agenda", 3)])
def test_the_database_keeps_the_figure_of_a_rule(world, check, amount):
    with pytest.raises(IntegrityError), transaction.atomic():
        GateRule.objects.create(
            unit=world.province, check_code=check, amount=amount, article="Điều", effective_from=date(2026, 1, 1)
        )


def test_a_swapped_day_is_stored_once_for_each_unit(world):
    assert new(world.owner, "days", day(world)).status_code == 302
    assert errors(new(world.owner, "days", day(world, name="Lần nữa"))) == ["day"]
    assert new(world.owner, "days", day(world, unit=world.department.pk)).status_code == 302
    assert errors(new(world.low, "days", day(world, day="2026-12-27"))) == ["unit"]
    assert (SpecialDay.objects.count(), Entry.objects.filter(act="special_day.create").count()) == (2, 2)


def test_the_list_says_what_counts_this_year_and_the_next(world):
    new(world.owner, "days", day(world))
    known = signed_in(world.owner).get(reverse("setup-list", args=["days"])).context["known_days"]
    assert {"day": date(2026, 12, 26), "works": True, "name": "Làm bù"} in known
    assert {"day": date(2026, 8, 22), "works": True, "name": "worked in exchange for a day off"} in known
    assert (known[0]["day"], known[-1]["day"]) == (date(2026, 1, 1), date(2027, 11, 24))
    other = signed_in(world.stranger).get(reverse("setup-list", args=["days"])).context["known_days"]
    assert date(2026, 12, 26) not in [row["day"] for row in other]


def xlsx(*rows) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("ngay-nghi.xlsx", out.getvalue())


def test_the_days_of_a_year_come_as_a_sheet(world):
    SpecialDay.objects.create(unit=world.province, day="2027-02-04", kind="off", name="Nghỉ Tết")
    client, headings = signed_in(world.owner), ("Day", "Kind", "Name", "Unit")
    file = xlsx(
        headings,
        ("04/02/2027", "working day", "Làm bù", "Tỉnh Lạng Sơn"),
        (date(2027, 2, 11), "day off", "Nghỉ Tết", "Tỉnh Lạng Sơn"),
        ("2027-02-12", "ngày nghỉ", "Nghỉ Tết", "Tỉnh Lạng Sơn"),
        ("31/02/2027", "day off", "Nghỉ", "Tỉnh Lạng Sơn"),
        ("15/02/2027", "maybe", "Nghỉ", "Tỉnh Lạng Sơn"),
        ("12/02/2027", "day off", "Lần nữa", "Tỉnh Lạng Sơn"),
        ("16/02/2027", "day off", "Nghỉ", "Tỉnh Thái Nguyên"),
    )
    preview = client.post(reverse("setup-sheet", args=["days"]), {"file": file})["Location"]
    page = client.get(preview)
    lines = sorted((row["line"] for row in page.context["rows"]), key=lambda line: line.number)
    assert [(str(line.status), list(line.errors)) for line in lines] == [
        ("changed", []), ("new", []), ("new", []),
        ("bad", ["day"]), ("bad", ["kind"]), ("bad", ["day"]), ("bad", ["unit"]),
    ]  # fmt: skip
    assert SpecialDay.objects.count() == 1
    client.post(preview, {"fingerprint": page.context["fingerprint"]})
    assert list(SpecialDay.objects.order_by("day").values_list("day", "kind")) == [
        (date(2027, 2, 4), "worked"), (date(2027, 2, 11), "off"), (date(2027, 2, 12), "off"),
    ]  # fmt: skip
    assert Entry.objects.filter(act__startswith="special_day.").count() == 3
