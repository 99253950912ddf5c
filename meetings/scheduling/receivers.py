"""What a conference's life means for its meeting on the bridge: one service call each."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from meetings.scheduling import bridging
from meetings.scheduling.models import Conference
from meetings.scheduling.signals import conference_approved, conference_cancelled, conference_changed


@receiver([conference_approved, conference_changed])
def keep(conference: Conference, now: datetime, **_: Any) -> None:
    bridging.keep(conference=conference, now=now)


@receiver(conference_cancelled)
def end(conference: Conference, now: datetime, **_: Any) -> None:
    bridging.end(conference=conference, now=now)
