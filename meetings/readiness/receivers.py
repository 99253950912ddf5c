"""What happens to rehearsals when their conference moves or is cancelled: one service call each."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from backend.accounts.models import User
from meetings.readiness import services
from meetings.scheduling.models import Conference
from meetings.scheduling.signals import Before, conference_cancelled, conference_changed


@receiver(conference_changed)
def follow(conference: Conference, actor: User | None, now: datetime, before: Before, **_: Any) -> None:
    services.follow(actor=actor, conference=conference, before=before, now=now)


@receiver(conference_cancelled)
def cancel(conference: Conference, actor: User | None, now: datetime, **_: Any) -> None:
    services.cancel_all(actor=actor, conference=conference, now=now)
