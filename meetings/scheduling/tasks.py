from celery import shared_task
from django.utils import timezone

from meetings.scheduling import services


@shared_task
def advance() -> None:
    services.advance(timezone.now())
