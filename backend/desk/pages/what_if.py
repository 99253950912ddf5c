"""“Would it fit?”: the answer to a form that books nothing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.common.errors import Problem
from backend.desk import trail
from backend.desk.booking import BookingForm
from backend.desk.hours_form import HoursForm
from backend.desk.pages.common import PageRequest, post_only, visible_conference
from backend.desk.pages.conferences import edit_url
from meetings.scheduling import what_if


@post_only
def booked(request: PageRequest) -> HttpResponse:
    """Of the booking form, however much of the rest is missing; `?conference=` names the one that is being changed."""
    form = BookingForm(request.POST, user=request.user)
    asked = form.place_and_time()
    if asked is None:
        return _answer(request, error=_("Give day and hours, and at least one site or room."))
    pk = request.GET.get("conference", "")
    standing = visible_conference(request, pk) if pk.isdigit() else None
    try:
        found = what_if.booked(actor=request.user, request=asked, standing=standing, now=timezone.now())
    except Problem as problem:
        return _answer(request, error=problem.detail)
    return _answer(request, found, fill_hours=True)


@post_only
def moved(request: PageRequest, pk: int) -> HttpResponse:
    """Of the hours in the dialog; other rooms and bridges lead to the form of the whole conference."""
    conference, form = visible_conference(request, pk), HoursForm(request.POST)
    if not form.is_valid():
        return _answer(request, error=_("Give the day and both hours."))
    start, end = form.period()
    try:
        found = what_if.moved(actor=request.user, conference=conference, start=start, end=end, now=timezone.now())
    except Problem as problem:
        return _answer(request, error=problem.detail)
    return _answer(request, found, fill_hours=True, bare=True, edit_url=edit_url(pk, form))


def _answer(request: PageRequest, found: dict[str, Any] | None = None, **context: Any) -> HttpResponse:
    if found and not found["free"]:
        names = ", ".join(dict.fromkeys(conflict["name"] for conflict in found["conflicts"][:3]))
        detail = _("Not free at that time: %(names)s.") % {"names": names}
        context["problem"] = trail.findings(found, detail)
    return render(request, "desk/what_if.html", context)
