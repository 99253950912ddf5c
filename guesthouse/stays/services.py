"""What people do with delegations and stays. Permission, then rules, then the write; all or nothing.

The delegation's row is the lock of everything that belongs to it: members, stays, and that nobody has two rooms.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import inside, may, scope
from backend.audit.services import record
from backend.common.errors import Forbidden, Invalid, NotFound
from backend.common.periods import Period
from backend.common.sealing import unseal
from backend.live.services import changed as hint
from backend.reservations.claims import Claim, Holder
from backend.reservations.services import release, reserve
from backend.units.models import Unit
from guesthouse.stays import members, queries, refusals, rules
from guesthouse.stays.models import HOLDER, Delegation, GuestRoom, Member, Stay
from guesthouse.stays.queries import HOSTS
from guesthouse.stays.rules import DelegationRequest, StayRequest
from guesthouse.stays.signals import delegation_cancelled, delegation_changed
from meetings.scheduling.models import Conference, Status
from meetings.scheduling.queries import conferences_visible_to
from meetings.scheduling.rules import check_doubles

IDENTITY_READERS = (Role.GUESTHOUSE, Role.SECRETARIAT)

# --- delegations


@transaction.atomic
def create_delegation(*, actor: User, request: DelegationRequest, now: datetime) -> Delegation:
    """Store a delegation and its members. Raises Invalid or Forbidden; then nothing is stored."""
    host = _host_unit(actor, request.host_unit_id)
    rules.delegation_period(request.arrival, request.departure, now)
    rules.check_members(request.members, (), now)
    delegation = Delegation(created_by=actor, created_at=now, updated_at=now)
    _assign(actor, delegation, request, host)
    delegation.save(force_insert=True)
    members.write(delegation, request.members)
    _note_delegation(actor, "create", delegation, now, after={"members": len(request.members)})
    return delegation


@transaction.atomic
def change_delegation(
    *, actor: User, delegation: Delegation, edit: Callable[[DelegationRequest], DelegationRequest], now: datetime
) -> Delegation:
    """Change anything of a delegation; `edit` turns what stands into what is wanted.

    Its stays are not moved: Invalid when one would lie outside the new days, or a member with a room would leave.
    """
    delegation = _locked(delegation.pk)
    _require_host(actor, delegation)
    rules.require_expected(delegation.status)
    before, old = _facts(delegation), as_request(delegation)
    new = edit(old)
    period = rules.delegation_period(new.arrival, new.departure, now)
    if new.members != old.members:
        rules.check_members(new.members, {member.id for member in old.members}, now)
        members.rewrite(delegation, new.members)
    _check_stays(delegation, period)
    _assign(actor, delegation, new, _host_unit(actor, new.host_unit_id))
    _save(delegation, now)
    _note_delegation(actor, "change", delegation, now, before=before, after={"members": len(new.members)})
    delegation_changed.send(Delegation, delegation=delegation, actor=actor, now=now)
    return delegation


@transaction.atomic
def cancel_delegation(*, actor: User, delegation: Delegation, now: datetime) -> Delegation:
    """Cancel the delegation with all its stays; whatever else hangs on it follows by the signal."""
    delegation = _locked(delegation.pk)
    _require_host(actor, delegation)
    rules.require_expected(delegation.status)
    for stay in _stays(delegation):
        _cancel(actor, stay, now)
    delegation.status = Delegation.Status.CANCELLED
    _save(delegation, now)
    _note_delegation(actor, "cancel", delegation, now)
    delegation_cancelled.send(Delegation, delegation=delegation, actor=actor, now=now)
    return delegation


@transaction.atomic
def read_identity(*, actor: User, member: Member, now: datetime) -> str:
    """The whole identity number, for whoever fills in the residence notice. Every reading is noted.

    Raises Forbidden, or NotFound when no number is known. (Decree 13/2023/NĐ-CP on personal data.)
    """
    delegation = member.delegation
    here = inside("guest_room__house__unit", scope(actor, Role.GUESTHOUSE))
    if not may(actor, delegation.host_unit, *IDENTITY_READERS) and not _stays(delegation).filter(here).exists():
        raise Forbidden("forbidden", _("Only the guesthouse and the secretariat may read identity numbers."))
    if member.identity_sealed is None:
        raise NotFound("no_identity_number", _("No identity number is known of this member."))
    record(
        actor=actor, act="member.read_identity", subject_kind="member", subject_id=member.pk,
        unit_id=delegation.host_unit_id, after={"delegation": delegation.pk}, now=now,
    )  # fmt: skip
    return unseal(bytes(member.identity_sealed))


# --- stays


@transaction.atomic
def book_stay(*, actor: User, request: StayRequest, now: datetime) -> Stay:
    """Give the whole room to members of one delegation.

    Raises Invalid, Forbidden, or Conflict with `conflicts`, `alternatives` and `other_rooms`; then nothing is booked.
    """
    delegation = _locked(_visible_delegation(actor, request.delegation_id))
    rules.require_expected(delegation.status)
    stay = Stay(delegation=delegation, created_by=actor, created_at=now, updated_at=now)
    people = _plan(actor, stay, request, now)
    stay.save(force_insert=True)
    _write_people(stay, people)
    _hold(actor, stay, len(people), now)
    _note_stay(actor, "book", stay, now)
    return stay


@transaction.atomic
def book_stays(*, actor: User, requests: Sequence[StayRequest], now: datetime) -> list[Stay]:
    """Several rooms for one delegation, all or none; locked in the order of their resources, as everywhere."""
    if len({request.delegation_id for request in requests}) > 1:
        raise Invalid("one_delegation", _("Book for one delegation at a time."), field="delegation")
    order = dict(GuestRoom.objects.filter(pk__in=[r.guest_room_id for r in requests]).values_list("pk", "resource_id"))
    ranked = sorted(requests, key=lambda r: order.get(r.guest_room_id, 0))
    return [book_stay(actor=actor, request=request, now=now) for request in ranked]


@transaction.atomic
def move_stay(*, actor: User, stay: Stay, edit: Callable[[StayRequest], StayRequest], now: datetime) -> Stay:
    """Other nights, another room or other members; the old room is free in the same step."""
    stay = _locked_stay(stay)
    _require_house(actor, stay.guest_room)
    rules.require_booked(stay.status)
    before = _stay_facts(stay)
    people = _plan(actor, stay, edit(as_stay_request(stay)), now)
    stay.version += 1
    stay.updated_at = now
    stay.save()
    stay.members.set(people)
    _hold(actor, stay, len(people), now, again=True)
    _note_stay(actor, "move", stay, now, before)
    return stay


@transaction.atomic
def cancel_stay(*, actor: User, stay: Stay, now: datetime) -> Stay:
    """Cancel: the room is free again. The house may, and whoever receives the delegation."""
    stay = _locked_stay(stay)
    if not may(actor, stay.guest_room.house.unit, *HOSTS) and not may(actor, stay.delegation.host_unit, *HOSTS):
        raise Forbidden("forbidden", _("Only the guesthouse or the receiving unit may cancel this stay."))
    rules.require_booked(stay.status)
    return _cancel(actor, stay, now)


# --- the steps


def _host_unit(actor: User, unit_id: int | None) -> Unit:
    roots = scope(actor, *HOSTS)
    if not roots:
        raise Forbidden("forbidden", _("Only the guesthouse, the secretariat or a leader may receive a delegation."))
    unit = Unit.objects.filter(pk=unit_id or roots[0]).first()
    if unit is None or not may(actor, unit, *HOSTS):
        raise Invalid("unknown", _("Not a unit for which you may receive a delegation."), field="host_unit")
    return unit


def _assign(actor: User, delegation: Delegation, request: DelegationRequest, host: Unit) -> None:
    delegation.unit = _unit(request.unit_id)
    delegation.host_unit = host
    if delegation.conference_id != request.conference_id:
        delegation.conference = _conference(actor, request.conference_id)
    for name in ("name", "arrival", "departure", "contact_name", "contact_phone", "notes"):
        setattr(delegation, name, getattr(request, name))


def _unit(unit_id: int | None) -> Unit | None:
    unit = Unit.objects.filter(pk=unit_id).first() if unit_id else None
    if unit_id and unit is None:
        raise Invalid("unknown", _("Not known: %(ids)s.") % {"ids": unit_id}, field="unit")
    return unit


def _conference(actor: User, conference_id: int | None) -> Conference | None:
    if not conference_id:
        return None
    found = conferences_visible_to(actor).exclude(status=Status.CANCELLED).filter(pk=conference_id).first()
    if found is None:
        raise Invalid("unknown", _("Not known: %(ids)s.") % {"ids": conference_id}, field="conference")
    return found


def _locked(delegation_id: int) -> Delegation:
    """The delegation, ours until the end of the transaction; rows that only point to it may still be written."""
    locked = Delegation.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("unit", "host_unit", "conference").get(pk=delegation_id)


def _locked_stay(stay: Stay) -> Stay:
    delegation = _locked(stay.delegation_id)
    locked = Stay.objects.select_for_update(of=("self",)).select_related("guest_room__house__unit").get(pk=stay.pk)
    locked.delegation = delegation
    return locked


def _stays(delegation: Delegation) -> QuerySet[Stay]:
    """The stays that are not cancelled."""
    booked = Stay.objects.filter(delegation=delegation, status=Stay.Status.BOOKED)
    return booked.select_related("delegation", "guest_room__house").order_by("guest_room__resource_id")


def _require_host(actor: User, delegation: Delegation) -> None:
    if not may(actor, delegation.host_unit, *HOSTS):
        raise Forbidden("forbidden", _("Only the receiving unit may change this delegation."))


def _require_house(actor: User, room: GuestRoom) -> None:
    if not may(actor, room.house.unit, *HOSTS):
        raise Forbidden("forbidden", _("Only the guesthouse and its office may give this room."))


def _visible_delegation(actor: User, delegation_id: int) -> int:
    if not queries.delegations_visible_to(actor).filter(pk=delegation_id).exists():
        raise Invalid("unknown", _("Not known: %(ids)s.") % {"ids": delegation_id}, field="delegation")
    return delegation_id


def _plan(actor: User, stay: Stay, request: StayRequest, now: datetime) -> list[Member]:
    """Check what is asked, put room and times onto `stay`, and answer who shares the room."""
    room = _room(actor, request.guest_room_id)
    _require_house(actor, room)
    delegation = stay.delegation
    here = Period(delegation.arrival, delegation.departure)
    began = stay.start if stay.pk and request.start == stay.start else None
    period = rules.stay_period(request.start, request.end, here, min(now, began or now))
    people = _people(delegation, request.member_ids)
    rules.check_beds(len(people), room.beds)
    _check_alone(people, period, stay)
    stay.guest_room, stay.start, stay.end = room, period.start, period.end
    return people


def _room(actor: User, room_id: int) -> GuestRoom:
    room = queries.guest_rooms_visible_to(actor).filter(pk=room_id).first()
    if room is None:
        raise Invalid("unknown", _("Not known: %(ids)s.") % {"ids": room_id}, field="guest_room")
    return room


def _people(delegation: Delegation, member_ids: Sequence[int]) -> list[Member]:
    check_doubles(member_ids, "members")
    people = delegation.members.in_bulk(member_ids)
    strangers = [str(i) for i in member_ids if i not in people]
    if strangers:
        text = _("Not of this delegation: %(ids)s.") % {"ids": ", ".join(strangers[:10])}
        raise Invalid("not_a_member", text, field="members")
    return [people[i] for i in member_ids]


def _check_alone(people: Sequence[Member], period: Period, stay: Stay) -> None:
    """A member has one room at a time."""
    other = (
        Stay.members.through.objects.filter(member__in=people, stay__status=Stay.Status.BOOKED)
        .filter(stay__start__lt=period.end, stay__end__gt=period.start)
        .exclude(stay=stay.pk)
        .select_related("member", "stay__guest_room")
        .first()
    )
    if other:
        text = _("“%(name)s” already has room %(number)s at that time.")
        shown = text % {"name": other.member.name, "number": other.stay.guest_room.number}
        raise Invalid("member_has_room", shown, field="members")


def _check_stays(delegation: Delegation, period: Period) -> None:
    days = rules.days_of(period)
    for stay in _stays(delegation):
        if not rules.lies_in(Period(stay.start, stay.end), days):
            text = _("Room %(number)s is booked outside these days; move or cancel that stay first.")
            field = "arrival" if stay.start < days.start else "departure"
            raise Invalid("stay_outside", text % {"number": stay.guest_room.number}, field=field)


def _write_people(stay: Stay, people: Sequence[Member]) -> None:
    through = Stay.members.through
    through.objects.bulk_create([through(stay=stay, member=member) for member in people])


def _hold(actor: User, stay: Stay, guests: int, now: datetime, again: bool = False) -> None:
    claim = Claim(stay.guest_room.resource_id, Period(stay.start, stay.end))
    with refusals.in_words(actor, stay, guests, now):
        reserve(holder=Holder(HOLDER, stay.pk), resources=[claim], replace=again, now=now)


def _cancel(actor: User, stay: Stay, now: datetime) -> Stay:
    stay.status = Stay.Status.CANCELLED
    stay.version += 1
    stay.updated_at = now
    stay.save(update_fields=["status", "version", "updated_at"])
    release(holder=Holder(HOLDER, stay.pk))
    _note_stay(actor, "cancel", stay, now)
    return stay


def _save(delegation: Delegation, now: datetime) -> None:
    delegation.version += 1
    delegation.updated_at = now
    delegation.save()


def as_request(delegation: Delegation) -> DelegationRequest:
    """What stands, in the form in which it is asked for; identity numbers stay as they are."""
    return DelegationRequest(
        name=delegation.name,
        arrival=delegation.arrival,
        departure=delegation.departure,
        unit_id=delegation.unit_id,
        host_unit_id=delegation.host_unit_id,
        conference_id=delegation.conference_id,
        contact_name=delegation.contact_name,
        contact_phone=delegation.contact_phone,
        notes=delegation.notes,
        members=members.requests_of(delegation),
    )


def as_stay_request(stay: Stay) -> StayRequest:
    people = tuple(stay.members.order_by("pk").values_list("pk", flat=True))
    return StayRequest(stay.delegation_id, stay.guest_room_id, people, stay.start, stay.end)


# --- the trail and the hints: facts without anything personal


def _facts(delegation: Delegation) -> dict[str, Any]:
    return {
        "name": delegation.name,
        "arrival": delegation.arrival.isoformat(),
        "departure": delegation.departure.isoformat(),
        "status": delegation.status,
    }


def _note_delegation(
    actor: User, act: str, delegation: Delegation, now: datetime, before: dict | None = None, after: dict | None = None
) -> None:
    record(
        actor=actor, act=f"delegation.{act}", subject_kind="delegation", subject_id=delegation.pk,
        unit_id=delegation.host_unit_id, before=before, after={**_facts(delegation), **(after or {})}, now=now,
    )  # fmt: skip
    hint("delegation", delegation.pk, [delegation.host_unit_id])


def _stay_facts(stay: Stay) -> dict[str, Any]:
    return {
        "delegation": stay.delegation_id,
        "guest_room": stay.guest_room_id,
        "number": stay.guest_room.number,
        "start": stay.start.isoformat(),
        "end": stay.end.isoformat(),
    }


def _note_stay(actor: User, act: str, stay: Stay, now: datetime, before: dict | None = None) -> None:
    house = stay.guest_room.house
    record(
        actor=actor, act=f"stay.{act}", subject_kind=HOLDER, subject_id=stay.pk, unit_id=house.unit_id,
        before=before, after=_stay_facts(stay), now=now,
    )  # fmt: skip
    hint(HOLDER, stay.pk, [house.unit_id, stay.delegation.host_unit_id])
