"""The buttons of a conference that is running: longer, or over."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _t

from backend.common.errors import Problem
from backend.common.periods import VIETNAM
from backend.desk import trail
from backend.desk.pages import conferences
from backend.desk.pages.common import PageRequest, act, conference_page, post_only, visible_conference
from meetings.scheduling import running
from meetings.scheduling.models import Conference


@post_only
def extend(request: PageRequest, pk: int) -> HttpResponse:
    """Longer, until the moment on the button or the hour in the field; a refusal says who is next, and until when."""
    conference = visible_conference(request, pk)
    end = _asked_end(request, conference)
    if end is None:
        messages.error(request, _t("Give the hour at which it is to end."))
        return HttpResponseRedirect(conference_page(pk))
    try:
        running.extend(actor=request.user, conference=conference, end=end, now=timezone.now())
    except Problem as problem:
        if "until" not in problem.extra:
            messages.error(request, str(problem.detail))
            return HttpResponseRedirect(conference_page(pk))
        return conferences.show(request, conference, status=409, too_long=_next(problem))
    messages.success(request, _t("It goes on until %(time)s.") % {"time": f"{end.astimezone(VIETNAM):%H:%M}"})
    return HttpResponseRedirect(conference_page(pk))


@post_only
def end(request: PageRequest, pk: int) -> HttpResponse:
    done = _t("Ended. Rooms, ports and lines are free again.")
    return act(request, conference_page(pk), done, running.end, conference=visible_conference(request, pk))


def _asked_end(request: PageRequest, conference: Conference) -> datetime | None:
    """A moment with its offset, or an hour of the local day on which the conference ends."""
    try:
        if until := request.POST.get("until"):
            moment = datetime.fromisoformat(until)
            return moment if moment.tzinfo else None
        clock = time.fromisoformat(request.POST.get("time", ""))
    except ValueError:
        return None
    return datetime.combine(conference.end.astimezone(VIETNAM).date(), clock.replace(tzinfo=None), VIETNAM)


def _next(problem: Problem) -> dict[str, Any]:
    until = problem.extra["until"]
    return {**trail.local(problem), "until": datetime.fromisoformat(until).astimezone(VIETNAM) if until else None}
