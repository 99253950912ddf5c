"""Today's board: conferences, lines, arrivals, meals; each part comes anew when something changed."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from backend.accounts.queries import has_role
from backend.common.periods import local_date, local_day
from backend.desk import house
from backend.desk.navigation import HOUSE, MEETING
from backend.desk.pages.common import PageRequest, signed_in
from meetings.links.queries import links_visible_to, standings
from meetings.links.rules import State
from meetings.scheduling.gate_queries import open_clocks
from meetings.scheduling.models import Status
from meetings.scheduling.queries import conferences_visible_to, with_site_counts

WORST_FIRST = (State.DOWN, State.DEGRADED, State.UNKNOWN)


@signed_in
def today(request: PageRequest) -> HttpResponse:
    day, shown = local_date(timezone.now()), _shown(request)
    context: dict[str, Any] = {"day": day, "shown": shown, "house_first": "lines" not in shown and "guests" in shown}
    for name in shown:
        context |= PARTS[name](request, day)
    return render(request, "desk/today.html", context)


def _shown(request: PageRequest) -> list[str]:
    """The parts that the user's roles work with; the conferences are for everybody."""
    return [name for name in PARTS if name not in FOR or has_role(request.user, *FOR[name])]


@signed_in
def part(request: PageRequest, name: str) -> HttpResponse:
    if name not in PARTS:
        raise Http404
    context = PARTS[name](request, local_date(timezone.now()))
    return render(request, f"desk/today_{name}.html", context)


def _conferences(request: PageRequest, day: date) -> dict[str, Any]:
    period = local_day(day)
    rows = conferences_visible_to(request.user).filter(start__lt=period.end, end__gt=period.start)
    rows = with_site_counts(rows.exclude(status__in=[Status.CANCELLED, Status.DRAFT]))
    waiting = conferences_visible_to(request.user).filter(status=Status.SUBMITTED, start__gte=period.start)
    conferences = list(rows)
    live = sum(row.status == Status.LIVE for row in conferences)
    upcoming = next((row for row in conferences if row.start > timezone.now()), None)
    asked = list(with_site_counts(waiting)[:10])
    late = sum(clock.is_late for clock in open_clocks(request.user, timezone.now()))
    return {"conferences": conferences, "live": live, "upcoming": upcoming, "waiting": asked, "late_conclusions": late}


def _lines(request: PageRequest, day: date) -> dict[str, Any]:
    found = standings(links_visible_to(request.user, now=timezone.now()))
    bad = sorted((s for s in found if s.state in WORST_FIRST), key=lambda s: WORST_FIRST.index(s.state))
    measured = max((s.measured_at for s in found if s.measured_at), default=None)
    good = sum(s.state is State.UP for s in found)
    return {"bad_lines": bad[:8], "good_lines": good, "all_lines": len(found), "measured_at": measured}


def _guests(request: PageRequest, day: date) -> dict[str, Any]:
    return house.today(request.user, day)


FOR = {"lines": MEETING, "guests": HOUSE}
PARTS = {"conferences": _conferences, "lines": _lines, "guests": _guests}
