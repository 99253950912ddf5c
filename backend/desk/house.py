"""What the pages of other parts show of the guesthouse."""

from datetime import date
from typing import Any

from backend.accounts.models import User
from guesthouse.catering.queries import meals_on, meals_visible_to
from guesthouse.stays.queries import arrivals, delegations_visible_to, departures
from meetings.scheduling.models import Conference


def today(user: User, day: date) -> dict[str, Any]:
    """Arrivals, departures and meals of `day`."""
    meals = list(meals_on(user, day))
    return {
        "arrivals": list(arrivals(user, day)),
        "departures": list(departures(user, day)),
        "meals": meals,
        "servings": sum(meal.servings for meal in meals),
    }


def of_conference(user: User, conference: Conference) -> dict[str, Any]:
    return {
        "delegations": delegations_visible_to(user).filter(conference=conference),
        "meals": meals_visible_to(user).filter(conference=conference, status="ordered"),
    }
