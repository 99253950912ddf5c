"""Conclusion notices: those that are still to be issued, the latest first, and the entry of one."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.accounts.queries import has_role
from backend.common.text import nfc
from backend.desk.pages.common import PageRequest, act, post_only, signed_in, visible_conference
from meetings.scheduling import conclusions, gate_queries
from meetings.scheduling.services import BOOKERS

PAGE = 30


@signed_in
def index(request: PageRequest) -> HttpResponse:
    if not has_role(request.user, *BOOKERS):
        raise Http404
    now, done = timezone.now(), request.GET.get("state") == "done"
    rows: Any = gate_queries.done(request.user) if done else gate_queries.open_clocks(request.user, now)
    page: Any = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    clocks = gate_queries.clocks(list(page), now) if done else list(page)
    context = {"page": page, "clocks": clocks, "done": done}
    return render(request, "desk/conclusions.html", context)


@post_only
def record(request: PageRequest, pk: int) -> HttpResponse:
    """The number and the day of the notice, or why none is needed."""
    conference = visible_conference(request, pk)
    back, reason = reverse("conference", args=[pk]), nfc(request.POST.get("reason", ""))[:300]
    if "waive" in request.POST:
        done = _("Noted: no conclusion notice is needed.")
        return act(request, back, done, conclusions.waive, conference=conference, reason=reason)
    number, day = nfc(request.POST.get("number", ""))[:50], _day(request.POST.get("issued_on", ""))
    if day is None:
        messages.error(request, _("Give the day on which it was issued."))
        return HttpResponseRedirect(back)
    done = _("The conclusion notice is noted.")
    return act(request, back, done, conclusions.issue, conference=conference, number=number, issued_on=day)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
