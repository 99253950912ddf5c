"""The steps that every act on a conference is made of: lock, permission, hold, save, trail."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import may
from backend.audit.services import record
from backend.common.errors import Forbidden
from backend.common.periods import Period
from backend.live.services import changed as hint
from backend.reservations.claims import Holder
from backend.reservations.services import reserve
from meetings.scheduling import needs, refusals
from meetings.scheduling.models import HOLDER, Conference
from meetings.scheduling.places import Plan
from meetings.sites.models import Room
from meetings.sites.queries import seats_of

BOOKERS = (Role.SECRETARIAT, Role.LEADER)


def locked(conference: Conference) -> Conference:
    """The conference as it stands, its row locked until the act has ended: acts on one conference come one by one."""
    return (
        Conference.objects.select_for_update(of=("self",))
        .select_related("convening_unit__level", "host_site", "bridge")
        .get(pk=conference.pk)
    )


def require_booker(actor: User, conference: Conference) -> None:
    if not may(actor, conference.convening_unit, *BOOKERS):
        raise Forbidden("forbidden", _("Only the convening unit may change this conference."))


def plan_of(conference: Conference) -> Plan:
    rooms = seats_of(Room.objects.filter(places__conference=conference).order_by("places__id"))
    return Plan(tuple(rooms), conference.host_site_id, conference.bridge)


def hold(actor: User, conference: Conference, plan: Plan, now: datetime, again: bool = False) -> None:
    holder, period = Holder(HOLDER, conference.pk), Period(conference.start, conference.end)
    wanted = needs.of(plan, period, holder, now, secret=conference.is_secret)
    with refusals.in_words(actor, wanted, now):
        reserve(
            holder=holder,
            resources=wanted.resources,
            pools=wanted.pools,
            expires_at=conference.hold_until,
            replace=again,
            now=now,
        )


def save(conference: Conference, now: datetime, reason: str | None = None) -> None:
    conference.version += 1
    conference.updated_at = now
    if reason is not None:
        conference.reason = reason
    conference.save()


def note(
    actor: User | None,
    act: str,
    conference: Conference,
    now: datetime,
    plan: Plan | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """The trail and the hint of one act."""
    record(
        actor=actor, act=f"conference.{act}", subject_kind=HOLDER, subject_id=conference.pk,
        unit_id=conference.convening_unit_id, before=before, after=facts_of(conference) | (after or {}), now=now,
    )  # fmt: skip
    if act != "reveal":
        rooms = (plan or plan_of(conference)).rooms
        hint(HOLDER, conference.pk, [conference.convening_unit_id, *(room.unit_id for room in rooms)])


def facts_of(conference: Conference) -> dict[str, Any]:
    """What the trail keeps of every act. No title of a secret conference passes here: `title` is the mask."""
    facts: dict[str, Any] = {
        "status": conference.status,
        "title": conference.title,
        "start": conference.start.isoformat(),
        "end": conference.end.isoformat(),
        "sequence": conference.sequence,
    }
    if conference.reason and not conference.is_secret:
        facts["reason"] = conference.reason
    return facts
