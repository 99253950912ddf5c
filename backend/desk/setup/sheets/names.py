"""Finding what a cell names: by number, code or name, whatever its diacritics; and saying whom else it could mean."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.periods import local_date
from backend.common.text import fold
from backend.desk.setup import scope
from backend.units.models import Succession, Unit

SHOWN = 5


class Bad(Exception):
    """A cell that cannot be taken, with the reason for the person who typed it."""


class Names:
    """Rows by their names. The first of the `tiers` in which anything bears the name decides."""

    def __init__(
        self, rows: Iterable[Any], tiers: Sequence[Callable[[Any], Iterable[str]]], label: Callable[[Any], str]
    ) -> None:
        self.rows, self.label = list(rows), label
        self.tiers: list[dict[str, list[Any]]] = []
        for names_of in tiers:
            tier: dict[str, list[Any]] = {}
            for row in self.rows:
                for name in {" ".join(fold(n).split()) for n in names_of(row) if n}:
                    tier.setdefault(name, []).append(row)
            self.tiers.append(tier)

    def candidates(self, text: str) -> list[Any]:
        name = " ".join(fold(text).split())
        return next((tier[name] for tier in self.tiers if name in tier), [])

    def find(self, text: str) -> Any:
        """The one row that bears this name. Bad when there is none, or several: then they are listed."""
        found = self.candidates(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise Bad(self.missing(text))
        shown = "; ".join(self.label(row) for row in found[:SHOWN]) + (" …" if len(found) > SHOWN else "")
        raise Bad(_("“%(text)s” may be: %(names)s. Write one of these.") % {"text": text, "names": shown})

    def missing(self, text: str) -> str:
        return _("“%(text)s” is not among what you administer.") % {"text": text}


class UnitNames(Names):
    """Units of today inside the scope; one that is no more is answered with who took over."""

    def __init__(self, user: User) -> None:
        today = local_date(timezone.now())
        every = list(scope.units(user).order_by("pk"))
        self.past = Names([u for u in every if not _stands(u, today)], TIERS, str)
        self._labels = _distinct([u for u in every if _stands(u, today)])
        super().__init__([u for u in every if _stands(u, today)], TIERS, lambda u: self._labels.get(u.pk, u.name))

    def missing(self, text: str) -> str:
        gone = self.past.candidates(text)
        if not gone:
            return super().missing(text)
        heirs = Succession.objects.filter(predecessor__in=gone).values_list("successor__name", flat=True)
        if not heirs:
            return _("“%(text)s” is no more.") % {"text": text}
        return _("“%(text)s” is no more; now: %(names)s.") % {"text": text, "names": "; ".join(sorted(set(heirs)))}


def _stands(unit: Unit, day: date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or unit.valid_to >= day)


def with_parent(unit: Unit) -> str:
    return f"{unit.name} ({unit.parent.name})" if unit.parent else unit.name


TIERS: tuple[Callable[[Unit], Iterable[str]], ...] = (
    lambda unit: [unit.code],
    lambda unit: [unit.name, with_parent(unit)],
    lambda unit: [unit.short_name],
    lambda unit: unit.old_names.split(";"),
)


def _distinct(units: list[Unit]) -> dict[int, str]:
    """How a sheet writes each unit so that it is found again: its name, with its parent's where two share it."""
    count: dict[str, int] = {}
    for text in (text for unit in units for text in {fold(unit.name), fold(with_parent(unit))}):
        count[text] = count.get(text, 0) + 1
    labels = {}
    for unit in units:
        options = [text for text in (unit.name, with_parent(unit)) if count[fold(text)] == 1]
        labels[unit.pk] = options[0] if options else unit.code or with_parent(unit)
    return labels
