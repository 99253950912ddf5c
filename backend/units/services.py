"""Writing the tree: rules and writes. Who may do it, and the trail, are the set-up's matter, which knows accounts."""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from backend.common.bulk import Change, check_fields, store
from backend.common.errors import Invalid
from backend.units.models import SpecialDay, Succession, Unit

FACTS = ("name", "short_name", "old_names", "kind", "level_id", "parent_id", "code", "valid_from", "valid_to")
DAY_FACTS = ("unit_id", "day", "kind", "name", "source")

_REPATH = """
WITH RECURSIVE tree AS (
    SELECT id, ARRAY[id] AS path FROM backend_units_unit WHERE parent_id IS NULL
    UNION ALL
    SELECT u.id, t.path || u.id FROM backend_units_unit u JOIN tree t ON u.parent_id = t.id
)
UPDATE backend_units_unit u SET path = tree.path FROM tree WHERE tree.id = u.id AND u.path <> tree.path
"""

# a circle is not reached from any root, so its paths stay as they were and no longer fit their parents'
_IN_CIRCLE = """
SELECT u.name FROM backend_units_unit u JOIN backend_units_unit p ON p.id = u.parent_id
WHERE u.path <> p.path || u.id ORDER BY u.id LIMIT 1
"""


def rebuild_paths() -> None:
    """Set every unit's `path` from its parents; to be called after units were written or moved."""
    with connection.cursor() as cursor:
        cursor.execute(_REPATH)


@transaction.atomic
def save_unit(unit: Unit) -> Unit:
    """Store `unit` and keep the paths right. Raises what `save_units` raises."""
    save_units([unit])
    unit.refresh_from_db()
    return unit


@transaction.atomic
def save_units(units: Sequence[Unit]) -> list[Change]:
    """Store units, parents that are new before their children; one INSERT for each generation of new ones.

    Invalid: `unit_cycle`, `level_above_parent`, `valid_to_before_from`, each with its field.
    """
    for unit in units:
        check_unit(unit)
    changes: list[Change] = []
    waiting = list(units)
    while waiting:
        ready = [unit for unit in waiting if unit.parent is None or unit.parent.pk]
        later = [unit for unit in waiting if unit.parent and not unit.parent.pk]
        if not ready:
            raise _cycle()
        for unit in ready:
            unit.parent = unit.parent  # a parent stored a moment ago has its id only now
        changes += store(ready, FACTS, lambda unit: unit.pk)
        waiting = later
    _set_paths()
    return changes


def _set_paths() -> None:
    rebuild_paths()
    with connection.cursor() as cursor:
        cursor.execute(_IN_CIRCLE)
        if cursor.fetchone():
            raise _cycle()


def check_unit(unit: Unit) -> None:
    """The rules of one unit, without a look at the others."""
    check_fields(unit)
    if unit.pk and unit.parent and unit.pk in unit.parent.path:
        raise _cycle()
    if unit.parent and unit.level.rank < unit.parent.level.rank:
        raise Invalid("level_above_parent", _("A unit cannot stand higher than the one it belongs to."), field="level")
    if unit.valid_from and unit.valid_to and unit.valid_to < unit.valid_from:
        raise Invalid("valid_to_before_from", _("The last day lies before the first."), field="valid_to")


def _cycle() -> Invalid:
    return Invalid("unit_cycle", _("A unit cannot belong to a unit below itself."), field="parent")


@transaction.atomic
def set_successor(*, predecessor: Unit, successor: Unit, effective: date) -> Succession:
    """`successor` took over from `predecessor` on the local day `effective`; the office says so, so not derived."""
    if predecessor.pk == successor.pk:
        raise Invalid("own_successor", _("A unit cannot succeed itself."), field="successor")
    if successor.valid_from and effective < successor.valid_from:
        raise Invalid("before_successor", _("The successor did not exist on that day."), field="effective")
    values = {"effective": effective, "derived": False}
    return Succession.objects.update_or_create(predecessor=predecessor, successor=successor, defaults=values)[0]


@transaction.atomic
def save_days(days: Sequence[SpecialDay]) -> list[Change]:
    """Store days off and working days of the office. Invalid: `bad_fields`."""
    for day in days:
        check_fields(day)
    return store(days, DAY_FACTS, lambda day: day.unit_id)
