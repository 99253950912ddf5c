"""What people do with meals. The row of whom a meal is for is locked first, then the meal, then the kitchen's pool."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import may
from backend.audit.services import record
from backend.common.errors import Forbidden
from backend.common.periods import Period, local_date
from backend.live.services import changed as hint
from backend.reservations.claims import Holder
from backend.reservations.models import Pool
from backend.reservations.services import Taken, release, reserve
from backend.units.queries import figure
from guesthouse.catering import parties, refusals, rules
from guesthouse.catering.figures import KINDS
from guesthouse.catering.models import HOLDER, POOL_KIND, Kitchen, MealService
from guesthouse.catering.parties import Party
from guesthouse.catering.rules import MealRequest
from guesthouse.stays.models import Delegation
from guesthouse.stays.queries import HOSTS
from guesthouse.stays.rules import days_of
from meetings.scheduling.models import Conference

ORDERED, CANCELLED = MealService.Status.ORDERED, MealService.Status.CANCELLED


@transaction.atomic
def save_kitchen(*, actor: User, kitchen: Kitchen, covers: int, now: datetime) -> Kitchen:
    """Store the kitchen and its pool: at most `covers` at once."""
    if not may(actor, kitchen.unit, Role.ADMIN):
        raise Forbidden("forbidden", _("Only an administrator of this unit may change its set-up."))
    act = "change" if kitchen.pk else "create"
    if kitchen.pk:
        Pool.objects.filter(pk=kitchen.pool_id).update(name=kitchen.name, capacity=covers)
    else:
        pool = Pool.objects.create(kind=POOL_KIND, name=kitchen.name, unit=kitchen.unit, capacity=covers)
        kitchen.pool = pool
    kitchen.save()
    record(
        actor=actor, act=f"kitchen.{act}", subject_kind="kitchen", subject_id=kitchen.pk, unit_id=kitchen.unit_id,
        after={"name": kitchen.name, "covers": covers}, now=now,
    )  # fmt: skip
    return kitchen


@transaction.atomic
def book_meal(*, actor: User, request: MealRequest, now: datetime) -> MealService:
    """Order a meal for one delegation or one approved conference; it holds its servings of the kitchen's covers.

    Raises Invalid, Forbidden, or Conflict with the binding hour and `alternatives`; then nothing is ordered.
    """
    party = parties.party_of(actor, request.delegation_id, request.conference_id)
    meal = MealService(delegation=party.delegation, conference=party.conference, created_by=actor, created_at=now)
    kind = _plan(actor, meal, request, party, now)
    meal.updated_at = now
    meal.save(force_insert=True)
    _hold(meal, kind, party, now)
    _note(actor, "book", meal, now)
    return meal


@transaction.atomic
def change_meal(
    *, actor: User, meal: MealService, edit: Callable[[MealRequest], MealRequest], now: datetime
) -> MealService:
    """Change hour, kind, servings, kitchen, menu or diets; whoever changes it has checked it."""
    meal, party = _locked(meal)
    _require_host(actor, meal)
    rules.require_ordered(meal.status)
    before = _facts(meal)
    kind = _plan(actor, meal, edit(as_request(meal)), party, now)
    meal.to_check = False
    _save(meal, now)
    _hold(meal, kind, party, now, again=True)
    _note(actor, "change", meal, now, before)
    return meal


@transaction.atomic
def cancel_meal(*, actor: User, meal: MealService, now: datetime) -> MealService:
    """Cancel: its covers are free again."""
    meal, _party = _locked(meal)
    _require_host(actor, meal)
    rules.require_ordered(meal.status)
    _cancel(actor, meal, now)
    return meal


# --- what follows from something else; the act itself was permitted there


@transaction.atomic
def cancel_meals(*, actor: User | None, meals: QuerySet[MealService], now: datetime) -> None:
    """Cancel those of `meals` that are not over: what they were for does not take place."""
    for meal in _open(meals, now):
        _cancel(actor, meal, now)


@transaction.atomic
def move_meals(*, actor: User | None, conference: Conference, by: timedelta, now: datetime) -> None:
    """The conference has moved: all its meals that are not over move along, by the same time.

    All or none. Where the covers do not suffice for one of them, or it would lie in the past, every meal stays at
    its hour, keeps its covers and is marked `to_check`: a person decides, and nobody's tea break is lost unseen.
    What is marked already waits for that person, and does not move.
    """
    meals = _open(MealService.objects.filter(conference=conference, to_check=False), now)
    before = {meal.pk: _facts(meal) for meal in meals}
    moved = _try_to_move(meals, by, now)
    for meal in meals:
        meal.to_check = not moved
        _save(meal, now)
        _note(actor, "move" if moved else "to_check", meal, now, before[meal.pk])


@transaction.atomic
def check_meals(*, actor: User | None, delegation: Delegation, now: datetime) -> None:
    """The delegation's days have changed: meals outside them stay as they are, marked `to_check`."""
    days = days_of(Period(delegation.arrival, delegation.departure))
    for meal in _open(MealService.objects.filter(delegation=delegation, to_check=False), now):
        if not days.start <= meal.start < days.end:
            _mark(actor, meal, now)


