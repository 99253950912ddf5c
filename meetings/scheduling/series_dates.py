"""The state of each date of a series: free, or what stands in its way, and the nearest hour to which it could move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.periods import VIETNAM, Period, local_date
from backend.reservations import ledger, many
from backend.reservations.claims import Claim, Clash, PoolClaim
from backend.reservations.many import Wanted
from backend.reservations.queries import NOBODY
from meetings.scheduling import needs, refusals, rules
from meetings.scheduling.needs import Needs, Outline

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


def together(wishes: Iterable[tuple[Needs, datetime | None]]) -> Wanted:
    """All of it, each until its own expiry, as one act reserves it."""
    resources: list[Claim] = []
    pools: list[PoolClaim] = []
    for wish, until in wishes:
        resources += [Claim(c.resource_id, c.period, wish.holder, until) for c in wish.resources]
        pools += [PoolClaim(c.pool_id, c.amount, c.period, wish.holder, until) for c in wish.pools]
    return Wanted(resources, pools)


def states(outline: Outline, periods: Sequence[Period], now: datetime) -> list[DateState]:
    """Each date by itself, in the order of `periods`, which do not overlap."""
    acts = needs.each_of(outline, [(period, NOBODY) for period in periods], now)
    found = many.clashes([Wanted(act.resources, act.pools) for act in acts], now)
    moves = _moves(acts, [n for n, clashes in enumerate(found) if clashes], now)
    return [
        DateState(period, tuple(clashes), moves.get(n))
        for n, (period, clashes) in enumerate(zip(periods, found, strict=True))
    ]


def _moves(acts: Sequence[Needs], taken: Sequence[int], now: datetime) -> dict[int, Period]:
    """For the dates `taken` the nearest free hour: that day, or on a working day until the next date of the series.

    Endpoints and technicians of whom any will do are chosen when the hour is reserved.
    """
    margins = acts[0].terms.margins
    periods = [act.period for act in acts]
    windows = {n: shift_windows(periods[n], periods[n + 1 : n + 2], now) for n in taken}
    movable = [n for n in taken if windows[n]]
    spans = [margins.around(Period(windows[n][0].start, windows[n][-1].end)) for n in movable]
    busy = many.taken(Wanted(acts[0].fixed, acts[0].pools), spans, now)
    own = [act.held for act in acts]
    moves: dict[int, Period] = {}
    for n, span, others in zip(movable, spans, busy, strict=True):
        near = [o for i, o in enumerate(own) if i != n and o.overlaps(span)]
        fitting = [hours for gap in ledger.free_gaps([*others, *near], span) if (hours := margins.inside(gap))]
        gaps = [Period(max(g.start, w.start), min(g.end, w.end)) for g in fitting for w in windows[n] if g.overlaps(w)]
        nearest = next(iter(ledger.nearest(gaps, periods[n], step=timedelta(minutes=15))), None)
        if nearest:
            moves[n] = nearest
            own[n] = margins.around(nearest)
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


def in_words(actor: User, outline: Outline, dates: Sequence[DateState], now: datetime) -> list[dict[str, Any]]:
    """The dates in their public form; who holds something only where `actor` may see it. Two statements for all."""
    names = outline.at(dates[0].period, NOBODY)
    conflicts = iter(refusals.describe(actor, names, [clash for date in dates for clash in date.clashes], now))
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
