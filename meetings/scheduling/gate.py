"""The rule gate: what a conference as it is asked for breaks of the rules on meetings. Pure.

The rules themselves are data of the office: figure, article, from when, for which types, warning or block.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backend.common.periods import local_date
from backend.units.days import WorkingDays
from meetings.scheduling.gate_checks import CHECKS, Facts

OFF, WARNING, BLOCK = "off", "warning", "block"


@dataclass(frozen=True)
class Rule:
    """`amount`: working days (notice, papers, conclusion) or hours of work (longest). No `types`: of all types."""

    check: str
    unit_id: int
    effective_from: date
    severity: str
    article: str
    amount: int | None = None
    types: Collection[str] = ()


@dataclass(frozen=True)
class Remark:
    """A breach: its stable `code`, the article, what to do, how grave the office takes it, and the field to look at."""

    code: str
    article: str
    text: str
    severity: str
    field: str


@dataclass(frozen=True)
class Gate:
    """The rules and working days of one convening unit; `path` holds its own id behind those of the units above."""

    path: Sequence[int]
    rules: Sequence[Rule]
    days: WorkingDays

    def in_force(self, type_: str, day: date) -> dict[str, Rule]:
        """check → the rule for conferences of `type_` on `day`; those that are switched off are not among them.

        The nearest unit's word counts; of its rules the one that names the type, then the youngest.
        """
        depth = {unit: number for number, unit in enumerate(self.path)}
        fitting = [rule for rule in self.rules if rule.unit_id in depth and rule.effective_from <= day]
        fitting = [rule for rule in fitting if not rule.types or type_ in rule.types]
        fitting.sort(key=lambda rule: (depth[rule.unit_id], bool(rule.types), rule.effective_from))
        return {check: rule for check, rule in {r.check: r for r in fitting}.items() if rule.severity != OFF}

    def remarks(self, facts: Facts, now: datetime) -> list[Remark]:
        """Every breach, blocks first. An exempt type has none."""
        rules = self.in_force(facts.type, facts.day)
        if "exempt" in rules:
            return []
        found = []
        for name, check in CHECKS.items():
            rule = rules.get(name)
            text = check.ask(facts, rule.amount or 0, self.days, local_date(now)) if rule else ""
            if rule and text:
                found.append(Remark(name, rule.article, text, rule.severity, check.field))
        return sorted(found, key=lambda remark: remark.severity != BLOCK)

    def conclusion_due(self, type_: str, end: datetime) -> date | None:
        """The last local day for the conclusion notice of a conference that ended at `end`; None: none is asked for."""
        last = local_date(end)
        rules = self.in_force(type_, last)
        rule = rules.get("conclusion")
        return self.days.after(last, rule.amount or 0) if rule and "exempt" not in rules else None


def blocks(remarks: Iterable[Remark], besides: Iterable[Remark] = ()) -> list[Remark]:
    """The remarks that forbid; not those that stood already, `besides`: nobody is stopped for what is not new."""
    known = {remark.code for remark in besides}
    return [remark for remark in remarks if remark.severity == BLOCK and remark.code not in known]
