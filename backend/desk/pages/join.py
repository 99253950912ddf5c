"""The way into a conference by one's own link: leads on to the bridge, or says what to dial. Needs no account."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from backend.outbox.rules import Refused, TryAgain
from meetings.scheduling import access, joining

logger = logging.getLogger(__name__)


def join(request: HttpRequest, token: str) -> HttpResponse:
    """Early or late it says when; a stopped, unknown or cancelled one is a 404 that tells nothing of the conference."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    door, now = joining.door(token), timezone.now()
    if door is None or now >= door.closes_at:
        return _private(render(request, "desk/join_gone.html", status=404))
    context: dict[str, Any] = {"door": door, "rows": access.rows_of(door.meeting), "early": now < door.opens_at}
    if context["early"] or request.method == "HEAD":
        return _private(render(request, "desk/join.html", context))
    try:
        url = joining.enter(door, now)
    except (TryAgain, Refused) as error:
        logger.warning("conference %s: the bridge lets nobody in: %s", door.conference.code, error)
        return _private(render(request, "desk/join.html", {**context, "failed": True}, status=503))
    return _private(HttpResponseRedirect(url) if url else render(request, "desk/join.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """Neither kept by anybody on the way, nor told to the next server."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
