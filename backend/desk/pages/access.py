"""Buttons of the card that says how a conference is joined."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.common.errors import Problem
from backend.common.text import nfc
from backend.desk.pages.common import PageRequest, act, conference_page, post_only, visible_conference
from meetings.scheduling import bridging


@post_only
def enter(request: PageRequest, pk: int) -> HttpResponse:
    """What the operator has given; a refusal names the first field that is wrong."""
    values = {name: nfc(str(value))[:500] for name, value in request.POST.items()}
    conference = visible_conference(request, pk)
    try:
        bridging.enter_access(actor=request.user, conference=conference, values=values, now=timezone.now())
    except Problem as problem:
        first = next(iter(problem.errors.values()), [problem.detail])[0]
        messages.error(request, str(first))
    else:
        messages.success(request, _("Stored. Everybody's link shows it at once."))
    return HttpResponseRedirect(conference_page(pk))


@post_only
def stop(request: PageRequest, pk: int, participant: int) -> HttpResponse:
    conference = visible_conference(request, pk)
    person = get_object_or_404(conference.participants, pk=participant)
    done = _("The link of %(name)s leads nowhere any more.") % {"name": person.name}
    return act(request, conference_page(pk), done, bridging.stop_link, conference=conference, participant=person)


@post_only
def renew(request: PageRequest, pk: int, participant: int) -> HttpResponse:
    conference = visible_conference(request, pk)
    person = get_object_or_404(conference.participants, pk=participant)
    done = _("%(name)s has a new link; the old one leads nowhere. Send it to them.") % {"name": person.name}
    return act(request, conference_page(pk), done, bridging.renew_link, conference=conference, participant=person)