@transaction.atomic
def check_meals_after(*, actor: User | None, conference: Conference, now: datetime) -> None:
    """The conference has ended early: what was to be served later stays ordered, marked `to_check`."""
    meals = MealService.objects.filter(conference=conference, to_check=False, start__gte=conference.end)
    for meal in _open(meals, now):
        _mark(actor, meal, now)


def _mark(actor: User | None, meal: MealService, now: datetime) -> None:
    meal.to_check = True
    _save(meal, now)
    _note(actor, "to_check", meal, now)


def _open(meals: QuerySet[MealService], now: datetime) -> list[MealService]:
    """Locked, in the order of their pools, so that moving them one by one waits for nobody in a circle."""
    locked = meals.filter(status=ORDERED, end__gt=now).select_for_update(of=("self",), no_key=True)
    related = locked.select_related("kitchen", "delegation", "conference")
    return list(related.order_by("kitchen__pool_id", "pk"))


def _try_to_move(meals: list[MealService], by: timedelta, now: datetime) -> bool:
    """The holds and the times of all of `meals`, later by `by`; or False, and nothing has changed."""
    if any(meal.start + by < now for meal in meals):
        return False
    _shift(meals, by)
    try:
        with transaction.atomic():
            for meal in meals:
                release(holder=Holder(HOLDER, meal.pk))
            for meal in meals:
                reserve(holder=Holder(HOLDER, meal.pk), pools=[refusals.claim(meal)], now=now)
    except Taken:
        _shift(meals, -by)
        return False
    return True


def _shift(meals: list[MealService], by: timedelta) -> None:
    for meal in meals:
        meal.start, meal.end = meal.start + by, meal.end + by


# --- the steps


def _plan(actor: User, meal: MealService, request: MealRequest, party: Party, now: datetime) -> dict[str, Any]:
    """Check what is asked, put it onto `meal`, and answer the figure of its kind."""
    kitchen = parties.kitchen_for(actor, request.kitchen_id, party)
    kind = figure(KINDS, on=local_date(request.start))[request.kind]
    began = meal.start if meal.pk and request.start == meal.start else None
    period = rules.meal_period(request.start, kind, min(now, began or now))
    rules.check_days(period, party.days)
    rules.check_diets(request.diets, request.servings)
    meal.kitchen, meal.kind, meal.start, meal.end = kitchen, request.kind, period.start, period.end
    meal.servings, meal.menu, meal.diets = request.servings, request.menu, dict(request.diets)
    return kind


def _hold(meal: MealService, kind: dict[str, Any], party: Party, now: datetime, again: bool = False) -> None:
    windows = rules.hours(Period(meal.start, meal.end), kind, party.days, now)
    with refusals.in_words(meal, windows, now):
        reserve(holder=Holder(HOLDER, meal.pk), pools=[refusals.claim(meal)], replace=again, now=now)


def _locked(meal: MealService) -> tuple[MealService, Party]:
    party = parties.locked_party(meal)
    locked = MealService.objects.select_for_update(of=("self",), no_key=True).select_related("kitchen__unit")
    found = locked.get(pk=meal.pk)
    found.delegation, found.conference = party.delegation, party.conference
    return found, party


def _require_host(actor: User, meal: MealService) -> None:
    if not may(actor, meal.kitchen.unit, *HOSTS):
        raise Forbidden("forbidden", _("Only the guesthouse and its office may change this meal."))


def _cancel(actor: User | None, meal: MealService, now: datetime) -> None:
    meal.status, meal.to_check = CANCELLED, False
    _save(meal, now)
    release(holder=Holder(HOLDER, meal.pk))
    _note(actor, "cancel", meal, now)


def _save(meal: MealService, now: datetime) -> None:
    meal.version += 1
    meal.updated_at = now
    meal.save()


def as_request(meal: MealService) -> MealRequest:
    """What stands, in the form in which it is asked for."""
    return MealRequest(
        kind=meal.kind,
        start=meal.start,
        servings=meal.servings,
        delegation_id=meal.delegation_id,
        conference_id=meal.conference_id,
        kitchen_id=meal.kitchen_id,
        menu=meal.menu,
        diets=meal.diets,
    )


def _facts(meal: MealService) -> dict[str, Any]:
    return {
        "kind": meal.kind,
        "kitchen": meal.kitchen_id,
        "start": meal.start.isoformat(),
        "servings": meal.servings,
        "delegation": meal.delegation_id,
        "conference": meal.conference_id,
    }


def _note(actor: User | None, act: str, meal: MealService, now: datetime, before: dict | None = None) -> None:
    kitchen = meal.kitchen
    record(
        actor=actor, act=f"meal.{act}", subject_kind=HOLDER, subject_id=meal.pk, unit_id=kitchen.unit_id,
        before=before, after=_facts(meal), now=now,
    )  # fmt: skip
    owner = meal.delegation.host_unit_id if meal.delegation else None
    owner = meal.conference.convening_unit_id if meal.conference else owner
    hint(HOLDER, meal.pk, [unit for unit in (kitchen.unit_id, owner) if unit])
