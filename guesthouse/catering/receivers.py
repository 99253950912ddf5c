"""What happens to meals when what they are for moves or is cancelled: one service call each.

A cancelled conference or delegation frees its meals. A conference that begins at another time takes its meals along,
or leaves them marked to be checked (`services.move_meals`); one that ends early marks what comes later. A delegation's
stays are nobody's but people's to move.
"""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from backend.accounts.models import User
from guesthouse.catering import services
from guesthouse.catering.models import MealService
from guesthouse.stays.models import Delegation
from guesthouse.stays.signals import delegation_cancelled, delegation_changed
from meetings.scheduling.models import Conference
from meetings.scheduling.signals import Before, conference_cancelled, conference_changed, conference_ended


@receiver(conference_cancelled)
def cancel_with_conference(conference: Conference, actor: User | None, now: datetime, **_: Any) -> None:
    meals = MealService.objects.filter(conference=conference)
    services.cancel_meals(actor=actor, meals=meals, now=now)


@receiver(conference_changed)
def move_with_conference(conference: Conference, actor: User | None, now: datetime, before: Before, **_: Any) -> None:
    if conference.start != before.start:
        services.move_meals(actor=actor, conference=conference, by=conference.start - before.start, now=now)


@receiver(conference_ended)
def check_after_conference(conference: Conference, actor: User | None, now: datetime, **_: Any) -> None:
    services.check_meals_after(actor=actor, conference=conference, now=now)


@receiver(delegation_cancelled)
def cancel_with_delegation(delegation: Delegation, actor: User | None, now: datetime, **_: Any) -> None:
    meals = MealService.objects.filter(delegation=delegation)
    services.cancel_meals(actor=actor, meals=meals, now=now)


@receiver(delegation_changed)
def check_with_delegation(delegation: Delegation, actor: User | None, now: datetime, **_: Any) -> None:
    services.check_meals(actor=actor, delegation=delegation, now=now)
