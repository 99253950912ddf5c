"""Who must hear what after a change: pure. The counting is RFC 5546 section 2.1.4, read per recipient."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from meetings.invitations.facts import CANCEL, INVITE, MOVE, UPDATE, WITHDRAW, Facts

NEEDS_ACTION = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One mailbox: who stands behind it and where they sit. `key` is the address without regard to case."""

    key: str
    address: str
    name: str
    position: str = ""
    role: str = "member"
    language: str = "vi"
    place: str = ""
    room: str = ""
    room_key: str = ""
    participant: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a mailbox was last told; `live` unless that was a cancellation."""

    seat: Seat
    sequence: int
    partstat: str
    live: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One mail that is due, with the numbers it must carry."""

    action: str
    seat: Seat
    sequence: int
    partstat: str


def plan(*, old: Facts | None, new: Facts, told: Iterable[Told], wanted: Iterable[Seat], floor: int) -> list[Step]:
    """The mails by which everybody in `wanted` knows `new`, and nobody else does any longer.

    `floor` is the conference's own sequence; no mail carries less, and no mailbox ever gets a lower one than before.
    """
    known = {item.seat.key: item for item in told}
    seats = {seat.key: seat for seat in wanted}
    steps = [step for seat in seats.values() if (step := _step(old, new, known.get(seat.key), seat, floor))]
    gone = [item for key, item in known.items() if item.live and key not in seats]
    return steps + [Step(WITHDRAW, item.seat, _raised(item, floor), item.partstat) for item in gone]


def cancellation(told: Iterable[Told], floor: int) -> list[Step]:
    """Everybody who still believes in the meeting hears that it is off."""
    return [Step(CANCEL, item.seat, _raised(item, floor), item.partstat) for item in told if item.live]


def same_words(one: Facts, other: Facts) -> bool:
    """Whether two editions say the same to everybody."""
    return _words(one) == _words(other)


def next_stamp(last: datetime | None, now: datetime) -> datetime:
    """DTSTAMP counts whole seconds, and must rise with every edition."""
    second = now.replace(microsecond=0)
    return max(second, last + timedelta(seconds=1)) if last else second


def _step(old: Facts | None, new: Facts, told: Told | None, seat: Seat, floor: int) -> Step | None:
    if told is None:
        return Step(INVITE, seat, floor, NEEDS_ACTION)
    if not told.live:
        return Step(INVITE, seat, _raised(told, floor), NEEDS_ACTION)
    if old is None or (old.start, old.end) != (new.start, new.end):
        return Step(MOVE, seat, _raised(told, floor), NEEDS_ACTION)
    if _where(old, told.seat) != _where(new, seat):
        return Step(UPDATE, seat, _raised(told, floor), told.partstat)
    if not same_words(old, new) or _who(told.seat) != _who(seat):
        return Step(UPDATE, seat, max(floor, told.sequence), told.partstat)
    return None


def _raised(told: Told, floor: int) -> int:
    return max(floor, told.sequence + 1)


def _where(facts: Facts, seat: Seat) -> tuple[str, str]:
    return (seat.place or facts.hosted_at, facts.join_url)


def _who(seat: Seat) -> tuple[str, str, str]:
    return (seat.name, seat.position, seat.role)


def _words(facts: Facts) -> Facts:
    return replace(facts, stamp=facts.created, before=None)
