"""What the conferences' signals mean for invitations: one service call each.

Of a date of a series that nobody was told of yet, nobody hears that it moves or is off.
"""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from backend.accounts.models import User
from meetings.invitations import services
from meetings.scheduling.models import Conference
from meetings.scheduling.signals import conference_approved, conference_cancelled, conference_changed


@receiver([conference_approved, conference_changed])
def announce(conference: Conference, actor: User | None, now: datetime, **_: Any) -> None:
    if not conference.announce_later:
        services.announce(actor=actor, conference=conference, now=now)


@receiver(conference_cancelled)
def cancel(conference: Conference, actor: User | None, now: datetime, **_: Any) -> None:
    if not conference.announce_later:
        services.cancel(actor=actor, conference=conference, now=now)
