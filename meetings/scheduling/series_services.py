"""Booking a series: what it would give, then all of it at once. Each date becomes a conference of its own."""

from collections import Counter
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.audit.services import Facts, record, record_all
from backend.common.errors import Conflict
from backend.common.periods import VIETNAM, Period, local_date
from backend.live.services import changed_all as hint_all
from backend.reservations.claims import Clash, Holder
from backend.reservations.services import Taken, release_all, reserve
from backend.units.models import Unit
from meetings.scheduling import (
    gate_services,
    guests,
    needs,
    rules,
    series_dates,
    series_rows,
    series_rules,
    services,
    steps,
)
from meetings.scheduling.models import HOLDER, Conference, Secrecy, Series
from meetings.scheduling.needs import Outline
from meetings.scheduling.places import Plan
from meetings.scheduling.rules import Request
from meetings.scheduling.series_dates import DateState
from meetings.scheduling.series_rules import Rule

Policy = Series.Policy
SERIES = "series"


@dataclass(frozen=True)
class Wish:
    """A series as somebody asks for it. `request` is that of its first date; `exceptions` are local days."""

    request: Request
    rule: Rule
    exceptions: tuple[date, ...] = ()
    policy: str = Policy.REFUSE


@dataclass(frozen=True)
class Booked:
    """A series that stands, and what became of each date, in its public form."""

    series: Series
    status: str
    dates: list[dict[str, Any]]

    @property
    def summary(self) -> str:
        """“51 of 52 dates are booked, 1 of them moved; 1 left out.”"""
        counted = Counter(row["outcome"] for row in self.dates)
        words = {
            "booked": counted["booked"] + counted["shifted"],
            "all": len(self.dates),
            "moved": counted["shifted"],
            "left": counted["left_out"],
        }
        if counted["shifted"] and counted["left_out"]:
            return _("%(booked)d of %(all)d dates are booked, %(moved)d of them moved; %(left)d left out.") % words
        if counted["shifted"]:
            return _("%(booked)d of %(all)d dates are booked, %(moved)d of them moved.") % words
        if counted["left_out"]:
            return _("%(booked)d of %(all)d dates are booked; %(left)d left out.") % words
        return _("All %(all)d dates are booked.") % words


@dataclass(frozen=True)
class _Asked:
    wish: Wish
    unit: Unit
    outline: Outline
    periods: list[Period]

    @property
    def plan(self) -> Plan:
        return self.outline.plan


def preview(*, actor: User, wish: Wish, now: datetime) -> list[dict[str, Any]]:
    """Each date with its state and, where it is taken, the hour it would move to. Nothing is written or held."""
    asked = _asked(actor, wish, now)
    return series_dates.in_words(actor, asked.outline, series_dates.states(asked.outline, asked.periods, now), now)


@transaction.atomic
def book(*, actor: User, wish: Wish, now: datetime) -> Booked:
    """Book every date, or do with those that are taken what `wish.policy` says.

    Raises what `services.book` raises; its Conflict also holds `dates`, the state of each. All or nothing, in a
    constant number of statements. Whoever is invited hears of each date when it is near (`announce_due`).
    """
    asked = _asked(actor, wish, now)
    people = guests.resolve(actor, wish.request.participants, wish.request.chair)
    status, hold_until = services.first_status(actor, asked.unit, asked.plan, now)
    ids = series_rows.next_ids(len(asked.periods))
    dates = _take(actor, asked, ids, hold_until, now)
    series = _write_series(actor, asked, dates, now)
    model = Conference(
        status=status, hold_until=hold_until, created_by=actor, created_at=now, updated_at=now, series=series,
        announce_later=True,
    )  # fmt: skip
    services.assign(model, wish.request, asked.unit, asked.plan)
    model.chair_name = next((guest.name for guest in people.guests if guest.role == guests.CHAIR), model.chair_name)
    made = {pk: _at(model, pk, state) for state, pk in zip(dates, ids, strict=True) if state.booked}
    Conference.objects.bulk_create(made.values())
    series_rows.write_places(list(made), asked.plan)
    series_rows.write_guests(list(made), people.guests)
    series_rows.write_content(list(made.values()), wish.request)
    _note(actor, series, list(made.values()), asked.plan, now)
    return Booked(series, status, _outcomes(actor, asked, dates, [made.get(pk) for pk in ids], now))


def _outcomes(
    actor: User, asked: _Asked, dates: Sequence[DateState], conferences: Sequence[Conference | None], now: datetime
) -> list[dict[str, Any]]:
    rows = series_dates.in_words(actor, asked.outline, dates, now)
    return [
        {
            "start": row["start"],
            "end": row["end"],
            "outcome": ("booked" if row["state"] == "free" else "shifted") if conference else "left_out",
            "conference": conference.pk if conference else None,
            "code": conference.code if conference else None,
            "moved_to": row["moves_to"] if conference else None,
            "why": "" if row["state"] == "free" else series_dates.why(row),
        }
        for row, conference in zip(rows, conferences, strict=True)
    ]


