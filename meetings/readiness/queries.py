"""Reading rehearsals; what serves a person starts from the conferences that they see."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from backend.accounts.models import Role, User
from backend.accounts.queries import may
from backend.common.periods import Period
from backend.reservations import hours
from backend.reservations.claims import Claim
from backend.reservations.queries import NOBODY
from meetings.readiness import rules
from meetings.readiness.models import Rehearsal, SiteCheck
from meetings.scheduling import needs
from meetings.scheduling.models import Conference
from meetings.scheduling.needs import Needs
from meetings.scheduling.places import Plan
from meetings.scheduling.queries import conferences_visible_to
from meetings.scheduling.steps import BOOKERS

PLANNERS = (*BOOKERS, Role.DUTY_ENGINEER)
RECORDERS = (Role.TECHNICIAN, Role.DUTY_ENGINEER)


def rehearsals_visible_to(user: User) -> QuerySet[Rehearsal]:
    conferences = conferences_visible_to(user).order_by().values("pk")
    return Rehearsal.objects.filter(conference__in=conferences).select_related("conference__convening_unit")


def with_checks(rehearsals: QuerySet[Rehearsal]) -> QuerySet[Rehearsal]:
    """Each with its sites, rooms and results in one statement more."""
    checks = SiteCheck.objects.select_related("site__unit", "room", "recorded_by")
    return rehearsals.prefetch_related(Prefetch("checks", checks))


def conferences_of(rehearsal_ids: Collection[int]) -> dict[int, int]:
    """Of each rehearsal the id of its conference; whether that may be seen, the caller asks."""
    if not rehearsal_ids:
        return {}
    return dict(Rehearsal.objects.filter(pk__in=rehearsal_ids).order_by().values_list("pk", "conference_id"))


def may_plan(user: User, conference: Conference) -> bool:
    return may(user, conference.convening_unit, *PLANNERS)


def may_record(user: User, conference: Conference, check: SiteCheck) -> bool:
    """Whoever plans, for all sites; a technician for the sites of their own."""
    return may_plan(user, conference) or may(user, check.site.unit, *RECORDERS)


def free_hours(conference: Conference, plan: Plan, minutes: int, now: datetime) -> list[Period]:
    """Up to three periods of `minutes` before the conference in which all of `plan` is free."""
    length = timedelta(minutes=minutes)
    wished = rules.wished(conference.start, length, now)
    windows = rules.windows(conference.start, now)
    wanted = needs.of(plan, wished, NOBODY, now)
    return hours.alternatives(rooms_of(wanted), wanted.pools, wished, windows, now, margins=wanted.terms.margins)


def rooms_of(wanted: Needs) -> list[Claim]:
    """What a rehearsal takes of the resources: endpoints and technicians are there with the room, and not held."""
    rooms = {room.resource_id for room in wanted.plan.rooms}
    return [claim for claim in wanted.resources if claim.resource_id in rooms]
