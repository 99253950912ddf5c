"""The list of conferences, one conference, and the buttons on it."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.accounts.queries import may
from backend.common.errors import Problem
from backend.common.periods import VIETNAM, local_date
from backend.common.text import nfc
from backend.desk import house, trail
from backend.desk.hours_form import HoursForm
from backend.desk.pages import rehearsals, series
from backend.desk.pages.common import PageRequest, act, conference_page, post_only, signed_in, visible_conference
from backend.outbox.queries import messages_visible_to
from meetings.links.queries import Standing, links_visible_to, standings
from meetings.links.rules import State
from meetings.scheduling import access, gate_queries, queries, rules, series_changes, services
from meetings.scheduling.holdings import holdings
from meetings.scheduling.models import HOLDER, Conference, Status
from meetings.scheduling.series_scope import Scope


class Filter(forms.Form):
    search = forms.CharField(label=_("Search"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All but ended and cancelled")), *Status.choices]
    )


@signed_in
def index(request: PageRequest) -> HttpResponse:
    form = Filter(request.GET)
    form.is_valid()
    rows = queries.conferences_visible_to(request.user)
    status = form.cleaned_data.get("status")
    rows = rows.filter(status=status) if status else rows.exclude(status__in=[Status.ENDED, Status.CANCELLED])
    if form.cleaned_data.get("search"):
        rows = queries.matching(rows, form.cleaned_data["search"])
    page = Paginator(queries.with_hold_state(queries.with_site_counts(rows), timezone.now()), 30).get_page(
        request.GET.get("page")
    )
    template = "desk/conferences_rows.html" if request.htmx else "desk/conferences.html"
    return render(request, template, {"filter": form, "page": page})


@signed_in
def detail(request: PageRequest, pk: int) -> HttpResponse:
    return show(request, visible_conference(request, pk))


def show(request: PageRequest, conference: Conference, status: int = 200, **more: Any) -> HttpResponse:
    """The conference's page; `more` says what was refused."""
    context = _context(request, queries.with_details(conference))
    return render(request, "desk/conference.html", {**context, **more}, status=status)


def _context(request: PageRequest, conference: Conference) -> dict[str, Any]:
    user, now = request.user, timezone.now()
    sites = [place.site_id for place in conference.places.all()]
    lines = {s.site.pk: s for s in standings(links_visible_to(user, now=now).filter(site__in=sites))}
    mails = messages_visible_to(user).filter(subject_kind=HOLDER, subject_id=conference.pk)
    held = holdings(conference)
    return {
        "conference": conference,
        "allowed": allowed(user, conference, now),
        **_rules(user, conference, now),
        "hold_expired": rules.hold_expired(conference.status, conference.hold_until, now),
        "longer": _longer(conference),
        "held": held,
        "places": _places(conference, lines, held.helpers),
        "history": trail.history_of(conference),
        "mails": mails.filter(channel="mail")[:200],
        "access": access.of_conference(user, conference),
        **series.of_conference(user, conference),
        **house.of_conference(user, conference),
        **rehearsals.of_conference(user, conference),
    }


def _rules(user: User, conference: Conference, now: datetime) -> dict[str, Any]:
    """For those who book or approve: what the rules on meetings say, and after the end the conclusion notice."""
    if not may(user, conference.convening_unit, *services.BOOKERS):
        return {}
    if conference.status == Status.ENDED:
        return {"concludes": True, "clock": gate_queries.clock_of(conference, now), "today": local_date(now)}
    return {"remarks": gate_queries.remarks_on(conference, now) if conference.status in rules.ACTS["change"] else []}


def _longer(conference: Conference) -> list[dict[str, Any]]:
    """The ends that one press offers. Moments, not minutes: pressed twice, it is done once."""
    return [
        {"minutes": minutes, "end": (conference.end + timedelta(minutes=minutes)).astimezone(VIETNAM)}
        for minutes in (15, 30, 60)
    ]


def _places(conference: Conference, lines: dict[int, Standing], helpers: dict[int, list[str]]) -> list[dict[str, Any]]:
    """The host first, then the sites whose line needs somebody, then by name."""

    def order(row: dict[str, Any]) -> tuple[bool, bool, str]:
        site, standing = row["place"].site, row["standing"]
        return site.pk != conference.host_site_id, standing is not None and standing.state is State.UP, site.folded

    waiting = dict(helpers)  # once for each site, at the first of its rooms
    rows = [
        {"place": place, "standing": lines.get(place.site_id), "helpers": waiting.pop(place.site_id, ())}
        for place in conference.places.all()
    ]
    return sorted(rows, key=order)


