"""The last meeting once more: a copy of a conference at another hour."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.accounts.queries import may
from backend.common.errors import Forbidden
from backend.common.periods import Period
from meetings.scheduling import rules, services
from meetings.scheduling.models import Conference
from meetings.scheduling.rules import Request

WEEK = timedelta(days=7)


def duplicate(
    *,
    actor: User,
    conference: Conference,
    start: datetime,
    end: datetime | None = None,
    draft: bool = False,
    now: datetime,
) -> Conference:
    """Book it once more at `start`, as long as it was unless `end` is given. Raises what `services.book` raises."""
    request = request_for(actor=actor, conference=conference, start=start, end=end, now=now)
    return services.book(actor=actor, request=request, draft=draft, now=now)


def request_for(
    *, actor: User, conference: Conference, start: datetime, end: datetime | None = None, now: datetime
) -> Request:
    """What a copy would ask for; its agenda moves along. Forbidden for those who do not book for its unit.

    Of a secret conference it holds the secret content: for cleared persons, and noted as a reading.
    """
    if not may(actor, conference.convening_unit, *services.BOOKERS):
        raise Forbidden("forbidden", _("Only the convening unit may copy this conference."))
    if conference.is_secret:
        services.reveal(actor=actor, conference=conference, now=now)
    old = services.as_request(conference)
    until = end or start + (old.end - old.start)
    agenda = rules.shifted(old.agenda, start - old.start, Period(start, until)) if until > start else ()
    return replace(old, start=start, end=until, agenda=agenda)


def next_hour(conference: Conference, now: datetime) -> datetime:
    """The hour that a copy is offered at first: the same weekday and clock of the next week that is still to come."""
    weeks = max(1, (now - conference.start) // WEEK + 1)
    return conference.start + weeks * WEEK
