"""Changing or cancelling one date of a series, this and the following, or all; all or nothing.

What can no longer change (live, ended, cancelled) stays as it is and is named.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.errors import Forbidden, Invalid
from backend.common.periods import Period, local_date
from backend.reservations.services import release_all
from meetings.scheduling import needs, rules, series_rows, series_rules, series_split, services, steps
from meetings.scheduling.models import Conference, Status
from meetings.scheduling.series_scope import Affected, Locked, before_of, hold, lock, store
from meetings.scheduling.signals import conference_approved, conference_cancelled, conference_changed


@transaction.atomic
def cancel(*, actor: User, conference: Conference, scope: str, reason: str, now: datetime) -> Affected:
    """Cancel them: their rooms and ports are free, and whoever was told of one hears that it is off."""
    locked = lock(conference, scope, "cancel", now)
    require_booker(actor, locked)
    announced = [c for c in locked.conferences if c.status in (Status.APPROVED, Status.LIVE)]
    for each in locked.conferences:
        each.status, each.hold_until, each.reason = Status.CANCELLED, None, reason
        each.sequence += 1
    release_all(holders=locked.holders)
    store(actor, locked, "cancel", now)
    _tell(conference_cancelled, announced, actor=actor, now=now)
    return locked


@transaction.atomic
def submit(*, actor: User, conference: Conference, scope: str, now: datetime) -> Affected:
    """Put the returned ones up for approval again; their rooms and ports are taken now."""
    locked = lock(conference, scope, "submit", now)
    require_booker(actor, locked)
    first = {key: services.first_status(actor, unit, plan, now) for key, (plan, unit) in locked.groups.items()}
    for each in locked.conferences:
        each.status, each.hold_until = first[locked.group(each)]
        each.reason = ""
    hold(actor, locked, now)
    store(actor, locked, "submit", now)
    _tell_approved(locked, actor, now)
    return locked


@transaction.atomic
def approve(*, actor: User, conference: Conference, scope: str, now: datetime) -> Affected:
    """Approve them; holds that have run out are taken anew."""
    locked = lock(conference, scope, "approve", now)
    _require_approver(actor, locked, _("Only a leader of the convening unit may approve this conference."))
    for each in locked.conferences:
        each.status, each.hold_until, each.reason = Status.APPROVED, None, ""
    hold(actor, locked, now)
    store(actor, locked, "approve", now)
    _tell_approved(locked, actor, now)
    return locked


@transaction.atomic
def send_back(*, actor: User, conference: Conference, scope: str, reason: str, now: datetime) -> Affected:
    """Return them with a reason; their rooms and ports are free again."""
    locked = lock(conference, scope, "return", now)
    _require_approver(actor, locked, _("Only a leader of the convening unit may return this conference."))
    for each in locked.conferences:
        each.status, each.hold_until, each.reason = Status.RETURNED, None, reason
    release_all(holders=locked.holders)
    store(actor, locked, "return", now)
    return locked


@transaction.atomic
def reschedule(
    *, actor: User, conference: Conference, scope: str, start: datetime, end: datetime, now: datetime
) -> Affected:
    """Move them all by as much as this one, to its new length; one that was moved by itself keeps its difference.

    This and the following become a series of their own. Invalid (`rule_names_days`) where the rule allows no other day.
    """
    locked = lock(conference, scope, "reschedule", now)
    require_booker(actor, locked)
    this = next((each for each in locked.conferences if each.pk == conference.pk), None)
    if this is None:
        rules.require("reschedule", conference.status, conference.get_status_display())
        raise Invalid("unknown", _("This date is no longer part of the series."), field="scope")
    by = start - this.start
    rules.period(start, end, now if by else min(now, start))
    before = before_of(locked.conferences)
    series_split.move(locked.series, locked.rest, by, now)
    for each in locked.conferences:
        each.start, each.end = each.start + by, each.start + by + (end - start)
        each.sequence += 1
    margins = needs.terms(local_date(start)).margins
    series_rules.check_apart(margins.around(Period(c.start, c.end)) for c in locked.conferences)
    if by:
        rules.period(locked.conferences[0].start, locked.conferences[0].end, now)
    hold(actor, locked, now)
    store(actor, locked, "reschedule", now, before)
    series_rows.move_content(locked.conferences, by)
    for each in locked.conferences:
        if each.status == Status.APPROVED:
            conference_changed.send(Conference, conference=each, actor=actor, now=now, before=before[each.pk])
    return locked


# --- the steps


def require_booker(actor: User, locked: Locked) -> None:
    for conference in {each.convening_unit_id: each for each in locked.conferences}.values():
        steps.require_booker(actor, conference)


def _require_approver(actor: User, locked: Locked, text: str) -> None:
    for plan, unit in locked.groups.values():
        if not services.may_approve(actor, unit, plan.paths()):
            raise Forbidden("forbidden", text)


def _tell_approved(locked: Locked, actor: User, now: datetime) -> None:
    approved = [c for c in locked.conferences if c.status == Status.APPROVED and not c.announce_later]
    _tell(conference_approved, approved, actor=actor, now=now)


def _tell(signal: Signal, conferences: Iterable[Conference], **values: Any) -> None:
    for conference in conferences:
        signal.send(Conference, conference=conference, **values)
