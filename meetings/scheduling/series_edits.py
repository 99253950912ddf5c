"""Changing what a conference is about, who comes and where, for several dates of its series at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.errors import Invalid
from backend.common.periods import Period
from meetings.scheduling import guests, rules, series_rows, series_split, services
from meetings.scheduling.models import Conference, ConferenceSecret, ConferenceSite, Status
from meetings.scheduling.rules import Request
from meetings.scheduling.series_changes import require_booker
from meetings.scheduling.series_scope import Affected, Locked, before_of, hold, lock, store
from meetings.scheduling.signals import Before, conference_changed

CONTENT = frozenset({"title", "notes", "agenda"})
PEOPLE = frozenset({"chair", "participants"})
PLACES = frozenset({"site_ids", "room_ids", "host_site_id", "bridge_id"})
_ONE_BY_ONE = {"start": "start", "end": "end", "secrecy": "secrecy", "convening_unit_id": "convening_unit"}


@transaction.atomic
def change(*, actor: User, conference: Conference, scope: str, changes: Mapping[str, Any], now: datetime) -> Affected:
    """Set `changes` (named as in `rules.Request`) for all of `scope`; what is not named stays as each has it.

    An agenda is that of this date, and moves to the others' hours. Hours change by `reschedule`; secrecy and convening
    unit one by one. A constant number of statements.
    """
    for name, field in _ONE_BY_ONE.items():
        if name in changes:
            raise Invalid("one_by_one", _("This cannot be changed for several dates at once."), field=field)
    locked = lock(conference, scope, "change", now)
    require_booker(actor, locked)
    if len({each.secrecy for each in locked.conferences}) > 1:
        raise Invalid("one_by_one", _("Some of these dates are secret and others are not."), field="scope")
    if CONTENT & changes.keys() and conference.is_secret:
        services.require_cleared(actor, conference)
    old = services.as_request(conference)
    new = replace(old, **changes)
    rules.check_agenda(new.agenda, Period(new.start, new.end))
    before = before_of(locked.conferences)
    series_split.move(locked.series, locked.rest, timedelta(0), now)
    if PLACES & changes.keys():
        _place(actor, locked, new, before)
    if PEOPLE & changes.keys():
        _invite(actor, locked, new)
    _describe(locked, new, changes)
    if PLACES & changes.keys():
        hold(actor, locked, now)
    store(actor, locked, "change", now, before)
    for each in locked.conferences:
        if each.status == Status.APPROVED:
            conference_changed.send(Conference, conference=each, actor=actor, now=now, before=before[each.pk])
    return locked


def _place(actor: User, locked: Locked, new: Request, before: Mapping[int, Before]) -> None:
    """The new rooms, host site and bridge for all of them; whoever sits elsewhere now is told so (`sequence`)."""
    plan = services.planned(actor, new, locked.conferences[0].convening_unit)
    for each in locked.conferences:
        locked.plans[each.pk] = plan
        each.host_site_id, each.bridge = plan.host_site_id, plan.bridge
        each.sequence += {room.room_id for room in plan.rooms} != before[each.pk].room_ids
    ids = [each.pk for each in locked.conferences]
    ConferenceSite.objects.filter(conference__in=ids).delete()
    series_rows.write_places(ids, plan)


def _invite(actor: User, locked: Locked, new: Request) -> None:
    people = guests.resolve(actor, new.participants, new.chair)
    series_rows.rewrite_guests([each.pk for each in locked.conferences], people.guests)
    chair = next((guest.name for guest in people.guests if guest.role == guests.CHAIR), new.chair.name)
    for each in locked.conferences:
        each.chair_name = chair


def _describe(locked: Locked, new: Request, changes: Mapping[str, Any]) -> None:
    words = {name: changes[name] for name in ("title", "notes") if name in changes}
    if words and locked.conferences[0].is_secret:
        ConferenceSecret.objects.filter(conference__in=locked.conferences).update(**words)
    for each in locked.conferences:
        each.type = changes.get("type", each.type)
        if not each.is_secret:
            each.title, each.notes = changes.get("title", each.title), changes.get("notes", each.notes)
    if "agenda" in changes:
        series_rows.rewrite_agendas(locked.conferences, new)
