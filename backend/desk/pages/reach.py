"""Beside the booking form: the bridge that reaches the rooms that are being chosen."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from backend.common.errors import Problem
from backend.common.periods import VIETNAM
from backend.desk.booking import BookingForm
from backend.desk.pages.common import PageRequest, signed_in
from meetings.scheduling import proposals, rules
from meetings.scheduling.models import Secrecy
from meetings.scheduling.queries import conferences_visible_to


@signed_in
def reach(request: PageRequest) -> HttpResponse:
    """Nothing while the form does not yet say where and when."""
    form = BookingForm(request.GET, user=request.user)
    form.is_valid()
    answer = _answer(request, form)
    cut = answer.best.cut if answer and answer.best else ()
    rows = [(place, answer.lent.get(place.room_id)) for place in cut] if answer else []
    return render(request, "desk/booking_reach.html", {"answer": answer, "cut": rows})


def _answer(request: PageRequest, form: BookingForm) -> proposals.Answer | None:
    data, now = form.cleaned_data, timezone.now()
    unit = data.get("convening_unit")
    if not (data.get("day") and data.get("start_time") and data.get("end_time")):
        return None
    start = datetime.combine(data["day"], data["start_time"], VIETNAM)
    end = datetime.combine(data.get("last_day") or data["day"], data["end_time"], VIETNAM)
    try:
        return proposals.for_booking(
            request.user,
            site_ids=data.get("sites") or (),
            room_ids=data.get("rooms") or (),
            period=rules.period(start, end, now),
            convening_unit_id=unit.pk if unit else None,
            secret=data.get("secrecy", Secrecy.NONE) != Secrecy.NONE,
            besides=_standing(request),
            now=now,
        )
    except Problem:
        return None


def _standing(request: PageRequest) -> int:
    """The conference that is being changed, whose own ports count as free."""
    asked = request.GET.get("conference", "")
    known = conferences_visible_to(request.user).filter(pk=asked) if asked.isdigit() and len(asked) < 19 else []
    return next((conference.pk for conference in known), 0)
