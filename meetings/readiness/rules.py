"""Pure rules of a rehearsal: when it may take place, and which hours are offered for it."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from backend.common.errors import Conflict, Invalid
from backend.common.periods import Period, local_date, local_time
from meetings.scheduling.rules import OFFICE_DAY

LONGEST = timedelta(hours=12)
AFTERNOON = time(15)  # of the day before: time is left to mend what failed
AT_SITE = timedelta(minutes=60)  # technicians are at their sites this long before (domain: Before a session)
EARLY = timedelta(minutes=15)  # a result may be known a little before the hour


def period(start: datetime, end: datetime, begins: datetime, now: datetime) -> Period:
    """The rehearsal's period, before its conference `begins`; Invalid names the field."""
    if end <= start:
        raise Invalid("end_before_start", _("The end must lie after the start."), field="end")
    if end - start > LONGEST:
        raise Invalid("too_long", _("A rehearsal lasts at most 12 hours."), field="end")
    if start < now - EARLY:
        raise Invalid("in_the_past", _("The start lies in the past."), field="start")
    if end > begins:
        raise Invalid("after_the_start", _("A rehearsal ends before its conference begins."), field="end")
    return Period(start, end)


def require_approved(status: str) -> None:
    if status != "approved":
        raise Conflict("wrong_state", _("Only an approved conference that has not begun is rehearsed."))


def require_ahead(status: str, start: datetime, now: datetime) -> None:
    """For moving and cancelling: not what is cancelled, nor what has begun."""
    if status == "cancelled" or (status == "planned" and start <= now):
        raise Conflict("wrong_state", _("This rehearsal has begun or is cancelled; that is no longer possible."))


def require_recordable(status: str, start: datetime, now: datetime) -> None:
    if status != "planned" or now < start - EARLY:
        raise Conflict("wrong_state", _("Results can be recorded once the rehearsal begins."))


def windows(begins: datetime, now: datetime, days: int = 7) -> list[Period]:
    """The office's hours of the last days before the conference `begins`; nothing in the past."""
    last, found = local_date(begins), []
    for offset in range(days, -1, -1):
        day = last - timedelta(days=offset)
        start = max(now, local_time(day, OFFICE_DAY[0]))
        end = min(begins, local_time(day, OFFICE_DAY[1]))
        if start < end:
            found.append(Period(start, end))
    return found


def wished(begins: datetime, length: timedelta, now: datetime) -> Period:
    """The hour near which others are sought: the afternoon before, else when technicians are at their sites."""
    afternoon = local_time(local_date(begins) - timedelta(days=1), AFTERNOON)
    start = afternoon if afternoon > now else max(now, begins - AT_SITE)
    return Period(start, start + length)


def follow(held: Period, by: timedelta, begins: datetime, now: datetime) -> list[Period]:
    """Where a rehearsal may go when its conference has moved `by` and now `begins` then: best first, perhaps nowhere.

    Along with it; else where it was, if that is still before the conference.
    """
    along = Period(held.start + by, held.end + by)
    return [p for p in dict.fromkeys([along, held]) if p.start >= now and p.end <= begins]
