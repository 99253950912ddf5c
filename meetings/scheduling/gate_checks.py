"""What each rule on meetings asks of a conference, and the words in which a breach is told. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.common.periods import local_date, local_day
from backend.units.days import DAY, WorkingDays

HOURS_A_DAY = 8  # of work, so a midday break does not count (Labour Code 2019, art. 105)


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
class Check:
    """`ask`: facts, the rule's figure, working days, today → the remark's text, or nothing. `field`: where to look."""

    ask: Callable[[Facts, int, WorkingDays, date], str]
    field: str


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


CHECKS: Mapping[str, Check] = {
    "notice": Check(_notice, "start"),
    "decider": Check(_decider, "decided_by"),
    "longest": Check(_longest, "end"),
    "day_off": Check(_day_off, "start"),
    "papers": Check(_papers, "papers_on"),
    "chair": Check(_chair, "chair"),
    "attendees": Check(_attendees, "participants"),
    "agenda": Check(_agenda, "agenda"),
    "requirements": Check(_requirements, "notes"),
    "contact": Check(_contact, "contact"),
}
