"""A conference that is running: to go on longer, or to end it before its time."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.errors import Conflict
from backend.common.periods import VIETNAM, Period
from backend.reservations import hours
from backend.reservations.claims import Holder
from backend.reservations.services import Taken, cut, reserve
from meetings.scheduling import conclusions, needs, refusals, rules
from meetings.scheduling.models import HOLDER, Conference, Status
from meetings.scheduling.needs import Needs
from meetings.scheduling.places import Plan
from meetings.scheduling.signals import conference_ended
from meetings.scheduling.steps import locked, note, plan_of, require_booker, save


@transaction.atomic
def extend(*, actor: User, conference: Conference, end: datetime, now: datetime) -> Conference:
    """Let a running conference go on until `end`, in the rooms and ports that it has. Nobody gets a mail.

    Raises Invalid, Forbidden, or Conflict: with `conflicts` (what is next) and `until`, the latest end that is
    possible, also as the only one of `alternatives`. Then everything stays as it was.
    """
    conference = _running(actor, conference, "extend", now)
    period = rules.longer(conference.start, conference.end, end, now)
    plan, old = plan_of(conference), conference.end
    _take(actor, conference, plan, period, now)
    conference.end = period.end
    conference.sequence += 1
    save(conference, now)
    note(actor, "extend", conference, now, plan, {"end": old.isoformat()})
    return conference


@transaction.atomic
def end(*, actor: User, conference: Conference, now: datetime) -> Conference:
    """End a running conference now: its end is the real one, and what it still held is free at once.

    What it held until now stays in the ledger: the day's picture tells what was. Raises Forbidden or Conflict.
    """
    conference = _running(actor, conference, "end", now)
    planned, plan = conference.end, plan_of(conference)
    conference.status = Status.ENDED
    conference.end = rules.ended_at(conference.start, planned, now)
    conference.sequence += conference.end != planned
    cut(holder=Holder(HOLDER, conference.pk), at=conference.end)
    save(conference, now)
    conclusions.start_clock(conference)
    note(actor, "end", conference, now, plan, {"end": planned.isoformat()})
    conference_ended.send(Conference, conference=conference, actor=actor, now=now)
    return conference


def _running(actor: User, conference: Conference, act: str, now: datetime) -> Conference:
    conference = locked(conference)
    require_booker(actor, conference)
    conference.status = rules.state(conference.status, conference.start, now)
    rules.require(act, conference.status, conference.get_status_display())
    return conference


def _take(actor: User, conference: Conference, plan: Plan, period: Period, now: datetime) -> None:
    """Everything anew and longer, in one step: so that whatever surrounds a meeting in the ledger moves along."""
    wanted = needs.of(plan, period, Holder(HOLDER, conference.pk), now, secret=conference.is_secret)
    try:
        reserve(holder=wanted.holder, resources=wanted.resources, pools=wanted.pools, replace=True, now=now)
    except Taken as taken:
        raise _refusal(actor, conference, wanted, taken, now) from taken


def _refusal(actor: User, conference: Conference, wanted: Needs, taken: Taken, now: datetime) -> Conflict:
    conflicts = refusals.describe(actor, wanted, wanted.telling(taken.clashes), now)
    until = _latest_end(conference, wanted, now)
    names = ", ".join(dict.fromkeys(conflict["name"] for conflict in conflicts[:3]))
    words = {"names": names, "time": f"{until.astimezone(VIETNAM):%H:%M}" if until else ""}
    if until:
        detail = _("Not free for so long: %(names)s. The conference can go on until %(time)s.") % words
    else:
        detail = _("Somebody else follows at once: %(names)s. The conference cannot go on.") % words
    others = [{"start": conference.start.isoformat(), "end": until.isoformat()}] if until else []
    moment = until.isoformat() if until else None
    return Conflict("conflict", detail, conflicts=conflicts, alternatives=others, until=moment)


def _latest_end(conference: Conference, wanted: Needs, now: datetime) -> datetime | None:
    """Until when all of it is free from the present end on, or None. What is held after the end is taken off."""
    spare = wanted.terms.margins.after
    within = Period(conference.end, wanted.period.end + spare)
    resources = [claim.resource_id for claim in wanted.resources]
    free = hours.gaps(resources, wanted.pools, within, now, wanted.holder)
    last = free[0].end - spare if free and free[0].start == within.start else conference.end
    return last if last > max(conference.end, now) else None
