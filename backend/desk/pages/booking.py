"""Booking a conference, and changing one, on one screen."""

from datetime import date, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.accounts.queries import scope
from backend.common.errors import Conflict, Forbidden, Problem
from backend.common.periods import local_date, local_day
from backend.desk import gate_fields, lanes, trail
from backend.desk.booking import NAMES, BookingForm, initial, next_hour
from backend.desk.hours import advice as hours_advice
from backend.desk.pages import series
from backend.desk.pages.common import PageRequest, add_problem, post_only, signed_in, visible_conference
from backend.desk.repeating import RepeatForm
from meetings.scheduling import copying, series_dates, series_edits, services
from meetings.scheduling.gate import Remark
from meetings.scheduling.models import Conference
from meetings.scheduling.series_scope import Scope

MOST_LANES = 100


@signed_in
def new(request: PageRequest) -> HttpResponse:
    """The empty form; the booking itself; or the form again with what stands in the way and the hours that fit."""
    if request.method == "GET":
        start = _copied(request) or {**next_hour(timezone.now()), **_asked(request)}
        form = BookingForm(initial=start, user=request.user)
        form.initial.setdefault("convening_unit", next(iter(scope(request.user, *services.BOOKERS)), None))
        return _page(request, form)
    form, repeat = BookingForm(request.POST, user=request.user), RepeatForm(request.POST)
    if not all([form.is_valid(), repeat.is_valid()]):
        return _page(request, form, status=422, repeat=repeat)
    if repeat.repeats:
        return _book_series(request, form, repeat)
    try:
        conference = services.book(
            actor=request.user, request=form.request(), draft="draft" in request.POST, now=timezone.now()
        )
    except Problem as problem:
        return _refused(request, form, problem)
    messages.success(request, _DONE[conference.status]())
    return HttpResponseRedirect(reverse("conference", args=[conference.pk]))


def _book_series(request: PageRequest, form: BookingForm, repeat: RepeatForm) -> HttpResponse:
    if "draft" in request.POST:
        repeat.add_error("frequency", _("A series is booked at once; it has no draft."))
        return _page(request, form, status=422, repeat=repeat)
    try:
        return series.book(request, form, repeat)
    except Problem as problem:
        if "dates" in problem.extra:
            form.add_error(None, series_dates.refused(series_dates.counted(problem.extra["dates"])))
            return _page(request, form, status=409, repeat=repeat, dates=problem)
        series.refused(form, repeat, problem)
        return _page(request, form, status=422, repeat=repeat)


def _copied(request: PageRequest) -> dict[str, Any]:
    """The form's values of the conference that `?copy=` names, a week or more later."""
    if not request.GET.get("copy", "").isdigit():
        return {}
    conference = visible_conference(request, int(request.GET["copy"]))
    now = timezone.now()
    start = copying.next_hour(conference, now)
    return initial(copying.request_for(actor=request.user, conference=conference, start=start, now=now))


_DONE = {
    "draft": lambda: _("The draft is stored. It holds nothing until you submit it."),
    "submitted": lambda: _("Booked, and put up for approval. Rooms and ports are held."),
    "approved": lambda: _("Booked and approved. The invitations are on their way."),
}


@signed_in
def edit(request: PageRequest, pk: int) -> HttpResponse:
    conference = visible_conference(request, pk)
    if conference.is_secret:
        services.reveal(actor=request.user, conference=conference, now=timezone.now())
    if request.method == "GET":
        values = _swapped(initial(services.as_request(conference)), request)
        return _page(request, BookingForm(initial=values, user=request.user), conference)
    stood = initial(services.as_request(conference))
    form = BookingForm(request.POST, initial=stood, user=request.user)
    if not form.is_valid():
        return _page(request, form, conference, status=422)
    scope_, now = series.asked_scope(request), timezone.now()
    try:
        if scope_ == Scope.ONE:
            services.change(actor=request.user, conference=conference, edit=lambda old: form.request(), now=now)
        else:
            changes = form.changes()
            series_edits.change(actor=request.user, conference=conference, scope=scope_, changes=changes, now=now)
    except Problem as problem:
        return _refused(request, form, problem, conference)
    messages.success(request, _("The change is stored. Whoever is invited is told of what concerns them."))
    return HttpResponseRedirect(reverse("conference", args=[conference.pk]))


def _swapped(values: dict[str, Any], request: PageRequest) -> dict[str, Any]:
    """What stands, with the hours, the bridge and the room that a link to this page offers instead."""
    asked = request.GET
    rooms = values["rooms"]
    if (new := asked.get("room", "")).isdigit():
        rooms = (*(room for room in rooms if str(room) != asked.get("instead")), int(new))
    bridge = {"bridge": asked["bridge"]} if asked.get("bridge") else {}
    return {**values, **_asked(request), **bridge, "rooms": rooms}


