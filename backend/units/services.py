"""Writing the tree."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from backend.common.errors import Invalid
from backend.units.models import Unit

_REPATH = """
WITH RECURSIVE tree AS (
    SELECT id, ARRAY[id] AS path FROM backend_units_unit WHERE parent_id IS NULL
    UNION ALL
    SELECT u.id, t.path || u.id FROM backend_units_unit u JOIN tree t ON u.parent_id = t.id
)
UPDATE backend_units_unit u SET path = tree.path FROM tree WHERE tree.id = u.id AND u.path <> tree.path
"""


def rebuild_paths() -> None:
    """Set every unit's `path` from its parents; to be called after units were written or moved."""
    with connection.cursor() as cursor:
        cursor.execute(_REPATH)


@transaction.atomic
def save_unit(unit: Unit) -> Unit:
    """Store `unit` and keep the paths right. Invalid when its parent lies below itself."""
    if unit.pk and unit.parent and unit.pk in unit.parent.path:
        raise Invalid("unit_cycle", _("A unit cannot belong to a unit below itself."), field="parent")
    unit.save()
    rebuild_paths()
    unit.refresh_from_db()
    return unit
