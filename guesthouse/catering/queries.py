"""Reading kitchens and meals. The kitchen reads every meal that it cooks; others those of their own guests."""

from datetime import date

from django.db.models import QuerySet

from backend.accounts.models import Role, User
from backend.accounts.queries import has_role, inside, scope
from backend.common.periods import local_day
from guesthouse.catering.models import Kitchen, MealService
from guesthouse.stays.queries import HOSTS


def kitchens_visible_to(user: User) -> QuerySet[Kitchen]:
    if not has_role(user):
        return Kitchen.objects.none()
    return Kitchen.objects.filter(active=True).select_related("unit", "pool")


def meals_visible_to(user: User) -> QuerySet[MealService]:
    """Cooked by a kitchen inside the user's scope, or for a delegation or conference of a unit inside it."""
    roots = scope(user, *HOSTS)
    return MealService.objects.filter(
        inside("kitchen__unit", scope(user, Role.KITCHEN, *HOSTS))
        | inside("delegation__host_unit", roots)
        | inside("conference__convening_unit", roots)
    ).select_related("kitchen__unit", "kitchen__pool", "delegation__host_unit", "conference__convening_unit")


def on_day(meals: QuerySet[MealService], day: date) -> QuerySet[MealService]:
    """Those that begin on the local `day`."""
    period = local_day(day)
    return meals.filter(start__gte=period.start, start__lt=period.end)


def meals_on(user: User, day: date) -> QuerySet[MealService]:
    """The meals of the local `day` that are to be served, by the hour."""
    return on_day(meals_visible_to(user), day).filter(status=MealService.Status.ORDERED)
