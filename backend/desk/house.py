"""What the pages of other parts show of the guesthouse."""

from collections import Counter
from datetime import date
from typing import Any

from backend.accounts.models import User
from guesthouse.catering.queries import meals_on, meals_visible_to
from guesthouse.stays.queries import arrivals, delegations_visible_to, departures
from meetings.scheduling.models import Conference


def today(user: User, day: date) -> dict[str, Any]:
    """Arrivals, departures and meals of `day`."""
    meals, coming = list(meals_on(user, day)), list(arrivals(user, day))
    by_kind: Counter[str] = Counter()
    for meal in meals:
        by_kind[meal.get_kind_display()] += meal.servings
    return {
        "arrivals": coming,
        "arriving": sum(vars(delegation)["members_count"] for delegation in coming),
        "departures": list(departures(user, day)),
        "meals": meals,
        "servings": by_kind.total(),
        "servings_by_kind": list(by_kind.items()),
    }


def of_conference(user: User, conference: Conference) -> dict[str, Any]:
    return {
        "delegations": delegations_visible_to(user).filter(conference=conference),
        "meals": meals_visible_to(user).filter(conference=conference, status="ordered"),
    }