def allowed(user: User, conference: Conference, now: datetime) -> dict[str, bool]:
    """Which buttons this user gets; the services decide again when one is pressed."""
    books = may(user, conference.convening_unit, *services.BOOKERS)
    paths = [place.site.unit.path for place in conference.places.all()]
    approves = services.may_approve(user, conference.convening_unit, paths)
    right = {"approve": approves, "return": approves}
    state = rules.state(conference.status, conference.start, now)
    doable = {act: state in states and right.get(act, books) for act, states in rules.ACTS.items()}
    doable["send_back"] = doable.pop("return")
    return {**doable, "copy": books, "reveal": conference.is_secret and books and user.cleared}


@post_only
def approve(request: PageRequest, pk: int) -> HttpResponse:
    done = _t("Approved. The invitations are on their way.")
    return _in_scope(request, pk, done, services.approve, series_changes.approve)


@post_only
def submit(request: PageRequest, pk: int) -> HttpResponse:
    return _in_scope(request, pk, _t("Put up for approval."), services.submit, series_changes.submit)


def _in_scope(request: PageRequest, pk: int, done: str, one: Any, several: Any, **values: Any) -> HttpResponse:
    """The act on this conference, or on as much of its series as was asked for."""
    conference, scope = visible_conference(request, pk), series.asked_scope(request)
    if scope == Scope.ONE:
        return act(request, conference_page(pk), done, one, conference=conference, **values)
    return act(request, conference_page(pk), done, several, conference=conference, scope=scope, **values)


@post_only
def send_back(request: PageRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, _t("Returned with your reason."), services.send_back, series_changes.send_back)


@post_only
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    done = _t("Cancelled. Rooms, ports and lines are free again; whoever was invited is told.")
    return _with_reason(request, pk, done, services.cancel, series_changes.cancel)


def _with_reason(request: PageRequest, pk: int, done: str, one: Any, several: Any) -> HttpResponse:
    reason = nfc(request.POST.get("reason", ""))[:500]
    if not reason:
        messages.error(request, _t("Write the reason; those concerned will read it."))
        return HttpResponseRedirect(conference_page(pk))
    return _in_scope(request, pk, done, one, several, reason=reason)


def edit_url(pk: int, form: HoursForm) -> str:
    """The form of the whole conference, with the wished hours filled in."""
    wish = {name: form[name].value() for name in ("day", "start_time", "end_time")}
    return f"{reverse('conference-edit', args=[pk])}?{urlencode(wish)}"


@post_only
def reschedule(request: PageRequest, pk: int) -> HttpResponse:
    """Move it; a refusal shows the page again with what stands in the way, and the hours that fit."""
    conference, form = visible_conference(request, pk), HoursForm(request.POST)
    if not form.is_valid():
        messages.error(request, _t("Give the day and both hours."))
        return HttpResponseRedirect(conference_page(pk))
    start, end = form.period()
    when: dict[str, Any] = {"start": start, "end": end, "now": timezone.now()}
    scope = series.asked_scope(request)
    try:
        if scope == Scope.ONE:
            services.reschedule(actor=request.user, conference=conference, **when)
        else:
            series_changes.reschedule(actor=request.user, conference=conference, scope=scope, **when)
    except Problem as problem:
        if "conflicts" not in problem.extra or scope != Scope.ONE:  # several dates have no hour in common to offer
            messages.error(request, str(problem.detail))
            return HttpResponseRedirect(conference_page(pk))
        return show(request, conference, status=409, problem=trail.local(problem), edit_url=edit_url(pk, form))
    messages.success(request, _t("Moved. Whoever is invited is told of the new time."))
    return HttpResponseRedirect(conference_page(pk))


@post_only
def reveal(request: PageRequest, pk: int) -> HttpResponse:
    """Title and content of a secret conference, once, for this screen alone; nothing keeps the answer."""
    secret = services.reveal(actor=request.user, conference=visible_conference(request, pk), now=timezone.now())
    agenda = rules.agenda_from(secret.agenda)
    response = render(request, "desk/conference_secret.html", {"secret": secret, "agenda": agenda})
    response["Cache-Control"] = "no-store"
    return response


@signed_in
def sites(request: PageRequest, pk: int) -> HttpResponse:
    """The rows of the site table, with the lines as they are now."""
    conference = queries.with_details(visible_conference(request, pk))
    return render(request, "desk/conference_sites.html", _context(request, conference))
