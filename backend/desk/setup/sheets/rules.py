"""Days off and working days of the office, as the yearly notice lists them."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.common.bulk import check_fields
from backend.common.errors import Invalid
from backend.desk.setup import acts, scope
from backend.desk.setup.sheets import cells
from backend.desk.setup.sheets.cells import Column
from backend.desk.setup.sheets.names import UnitNames
from backend.desk.setup.sheets.plan import NUMBER, Sheet
from backend.units.models import SpecialDay

Kind = SpecialDay.Kind


class DaySheet(Sheet):
    title = _("Working days")

    def __init__(self, user: User) -> None:
        super().__init__(user)
        self.units = UnitNames(user)
        self._known = list(scope.days(user).order_by("day", "pk"))
        self._by_day = {(day.unit_id, day.day): day for day in self._known}
        self.columns = (
            NUMBER,
            Column("day", _("Day"), cells.day, cells.show_day("day"), required=True),
            Column(
                "kind",
                _("Kind"),
                cells.choice(Kind.choices),
                cells.show_choice("kind", Kind.choices),
                required=True,
                words=cells.labels(Kind.choices),
            ),
            Column("name", _("Name"), cells.text(200), cells.shown("name"), required=True),
            Column(
                "unit",
                _("Unit"),
                cells.named(self.units),
                lambda d: self.units.label(d.unit),
                required=True,
                note=_("Name or code of a unit that you administer."),
            ),
            Column("source", _("Source"), cells.text(300), cells.shown("source")),
        )

    def rows(self) -> Sequence[SpecialDay]:
        return self._known

    def find(self, values: dict[str, Any]) -> SpecialDay | None:
        return self.by_number(values) or self._by_day.get((values["unit"].pk, values["day"]))

    def build(self, row: SpecialDay | None, values: dict[str, Any]) -> SpecialDay:
        day = row or SpecialDay()
        for name in set(values) - {"pk"}:
            setattr(day, name, values[name])
        return day

    def check(self, row: SpecialDay) -> None:
        check_fields(row)
        other = self._by_day.get((row.unit_id, row.day))
        if other is not None and other.pk != row.pk:
            raise Invalid("day_taken", _t("The unit has an entry for this day already."), field="day")

    def key(self, row: SpecialDay) -> Hashable:
        return row.unit_id, row.day

    def save(self, rows: list[SpecialDay], now: datetime) -> None:
        acts.save_days(actor=self.user, days=rows, now=now)
