"""Pure rules of delegations and stays: their times, their people, the nights that are offered instead."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from backend.common.errors import Conflict, Invalid
from backend.common.periods import Period, local_date, local_day

LONGEST = timedelta(days=366)
OLDEST = 1900
_DIGITS = re.compile(r"[0-9]{9}|[0-9]{12}")
_PASSPORT = re.compile(r"(?=.*[A-Z])(?=.*[0-9])[A-Z0-9]{6,9}")


@dataclass(frozen=True)
class MemberRequest:
    """A member as asked for. `identity_number`: None leaves what stands, "" erases it; never in a repr."""

    name: str
    id: int | None = None
    position: str = ""
    role: str = "member"
    rank: int | None = None
    gender: str = ""
    birth_year: int | None = None
    diet: str = ""
    identity_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class DelegationRequest:
    """A delegation as somebody asks for it. `host_unit_id` None: the caller's own unit receives it."""

    name: str
    arrival: datetime
    departure: datetime
    unit_id: int | None = None
    host_unit_id: int | None = None
    conference_id: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    notes: str = ""
    members: tuple[MemberRequest, ...] = ()


@dataclass(frozen=True)
class StayRequest:
    delegation_id: int
    guest_room_id: int
    member_ids: tuple[int, ...]
    start: datetime
    end: datetime


def delegation_period(arrival: datetime, departure: datetime, now: datetime) -> Period:
    """The delegation's period, or Invalid that names the field. One that has arrived may still be entered."""
    if departure <= arrival:
        raise Invalid("end_before_start", _("The departure must lie after the arrival."), field="departure")
    if departure - arrival > LONGEST:
        raise Invalid("too_long", _("A delegation is here for at most a year."), field="departure")
    if departure <= now:
        raise Invalid("in_the_past", _("The departure lies in the past."), field="departure")
    return Period(arrival, departure)


def stay_period(start: datetime, end: datetime, delegation: Period, now: datetime) -> Period:
    """The period of a stay, or Invalid: inside the local days of its delegation, and not begun before today."""
    if end <= start:
        raise Invalid("end_before_start", _("The end must lie after the start."), field="end")
    period = Period(start, end)
    days = days_of(delegation)
    if not lies_in(period, days):
        text = _("The delegation is here from %(first)s to %(last)s; the stay must lie within these days.")
        first, last = local_date(delegation.start), local_date(delegation.end)
        shown = text % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        raise Invalid("outside_delegation", shown, field="start" if period.start < days.start else "end")
    if period.start < local_day(local_date(now)).start:
        raise Invalid("in_the_past", _("The start lies in the past."), field="start")
    return period


def days_of(period: Period) -> Period:
    """The whole local days that `period` touches: a room is taken from its check-in hour, whenever its guests come."""
    last = local_date(period.end)
    return Period(local_day(local_date(period.start)).start, local_day(last).end)


def lies_in(period: Period, whole: Period) -> bool:
    return whole.start <= period.start and period.end <= whole.end


def check_beds(count: int, beds: int) -> None:
    if not count:
        raise Invalid("nobody", _("Name at least one member who stays there."), field="members")
    if count > beds:
        text = _("The room has %(beds)d beds, but %(count)d members were named.") % {"beds": beds, "count": count}
        raise Invalid("too_many", text, field="members")


def require_expected(status: str) -> None:
    if status == "cancelled":
        raise Conflict("wrong_state", _("This delegation is cancelled; that is no longer possible."))


def require_booked(status: str) -> None:
    if status == "cancelled":
        raise Conflict("wrong_state", _("This stay is cancelled; that is no longer possible."))


def check_members(members: Sequence[MemberRequest], known: Collection[int | None], now: datetime) -> None:
    """Invalid names the member and the field; a number that is refused is not repeated in the answer.

    `known`: the ids of the members that stand.
    """
    ids: set[int] = set()
    numbers: set[str] = set()
    for place, member in enumerate(members):
        where = f"members.{place}"
        if member.id is not None and member.id not in known:
            raise Invalid("unknown", _("Not a member of this delegation."), field=f"{where}.id")
        if not member.name:
            raise Invalid("no_name", _("Give the full name."), field=f"{where}.name")
        if member.birth_year is not None and not OLDEST <= member.birth_year <= local_date(now).year:
            raise Invalid("bad_year", _("Not a year of birth."), field=f"{where}.birth_year")
        if member.id is not None and member.id in ids:
            raise Invalid("doubled", _("This member is named twice."), field=f"{where}.id")
        number = identity_number(member.identity_number or "", f"{where}.identity_number")
        if number and number in numbers:
            text = _("Another member of this delegation has the same number.")
            raise Invalid("doubled", text, field=f"{where}.identity_number")
        ids.add(member.id or 0)
        numbers.add(number)


def identity_number(text: str, field_name: str) -> str:
    """A personal number (12 digits), an old identity card's (9 digits) or a passport's, without spaces and dots."""
    number = re.sub(r"[\s.\-]", "", text).upper()
    if number and not _DIGITS.fullmatch(number) and not _PASSPORT.fullmatch(number):
        detail = _("An identity number has 12 or 9 digits; a passport number 6 to 9 letters and digits.")
        raise Invalid("bad_identity_number", detail, field=field_name)
    return number


def nearest_nights(wanted: Period, taken: Iterable[Period], delegation: Period, now: datetime) -> list[Period]:
    """Up to three periods as long as `wanted`, shifted by whole days, the nearest first.

    Those inside the delegation's days if there are any; else any, so that one sees when the room is free.
    """
    busy, days = list(taken), days_of(delegation)
    shifted = [_shift(wanted, step) for step in sorted(range(-14, 15), key=abs) if step]
    free = [p for p in shifted if p.start >= now and not any(p.overlaps(other) for other in busy)]
    return ([p for p in free if lies_in(p, days)] or free)[:3]


def _shift(period: Period, days: int) -> Period:
    return Period(period.start + timedelta(days=days), period.end + timedelta(days=days))
