from celery import shared_task
from django.utils import timezone

from meetings.scheduling import series_clock, services


@shared_task
def advance() -> None:
    services.advance(timezone.now())


@shared_task
def announce_due() -> None:
    series_clock.announce_due(timezone.now())
