"""Telling of a series one date at a time: whoever is invited to 52 dates does not get 52 mails at once."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from backend.common.periods import local_date
from backend.units.queries import figure
from meetings.scheduling.figures import SERIES_INVITE_DAYS
from meetings.scheduling.models import Conference, Status
from meetings.scheduling.signals import conference_approved

log = logging.getLogger(__name__)


def announce_due(now: datetime) -> int:
    """Send `conference_approved` for every approved date that is near; answers how many.

    Each in a transaction of its own: one that fails is tried again and does not hold up the others.
    """
    near = now + timedelta(days=days_before(now))
    due = Conference.objects.filter(
        announce_later=True, start__lte=near, end__gt=now, status__in=[Status.APPROVED, Status.LIVE]
    )
    told = 0
    for pk in due.order_by("start", "pk").values_list("pk", flat=True):
        try:
            told += _announce(pk, now)
        except Exception:
            log.exception("a date of a series could not be announced", extra={"conference": pk})
    return told


def days_before(now: datetime) -> int:
    """How many days before a date of a series its invitations leave."""
    return figure(SERIES_INVITE_DAYS, on=local_date(now))


@transaction.atomic
def _announce(pk: int, now: datetime) -> bool:
    """False when somebody else just did, or the conference is approved no longer."""
    waiting = Conference.objects.filter(pk=pk, announce_later=True, status__in=[Status.APPROVED, Status.LIVE])
    conference = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("created_by").first()
    if conference is None:
        return False
    conference.announce_later, conference.announced_on = False, local_date(now)
    conference.save(update_fields=["announce_later", "announced_on"])
    conference_approved.send(Conference, conference=conference, actor=conference.created_by, now=now)
    return True