def _asked(request: PageRequest) -> dict[str, Any]:
    """What a link to this page may fill in: day, hours and rooms."""
    asked = request.GET
    given = {name: asked[name] for name in ("day", "start_time", "end_time", "title") if asked.get(name)}
    lists = {name: asked.getlist(name) for name in ("sites", "rooms") if asked.getlist(name)}
    return {**given, **lists}


def _refused(
    request: PageRequest, form: BookingForm, problem: Problem, conference: Conference | None = None
) -> HttpResponse:
    if isinstance(problem, Forbidden):
        form.add_error(None, str(problem.detail))
        return _page(request, form, conference, status=422)
    if isinstance(problem, Conflict) and "conflicts" in problem.extra:
        return _page(request, form, conference, problem, status=409)
    remarks = gate_fields.remarks(form, conference, timezone.now())  # a field with an error is no longer in the data
    add_problem(form, problem, NAMES)
    return _page(request, form, conference, status=422, remarks=remarks)


def _page(
    request: PageRequest,
    form: BookingForm,
    conference: Conference | None = None,
    problem: Conflict | None = None,
    status: int = 200,
    remarks: list[Remark] | None = None,
    repeat: RepeatForm | None = None,
    dates: Problem | None = None,
) -> HttpResponse:
    if remarks is None and form.is_bound:
        remarks = gate_fields.remarks(form, conference, timezone.now())
    context = {
        "form": form,
        "conference": conference,
        "problem": trail.local(problem) if problem else None,
        "scopes": Scope.choices if conference and conference.series_id else (),
        "levels": _levels(form),
        "chosen_rooms": _chosen(form, "rooms"),
        "people": form.fields["people"].queryset,  # type: ignore[attr-defined]
        "chosen_people": _chosen(form, "people"),
        "remarks": remarks,
        **series.context(repeat or RepeatForm(), dates),
        **_hours_context(request, form, conference.pk if conference else None),
    }
    return render(request, "desk/booking.html", context, status=status)


def _levels(form: BookingForm) -> list[dict[str, Any]]:
    """Sites by level, each with its rooms: [{level, sites: [{site, rooms, chosen}]}]."""
    rooms: dict[int, list] = {}
    for room in form.room_list:
        rooms.setdefault(room.site_id, []).append(room)
    chosen = _chosen(form, "sites")
    levels: dict[int, dict[str, Any]] = {}
    for site in form.site_list:
        level = site.unit.level
        group = levels.setdefault(level.pk, {"level": level, "sites": []})
        group["sites"].append({"site": site, "rooms": rooms.get(site.pk, []), "chosen": str(site.pk) in chosen})
    for group in levels.values():
        group["sites"].sort(key=lambda row: row["site"].folded)
    return list(levels.values())


def _chosen(form: BookingForm, name: str) -> set[str]:
    return {str(getattr(value, "pk", value)) for value in form[name].value() or ()}


@signed_in
def hours(request: PageRequest) -> HttpResponse:
    """The busy hours of the chosen rooms on the chosen day, with the wish drawn in."""
    form = BookingForm(request.GET, user=request.user)
    form.is_valid()
    moved = request.GET.get("conference", "")
    context = _hours_context(request, form, int(moved) if moved.isdecimal() else None)
    return render(request, "desk/booking_hours.html", context)


@post_only
def gate(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """What the rules on meetings say of the form as far as it is filled in."""
    conference = visible_conference(request, pk) if pk else None
    form = BookingForm(request.POST, user=request.user)
    form.is_valid()
    context = {"remarks": gate_fields.remarks(form, conference, timezone.now())}
    return render(request, "desk/gate_remarks.html", context)


def _hours_context(request: PageRequest, form: BookingForm, moved: int | None) -> dict[str, Any]:
    """`moved`: the conference that is being changed, which does not stand in its own way."""
    now = timezone.now()
    day = _value(form, "day", date.fromisoformat) or local_date(now)
    sites, named = _chosen(form, "sites"), _chosen(form, "rooms")
    rooms = [r for r in form.room_list if str(r.pk) in named]
    with_room = {r.site_id for r in rooms}
    defaults = {s.default_room_id for s in form.site_list if str(s.pk) in sites and s.pk not in with_room}
    rooms += [r for r in form.room_list if r.pk in defaults]
    start, end = _value(form, "start_time", time.fromisoformat), _value(form, "end_time", time.fromisoformat)
    wish = (lanes.minutes(start), lanes.minutes(end)) if start and end and start < end else None
    board = lanes.room_lanes(request.user, local_day(day), now, rooms=rooms, wish=wish, besides=moved)
    advice = hours_advice(request.user, rooms, day, wish, now, moved)
    return {"board": board.used_first(most=MOST_LANES), "board_day": day, **advice}


def _value(form: BookingForm, name: str, read: Any) -> Any:
    value = form[name].value()
    if not isinstance(value, str):
        return value
    try:
        return read(value)
    except ValueError:
        return None
