"""What the conferences' signals mean for invitations: one service call each."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from backend.accounts.models import User
from meetings.invitations import services
from meetings.scheduling.models import Conference
from meetings.scheduling.signals import conference_approved, conference_cancelled, conference_changed


@receiver([conference_approved, conference_changed])
def announce(conference: Conference, actor: User | None, now: datetime, **_: Any) -> None:
    services.announce(actor=actor, conference=conference, now=now)


@receiver(conference_cancelled)
def cancel(conference: Conference, actor: User | None, now: datetime, **_: Any) -> None:
    services.cancel(actor=actor, conference=conference, now=now)
