"""Pure rules of a conference: its states, its times, its words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from backend.common.errors import Conflict, Invalid
from backend.common.periods import Period, local_date, local_time

MASK = "Họp theo giấy mời"  # what a secret conference is called wherever it is named
LONGEST = timedelta(days=31)
OFFICE_DAY = (time(7), time(18))
LONG_DAY = (time(6), time(22))

# act → the states in which it is allowed. Every state change of a conference goes through `require`.
ACTS: dict[str, frozenset[str]] = {
    "submit": frozenset({"draft", "returned"}),
    "approve": frozenset({"submitted"}),
    "return": frozenset({"submitted"}),
    "reschedule": frozenset({"draft", "returned", "submitted", "approved"}),
    "change": frozenset({"draft", "returned", "submitted", "approved"}),
    "cancel": frozenset({"draft", "returned", "submitted", "approved", "live"}),
}
HOLDING = frozenset({"submitted", "approved", "live"})


def require(act: str, status: str, label: str) -> None:
    """Conflict (`wrong_state`) when `act` is not possible in `status`; `label` is the status in words."""
    if status not in ACTS[act]:
        raise Conflict(
            "wrong_state", _("This conference is “%(status)s”; that is no longer possible.") % {"status": label}
        )


@dataclass(frozen=True)
class AgendaPoint:
    start: datetime
    end: datetime
    title: str


@dataclass(frozen=True)
class Guest:
    """A participant as asked for: `person_id`, or a name with an address or a phone."""

    name: str = ""
    person_id: int | None = None
    position: str = ""
    unit_name: str = ""
    email: str = ""
    phone: str = ""
    role: str = "member"


@dataclass(frozen=True)
class Request:
    """A conference as somebody asks for it. `bridge_id` None: by default; 0: without video.

    `decided_by`: who decided on an unscheduled one. `papers_on`: the local day on which the papers are sent.
    """

    title: str
    type: str
    start: datetime
    end: datetime
    site_ids: tuple[int, ...] = ()
    room_ids: tuple[int, ...] = ()
    chair: Guest = field(default_factory=Guest)
    secrecy: str = "none"
    convening_unit_id: int | None = None
    host_site_id: int | None = None
    bridge_id: int | None = None
    participants: tuple[Guest, ...] = ()
    agenda: tuple[AgendaPoint, ...] = ()
    notes: str = ""
    unscheduled: bool = False
    decided_by: str = ""
    contact: str = ""
    papers_on: date | None = None


def content(request: Request) -> tuple:
    """What is secret of a secret conference, and whether it is."""
    return request.secrecy, request.title, request.notes, tuple(point.title for point in request.agenda)


def period(start: datetime, end: datetime, now: datetime) -> Period:
    """The conference's period, or Invalid that names the field."""
    if end <= start:
        raise Invalid("end_before_start", _("The end must lie after the start."), field="end")
    if end - start > LONGEST:
        raise Invalid("too_long", _("A conference lasts at most 31 days."), field="end")
    if start < now - timedelta(minutes=15):
        raise Invalid("in_the_past", _("The start lies in the past."), field="start")
    return Period(start, end)


def check_agenda(agenda: Iterable[AgendaPoint], within: Period) -> None:
    for number, item in enumerate(agenda):
        if item.end <= item.start:
            raise Invalid("end_before_start", _("The end must lie after the start."), field=f"agenda.{number}.end")
        if item.start < within.start or item.end > within.end:
            text = _("This item lies outside the conference.")
            raise Invalid("agenda_outside", text, field=f"agenda.{number}.start")


def check_doubles(ids: Iterable[int], field_name: str) -> None:
    seen: set[int] = set()
    for id_ in ids:
        if id_ in seen:
            raise Invalid("doubled", _("Number %(id)d is named twice.") % {"id": id_}, field=field_name)
        seen.add(id_)


def search_windows(wanted: Period, now: datetime, days: int = 8) -> list[Period]:
    """The hours of the following days among which other hours are offered.

    The office's day, or the long one where the wish itself lies outside it; a wish over several days may begin at
    any hour. Nothing in the past.
    """
    first = local_date(wanted.start)
    if wanted.length > timedelta(hours=11):
        return [Period(max(now, wanted.start - timedelta(days=2)), wanted.end + timedelta(days=2 * days))]
    office = [Period(local_time(first, OFFICE_DAY[0]), local_time(first, OFFICE_DAY[1]))]
    hours = OFFICE_DAY if office[0].start <= wanted.start and wanted.end <= office[0].end else LONG_DAY
    windows = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        start, end = max(now, local_time(day, hours[0])), local_time(day, hours[1])
        if start < end:
            windows.append(Period(start, end))
    return windows


def shifted(agenda: Iterable[AgendaPoint], by: timedelta, within: Period) -> tuple[AgendaPoint, ...]:
    """The agenda moved along with its conference; what no longer fits into it is cut or left out."""
    moved = (AgendaPoint(a.start + by, min(a.end + by, within.end), a.title) for a in agenda)
    return tuple(a for a in moved if a.start < a.end)


def agenda_from(rows: Iterable[dict[str, str]]) -> tuple[AgendaPoint, ...]:
    """Agenda points from their stored form."""
    moment = datetime.fromisoformat
    return tuple(AgendaPoint(moment(row["start"]), moment(row["end"]), row["title"]) for row in rows)


def agenda_rows(agenda: Iterable[AgendaPoint]) -> list[dict[str, str]]:
    """Their stored form."""
    return [{"start": a.start.isoformat(), "end": a.end.isoformat(), "title": a.title} for a in agenda]
