"""The guesthouse on today's board."""

from datetime import date
from typing import Any

from backend.accounts.models import User
from meetings.scheduling.models import Conference


def today(user: User, day: date) -> dict[str, Any]:
    return {}


def of_conference(user: User, conference: Conference) -> dict[str, Any]:
    return {}
