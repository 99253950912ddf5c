"""From packets to the state of a line: pure functions, limits passed in.

A *round* is one burst of packets. Its loss is the share that was not answered in time; its round trip the mean of the
answered ones; its jitter the mean absolute difference between the round trips of neighbouring answered packets (what
RFC 3550 section 6.4.1 smooths), in milliseconds.

Each round is *read* as up, degraded or down. Down: no packet was answered. Degraded: round trip or jitter of the round,
or loss over the window, is in the warning band or worse; loss needs the window because five packets cannot tell 1 %
from 5 %. A run of dead rounds that counted as an outage does not count as loss too once the line is back.

The state falls to what the last `fall` rounds were at least as bad as, and rises to what the last `rise` rounds were at
least as good as. A line that was never measured, or not lately, is unknown, and that is never down.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import pairwise
from statistics import fmean
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    UP = "up", _("Connected")
    DEGRADED = "degraded", _("Poor quality")
    DOWN = "down", _("Disconnected")
    UNKNOWN = "unknown", _("Not measured")


class Grade(IntEnum):
    GOOD, ACCEPTABLE, WARNING, BAD = range(4)


SEVERITY = {State.UNKNOWN: 0, State.UP: 0, State.DEGRADED: 1, State.DOWN: 2}


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper ends of good, acceptable and warning for each measure; rounds to fall, to rise, and of the loss window."""

    loss: tuple[float, float, float]
    rtt_ms: tuple[float, float, float]
    jitter_ms: tuple[float, float, float]
    fall: int
    rise: int
    window: int

    def __post_init__(self) -> None:
        if not 1 <= self.fall <= self.window or self.rise < 1:
            raise ValueError("fall and rise are at least 1, and the window holds at least the rounds to fall")

    @classmethod
    def of(cls, figure: Mapping[str, Any]) -> Self:
        bands = {measure: tuple(figure[measure]) for measure in ("loss", "rtt_ms", "jitter_ms")}
        return cls(**bands, fall=figure["fall"], rise=figure["rise"], window=figure["window"])


@dataclass(frozen=True, slots=True)
class Probing:
    """How lines are measured: seconds between rounds, packets of a round, seconds between them and to wait for each.

    A line that was not measured for `stale_rounds` intervals is unknown.
    """

    interval_s: int
    packets: int
    gap_s: float
    timeout_s: float
    stale_rounds: int

    def stale_after(self, interval_s: int | None) -> timedelta:
        """`interval_s`: the line's own interval, where it has one."""
        return timedelta(seconds=(interval_s or self.interval_s) * self.stale_rounds)


@dataclass(frozen=True, slots=True)
class Round:
    sent: int
    lost: int
    rtt_ms: float | None
    jitter_ms: float | None

    @property
    def loss(self) -> float:
        return self.lost / self.sent

    @property
    def dead(self) -> bool:
        return self.lost == self.sent


@dataclass(frozen=True, slots=True)
class Memory:
    """What a line's next state depends on: its state, and its latest rounds and readings, newest last."""

    state: State = State.UNKNOWN
    rounds: tuple[Round, ...] = ()
    readings: tuple[State, ...] = ()

    @classmethod
    def of(cls, state: str, stored: Mapping[str, Any]) -> Self:
        rounds = tuple(Round(*entry) for entry in stored.get("rounds", ()))
        return cls(State(state), rounds, tuple(map(State, stored.get("readings", ()))))

    def stored(self) -> dict[str, Any]:
        rounds = [[each.sent, each.lost, each.rtt_ms, each.jitter_ms] for each in self.rounds]
        return {
            "rounds": rounds,
            "readings": [reading.value for reading in self.readings],
        }


def measure(samples: Sequence[float | None]) -> Round:
    """`samples`: the round trips of one burst in ms, in the order sent, None where no answer came; at least one."""
    if not samples:
        raise ValueError("a round has at least one packet")
    answered = [sample for sample in samples if sample is not None]
    return Round(
        sent=len(samples),
        lost=len(samples) - len(answered),
        rtt_ms=fmean(answered) if answered else None,
        jitter_ms=fmean(abs(later - earlier) for earlier, later in pairwise(answered)) if answered[1:] else None,
    )


def grade(value: float | None, bands: Sequence[float]) -> Grade:
    """A value on the edge of two bands has the better grade; what could not be measured is no fault."""
    return Grade.GOOD if value is None else Grade(bisect_left(bands, value))


def decide(memory: Memory, latest: Round, limits: Limits) -> Memory:
    rounds = remembered(memory.rounds, latest, limits)
    readings = (*memory.readings, read(rounds, limits))[-max(limits.fall, limits.rise) :]
    return Memory(next_state(memory.state, readings, limits), rounds, readings)


def remembered(rounds: tuple[Round, ...], latest: Round, limits: Limits) -> tuple[Round, ...]:
    before = rounds[-limits.fall :]
    outage = len(before) == limits.fall and all(each.dead for each in before)
    return (latest,) if outage and not latest.dead else (*rounds, latest)[-limits.window :]


def read(rounds: Sequence[Round], limits: Limits) -> State:
    latest = rounds[-1]
    if latest.dead:
        return State.DOWN
    loss = sum(each.lost for each in rounds) / sum(each.sent for each in rounds)
    worst = max(
        grade(loss, limits.loss),
        grade(latest.rtt_ms, limits.rtt_ms),
        grade(latest.jitter_ms, limits.jitter_ms),
    )
    return State.DEGRADED if worst >= Grade.WARNING else State.UP


def next_state(state: State, readings: Sequence[State], limits: Limits) -> State:
    if state is State.UNKNOWN and readings[-1] is State.UP:
        return State.UP
    falling, rising = readings[-limits.fall :], readings[-limits.rise :]
    mildest, worst = (
        min(falling, key=SEVERITY.__getitem__),
        max(rising, key=SEVERITY.__getitem__),
    )
    if len(falling) == limits.fall and SEVERITY[mildest] > SEVERITY[state]:
        return mildest
    if len(rising) == limits.rise and SEVERITY[worst] < SEVERITY[state]:
        return worst
    return state


@dataclass(frozen=True, slots=True)
class Course:
    """A line in time: what it remembers, since when it is in its state, and when it was last measured."""

    memory: Memory = Memory()
    since: datetime | None = None
    measured_at: datetime | None = None


def refreshed(course: Course, now: datetime, stale_after: timedelta) -> Course:
    """What is still known at `now`: nothing, when the last measurement is older than `stale_after`.

    `queries.shown_state` says the same in SQL.
    """
    if course.measured_at is None or course.measured_at < now - stale_after:
        return Course(measured_at=course.measured_at)
    return course


def advance(course: Course, latest: Round, at: datetime, limits: Limits) -> Course:
    memory = decide(course.memory, latest, limits)
    stays = memory.state is course.memory.state and course.since is not None
    return Course(memory, course.since if stays else at, at)
