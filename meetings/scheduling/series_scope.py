"""The conferences of one act on a series: locked, held, stored and noted together, one statement each.

Lock order: the series, its conferences by id, then `reserve()`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.accounts.models import User
from backend.audit.services import Facts, record_all
from backend.common.errors import Conflict, Invalid
from backend.common.periods import Period, local_date
from backend.live.services import changed_all as hint_all
from backend.reservations.claims import Holder
from backend.reservations.services import Taken, reserve
from backend.units.models import Unit
from meetings.scheduling import needs, refusals, rules, series_dates, services
from meetings.scheduling.models import HOLDER, Conference, ConferenceSite, Participant, Series
from meetings.scheduling.needs import Needs, Outline
from meetings.scheduling.places import Plan
from meetings.scheduling.signals import Before

WRITTEN = [
    "title", "type", "notes", "chair_name", "host_site", "bridge", "start", "end",
    "status", "hold_until", "reason", "sequence", "version", "updated_at",
]  # fmt: skip


class Scope(models.TextChoices):
    ONE = "one", gettext_lazy("only this date")
    FOLLOWING = "following", gettext_lazy("this and the following dates")
    ALL = "all", gettext_lazy("all dates")


@dataclass(frozen=True)
class Affected:
    """The conferences of an act, in their order, and those of its scope that it could not touch any more."""

    conferences: list[Conference]
    left_out: list[Conference]


@dataclass(frozen=True)
class Locked(Affected):
    series: Series
    plans: dict[int, Plan]

    @property
    def rest(self) -> list[Conference]:
        """All rows from the first that is touched on."""
        first = min(_given(each) for each in self.conferences)
        return [*self.conferences, *(each for each in self.left_out if _given(each) >= first)]

    def group(self, conference: Conference) -> tuple[int, int]:
        """What decides who may approve it: its places and its convening unit."""
        return id(self.plans[conference.pk]), conference.convening_unit_id

    @property
    def groups(self) -> dict[tuple[int, int], tuple[Plan, Unit]]:
        return {self.group(each): (self.plans[each.pk], each.convening_unit) for each in self.conferences}

    @property
    def holders(self) -> list[Holder]:
        return [Holder(HOLDER, conference.pk) for conference in self.conferences]


def lock(conference: Conference, scope: str, act: str, now: datetime) -> Locked:
    """The conferences of `scope` that `act` may still touch. Conflict when there is none."""
    if conference.series_id is None:
        raise Invalid("no_series", _("This conference belongs to no series."), field="scope")
    series = (
        Series.objects.select_for_update(of=("self",)).select_related("convening_unit").get(pk=conference.series_id)
    )
    rows = Conference.objects.filter(series=series)
    if scope == Scope.FOLLOWING:
        rows = rows.filter(occurrence__gte=conference.occurrence)
    rows = rows.select_for_update(of=("self",)).select_related("convening_unit", "host_site", "bridge")
    found = sorted(rows.order_by("pk"), key=_given)
    able = [row for row in found if _able(row, act, now)]
    if not able:
        rules.require(act, conference.status, conference.get_status_display())
        raise Conflict("wrong_state", _("No date of this series can be changed any more."))
    return Locked(able, [row for row in found if not _able(row, act, now)], series, _plans(able))


def _given(conference: Conference) -> datetime:
    """The start that the rule gave."""
    return conference.occurrence or conference.start


def _able(conference: Conference, act: str, now: datetime) -> bool:
    """What has passed is neither approved nor moved any more."""
    return conference.status in rules.ACTS[act] and (conference.start >= now or act in ("cancel", "return"))


def _plans(conferences: Sequence[Conference]) -> dict[int, Plan]:
    """Each one's plan; most have the same rooms, and share it."""
    rooms: dict[int, list[int]] = defaultdict(list)
    places = ConferenceSite.objects.filter(conference__in=conferences).order_by("pk")
    for conference_id, room_id in places.values_list("conference_id", "room_id"):
        rooms[conference_id].append(room_id)
    known: dict[tuple, Plan] = {}
    plans = {}
    for each in conferences:
        key = (tuple(rooms[each.pk]), each.host_site_id, each.bridge_id)
        if key not in known:
            known[key] = services._plan_of(each)
        plans[each.pk] = known[key]
    return plans


