"""Units: parents may stand in the same sheet, above or below their children."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.common.errors import Invalid
from backend.common.text import fold
from backend.desk.setup import acts
from backend.desk.setup.sheets import cells
from backend.desk.setup.sheets.cells import Column
from backend.desk.setup.sheets.names import Bad, UnitNames
from backend.desk.setup.sheets.plan import NUMBER, CellBad, Line, Sheet
from backend.units.models import Level, Unit
from backend.units.services import check_unit


class UnitSheet(Sheet):
    title = _("Units")

    def __init__(self, user: User) -> None:
        super().__init__(user)
        self.names = UnitNames(user)
        self._known = self.names.rows + self.names.past.rows
        self._ids = {unit.pk for unit in self._known}
        self.levels = list(Level.objects.all())
        self.columns = (
            NUMBER,
            Column("name", _("Name"), cells.text(200), cells.shown("name"), required=True),
            Column(
                "short_name",
                _("Short name"),
                cells.text(100),
                cells.shown("short_name"),
                note=_("As one says it; empty: the name."),
            ),
            Column(
                "kind",
                _("Kind"),
                cells.choice(Unit.Kind.choices, Unit.Kind.AREA),
                cells.show_choice("kind", Unit.Kind.choices),
                words=cells.labels(Unit.Kind.choices),
            ),
            Column(
                "level",
                _("Level"),
                self._level,
                cells.shown("level"),
                required=True,
                words=lambda: [str(v) for v in self.levels],
            ),
            Column(
                "parent",
                _("Belongs to"),
                cells.text(420),
                self._show_parent,
                note=_("A unit that you administer, or one of this sheet."),
            ),
            Column("code", _("Code"), cells.text(20), cells.shown("code")),
            Column(
                "old_names",
                _("Former names"),
                cells.text(500),
                cells.shown("old_names"),
                note=_("Separated by semicolons."),
            ),
            Column("valid_from", _("Valid from"), cells.day, cells.show_day("valid_from")),
            Column("valid_to", _("Valid to"), cells.day, cells.show_day("valid_to")),
        )
        taken = Unit.objects.exclude(code="").values_list("code", "valid_from", "pk")
        self.codes = {(code, day): pk for code, day, pk in taken}

    def rows(self) -> Sequence[Unit]:
        return sorted(self._known, key=lambda unit: (unit.level.rank, unit.name, unit.pk))

    def _level(self, cell: str) -> Level:
        for level in self.levels:
            if fold(cell) in (fold(level.name_vi), fold(level.name_en), level.code):
                return level
        raise Bad(_t("Write one of: %(words)s.") % {"words": "; ".join(str(level) for level in self.levels)})

    def _show_parent(self, unit: Unit) -> str:
        if unit.parent is None:
            return ""
        return self.names.label(unit.parent) if unit.parent.pk else unit.parent.name

    def find(self, values: dict[str, Any]) -> Unit | None:
        if unit := self.by_number(values):
            return unit
        code, place = values.get("code"), fold(values.get("parent", ""))
        if code and (found := [u for u in self._known if u.code == code and u.valid_from == values.get("valid_from")]):
            return found[0]
        alike = [u for u in self.names.candidates(values["name"]) if fold(u.name) == fold(values["name"])]
        if place:
            alike = [
                u
                for u in alike
                if u.parent and place in (fold(self._show_parent(u)), fold(u.parent.name), u.parent.code)
            ]
        if len(alike) > 1:
            names = "; ".join(self.names.label(unit) for unit in alike[:5])
            raise CellBad(
                "name",
                _t("“%(text)s” may be: %(names)s. Write one of these.") % {"text": values["name"], "names": names},
            )
        return None if alike and code and alike[0].code and alike[0].code != code else next(iter(alike), None)

    def build(self, row: Unit | None, values: dict[str, Any]) -> Unit:
        unit = row or Unit()
        for name in set(values) - {"pk", "parent"}:
            setattr(unit, name, values[name])
        unit.short_name = unit.short_name or unit.name[:100]
        return unit

    def link(self, lines: list[Line]) -> None:
        """Give each unit the parent that its line names."""
        new: dict[str, list[Line]] = {}
        for line in lines:
            if line.row is not None and not line.row.pk:
                for name in {fold(line.row.name), line.row.code}:
                    new.setdefault(name, []).append(line)
        for line in lines:
            if line.errors or "parent" not in line.values:
                continue
            try:
                line.row.parent = self._parent(line, new)
            except Bad as error:
                line.bad("parent", str(error))
        self._follow(lines)

    def _parent(self, line: Line, new: dict[str, list[Line]]) -> Unit | None:
        text = line.values["parent"]
        if not text:
            if not line.row.pk:
                raise Bad(_t("Say to which unit it belongs."))
            return line.row.parent
        if line.row.pk and line.row.parent and fold(text) == fold(self._show_parent(line.row)):
            return line.row.parent  # as it stands, even where it lies above what this administrator has
        here = [other for other in new.get(fold(text), []) + new.get(text, []) if other is not line]
        if not here:
            return self.names.find(text)
        if len({id(other) for other in here}) > 1 or self.names.candidates(text):
            raise Bad(_t("“%(text)s” stands for several units; write a code.") % {"text": text})
        return here[0].row

    def _follow(self, lines: list[Line]) -> None:
        """A line whose parent is not taken cannot be taken either, nor one in a circle."""
        by_row = {id(line.row): line for line in lines if line.row is not None}
        for line in lines:
            above, parent = {id(line.row)}, line.row.parent if line.row is not None else None
            while parent is not None and not line.errors:
                if id(parent) in above:
                    line.bad("parent", _t("A unit cannot belong to a unit below itself."))
                elif (its := by_row.get(id(parent))) and its.errors and not parent.pk:
                    line.bad("parent", _t("Row %(n)d, to which it belongs, is not taken.") % {"n": its.number})
                above.add(id(parent))
                parent = parent.parent if not parent.pk or id(parent) in by_row else None

    def check(self, row: Unit) -> None:
        if row.parent_id is None and row.parent is None and not row.pk:
            raise Invalid("no_parent", _t("Say to which unit it belongs."), field="parent")
        check_unit(row)
        if row.code and self.codes.get((row.code, row.valid_from), row.pk) != row.pk:
            raise Invalid("code_taken", _t("Another unit has this code."), field="code")

    def key(self, row: Unit) -> Hashable:
        if row.pk:
            return row.pk
        return (row.code, row.valid_from) if row.code else (fold(row.name), id(row.parent) if row.parent else None)

    def save(self, rows: list[Unit], now: datetime) -> None:
        acts.save_units(actor=self.user, units_=rows, now=now)
