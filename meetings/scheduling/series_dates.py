"""The state of each date of a series: free, or what stands in its way, and the nearest hour to which it could move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.periods import VIETNAM, Period, local_date
from backend.reservations import ledger, many
from backend.reservations.claims import Claim, Clash, Holder, PoolClaim
from backend.reservations.many import Wanted
from meetings.scheduling import refusals, rules
from meetings.scheduling.places import Plan

SHIFT_DAYS = 4  # a Friday's date still finds Monday


@dataclass(frozen=True)
class DateState:
    """One date of a series. `moves_to` only where it is taken, and where an hour is free."""

    period: Period
    clashes: tuple[Clash, ...] = ()
    moves_to: Period | None = None

    @property
    def free(self) -> bool:
        return not self.clashes

    @property
    def booked(self) -> Period | None:
        """When it takes place; None: it is left out."""
        return self.period if self.free else self.moves_to


@dataclass(frozen=True)
class Wish:
    """What one of several conferences asks for."""

    plan: Plan
    period: Period
    holder: Holder
    expires_at: datetime | None


def together(wishes: Iterable[Wish]) -> Wanted:
    """All of it, as one act reserves it."""
    resources: list[Claim] = []
    pools: list[PoolClaim] = []
    for wish in wishes:
        holder, until = wish.holder, wish.expires_at
        resources += [replace(claim, holder=holder, expires_at=until) for claim in wish.plan.claims(wish.period)]
        pools += [replace(claim, holder=holder, expires_at=until) for claim in wish.plan.pool_claims(wish.period)]
    return Wanted(resources, pools)


def wanted(plan: Plan, period: Period) -> Wanted:
    return Wanted(plan.claims(period), plan.pool_claims(period))


def states(plan: Plan, periods: Sequence[Period], now: datetime) -> list[DateState]:
    """Each date by itself, in the order of `periods`, which do not overlap."""
    acts = [wanted(plan, period) for period in periods]
    found = many.clashes(acts, now)
    moves = _moves(plan, periods, acts, [n for n, clashes in enumerate(found) if clashes], now)
    return [
        DateState(period, tuple(clashes), moves.get(n))
        for n, (period, clashes) in enumerate(zip(periods, found, strict=True))
    ]


def _moves(
    plan: Plan, periods: Sequence[Period], acts: Sequence[Wanted], taken: Sequence[int], now: datetime
) -> dict[int, Period]:
    """For the dates `taken` the nearest free hour: that day, or on a working day until the next date of the series."""
    windows = {n: shift_windows(periods[n], periods[n + 1 : n + 2], now) for n in taken}
    movable = [n for n in taken if windows[n]]
    lead, tail = _margins(periods[0], acts[0])
    spans = [Period(windows[n][0].start - lead, windows[n][-1].end + tail) for n in movable]
    busy = many.taken(acts[0], spans, now)
    own = [act.span for act in acts]
    moves: dict[int, Period] = {}
    for n, span, others in zip(movable, spans, busy, strict=True):
        near = [o for i, o in enumerate(own) if i != n and o.overlaps(span)]
        gaps = [
            Period(max(gap.start + lead, window.start), min(gap.end - tail, window.end))
            for gap in ledger.free_gaps([*others, *near], span)
            for window in windows[n]
            if max(gap.start + lead, window.start) < min(gap.end - tail, window.end)
        ]
        nearest = ledger.nearest(gaps, periods[n], step=timedelta(minutes=15), count=1)
        if nearest:
            moves[n] = nearest[0]
            own[n] = wanted(plan, nearest[0]).span
    return moves


def shift_windows(period: Period, following: Sequence[Period], now: datetime) -> list[Period]:
    """The hours to which a date may move: of its own day, then of working days before the `following` date."""
    day = local_date(period.start)
    near = [
        window
        for window in rules.search_windows(period, now, days=SHIFT_DAYS)
        if local_date(window.start) <= day or local_date(window.start).weekday() < 5
    ]
    last = following[0].start if following else max((w.end for w in near), default=period.end)
    return [Period(w.start, min(w.end, last)) for w in near if w.start < last]


def _margins(period: Period, act: Wanted) -> tuple[timedelta, timedelta]:
    """By how much the claims begin before and end after the conference itself."""
    return period.start - act.span.start, act.span.end - period.end


def in_words(actor: User, plan: Plan, dates: Sequence[DateState]) -> list[dict[str, Any]]:
    """The dates in their public form; who holds a room only where `actor` may see it. One query for all of them."""
    conflicts = iter(refusals.describe(actor, plan, [clash for date in dates for clash in date.clashes]))
    return [
        {
            "start": date.period.start,
            "end": date.period.end,
            "state": "free" if date.free else "taken",
            "conflicts": [next(conflicts) for _clash in date.clashes],
            "moves_to": {"start": date.moves_to.start, "end": date.moves_to.end} if date.moves_to else None,
        }
        for date in dates
    ]


def as_json(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same with its moments as text, for a problem document."""

    def text(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: text(inner) for key, inner in value.items()}
        return value.isoformat() if isinstance(value, datetime) else value

    return [text(row) for row in rows]


def summary(rows: Sequence[dict[str, Any]]) -> str:
    """“51 of 52 dates are free. 14/01/2027: Room A: HN-2026-0007 · Review; free at 10:15 14/01/2027.”"""
    taken = [row for row in rows if row["state"] == "taken"]
    shown = " ".join(_line(row) for row in taken[:3])
    return " ".join(filter(None, (counted(rows), shown, "…" if len(taken) > 3 else "")))


def counted(rows: Sequence[dict[str, Any]]) -> str:
    free = sum(row["state"] == "free" for row in rows)
    return _("%(free)d of %(all)d dates are free.") % {"free": free, "all": len(rows)}


def refused(summary: str) -> str:
    text = _("%(summary)s Nothing was booked: leave out or move the dates that are taken, or choose another hour.")
    return text % {"summary": summary}


def _line(row: dict[str, Any]) -> str:
    words = {"day": f"{row['start'].astimezone(VIETNAM):%d/%m/%Y}", "why": why(row)}
    if row["moves_to"]:
        words["other"] = f"{row['moves_to']['start'].astimezone(VIETNAM):%H:%M %d/%m/%Y}"
        return _("%(day)s: %(why)s; free at %(other)s.") % words
    return _("%(day)s: %(why)s; no free hour near it.") % words


def why(row: dict[str, Any]) -> str:
    """What stands in the way of one date, and whose it is where that may be seen."""
    first, *others = row["conflicts"]
    names = dict.fromkeys(conflict["name"] for conflict in others[:2])
    name = ", ".join(dict.fromkeys([first["name"], *names]))
    if "left" in first:
        return _("%(name)s has %(left)d left") % {"name": name, "left": max(0, first["left"])}
    if first["held_by"]:
        return _("%(name)s: %(holder)s") % {"name": name, "holder": first["held_by"]}
    return _("%(name)s is busy") % {"name": name}
