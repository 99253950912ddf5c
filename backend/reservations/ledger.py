"""How much of a pool is taken when: pure sweeps over half-open periods, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from backend.common.periods import Period


@dataclass(frozen=True)
class Load:
    """`amount` is taken during `period`."""

    period: Period
    amount: int


@dataclass(frozen=True)
class Peak:
    """The highest load and the first moment at which it is reached."""

    amount: int
    at: datetime | None


def peak(loads: Iterable[Load], within: Period) -> Peak:
    """The highest sum of `loads` inside `within`. What ends at a moment is gone when the next begins there."""
    steps: dict[datetime, int] = {}
    for load in loads:
        if load.period.overlaps(within):
            start = max(load.period.start, within.start)
            steps[start] = steps.get(start, 0) + load.amount
            steps[load.period.end] = steps.get(load.period.end, 0) - load.amount
    best, at, level = 0, None, 0
    for moment in sorted(steps):
        level += steps[moment]
        if level > best and moment < within.end:
            best, at = level, moment
    return Peak(best, at)


def free_gaps(busy: Iterable[Period], within: Period) -> list[Period]:
    """The parts of `within` that no period of `busy` touches, in order."""
    gaps, start = [], within.start
    for period in sorted(p for p in busy if p.overlaps(within)):
        if period.start > start:
            gaps.append(Period(start, period.start))
        start = max(start, period.end)
    if start < within.end:
        gaps.append(Period(start, within.end))
    return gaps


def overloaded(loads: Iterable[Load], capacity: int, amount: int, within: Period) -> list[Period]:
    """The parts of `within` where `amount` more would exceed `capacity`; one sweep."""
    steps: dict[datetime, int] = {within.start: 0, within.end: 0}
    for load in loads:
        if load.period.overlaps(within):
            start, end = max(load.period.start, within.start), min(load.period.end, within.end)
            steps[start] = steps.get(start, 0) + load.amount
            steps[end] = steps.get(end, 0) - load.amount
    found, level = [], 0
    for moment, following in pairwise(sorted(steps)):
        level += steps[moment]
        if level + amount > capacity:
            found.append(Period(moment, following))
    return found


def nearest(gaps: Iterable[Period], wanted: Period, *, step: timedelta) -> list[Period]:
    """Periods as long as `wanted` inside `gaps`, on the `step` grid, the nearest to it first."""
    length = wanted.length
    starts: set[datetime] = set()
    for gap in gaps:
        last = gap.end - length
        if last < gap.start:
            continue
        starts.update(_grid(gap.start, last, step))
    ranked = sorted(starts, key=lambda start: (abs(start - wanted.start), start))
    return [Period(start, start + length) for start in ranked]


def _grid(first: datetime, last: datetime, step: timedelta) -> list[datetime]:
    """Starts in [first, last]: every one that lies a whole number of steps from midnight UTC."""
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight + -(-(first - midnight) // step) * step
    found = []
    while start <= last:
        found.append(start)
        start += step
    return found
