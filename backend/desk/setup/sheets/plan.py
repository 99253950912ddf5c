"""What a sheet would do, row by row, without doing it."""

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.common.errors import Invalid, Problem
from backend.common.text import fold
from backend.desk.setup.sheets.cells import Column, shown, whole
from backend.desk.setup.sheets.names import Bad
from backend.desk.setup.sheets.workbook import Formula, Table

LARGEST_ID = 2**53


class Status(models.TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    BAD = "bad", _("not taken")


class Sheet:
    """How one kind is read from and written to a sheet, for one user, with everything it looks up loaded once.

    Each `find` answers the row that a line of the sheet means, or None; `build` puts the values on it; `check` raises
    what the service would; `save` calls the service once for all.
    """

    columns: tuple[Column, ...] = ()
    title: ClassVar[Any] = ""

    def __init__(self, user: User) -> None:
        self.user = user

    @property
    def first(self) -> str:
        """The column that is blamed for what concerns the whole row."""
        return next(column.name for column in self.columns if column.name != "pk")

    def rows(self) -> Sequence[Any]:
        raise NotImplementedError

    def find(self, values: dict[str, Any]) -> Any:
        raise NotImplementedError

    def build(self, row: Any, values: dict[str, Any]) -> Any:
        raise NotImplementedError

    def link(self, lines: list["Line"]) -> None:
        """Settle what lines say of one another."""

    def check(self, row: Any) -> None:
        raise NotImplementedError

    def key(self, row: Any) -> Hashable:
        raise NotImplementedError

    def is_new(self, row: Any) -> bool:
        return not row.pk

    def save(self, rows: list[Any], now: datetime) -> None:
        raise NotImplementedError

    def by_number(self, values: dict[str, Any]) -> Any:
        """The row with the number in the first column, where there is one."""
        number = values.get("pk")
        if number is None:
            return None
        if not hasattr(self, "_numbers"):
            self._numbers = {row.pk: row for row in self.rows()}
        if number not in self._numbers:
            raise CellBad("pk", _t("You administer nothing with this number; leave the cell empty for a new row."))
        return self._numbers[number]


NUMBER = Column("pk", _("No."), whole(1, LARGEST_ID), shown("pk"), note=_("Leave it as it is; empty for a new row."))


class CellBad(Bad):
    """A Bad that knows its column."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column = column


@dataclass
class Line:
    """A row of the sheet: its cells as typed, what is wrong with which, and what it would do."""

    number: int
    cells: list[str]
    errors: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    row: Any = None
    before: list[str] | None = None
    after: list[str] = field(default_factory=list)
    status: str = Status.BAD

    def bad(self, column: str, text: str) -> None:
        self.errors.setdefault(column, []).append(text)


@dataclass
class Plan:
    sheet: Sheet
    lines: list[Line]

    def of(self, *statuses: str) -> list[Line]:
        return [line for line in self.lines if line.status in statuses]

    def count(self) -> dict[str, int]:
        return {status: len(self.of(status)) for status in Status.values}

    def fingerprint(self) -> str:
        """Equal as long as the same lines would do the same."""
        text = repr([(line.number, line.status, line.before, line.after) for line in self.lines])
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def aligned(sheet: Sheet, table: Table) -> tuple[list[str], Table]:
    """The names of the sheet's columns that the file has, and its rows in their order.

    Invalid (`columns_missing`) names those that it must have.
    """
    titles = _titles(sheet)
    places = {titles[fold(cell)]: i for i, cell in enumerate(table[0][1]) if fold(cell) in titles}
    missing = [str(column.title) for column in sheet.columns if column.required and column.name not in places]
    if missing:
        text = _t("The first row must name the columns. Missing: %(names)s.") % {"names": ", ".join(missing)}
        raise Invalid("columns_missing", text, field="file")
    order = [column.name for column in sheet.columns if column.name in places]
    rows = [(number, [cells[places[name]] if places[name] < len(cells) else "" for name in order])
            for number, cells in table[1:]]  # fmt: skip
    return order, [(number, cells) for number, cells in rows if any(cells)]


def _titles(sheet: Sheet) -> dict[str, str]:
    """In both languages, so that a sheet of one is taken in by a screen of the other."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.update({fold(str(column.title)): column.name for column in sheet.columns})
    return found


def plan(sheet: Sheet, order: Sequence[str], table: Table) -> Plan:
    """What each row would do. `order`: the columns of the table; one that is not there leaves things as they are."""
    columns = {column.name: column for column in sheet.columns}
    lines = [Line(number, cells) for number, cells in table]
    for line in lines:
        _read(line, [columns[name] for name in order])
    for line in lines:
        if not line.errors:
            _match(sheet, line)
    sheet.link(lines)
    seen: dict[Hashable, int] = {}
    for line in lines:
        if not line.errors:
            _judge(sheet, line, seen)
    return Plan(sheet, lines)


def _read(line: Line, columns: Sequence[Column]) -> None:
    for column, cell in zip(columns, line.cells, strict=True):
        try:
            if isinstance(cell, Formula):
                raise Bad(_t("The cell holds a formula; paste its value instead."))
            if column.required and not cell:
                raise Bad(_t("This must not be empty."))
            line.values[column.name] = column.read(cell)
        except Bad as error:
            line.bad(column.name, str(error))


def _match(sheet: Sheet, line: Line) -> None:
    try:
        row = sheet.find(line.values)
        line.before = None if row is None else [column.show(row) for column in sheet.columns]
        line.row = sheet.build(row, line.values)
    except CellBad as error:
        line.bad(error.column, str(error))


def _judge(sheet: Sheet, line: Line, seen: dict[Hashable, int]) -> None:
    key = sheet.key(line.row)
    if key in seen:
        line.bad(sheet.first, _t("The same as row %(n)d.") % {"n": seen[key]})
        return
    seen[key] = line.number
    try:
        sheet.check(line.row)
    except Problem as problem:
        _blame(sheet, line, problem)
        return
    line.after = [column.show(line.row) for column in sheet.columns]
    if sheet.is_new(line.row):
        line.status = Status.NEW
    else:
        line.status = Status.UNCHANGED if line.before == line.after else Status.CHANGED


def _blame(sheet: Sheet, line: Line, problem: Problem) -> None:
    names = {column.name for column in sheet.columns}
    errors = problem.errors or {"": [problem.detail]}
    for name, texts in errors.items():
        for text in texts:
            line.bad(name if name in names else sheet.first, str(text))
