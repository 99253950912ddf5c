"""The guesthouse: rack, delegations, one delegation with its rooms and meals."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.accounts.queries import has_role
from backend.common.errors import Problem
from backend.common.periods import Period, local_date, local_day
from backend.desk import trail
from backend.desk.hosting import DelegationForm, MealForm, RoomsForm
from backend.desk.pages.common import PageRequest, act, add_problem, asked_day, post_only, signed_in
from guesthouse.catering import queries as meals
from guesthouse.catering import services as meal_services
from guesthouse.stays import queries, services
from guesthouse.stays.models import Delegation, Stay
from guesthouse.stays.rules import StayRequest

DAYS = 14


@signed_in
def rack(request: PageRequest) -> HttpResponse:
    """Two weeks of every room, and who comes and goes on the first day."""
    first, now = asked_day(request), timezone.now()
    rooms = queries.rack(request.user, first, DAYS, now)
    rows: list[dict[str, Any]] = [{"room": room, "items": [_item(s, first) for s in room.stays]} for room in rooms]
    context = {
        "first": first,
        "before": first - timedelta(days=7),
        "after": first + timedelta(days=7),
        "days": [_day(first + timedelta(days=n), local_date(now)) for n in range(DAYS)],
        "count": DAYS,
        "rooms": rows,
        "free": sum(not any(item["from"] < 1 < item["to"] for item in row["items"]) for row in rows),
        "arrivals": queries.arrivals(request.user, first),
        "departures": queries.departures(request.user, first),
        "may_host": has_role(request.user, *queries.HOSTS),
    }
    return render(request, "desk/rack_board.html" if request.htmx else "desk/rack.html", context)


def _day(day: Any, today: Any) -> dict[str, Any]:
    return {"day": day, "today": day == today, "off": day.weekday() >= 5}


def _item(stay: queries.RackStay, first: Any) -> dict[str, Any]:
    """Where a stay lies on the rack, in days from `first`, cut to it."""
    origin = local_day(first).start

    def place(moment: datetime) -> float:
        return round(min(max((moment - origin) / timedelta(days=1), 0), DAYS), 3)

    return {"stay": stay, "from": place(stay.start), "to": place(stay.end)}


@signed_in
def delegations(request: PageRequest) -> HttpResponse:
    rows = queries.counted(queries.delegations_visible_to(request.user))
    search = request.GET.get("search", "").strip()
    rows = queries.matching(rows, search) if search else rows.filter(departure__gte=timezone.now())
    page = Paginator(rows.order_by("arrival", "id"), 30).get_page(request.GET.get("page"))
    return render(request, "desk/delegations.html", {"page": page, "search": search, "may_host": _hosts(request)})


def _hosts(request: PageRequest) -> bool:
    return has_role(request.user, *queries.HOSTS)


@signed_in
def new(request: PageRequest) -> HttpResponse:
    initial = {"conference": request.GET.get("conference")}
    form = DelegationForm(request.POST or None, initial=initial, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_delegation(actor=request.user, request=form.request(), now=timezone.now())
        except Problem as problem:
            add_problem(form, problem, {})
        else:
            messages.success(request, _("The delegation is stored. Now give it rooms and meals."))
            return HttpResponseRedirect(reverse("delegation", args=[made.pk]))
    return render(request, "desk/delegation_form.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
def edit(request: PageRequest, pk: int) -> HttpResponse:
    delegation = _visible(request, pk)
    old = services.as_request(delegation)
    form = DelegationForm(request.POST or None, initial=DelegationForm.initial_of(old), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_delegation(
                actor=request.user, delegation=delegation, edit=form.request_over, now=timezone.now()
            )
        except Problem as problem:
            add_problem(form, problem, {})
        else:
            messages.success(request, _("The change is stored."))
            return HttpResponseRedirect(reverse("delegation", args=[pk]))
    context = {"form": form, "delegation": delegation}
    return render(request, "desk/delegation_form.html", context, status=422 if form.errors else 200)


def _visible(request: PageRequest, pk: int) -> Delegation:
    return get_object_or_404(queries.delegations_visible_to(request.user), pk=pk)


@signed_in
def detail(request: PageRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk))


def _page(request: PageRequest, delegation: Delegation, status: int = 200, **extra: Any) -> HttpResponse:
    queries.with_details(delegation)
    now = timezone.now()
    stays = [stay for stay in delegation.stays.all() if stay.status == Stay.Status.BOOKED]
    housed = {member.pk for stay in stays for member in stay.members.all()}
    period = _nights(delegation)
    context = {
        "delegation": delegation,
        "stays": sorted(stays, key=lambda stay: (stay.guest_room.floor, stay.guest_room.number)),
        "unhoused": [member for member in delegation.members.all() if member.pk not in housed],
        "vacancies": queries.vacancies(request.user, period, now) if period else (),
        "period": period,
        "meals": meals.meals_visible_to(request.user).filter(delegation=delegation, status="ordered"),
        "meal_form": MealForm(initial=MealForm.initial_for(delegation, now)),
        "may_host": _hosts(request) and delegation.status == Delegation.Status.EXPECTED,
        **extra,
    }
    return render(request, "desk/delegation.html", context, status=status)


def _nights(delegation: Delegation) -> Period | None:
    """From check-in on the day of arrival to check-out on that of departure; none for a visit of one day."""
    first, last = local_date(delegation.arrival), local_date(delegation.departure)
    return queries.nights(first, last) if last > first else None


@post_only
def book_rooms(request: PageRequest, pk: int) -> HttpResponse:
    """Fill the chosen rooms with those who have none, in their order; all of it or nothing."""
    delegation = queries.with_details(_visible(request, pk))
    form = RoomsForm(request.POST, user=request.user)
    period = _nights(delegation)
    if not form.is_valid() or period is None:
        messages.error(request, _("Choose at least one room."))
        return HttpResponseRedirect(reverse("delegation", args=[pk]))
    housed = {m.pk for stay in delegation.stays.all() if stay.status == "booked" for m in stay.members.all()}
    waiting = [member.pk for member in delegation.members.all() if member.pk not in housed]
    requests = _shared_out(delegation, form.cleaned_data["rooms"], waiting, period)
    try:
        services.book_stays(actor=request.user, requests=requests, now=timezone.now())
    except Problem as problem:
        if "conflicts" in problem.extra:
            return _page(request, delegation, status=409, problem=trail.local(problem))
        messages.error(request, str(problem.detail))
    else:
        messages.success(request, _("The rooms are booked."))
    return HttpResponseRedirect(reverse("delegation", args=[pk]))


def _shared_out(delegation: Delegation, rooms: Any, members: list[int], period: Period) -> list[StayRequest]:
    requests = []
    for room in rooms:
        share, members = members[: room.beds], members[room.beds :]
        if share:
            requests.append(StayRequest(delegation.pk, room.pk, tuple(share), period.start, period.end))
    return requests


@post_only
def cancel_stay(request: PageRequest, pk: int) -> HttpResponse:
    stay = get_object_or_404(queries.stays_visible_to(request.user), pk=pk)
    back = reverse("delegation", args=[stay.delegation_id])
    return act(request, back, _("The room is free again."), services.cancel_stay, stay=stay)


@post_only
def book_meal(request: PageRequest, pk: int) -> HttpResponse:
    delegation = _visible(request, pk)
    form = MealForm(request.POST)
    if form.is_valid():
        try:
            wanted = form.request(delegation_id=delegation.pk)
            meal_services.book_meal(actor=request.user, request=wanted, now=timezone.now())
        except Problem as problem:
            if "conflicts" in problem.extra:
                return _page(request, delegation, status=409, problem=trail.local(problem), meal_form=form)
            add_problem(form, problem, {"start": "time"})
        else:
            messages.success(request, _("The meal is ordered."))
            return HttpResponseRedirect(reverse("delegation", args=[pk]))
    return _page(request, delegation, status=422, meal_form=form)


@post_only
def cancel_meal(request: PageRequest, pk: int) -> HttpResponse:
    meal = get_object_or_404(meals.meals_visible_to(request.user), pk=pk)
    back = reverse("delegation", args=[meal.delegation_id]) if meal.delegation_id else reverse("guesthouse")
    return act(
        request, back, _("The meal is cancelled; its covers are free again."), meal_services.cancel_meal, meal=meal
    )


@post_only
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    done = _("Cancelled. Rooms and meals are free again.")
    back = reverse("delegation", args=[pk])
    return act(request, back, done, services.cancel_delegation, delegation=_visible(request, pk))
