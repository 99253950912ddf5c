"""Series on the screen: the dates before they are booked, and what became of each."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.errors import Problem
from backend.common.periods import VIETNAM, local_date
from backend.desk.booking import NAMES, BookingForm
from backend.desk.pages.common import PageRequest, add_problem, post_only
from backend.desk.repeating import RepeatForm, places_and_hours
from meetings.scheduling import series_clock, series_dates, series_queries, series_services
from meetings.scheduling.models import Conference
from meetings.scheduling.series_scope import Scope
from meetings.scheduling.series_services import Booked

SHOWN = 10


@post_only
def dates(request: PageRequest) -> HttpResponse:
    """Each date with its state, for the booking form; what is wrong with the form, where it gives no dates."""
    form, repeat = BookingForm(request.POST, user=request.user), RepeatForm(request.POST)
    wanted = places_and_hours(form)
    if not repeat.is_valid() or wanted is None:
        return render(request, "desk/series_dates.html", {"errors": _texts(repeat, form)})
    try:
        wish = repeat.wish(wanted)
        rows = series_services.preview(actor=request.user, wish=wish, now=timezone.now())
    except Problem as problem:
        return render(request, "desk/series_dates.html", {"errors": [str(problem.detail)]})
    shown = _with_left_out(rows, wish.exceptions)
    return render(request, "desk/series_dates.html", {"dates": shown, "summary": series_dates.counted(rows)})


def _with_left_out(rows: Sequence[dict[str, Any]], exceptions: Iterable[date]) -> list[dict[str, Any]]:
    """The dates with their local `day`, and between them those that somebody left out, to be taken back."""
    shown = [{**row, "day": local_date(row["start"])} for row in rows]
    shown += [{"day": day, "state": "left_out"} for day in exceptions]
    return sorted(shown, key=lambda row: row["day"])


def _texts(*forms: Any) -> list[str]:
    return [text for form in forms for texts in form.errors.values() for text in texts]


def book(request: PageRequest, form: BookingForm, repeat: RepeatForm) -> HttpResponse:
    """Book the series of both forms. Raises the service's Problem."""
    wish = repeat.wish(form.request())
    booked = series_services.book(actor=request.user, wish=wish, now=timezone.now())
    messages.success(request, f"{booked.summary} {_DONE[booked.status]()}")
    if lines := list(_lines(booked)):
        more = [f"… ({len(lines) - SHOWN})"] if len(lines) > SHOWN else []
        messages.warning(request, " ".join([*lines[:SHOWN], *more]))
    first = next(row["conference"] for row in booked.dates if row["conference"])
    return HttpResponseRedirect(reverse("conference", args=[first]))


_DONE = {
    "submitted": lambda: _("Put up for approval; rooms and ports are held."),
    "approved": lambda: _("Everyone invited hears of each date some days before it."),
}


def _lines(booked: Booked) -> Iterable[str]:
    for row in booked.dates:
        words = {"day": f"{row['start'].astimezone(VIETNAM):%H:%M %d/%m/%Y}", "why": row["why"]}
        if row["outcome"] == "left_out":
            yield _("%(day)s left out: %(why)s.") % words
        elif row["outcome"] == "shifted":
            words["other"] = f"{row['moved_to']['start'].astimezone(VIETNAM):%H:%M %d/%m/%Y}"
            yield _("%(day)s moved to %(other)s: %(why)s.") % words


def of_conference(user: User, conference: Conference) -> dict[str, Any]:
    """What the page of one conference shows of its series."""
    if conference.series is None:
        return {}
    rows = list(series_queries.occurrences(user, conference.series_id))
    place = next((n for n, row in enumerate(rows) if row.pk == conference.pk), 0)
    return {
        "series": conference.series,
        "occurrences": rows,
        "near": rows[max(0, place - 2) : place + 4],
        "scopes": Scope.choices,
        "invite_days": series_clock.days_before(timezone.now()),
    }


def context(repeat: RepeatForm, problem: Problem | None) -> dict[str, Any]:
    """What the booking form shows of its repetition: the dates of a refused series, else those that were left out."""
    left_out = repeat.cleaned_data.get("exceptions", ()) if repeat.is_bound else ()
    rows = [_moments(row) for row in problem.extra["dates"]] if problem else []
    return {
        "repeat": repeat,
        "dates": _with_left_out(rows, left_out),
    }


def _moments(row: dict[str, Any]) -> dict[str, Any]:
    moment, other = datetime.fromisoformat, row["moves_to"]
    moved = {key: moment(other[key]) for key in ("start", "end")} if other else None
    return {**row, "start": moment(row["start"]), "end": moment(row["end"]), "moves_to": moved}


def asked_scope(request: PageRequest) -> str:
    scope = request.POST.get("scope", "")
    return scope if scope in Scope.values else Scope.ONE


def refused(form: BookingForm, repeat: RepeatForm, problem: Problem) -> None:
    """Show a refusal of the series at the field that it names, in whichever of the two forms has it."""
    names = {"rule": "frequency", "exceptions": "exceptions"}
    if {field.split(".")[0] for field in problem.errors} & set(names):
        add_problem(repeat, problem, names)
    else:
        add_problem(form, problem, NAMES)
