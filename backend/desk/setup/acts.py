"""What an administrator does to the ground floor: permission, the part's own rules and write, and the trail.

The lower parts cannot write the trail themselves, since the audit stands above them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.utils.translation import gettext as _

from backend.accounts import services as accounts
from backend.accounts.models import Group, Person, User
from backend.accounts.services import Right, require_admin
from backend.audit.services import record, record_changes
from backend.common.errors import Conflict, Forbidden, Invalid
from backend.desk.setup import passwords
from backend.units import services as units
from backend.units.models import SpecialDay, Succession, Unit


@transaction.atomic
def save_units(*, actor: User, units_: Sequence[Unit], now: datetime) -> None:
    """Store units below what `actor` administers. Forbidden for a new root, and for a place outside."""
    stored = Unit.objects.in_bulk([unit.pk for unit in units_ if unit.pk])
    for unit in units_:
        _require_place(actor, unit, stored.get(unit.pk))
    changes = units.save_units(units_)
    record_changes(actor=actor, kind="unit", changes=changes, now=now)


def _require_place(actor: User, unit: Unit, stored: Unit | None) -> None:
    if stored:
        require_admin(actor, [stored])
        if stored.parent_id == unit.parent_id:
            return
    parent = unit.parent
    while parent is not None and not parent.pk:
        parent = parent.parent
    if parent is None:
        raise Forbidden("no_parent", _("Say to which unit it belongs."), field="parent")
    require_admin(actor, [parent])


@transaction.atomic
def set_successor(*, actor: User, predecessor: Unit, successor: Unit, effective: date, now: datetime) -> None:
    require_admin(actor, [predecessor])
    units.set_successor(predecessor=predecessor, successor=successor, effective=effective)
    after = {"successor": successor.pk, "effective": effective.isoformat()}
    _note(actor, "unit.successor", predecessor, predecessor.pk, {}, after, now)


@transaction.atomic
def remove_successor(*, actor: User, succession: Succession, now: datetime) -> None:
    require_admin(actor, [succession.predecessor])
    before = {"successor": succession.successor_id, "derived": succession.derived}
    _note(actor, "unit.no_successor", succession.predecessor, succession.predecessor_id, before, {}, now)
    succession.delete()


@transaction.atomic
def save_days(*, actor: User, days: Sequence[SpecialDay], now: datetime) -> None:
    stored = SpecialDay.objects.select_related("unit").in_bulk([day.pk for day in days if day.pk])
    require_admin(actor, [day.unit for day in (*days, *stored.values())])
    record_changes(actor=actor, kind="special_day", changes=units.save_days(days), now=now)


@transaction.atomic
def save_people(*, actor: User, people: Sequence[Person], now: datetime) -> None:
    changes = accounts.save_people(actor=actor, people=people)
    record_changes(actor=actor, kind="person", changes=[_impersonal(change) for change in changes], now=now)


def _impersonal(change: Any) -> Any:
    """The trail keeps that an address changed, never the address."""
    keys = ("name", "email", "phone")
    touched = [key for key in keys if change.before and change.before[key] != change.after[key]]
    before = {key: value for key, value in change.before.items() if key not in keys}
    after = {**{key: value for key, value in change.after.items() if key not in keys}, "changed": touched}
    return type(change)(change.row, change.unit_id, before, after)


@transaction.atomic
def save_group(*, actor: User, group: Group, people: Iterable[Person], now: datetime) -> None:
    """Store the group with exactly these people."""
    changes = accounts.save_groups(actor=actor, groups=[group])
    wanted, held = {person.pk: person for person in people}, group.people.in_bulk()
    changes += accounts.add_members(actor=actor, members={group: [p for pk, p in wanted.items() if pk not in held]})
    gone = [person for pk, person in held.items() if pk not in wanted]
    changes += accounts.remove_members(actor=actor, group=group, people=gone)
    record_changes(actor=actor, kind="group", changes=changes, now=now)


@transaction.atomic
def add_to_groups(*, actor: User, members: Sequence[tuple[Group, Sequence[Person]]], now: datetime) -> None:
    """Put people into groups; groups that are new are stored."""
    changes = accounts.save_groups(actor=actor, groups=[group for group, _people in members if not group.pk])
    changes += accounts.add_members(actor=actor, members=dict(members))
    record_changes(actor=actor, kind="group", changes=changes, now=now)


@transaction.atomic
def save_accounts(*, actor: User, wanted: Sequence[tuple[User, set[Right] | None]], now: datetime) -> None:
    """Store accounts with their rights (None: as they are). The owner of a new one is sent a link to set a password."""
    users = [user for user, _rights in wanted]
    new = [user for user in users if not user.pk]
    if any(not user.pk and not rights for user, rights in wanted):
        raise Invalid("no_rights", _("Give the account at least one right."), field="role")
    changes = accounts.save_accounts(actor=actor, accounts=users)
    changes += accounts.set_rights(actor=actor, rights={user: r for user, r in wanted if r is not None})
    record_changes(actor=actor, kind="account", changes=changes, now=now)
    passwords.invite(new, now)


@transaction.atomic
def set_rights(*, actor: User, account: User, rights: set[Right], now: datetime) -> None:
    changes = accounts.set_rights(actor=actor, rights={account: rights})
    record_changes(actor=actor, kind="account", changes=changes, now=now)


@transaction.atomic
def send_password_link(*, actor: User, account: User, now: datetime) -> None:
    """Send the owner a link again. Invalid (`no_address`) for an account without an address."""
    accounts.require_managed(actor, [account.pk])
    if not passwords.address_of(account):
        raise Invalid("no_address", _("Neither the account nor its person has an e-mail address."))
    passwords.invite([account], now)
    _note(actor, "account.password_link", account, None, {}, {}, now)


def in_use(row: Model) -> bool:
    """Whether something hangs on `row` that must not vanish with it."""
    collector = Collector(using="default", origin=row)
    try:
        collector.collect([row])
    except (ProtectedError, RestrictedError):
        return True
    owned = _owned(row)
    held = getattr(owned, "reservations", None) or getattr(owned, "holds", None)
    return bool(held and held.exists()) or getattr(row, "measured_at", None) is not None  # a line's history


def _owned(row: Any) -> Any:
    """What of the ledger goes with `row`."""
    return getattr(row, "resource", None) or getattr(row, "pool", None)


@transaction.atomic
def remove(*, actor: User, row: Any, unit: Unit | None, kind: str, now: datetime) -> bool:
    """Delete `row`, or, when something hangs on it, take it out of use; answers whether it is gone.

    Conflict (`in_use`) when it can be neither. `unit` is whose it is.
    """
    if unit is not None:
        require_admin(actor, [unit])
    if row == actor:
        raise Invalid("own_account", _("Nobody locks out or clears their own account: ask another administrator."))
    name, pk = str(row), row.pk
    gone = not in_use(row)
    if gone:
        _delete(row)
    else:
        _take_out_of_use(row)
    act = f"{kind}.{'delete' if gone else 'deactivate'}"
    owner = None if gone and row.__class__ is Unit else unit
    before = {} if kind == "person" else {"name": name}
    record(actor=actor, act=act, subject_kind=kind, subject_id=pk, unit_id=owner.pk if owner else None,
           before=before, now=now)  # fmt: skip
    return gone


def _delete(row: Any) -> None:
    owned = _owned(row)
    row.delete()
    if owned:
        owned.delete()


def _take_out_of_use(row: Any) -> None:
    for field in ("active", "is_active"):
        if hasattr(row, field):
            type(row).objects.filter(pk=row.pk).update(**{field: False})
            return
    raise Conflict("in_use", _("Something still hangs on it: first move or remove that."))


def _note(
    actor: User, act: str, row: Model, unit_id: int | None, before: dict[str, Any], after: dict[str, Any], now: datetime
) -> None:
    kind = act.split(".")[0]
    record(actor=actor, act=act, subject_kind=kind, subject_id=row.pk, unit_id=unit_id, before=before, after=after,
           now=now)  # fmt: skip
