"""Writing the tree."""

from datetime import date

import pytest

from backend.common.errors import Invalid
from backend.units.models import Succession, Unit
from backend.units.services import save_unit, save_units, set_successor
from tests.factories import make_level, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Unit:
    return make_unit("Trung ương", make_level("central", 0))


def draft(name: str, parent: Unit, code: str = "commune", rank: int = 3) -> Unit:
    return Unit(name=name, short_name=name, level=make_level(code, rank), parent=parent)


def test_children_may_come_before_their_new_parents(root):
    district = draft("Huyện", root, "district", 2)
    commune = draft("Xã", district)
    changes = save_units([commune, district])
    paths = dict(Unit.objects.values_list("name", "path"))
    assert paths["Xã"] == [root.pk, district.pk, commune.pk]
    assert [(change.row.name, change.before) for change in changes] == [("Huyện", {}), ("Xã", {})]


def test_two_units_cannot_be_put_below_each_other_in_one_act(root):
    one, two = (make_unit(name, make_level("district", 2), root) for name in ("Một", "Hai"))
    one.parent, two.parent = two, one
    with pytest.raises(Invalid) as caught:
        save_units([one, two])
    assert (caught.value.code, list(caught.value.errors)) == ("unit_cycle", ["parent"])


def test_a_unit_stands_no_higher_than_its_parent(root):
    commune = make_unit("Xã", make_level("commune", 3), root)
    with pytest.raises(Invalid) as caught:
        save_unit(draft("Huyện", commune, "district", 2))
    assert caught.value.code == "level_above_parent"


def test_the_last_day_does_not_lie_before_the_first(root):
    unit = draft("Xã", root)
    unit.valid_from, unit.valid_to = date(2025, 7, 1), date(2025, 6, 30)
    with pytest.raises(Invalid) as caught:
        save_unit(unit)
    assert (caught.value.code, list(caught.value.errors)) == ("valid_to_before_from", ["valid_to"])


def test_what_does_not_change_is_no_change(root):
    unit = make_unit("Xã", make_level("commune", 3), root)
    assert save_units([unit]) == []
    unit.name = "Phường"
    [change] = save_units([unit])
    assert (change.before["name"], change.after["name"]) == ("Xã", "Phường")


@pytest.mark.parametrize("many", [1, 3])
def test_many_units_cost_as_many_queries_as_one(root, many, django_assert_num_queries):
    root = Unit.objects.select_related("level").get()
    units = [draft(f"Xã {number}", root) for number in range(many)]
    with django_assert_num_queries(5):  # savepoint, rows, paths, circles, release
        save_units(units)


def test_a_corrected_successor_is_no_longer_derived(root):
    gone, heir = (make_unit(name, make_level("commune", 3), root) for name in ("Cũ", "Mới"))
    Succession.objects.create(predecessor=gone, successor=heir, effective="2025-01-01", derived=True)
    row = set_successor(predecessor=gone, successor=heir, effective=date(2025, 7, 1))
    assert list(Succession.objects.values_list("pk", "effective", "derived")) == [(row.pk, date(2025, 7, 1), False)]
    with pytest.raises(Invalid) as caught:
        set_successor(predecessor=gone, successor=gone, effective=date(2025, 7, 1))
    assert caught.value.code == "own_successor"


@pytest.mark.parametrize(
    ("governs", "kind", "said"),
    [("UBND", "area", "UBND xã Hữu Lũng"), ("UBND", "body", "Xã Hữu Lũng"), ("", "area", "Xã Hữu Lũng")],
)
def test_who_invites_in_the_name_of_a_unit(governs, kind, said):
    level = make_level("commune", 3)
    level.authority = governs
    assert Unit(name="Xã Hữu Lũng", level=level, kind=kind).authority == said
