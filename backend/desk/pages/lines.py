"""Sites and their lines."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from backend.accounts.queries import inside, scope
from backend.common.periods import Period
from backend.common.text import fold
from backend.desk.pages.common import PageRequest, signed_in
from meetings.links.queries import Standing, history, links_visible_to, standings
from meetings.links.rules import State
from meetings.scheduling.models import Status
from meetings.scheduling.queries import conferences_visible_to
from meetings.sites.queries import sites_visible_to

HOURS = 6
WORST_FIRST = (State.DOWN, State.DEGRADED, State.UNKNOWN, State.UP)


@signed_in
def lines(request: PageRequest) -> HttpResponse:
    now = timezone.now()
    found = standings(links_visible_to(request.user, now=now))
    counts = {state.value: sum(s.state is state for s in found) for state in State}
    asked, words = request.GET.get("state", ""), fold(request.GET.get("search", "")).split()
    if asked in counts:
        found = [s for s in found if s.state.value == asked]
    found = [s for s in found if all(word in fold(s.site.name) for word in words)]
    found.sort(key=_worst_first)
    context = {
        "standings": found,
        "counts": counts,
        "asked": asked,
        "search": request.GET.get("search", ""),
        "measured_at": max((s.measured_at for s in found if s.measured_at), default=None),
    }
    return render(request, "desk/lines_board.html" if request.htmx else "desk/lines.html", context)


def _worst_first(standing: Standing) -> tuple[int, int, str]:
    """By the site's state, then by its worst line: a second line may hide a bad first one. Then by name."""
    worst = min(WORST_FIRST.index(State(vars(link)["shown"])) for link in standing.links)
    return WORST_FIRST.index(standing.state), worst, standing.site.folded


@signed_in
def site(request: PageRequest, pk: int) -> HttpResponse:
    """One site: each line with its figures of the last hours, and what takes place there."""
    now = timezone.now()
    links = list(links_visible_to(request.user, now=now).filter(site=pk).order_by("role", "code"))
    own = sites_visible_to(request.user).filter(inside("unit", scope(request.user)))
    where = links[0].site if links else get_object_or_404(own, pk=pk)
    period = Period(now - timedelta(hours=HOURS), now)
    conferences = conferences_visible_to(request.user).filter(places__site=pk, end__gt=now)
    context = {
        "site": where,
        "lines": [{"link": link, "points": _drawn(history(link.pk, period, points=120), period)} for link in links],
        "conferences": conferences.exclude(status=Status.CANCELLED).distinct()[:10],
        "hours": HOURS,
    }
    return render(request, "desk/site.html", context)


def _drawn(rows: list[dict[str, Any]], period: Period) -> list[dict[str, Any]]:
    """Each step as a bar of a 600 × 60 drawing: its height is the round trip (450 ms fill it), red what was lost."""
    whole = period.length.total_seconds()
    bars = []
    for row in rows:
        x = (row["at"] - period.start).total_seconds() / whole * 600
        height = 60 if row["rtt_ms"] is None else max(2, min(60, row["rtt_ms"] / 450 * 60))
        bars.append({**row, "x": round(x, 1), "height": round(height, 1), "y": round(60 - height, 1)})
    return bars
