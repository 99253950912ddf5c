"""The bridges, and one of them: what stands on it, and where that goes when it dies."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.accounts.models import User
from backend.accounts.queries import may
from backend.common.errors import Problem
from backend.desk.pages.common import PageRequest, act, post_only, signed_in
from meetings.scheduling import proposals, services
from meetings.scheduling.moving import move_away
from meetings.scheduling.queries import conferences_visible_to
from meetings.sites.models import Bridge, Platform
from meetings.sites.services import MINDERS, report_bridge

MOST_SHOWN = 100


@signed_in
def index(request: PageRequest) -> HttpResponse:
    rows = proposals.bridges_known_to(request.user).filter(active=True)
    return render(request, "desk/bridges.html", {"rows": [_facts(bridge) for bridge in rows]})


def _facts(bridge: Bridge) -> dict[str, Any]:
    labels = dict(Platform.choices)
    return {"bridge": bridge, "platforms": ", ".join(str(labels.get(name, name)) for name in bridge.platforms)}


@signed_in
def detail(request: PageRequest, pk: int) -> HttpResponse:
    """Its coming conferences as far as the caller sees them, each with the bridge that would take it."""
    bridge = get_object_or_404(proposals.bridges_known_to(request.user), pk=pk)
    now = timezone.now()
    coming = list(proposals.coming_on(bridge, conferences_visible_to(request.user), now)[:MOST_SHOWN])
    rows = _rows(request.user, coming, proposals.for_conferences(request.user, coming, now))
    context = {
        **_facts(bridge),
        "works": bridge.active and bridge.out_of_order_since is None,
        "minds": may(request.user, bridge.unit, *MINDERS),
        "rows": rows,
        "movable": sum(row["moves"] and not row["best"].cut for row in rows),
    }
    return render(request, "desk/bridge.html", context)


def _rows(user: User, coming: list, answers: dict[int, proposals.Answer]) -> list[dict[str, Any]]:
    found = []
    for conference in coming:
        best, books = answers[conference.pk].best, may(user, conference.convening_unit, *services.BOOKERS)
        found.append({"conference": conference, "best": best, "moves": books and best is not None})
    return found


@post_only
def report(request: PageRequest, pk: int) -> HttpResponse:
    bridge, works = _known(request, pk), request.POST.get("works") == "1"
    done = _("Noted: it works again.") if works else _("Noted: it is out of order. No new conference takes it unasked.")
    return act(request, _page(pk), done, report_bridge, bridge=bridge, works=works)


@post_only
def move(request: PageRequest, pk: int) -> HttpResponse:
    """All that lose nobody by it, or the one whose button was pressed."""
    named = [int(text) for text in request.POST.getlist("conference") if text.isdigit() and len(text) < 19]
    try:
        moved = move_away(actor=request.user, bridge=_known(request, pk), conference_ids=named, now=timezone.now())
    except Problem as problem:
        messages.error(request, str(problem.detail))
        return HttpResponseRedirect(_page(pk))
    if done := sum(bool(row.bridge) for row in moved):
        text = ngettext("%(n)d conference is moved.", "%(n)d conferences are moved.", done) % {"n": done}
        messages.success(request, _("%(moved)s Whoever is invited is told.") % {"moved": text})
    for row in moved:
        if row.why:
            messages.warning(request, f"{row.conference.code}: {row.why}")
    return HttpResponseRedirect(_page(pk))


def _known(request: PageRequest, pk: int) -> Bridge:
    return get_object_or_404(proposals.bridges_known_to(request.user), pk=pk)


def _page(pk: int) -> str:
    return reverse("bridge", args=[pk])
