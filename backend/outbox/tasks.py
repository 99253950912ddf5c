from celery import shared_task

from backend.outbox import services


@shared_task
def deliver() -> None:
    """Send what is due, batch after batch, until nothing is."""
    while services.deliver():
        pass


@shared_task
def call() -> None:
    """Make the calls that are due, batch after batch, until none is."""
    while services.call():
        pass
