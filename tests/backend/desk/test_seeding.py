"""What seeding costs, and what it does to a database that is empty, or is not."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from backend.accounts.models import Grant, Person, User
from backend.desk.demo.planting import plant
from backend.units.models import Figure, Level, Succession, Unit
from backend.units.queries import figure
from meetings.scheduling.gate_models import GateRule
from meetings.scheduling.models import Conference
from meetings.sites.models import Site

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)


def statements(demo):
    with CaptureQueriesContext(connection) as captured:
        plant(demo=demo, admin_password="demo", now=NOW)
    return len(captured)


def test_the_larger_demo_costs_hardly_more_statements():
    """Not one for each unit, site or person: 68 sites and 360 units take what 36 and 105 do, but for successions."""
    counts = []
    for demo in ("2020", "2025"):
        with transaction.atomic():
            counts.append(statements(demo))
            transaction.set_rollback(True)
    smaller, larger = counts
    assert larger <= smaller + 5
    assert larger <= 700


def test_a_second_start_asks_little():
    plant(demo="2020", admin_password="demo", now=NOW)
    assert statements("2020") <= 15


def test_an_empty_office_has_levels_figures_and_one_account(capsys):
    call_command("seed_demo", demo="0")
    shown = capsys.readouterr().out.splitlines()
    rows = (Level, Unit, Figure, User, Grant, Person, Succession, Site, Conference)
    assert {model.__name__ for model in rows if model.objects.exists()} == {"Level", "Unit", "Figure", "User", "Grant"}
    assert Unit.objects.get().code == "TW"
    assert User.objects.get().username == "admin"
    assert authenticate(username="admin", password=shown[0].rsplit(" ", 1)[1]) == User.objects.get()


def test_the_first_password_is_shown_once(capsys):
    call_command("seed_demo", demo="0")
    call_command("seed_demo", demo="0")
    assert capsys.readouterr().out.count("password") == 1


def test_an_empty_office_takes_its_first_password_from_outside(monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", "bốn chữ rất dài")
    call_command("seed_demo", demo="0")
    assert authenticate(username="admin", password="bốn chữ rất dài") == User.objects.get()


def test_a_demo_does_not_mix_with_other_data():
    plant(demo="2020", admin_password="demo", now=NOW)
    with pytest.raises(CommandError, match="other units"):
        call_command("seed_demo", demo="2025")
    assert Unit.objects.filter(level__code="district").count() == 11


def test_an_office_keeps_the_figure_that_it_changed():
    plant(demo="0", admin_password="a long one", now=NOW)
    Figure.objects.filter(key="conference.hold_hours").update(value=72)
    plant(demo="0", admin_password="a long one", now=NOW)
    assert figure("conference.hold_hours", on=NOW.date()) == 72


def test_an_office_keeps_the_rules_that_it_changed():
    plant(demo="0", admin_password="a long one", now=NOW)
    assert GateRule.objects.count() == 14
    GateRule.objects.filter(check_code="notice").update(amount=5, effective_from="2026-01-01")
    GateRule.objects.filter(check_code="longest", amount=16).delete()
    plant(demo="0", admin_password="a long one", now=NOW)
    assert list(GateRule.objects.filter(check_code="notice").values_list("amount", flat=True)) == [5]
    assert GateRule.objects.count() == 13


def test_an_office_keeps_what_it_made_of_its_start():
    """A start must bring back neither a level, nor a root, nor an account with a known name that the office gave up."""
    plant(demo="0", admin_password="a long one", now=NOW)
    Level.objects.filter(code="district").delete()
    Unit.objects.update(code="VN", name="Trung ương")
    User.objects.update(username="quantri")
    plant(demo="0", admin_password="a long one", now=NOW)
    assert sorted(Level.objects.values_list("code", flat=True)) == ["central", "commune", "provincial"]
    assert list(Unit.objects.values_list("code", flat=True)) == ["VN"]
    assert list(User.objects.values_list("username", flat=True)) == ["quantri"]


def test_a_figure_knows_its_source_and_since_when():
    plant(demo="0", admin_password="a long one", now=NOW)
    assert Figure.objects.filter(source="").count() == 0
    allowance = Figure.objects.get(key="expense.travel")
    assert (str(allowance.effective_from), allowance.value["allowance_day"]) == ("2025-05-04", 300_000)
