"""Writing many rows in a constant number of statements, and what changed by it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from backend.common.errors import Invalid

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Change:
    """A row that was written: its facts before (empty: it is new) and after, as plain JSON values."""

    row: Any
    unit_id: int | None
    before: dict[str, Any]
    after: dict[str, Any]


def as_array(ids: Iterable[int]) -> str:
    """PostgreSQL's text form of an array of ids, for `%s::bigint[]`: thousands are quoted at once."""
    return f"{{{','.join(map(str, ids))}}}"


def store(rows: Sequence[Row], fields: Sequence[str], unit_of: Callable[[Any], int | None]) -> list[Change]:
    """Insert the new rows and write `fields` of the stored ones; answers those that really changed.

    `fields` are names of columns (`unit_id`, not `unit`); they are also the facts of the changes.
    """
    if not rows:
        return []
    before = stored_facts(rows, fields)
    upsert(rows, fields)
    changes = [Change(row, unit_of(row), before.get(row.pk, {}), facts(row, fields)) for row in rows]
    return [change for change in changes if change.before != change.after]


def stored_facts(rows: Sequence[Row], fields: Sequence[str]) -> dict[Any, dict[str, Any]]:
    """What the database holds of those `rows` that it knows."""
    known = [row.pk for row in rows if row.pk]
    found = type(rows[0])._default_manager.in_bulk(known) if known else {}
    return {pk: facts(row, fields) for pk, row in found.items()}


def upsert(rows: Sequence[Row], fields: Iterable[str]) -> None:
    """One INSERT … ON CONFLICT DO UPDATE of `fields` for the stored rows, then one INSERT for the new ones.

    In the order given: what a row gives up (a name, the place of the primary line) a later one may take.
    """
    manager = type(rows[0])._default_manager
    new, old = [row for row in rows if row.pk is None], [row for row in rows if row.pk is not None]
    if old:
        names = [name.removesuffix("_id") for name in fields]
        manager.bulk_create(old, update_conflicts=True, unique_fields=["pk"], update_fields=names)
    if new:
        manager.bulk_create(new)


def facts(row: Model, fields: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in fields}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, list | tuple) else value


def check_fields(row: Model, *besides: str) -> None:
    """What each column by itself allows: lengths, choices, addresses; not the columns `besides`.

    Invalid (`bad_fields`) names every field.
    """
    keys = [field.name for field in row._meta.concrete_fields if field.is_relation or field.generated]
    try:
        row.clean_fields(exclude=[*keys, *besides])
    except ValidationError as error:
        raise Invalid("bad_fields", _("Some of it is not right."), errors=error.message_dict) from error