def hold(actor: User, locked: Locked, now: datetime) -> None:
    """Reserve for those that hold, in one act; Conflict names what stands in the way of any of them."""
    holding = [each for each in locked.conferences if each.status in rules.HOLDING]
    if not holding:
        return
    outlines = _outlines(locked, holding)
    until = {each.pk: each.hold_until for each in holding}
    found: list[Needs] = []
    for key, outline in outlines.items():
        those = [each for each in holding if id(locked.plans[each.pk]) == key]
        wishes = [(Period(each.start, each.end), Holder(HOLDER, each.pk)) for each in those]
        found += needs.each_of(outline, wishes, now)
    wanted = series_dates.together((each, until[each.holder.id]) for each in found)
    first = Holder(HOLDER, holding[0].pk)
    try:
        reserve(holder=first, resources=wanted.resources, pools=wanted.pools, replace=True, now=now)
    except Taken as taken:
        known = needs.described(list(outlines.values()), found[0].period, first)
        conflicts = refusals.describe(actor, known, taken.clashes, now)
        names = ", ".join(dict.fromkeys(_named(conflict) for conflict in conflicts[:3]))
        text = _("Not free at all of these times: %(names)s. Nothing was changed.") % {"names": names}
        raise Conflict("conflict", text, conflicts=conflicts, alternatives=[]) from taken


def _outlines(locked: Locked, holding: Sequence[Conference]) -> dict[int, Outline]:
    """By the plan's identity: most conferences share one; three statements for each."""
    day, secret = local_date(holding[0].start), any(each.is_secret for each in holding)
    plans = {id(locked.plans[each.pk]): locked.plans[each.pk] for each in holding}
    return {key: needs.outline_of(plan, day, secret=secret) for key, plan in plans.items()}


def _named(conflict: dict[str, Any]) -> str:
    """“Room A (16/12/2026)”."""
    return f"{conflict['name']} ({local_date(datetime.fromisoformat(conflict['start'])):%d/%m/%Y})"


def store(actor: User, locked: Locked, act: str, now: datetime, before: dict[int, Before] | None = None) -> None:
    """The rows, the trail and the hints; one statement each."""
    for each in locked.conferences:
        each.version += 1
        each.updated_at = now
    Conference.objects.bulk_update(locked.conferences, WRITTEN)
    old = {pk: {"start": b.start.isoformat(), "end": b.end.isoformat()} for pk, b in (before or {}).items()}
    facts = [Facts(c.pk, c.convening_unit_id, old.get(c.pk, {}), services.facts_of(c)) for c in locked.conferences]
    record_all(actor=actor, act=f"conference.{act}", subject_kind=HOLDER, facts=facts, now=now)
    hint_all(
        HOLDER,
        {c.pk: [c.convening_unit_id, *(room.unit_id for room in locked.plans[c.pk].rooms)] for c in locked.conferences},
    )


def before_of(conferences: Sequence[Conference]) -> dict[int, Before]:
    rooms: dict[int, set[int]] = defaultdict(set)
    people: dict[int, set[int]] = defaultdict(set)
    for pk, room in ConferenceSite.objects.filter(conference__in=conferences).values_list("conference_id", "room_id"):
        rooms[pk].add(room)
    for pk, person in Participant.objects.filter(conference__in=conferences).values_list("conference_id", "pk"):
        people[pk].add(person)
    return {c.pk: Before(c.start, c.end, frozenset(rooms[c.pk]), frozenset(people[c.pk])) for c in conferences}