def _asked(actor: User, wish: Wish, now: datetime) -> _Asked:
    request = wish.request
    unit = services.convening_unit(actor, request.convening_unit_id)
    periods = series_rules.dates(wish.rule, request.start, request.end, wish.exceptions)
    rules.period(periods[0].start, periods[0].end, now)
    rules.check_agenda(request.agenda, Period(request.start, request.end))
    gate_services.hold_dates(request=request, unit=unit, periods=periods, now=now)
    plan = services.planned(actor, request, unit)
    outline = needs.outline_of(plan, local_date(periods[0].start), secret=request.secrecy != Secrecy.NONE)
    series_rules.check_apart(outline.terms.margins.around(period) for period in periods)
    return _Asked(wish, unit, outline, periods)


def _take(
    actor: User, asked: _Asked, ids: Sequence[int], hold_until: datetime | None, now: datetime
) -> list[DateState]:
    """Reserve for the conferences `ids` to be. Who loses still has the locks: what is free then stays free."""
    dates = [DateState(period) for period in asked.periods]
    try:
        _reserve(asked, dates, ids, hold_until, now)
    except Taken:
        release_all(holders=[Holder(HOLDER, pk) for pk in ids])  # the rooms, where it was the ports that failed
        found = series_dates.states(asked.outline, asked.periods, now)
        shifts = asked.wish.policy == Policy.SHIFT
        dates = [state if shifts else replace(state, moves_to=None) for state in found]
        if asked.wish.policy == Policy.REFUSE or not any(state.booked for state in dates):
            raise _refusal(actor, asked, found, now) from None
        _reserve_the_rest(actor, asked, dates, ids, hold_until, now)
    return dates


def _reserve_the_rest(
    actor: User,
    asked: _Asked,
    dates: Sequence[DateState],
    ids: Sequence[int],
    hold_until: datetime | None,
    now: datetime,
) -> None:
    """At a moved hour all technicians of a site may be taken: then nothing is booked, and it is said."""
    try:
        _reserve(asked, dates, ids, hold_until, now)
    except Taken as taken:
        clashing = [clash for clash in taken.clashes if clash.holder is None or clash.holder.id not in ids]
        states = [replace(state, clashes=(*state.clashes, *_of(state, clashing))) for state in dates]
        raise _refusal(actor, asked, states, now) from None


def _of(state: DateState, clashes: Sequence[Clash]) -> list[Clash]:
    return [c for c in clashes if state.booked and c.start < state.booked.end and state.booked.start < c.end]


def _reserve(
    asked: _Asked, dates: Sequence[DateState], ids: Sequence[int], hold_until: datetime | None, now: datetime
) -> None:
    wishes = [(state.booked, Holder(HOLDER, pk)) for state, pk in zip(dates, ids, strict=True) if state.booked]
    wanted = series_dates.together((each, hold_until) for each in needs.each_of(asked.outline, wishes, now))
    reserve(holder=Holder(HOLDER, ids[0]), resources=wanted.resources, pools=wanted.pools, now=now)


def _refusal(actor: User, asked: _Asked, dates: Sequence[DateState], now: datetime) -> Conflict:
    rows = series_dates.in_words(actor, asked.outline, dates, now)
    return Conflict(
        "conflict",
        series_dates.refused(series_dates.summary(rows)),
        conflicts=[conflict for row in rows for conflict in row["conflicts"]],
        alternatives=[],
        dates=series_dates.as_json(rows),
    )


def _write_series(actor: User, asked: _Asked, dates: Sequence[DateState], now: datetime) -> Series:
    first = series_rules.walls(asked.wish.rule, asked.wish.request.start.astimezone(VIETNAM).replace(tzinfo=None))[0]
    return Series.objects.create(
        rule=str(asked.wish.rule),
        first_day=first.date(),
        clock=first.time(),
        exceptions=sorted(asked.wish.exceptions),
        skipped=[local_date(state.period.start) for state in dates if not state.booked],
        policy=asked.wish.policy,
        convening_unit=asked.unit,
        created_by=actor,
        created_at=now,
    )


def _at(model: Conference, pk: int, state: DateState) -> Conference:
    """A conference of its own for one date."""
    period = state.booked or state.period
    conference = copy(model)
    conference.pk, conference.code = pk, f"HN-{local_date(period.start).year}-{pk:04d}"
    conference.start, conference.end, conference.occurrence = period.start, period.end, state.period.start
    return conference


def _note(actor: User, series: Series, conferences: Sequence[Conference], plan: Plan, now: datetime) -> None:
    record(
        actor=actor, act="series.create", subject_kind=SERIES, subject_id=series.pk, unit_id=series.convening_unit_id,
        after={"rule": series.rule, "policy": series.policy, "dates": len(conferences)}, now=now,
    )  # fmt: skip
    facts = [Facts(c.pk, c.convening_unit_id, {}, steps.facts_of(c)) for c in conferences]
    record_all(actor=actor, act="conference.create", subject_kind=HOLDER, facts=facts, now=now)
    units = [series.convening_unit_id, *(room.unit_id for room in plan.rooms)]
    hint_all(HOLDER, {conference.pk: units for conference in conferences})
