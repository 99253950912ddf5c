"""Rehearsals on the page of their conference: choose an hour, move, cancel, write down what each site showed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _t

from backend.accounts.models import User
from backend.common.errors import Problem
from backend.common.periods import VIETNAM, Period
from backend.common.text import nfc
from backend.desk import trail
from backend.desk.hours_form import HoursForm
from backend.desk.pages.common import PageRequest, act, conference_page, post_only, signed_in, visible_conference
from meetings.readiness import queries, rules, services
from meetings.readiness.models import Rehearsal, Result
from meetings.scheduling import steps
from meetings.scheduling.models import Conference

MINUTES = 30


def of_conference(user: User, conference: Conference) -> dict[str, Any]:
    """What the conference's page shows: each rehearsal with its checks, and which of those the user may write."""
    now, plans = timezone.now(), queries.may_plan(user, conference)
    rows = queries.with_checks(conference.rehearsals.exclude(status=Rehearsal.Status.CANCELLED))
    return {
        "rehearsals": [_row(user, conference, rehearsal, plans, now) for rehearsal in rows],
        "may_rehearse": plans and conference.status == "approved" and conference.start > now,
    }


def _row(user: User, conference: Conference, rehearsal: Rehearsal, plans: bool, now: Any) -> dict[str, Any]:
    ahead = rehearsal.status == Rehearsal.Status.UNPLACED or rehearsal.start > now
    open_ = rehearsal.status == Rehearsal.Status.PLANNED and now >= rehearsal.start - rules.EARLY
    checks = list(rehearsal.checks.all())
    outcomes = [check.outcome for check in checks]
    return {
        "rehearsal": rehearsal,
        "checks": checks,
        "writable": [check for check in checks if open_ and queries.may_record(user, conference, check)],
        "good": outcomes.count(Result.PASS),
        "failed": outcomes.count(Result.FAIL),
        "begun": open_,
        "movable": plans and ahead and conference.status == "approved",
    }


@signed_in
def grid(request: PageRequest, pk: int) -> HttpResponse:
    """The results as they are now."""
    rehearsal = get_object_or_404(queries.with_checks(queries.rehearsals_visible_to(request.user)), pk=pk)
    row = _row(request.user, rehearsal.conference, rehearsal, False, timezone.now())
    return render(request, "desk/rehearsal_grid.html", {"row": row})


@signed_in
def new(request: PageRequest, pk: int) -> HttpResponse:
    """Choose an hour for a rehearsal of this conference."""
    conference = visible_conference(request, pk)
    return _choose(request, conference, None)


@signed_in
def move(request: PageRequest, pk: int) -> HttpResponse:
    rehearsal = _visible(request, pk)
    return _choose(request, rehearsal.conference, rehearsal)


def _choose(request: PageRequest, conference: Conference, rehearsal: Rehearsal | None) -> HttpResponse:
    form = HoursForm(request.POST if request.method == "POST" else None)
    problem = None
    if request.method == "POST" and form.is_valid():
        start, end = form.period()
        try:
            _write(request, conference, rehearsal, start, end)
        except Problem as refused:
            problem = refused
        else:
            messages.success(request, _t("The rehearsal is planned; its rooms and ports are held."))
            return HttpResponseRedirect(conference_page(conference.pk))
    hours = queries.free_hours(conference, steps.plan_of(conference), MINUTES, timezone.now())
    context = {
        "conference": conference,
        "rehearsal": rehearsal,
        "hours": [_local(hour) for hour in hours],
        "proposed": _local(hours[0]) if hours else None,
        "form": form,
        "refused": problem,
        "problem": trail.local(problem) if problem and "conflicts" in problem.extra else None,
    }
    return render(request, "desk/rehearsal_form.html", context, status=problem.status if problem else 200)


def _write(request: PageRequest, conference: Conference, rehearsal: Rehearsal | None, start: Any, end: Any) -> None:
    hours = {"actor": request.user, "start": start, "end": end, "now": timezone.now()}
    if rehearsal:
        services.move(rehearsal=rehearsal, **hours)
    else:
        services.plan(conference=conference, note=nfc(request.POST.get("note", ""))[:500], **hours)


def _local(hour: Period) -> dict[str, Any]:
    return {"start": hour.start.astimezone(VIETNAM), "end": hour.end.astimezone(VIETNAM)}


@post_only
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    rehearsal = _visible(request, pk)
    done = _t("The rehearsal is cancelled; what it held is free.")
    return act(request, conference_page(rehearsal.conference_id), done, services.cancel, rehearsal=rehearsal)


@post_only
def record(request: PageRequest, pk: int) -> HttpResponse:
    """What one room showed: three answers and a note."""
    rehearsal, given = _visible(request, pk), request.POST
    answers = {name: given.get(name, "") for name in ("picture", "sound", "line")}
    back_to = conference_page(rehearsal.conference_id) + "#rehearsals"
    room = given.get("room", "")
    if not (room.isdecimal() and all(value in Result.values for value in answers.values())):
        messages.error(request, _t("Say of picture, sound and line whether they were good."))
        return HttpResponseRedirect(back_to)
    results = services.Results(**answers, note=nfc(given.get("note", ""))[:500])
    done = _t("The result is written down.")
    return act(request, back_to, done, services.record, rehearsal=rehearsal, room_id=int(room), results=results)


def _visible(request: PageRequest, pk: int) -> Rehearsal:
    rows = queries.rehearsals_visible_to(request.user).select_related("conference__host_site", "conference__bridge")
    return get_object_or_404(rows, pk=pk)
