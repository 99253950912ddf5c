"""The words of an invitation in the recipient's language; one list of rows feeds mail, HTML and calendar file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import get_template
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext, pgettext_lazy

from backend.common.periods import VIETNAM, local_date
from meetings.invitations.facts import CANCEL, INVITE, MOVE, UPDATE, WITHDRAW, AgendaLine, Facts, Guest
from meetings.invitations.text import one_line, prose

SITES_SHOWN = 12
SUBJECTS = {
    INVITE: gettext_noop("Invitation: %(title)s, %(when)s"),
    MOVE: gettext_noop("New time: %(title)s, %(when)s"),
    UPDATE: gettext_noop("Updated invitation: %(title)s, %(when)s"),
    CANCEL: gettext_noop("Cancelled: %(title)s, %(when)s"),
    WITHDRAW: gettext_noop("Invitation withdrawn: %(title)s, %(when)s"),
}
OPENINGS = {
    INVITE: (
        gettext_noop("%(convener)s has the honour to invite you to attend:"),
        gettext_noop("You are invited to attend:"),
    ),
    MOVE: (
        gettext_noop("%(convener)s informs you that the following meeting has moved to another time:"),
        gettext_noop("The following meeting has moved to another time:"),
    ),
    UPDATE: (
        gettext_noop("%(convener)s informs you of a changed invitation to the following meeting:"),
        gettext_noop("The invitation to the following meeting has changed:"),
    ),
    CANCEL: (
        gettext_noop("%(convener)s informs you that the following meeting is cancelled:"),
        gettext_noop("The following meeting is cancelled:"),
    ),
    WITHDRAW: (
        gettext_noop("%(convener)s informs you that you need no longer attend the following meeting:"),
        gettext_noop("You need no longer attend the following meeting:"),
    ),
}
CLOSINGS = {
    INVITE: gettext_noop("The attached file invite.ics puts the meeting into your calendar."),
    MOVE: gettext_noop("The attached file invite.ics moves the entry in your calendar."),
    UPDATE: gettext_noop("The attached file invite.ics brings the entry in your calendar up to date."),
    CANCEL: gettext_noop("The attached file invite.ics removes the entry from your calendar."),
    WITHDRAW: gettext_noop("The attached file invite.ics removes the entry from your calendar."),
}
WEEKDAYS = (
    pgettext_lazy("invitation", "Monday"),
    pgettext_lazy("invitation", "Tuesday"),
    pgettext_lazy("invitation", "Wednesday"),
    pgettext_lazy("invitation", "Thursday"),
    pgettext_lazy("invitation", "Friday"),
    pgettext_lazy("invitation", "Saturday"),
    pgettext_lazy("invitation", "Sunday"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`label`: its lines. `was` marks what holds no longer, `link` an address to open."""

    label: str
    lines: tuple[str, ...]
    was: bool = False
    link: bool = False


def title(facts: Facts) -> str:
    """The one place that names a meeting in mail and calendar: a secret one has its paper's name and its code only."""
    if facts.secret:
        return _("Meeting by paper invitation %(code)s") % {"code": facts.code}
    return one_line(facts.title) or facts.code


def subject(facts: Facts, action: str) -> str:
    when = format_date(facts.start.astimezone(VIETNAM), "H:i d/m/Y")
    return _(SUBJECTS[action]) % {"title": title(facts), "when": when}


def opening(facts: Facts, action: str) -> str:
    named, unnamed = OPENINGS[action]
    return _(named) % {"convener": one_line(facts.convener)} if facts.convener else _(unnamed)


def salutation(guest: Guest) -> str:
    """A person with an office is a comrade, a guest is Ông/Bà; a name without office may be an organisation's."""
    who = ", ".join(filter(None, (one_line(guest.name), one_line(guest.position))))
    if guest.role == "guest":
        return _("Dear Sir or Madam %(who)s") % {"who": who}
    return (_("Dear Comrade %(who)s") if guest.position else _("Dear %(who)s")) % {"who": who}


