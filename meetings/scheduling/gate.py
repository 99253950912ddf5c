"""The rule gate: what a conference as it is asked for breaks of the rules on meetings. Pure.

The rules themselves are data of the office: figure, article, from when, for which types, warning or block.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.common.periods import local_date, local_day
from backend.units.days import DAY, WorkingDays

OFF, WARNING, BLOCK = "off", "warning", "block"
HOURS_A_DAY = 8  # of work, so a midday break does not count (Labour Code 2019, art. 105)


@dataclass(frozen=True)
class Rule:
    """`amount`: working days (notice, papers, conclusion) or hours of work (longest). No `types`: of all types."""

    check: str
    unit_id: int
    effective_from: date
    severity: str
    article: str
    amount: int | None = None
    types: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Facts:
    """What the rules ask about a conference. `announced`: the local day on which its invitations left, if they have.

    `agenda`, `requirements` and the like say whether there are any: nothing of a secret conference's content is here.
    """

    type: str
    start: datetime
    end: datetime
    chair: bool = True
    attendees: bool = True
    agenda: bool = True
    requirements: bool = True
    contact: bool = True
    unscheduled: bool = False
    decided_by: bool = False
    papers_on: date | None = None
    secret: bool = False
    announced: date | None = None

    @property
    def day(self) -> date:
        return local_date(self.start)


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
            text = check(facts, rule.amount or 0, self.days, local_date(now)) if rule else ""
            if rule and text:
                found.append(Remark(name, rule.article, text, rule.severity, FIELDS[name]))
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


def _words(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _notice(facts: Facts, amount: int, days: WorkingDays, today: date) -> str:
    leave, last = facts.announced or today, days.before(facts.day, amount)
    if facts.unscheduled or leave <= last:
        return ""
    text = ngettext(
        "Invitations leave at least %(n)d working day before, so by %(last)s here. First day that keeps this: "
        "%(first)s. An unscheduled conference needs no notice, but the name of who decided on it.",
        "Invitations leave at least %(n)d working days before, so by %(last)s here. First day that keeps this: "
        "%(first)s. An unscheduled conference needs no notice, but the name of who decided on it.",
        amount,
    )
    return text % {"n": amount, "last": _words(last), "first": _words(days.after(leave - DAY, amount + 1))}


def _decider(facts: Facts, amount: int, days: WorkingDays, today: date) -> str:
    return _("Name who decided on this unscheduled conference.") if facts.unscheduled and not facts.decided_by else ""


def _longest(facts: Facts, amount: int, days: WorkingDays, today: date) -> str:
    if _working_time(facts.start, facts.end) <= timedelta(hours=amount):
        return ""
    if amount % HOURS_A_DAY:
        return _("A conference of this type lasts at most %(n)d hours. Shorten it, or divide it.") % {"n": amount}
    whole = amount // HOURS_A_DAY
    text = ngettext(
        "A conference of this type lasts at most %(n)d working day. Shorten it, or divide it.",
        "A conference of this type lasts at most %(n)d working days. Shorten it, or divide it.",
        whole,
    )
    return text % {"n": whole}


def _working_time(start: datetime, end: datetime) -> timedelta:
    """Of each local day at most a working day."""
    total, day = timedelta(), local_date(start)
    while local_day(day).start < end:
        part = min(end, local_day(day).end) - max(start, local_day(day).start)
        total += min(part, timedelta(hours=HOURS_A_DAY))
        day += DAY
    return total


def _day_off(facts: Facts, amount: int, days: WorkingDays, today: date) -> str:
    if facts.unscheduled or days.works(facts.day):
        return ""
    values = {"day": _words(facts.day), "next": _words(days.after(facts.day, 1))}
    return _("%(day)s is no working day; the next one is %(next)s.") % values


def _papers(facts: Facts, amount: int, days: WorkingDays, today: date) -> str:
    last = days.before(facts.day, amount)
    if facts.unscheduled or facts.secret or (facts.papers_on and facts.papers_on <= last):
        return ""
    text = ngettext(
        "The papers are sent at least %(n)d working day before, so by %(last)s. Name the day.",
        "The papers are sent at least %(n)d working days before, so by %(last)s. Name the day.",
        amount,
    )
    return text % {"n": amount, "last": _words(last)}


def _chair(facts: Facts, amount: int, days: WorkingDays, today: date) -> str:
    return "" if facts.chair else _("The invitation names who chairs.")


def _attendees(facts: Facts, amount: int, days: WorkingDays, today: date) -> str:
    return "" if facts.attendees else _("The invitation names who is to attend: choose the participants.")


def _agenda(facts: Facts, amount: int, days: WorkingDays, today: date) -> str:
    return "" if facts.agenda else _("The invitation says what is on the agenda: write its items.")


def _requirements(facts: Facts, amount: int, days: WorkingDays, today: date) -> str:
    return "" if facts.requirements else _("Write in the notes what the participants have to prepare.")


def _contact(facts: Facts, amount: int, days: WorkingDays, today: date) -> str:
    return "" if facts.contact else _("The invitation names a contact: write a name with a phone number.")


Question = Callable[[Facts, int, WorkingDays, date], str]
CHECKS: Mapping[str, Question] = {
    "notice": _notice,
    "decider": _decider,
    "longest": _longest,
    "day_off": _day_off,
    "papers": _papers,
    "chair": _chair,
    "attendees": _attendees,
    "agenda": _agenda,
    "requirements": _requirements,
    "contact": _contact,
}
FIELDS = {
    "notice": "start",
    "decider": "decided_by",
    "longest": "end",
    "day_off": "start",
    "papers": "papers_on",
    "chair": "chair",
    "attendees": "participants",
    "agenda": "agenda",
    "requirements": "notes",
    "contact": "contact",
}
