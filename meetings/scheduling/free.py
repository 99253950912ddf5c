"""Free time of many rooms at once: all of it, the best hours, and whom an hour would cost."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.accounts.queries import scope
from backend.common.periods import VIETNAM, Period, local_date, local_time
from backend.units.models import Unit
from backend.units.queries import working_days
from meetings.scheduling import best
from meetings.scheduling.best import Nearly
from meetings.scheduling.models import HOLDER
from meetings.scheduling.needs import terms
from meetings.scheduling.occupancy import takings
from meetings.scheduling.places import rooms_for
from meetings.scheduling.refusals import holder_names
from meetings.scheduling.rules import OFFICE_DAY, check_doubles
from meetings.scheduling.worth import BREATH, Hours, Taking
from meetings.sites.queries import Place, places_by_resource, resources_of

LONGEST_SEARCH = timedelta(days=92)


@dataclass(frozen=True)
class Question:
    """`within`: where to look for hours of so many `minutes`."""

    site_ids: tuple[int, ...]
    room_ids: tuple[int, ...]
    within: Period
    minutes: int


@dataclass(frozen=True)
class Answer:
    """`gaps` are free for all; `hours` the best of these; `nearly` what would be without a few of the rooms.

    `places` and `holders` name what `nearly` and `busiest` speak of, holders as far as the asker may see them.
    """

    gaps: list[Period]
    hours: list[Hours]
    nearly: list[Nearly]
    busiest: list[tuple[int, int]]
    places: dict[int, Place]
    holders: dict[int, str]

    def in_the_way(self, nearly: Nearly) -> list[tuple[Place, str | None]]:
        """Which rooms, and who holds each."""
        by = {
            resource: self.holders.get(taking.holder_id) if taking.holder_kind == HOLDER else None
            for taking in nearly.takings
            for resource in taking.resources
        }
        found = [(self.places[resource], held_by) for resource, held_by in by.items()]
        return sorted(found, key=lambda row: (row[0].site_name, row[0].room_name))


def answer(user: User, question: Question, now: datetime) -> Answer:
    """Over several days only the office's hours count; within one day the hours that were asked for.

    Seven statements, however many rooms and days. Raises Invalid for places that nobody knows.
    """
    return among(user, _resources(user, question), question.within, question.minutes, now)


def among(
    user: User, resources: Sequence[int], within: Period, minutes: int, now: datetime, besides: int | None = None
) -> Answer:
    """The same for rooms whose `resources` are known. The conference `besides` stands in nobody's way.

    Hours are answered that can be booked: what is set up before and cleared away after them fits too.
    """
    asked, margins = windows(within), terms(local_date(within.start)).margins
    breath = timedelta(minutes=BREATH)
    wide = margins.around(Period(within.start - breath, within.end + breath))
    everything, complete = takings(resources, wide, now)
    others = [t for t in everything if (t.holder_kind, t.holder_id) != (HOLDER, besides)]
    taken = [t._replace(start=t.start - margins.after, end=t.end + margins.before) for t in others]
    length = timedelta(minutes=minutes)
    days = working_days(_path_of_the_office(user))
    hours, nearly = best.weigh(taken, asked, minutes, rooms=len(resources), works=days.works, now=now)
    busiest = _busiest(others, within) if complete else []
    named = {resource for each in nearly for resource in each.resources} | {row[0] for row in busiest}
    by = {t.holder_id for each in nearly for t in each.takings if t.holder_kind == HOLDER}
    return Answer(
        gaps=[gap for gap in best.gaps(taken, asked) if gap.length >= length],
        hours=hours,
        nearly=nearly,
        busiest=busiest,
        places=places_by_resource(named) if named else {},
        holders=holder_names(user, by),
    )


def _path_of_the_office(user: User) -> list[int]:
    """Of the first unit for which `user` acts: days that a unit above it swaps count here too."""
    return Unit.objects.values_list("path", flat=True).get(pk=scope(user)[0])


def slots(user: User, question: Question, now: datetime) -> dict[str, Any]:
    """The answer in its public form."""
    found = answer(user, question, now)
    return {
        "slots": [_moments(gap) for gap in found.gaps],
        "best": [
            {**_moments(h), "score": h.score, "reasons": list(h.reasons), "why": why(h.reasons)} for h in found.hours
        ],
        "leave_out": [
            {
                **_moments(each.hours),
                "rooms": [
                    {"room": place.room_id, "site": place.site_id, "name": place.label, "held_by": held_by}
                    for place, held_by in found.in_the_way(each)
                ],
            }
            for each in found.nearly
        ],
        "busiest": [
            {"room": found.places[r].room_id, "name": found.places[r].label, "minutes": minutes}
            for r, minutes in found.busiest
        ],
    }


_WHY = {
    "soonest": lambda: _("the soonest good hour"),
    "morning": lambda: _("in the morning"),
    "afternoon": lambda: _("in the afternoon"),
    "working_hours": lambda: _("within working hours"),
    "room_around": lambda: _("half an hour free before and after"),
    "room_before": lambda: _("half an hour free before"),
    "room_after": lambda: _("half an hour free after"),
    "day_off": lambda: _("no working day"),
    "over_lunch": lambda: _("over lunch"),
    "outside_hours": lambda: _("outside working hours"),
}


def why(reasons: Iterable[str]) -> str:
    """The reasons in words."""
    return ", ".join(_WHY[reason]() for reason in reasons)


def _moments(hours: Period | Hours) -> dict[str, str]:
    return {name: getattr(hours, name).astimezone(VIETNAM).isoformat() for name in ("start", "end")}


def _resources(user: User, question: Question) -> list[int]:
    check_doubles(question.site_ids, "sites")
    check_doubles(question.room_ids, "rooms")
    found = resources_of(user, question.site_ids, question.room_ids)
    return found or [seat.resource_id for seat in rooms_for(user, question.site_ids, question.room_ids)]


def windows(within: Period) -> list[Period]:
    first, last = local_date(within.start), local_date(within.end - timedelta(microseconds=1))
    if first == last:
        return [within]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    office = [Period(local_time(d, OFFICE_DAY[0]), local_time(d, OFFICE_DAY[1])) for d in days]
    return [Period(max(p.start, within.start), min(p.end, within.end)) for p in office if p.overlaps(within)]


def _busiest(taken: Iterable[Taking], within: Period) -> list[tuple[int, int]]:
    minutes: Counter[int] = Counter()
    for taking in taken:
        length = min(taking.end, within.end) - max(taking.start, within.start)
        if length > timedelta(0):
            minutes.update(dict.fromkeys(taking.resources, int(length.total_seconds() // 60)))
    return minutes.most_common(5)