def rows(facts: Facts, guest: Guest | None = None, action: str = INVITE) -> list[Row]:
    """What every form of the invitation shows, in the order of a paper invitation; empty ones left out."""
    found = [Row(pgettext("invitation", "Time"), (period(facts.start, facts.end),))]
    if action == MOVE and facts.before:
        found.append(Row(pgettext("invitation", "Previous time"), (period(*facts.before),), was=True))
    if action == CANCEL:
        found.append(Row(pgettext("invitation", "Reason"), _texts(facts.reason)))
    found += [
        Row(pgettext("invitation", "Place"), _texts(place(facts, guest))),
        Row(
            pgettext("invitation", "Host site"),
            _texts(facts.hosted_at if place(facts, guest) != facts.hosted_at else ""),
        ),
        Row(pgettext("invitation", "Chair"), _texts(facts.chair)),
        Row(pgettext("invitation", "Sites"), _sites(facts.sites)),
        Row(pgettext("invitation", "Agenda"), tuple(_agenda_line(line, facts) for line in facts.agenda)),
        Row(pgettext("invitation", "Notes"), tuple(filter(None, prose(facts.notes).split("\n")))),
        Row(pgettext("invitation", "Join online"), _texts(facts.join_url), link=facts.join_url.startswith("http")),
        Row(pgettext("invitation", "Conference system"), _texts(facts.bridge)),
        Row(pgettext("invitation", "Contact"), _texts(facts.contact)),
        Row(pgettext("invitation", "Meeting code"), (facts.code,)),
    ]
    return [row for row in found if row.lines]


def sender(facts: Facts) -> str:
    """Who writes: the convening unit, but for a secret meeting, where even that may say too much."""
    return one_line(facts.sender_name) or _("Conference office")


def place(facts: Facts, guest: Guest | None) -> str:
    """Where this guest sits; the host site for all who have no site of their own."""
    return (guest.place if guest else "") or facts.hosted_at


def description(facts: Facts, guest: Guest | None, action: str) -> str:
    """The calendar entry's text: the link to join first, because clients show the first line."""
    shown = [row for row in rows(facts, guest, action) if not row.link]
    return "\n".join(filter(None, [facts.join_url, *(f"{row.label}: {'; '.join(row.lines)}" for row in shown)]))


def letter(facts: Facts, guest: Guest, action: str) -> tuple[str, str]:
    """(plain text, HTML) of the mail."""
    context = {
        "language": guest.language,
        "salutation": salutation(guest),
        "opening": opening(facts, action),
        "title": title(facts),
        "rows": rows(facts, guest, action),
        "closing": _(CLOSINGS[action]),
        "signature": one_line(facts.convener),
        "gone": action in (CANCEL, WITHDRAW),
    }
    plain, html = (get_template(f"meetings_invitations/mail.{form}") for form in ("txt", "html"))
    return plain.render(context), html.render(context)


def period(start: datetime, end: datetime) -> str:
    """In Viet Nam's time, as a paper invitation writes it; the day is said once when it is the same."""
    facts = {"start": _clock(start), "end": _clock(end), "day": _day(start), "last_day": _day(end)}
    if local_date(start) == local_date(end):
        return _("%(start)s to %(end)s, %(day)s") % facts
    return _("%(start)s, %(day)s to %(end)s, %(last_day)s") % facts


def _clock(moment: datetime) -> str:
    return format_date(moment.astimezone(VIETNAM), pgettext("clock in a letter", "H:i"))


def _day(moment: datetime) -> str:
    local = moment.astimezone(VIETNAM)
    date = format_date(local, pgettext("date in a letter", "j F Y"))
    return _("%(weekday)s, %(date)s") % {"weekday": WEEKDAYS[local.weekday()], "date": date}


def _texts(text: str, clean: Callable[[str], str] = one_line) -> tuple[str, ...]:
    return (shown,) if (shown := clean(text)) else ()


def _sites(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) < 2:
        return ()
    shown, rest = names[:SITES_SHOWN], len(names) - SITES_SHOWN
    more = [ngettext("and %(n)d more site", "and %(n)d more sites", rest) % {"n": rest}] if rest > 0 else []
    return (", ".join([*map(one_line, shown), *more]),)


def _agenda_line(line: AgendaLine, facts: Facts) -> str:
    several_days = local_date(facts.start) != local_date(facts.end)
    hours = "–".join(format_date(moment.astimezone(VIETNAM), "H:i") for moment in (line.start, line.end))
    day = format_date(line.start.astimezone(VIETNAM), "d/m ") if several_days else ""
    return f"{day}{hours}: {one_line(line.title)}"
