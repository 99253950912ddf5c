"""Writing the directory, the groups, the accounts and their rights. An administrator reaches as far as their scope.

The trail is written by the set-up, which stands above the audit; each function answers what it changed.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from backend.accounts.models import Grant, Group, Person, Role, User
from backend.accounts.queries import accounts_managed_by, may, scope
from backend.common.bulk import Change, check_fields, store
from backend.common.errors import Forbidden, Invalid
from backend.units.models import Unit

PERSON_FACTS = ("name", "position", "unit_id", "email", "phone", "active")
GROUP_FACTS = ("name", "unit_id")
ACCOUNT_FACTS = ("username", "person_id", "email", "language", "cleared", "is_active")
OWN_FACTS = ("cleared", "is_active")  # which nobody changes of their own account

Right = tuple[str, int]  # role, unit id


def require_admin(actor: User, units: Iterable[Unit]) -> None:
    """Forbidden unless `actor` administers every one of `units`."""
    if not all(may(actor, unit, Role.ADMIN) for unit in units):
        raise Forbidden("forbidden", _("Only an administrator of this unit may change its set-up."))


# --- people


@transaction.atomic
def save_people(*, actor: User, people: Sequence[Person]) -> list[Change]:
    """Store people, new or known. Invalid: `unreachable`, `account_elsewhere`, `bad_fields`."""
    stored = _stored(people)
    require_admin(actor, [row.unit for row in (*people, *stored.values())])
    for person in people:
        check_person(person)
    readdressed = [p for p in people if p.pk in stored and p.email != stored[p.pk].email]
    if strangers := accounts_elsewhere(actor, readdressed):
        raise Invalid("account_elsewhere", address_guarded(strangers[0]), field="email")
    return store(people, PERSON_FACTS, lambda person: person.unit_id)


def check_person(person: Person) -> None:
    check_fields(person)
    if not person.email and not person.phone:
        raise Invalid("unreachable", _("Give an e-mail address or a phone number."), field="email")


def accounts_elsewhere(actor: User, people: Sequence[Person]) -> list[User]:
    """Accounts of `people` that `actor` does not manage: their passwords travel to the person's address."""
    if not people:
        return []
    accounts = User.objects.filter(person__in=people)
    return list(accounts.exclude(pk__in=accounts_managed_by(actor).values("pk")))


def address_guarded(account: User) -> str:
    text = _("This address belongs to the account “%(name)s”, which another administrator manages.")
    return text % {"name": account.username}


# --- groups


@transaction.atomic
def save_groups(*, actor: User, groups: Sequence[Group]) -> list[Change]:
    stored = _stored(groups)
    require_admin(actor, [row.unit for row in (*groups, *stored.values())])
    for group in groups:
        check_fields(group)
    return store(groups, GROUP_FACTS, lambda group: group.unit_id)


@transaction.atomic
def add_members(*, actor: User, members: Mapping[Group, Iterable[Person]]) -> list[Change]:
    """Put people into stored groups; those who are in already stay. Anybody of the directory may be in a group."""
    require_admin(actor, [group.unit for group in members])
    link = Group.people.through
    wanted = {(group.pk, person.pk) for group, people in members.items() for person in people}
    known = set(link.objects.filter(group__in=list(members)).values_list("group_id", "person_id"))
    new = sorted(wanted - known)
    link.objects.bulk_create(link(group_id=group, person_id=person) for group, person in new)
    return _members_changed(members, new, "added")


@transaction.atomic
def remove_members(*, actor: User, group: Group, people: Iterable[Person]) -> list[Change]:
    require_admin(actor, [group.unit])
    gone = [(group.pk, person.pk) for person in people]
    Group.people.through.objects.filter(group=group, person__in=[person for _group, person in gone]).delete()
    return _members_changed([group], gone, "removed")


def _members_changed(groups: Iterable[Group], pairs: list[tuple[int, int]], word: str) -> list[Change]:
    moved: dict[int, list[int]] = {}
    for group, person in pairs:
        moved.setdefault(group, []).append(person)
    same = {"people": "…"}
    return [Change(g, g.unit_id, same, {word: moved[g.pk]}) for g in groups if g.pk in moved]


# --- accounts


@transaction.atomic
def save_accounts(*, actor: User, accounts: Sequence[User]) -> list[Change]:
    """Store accounts; a new one has no password until its owner sets it. Rights: `set_rights`.

    Invalid: `username_taken`, `person_has_account`, `own_account`, `bad_fields`; Forbidden for another's account.
    """
    stored = _stored(accounts)
    require_managed(actor, list(stored))
    require_admin(actor, [account.person.unit for account in accounts if account.person])
    for account in accounts:
        if not account.pk:
            account.password = make_password(None)
        account.first_name = account.person.name[:150] if account.person else account.first_name
        check_fields(account, "password")
        _check_own(actor, account, stored)
    _check_taken(accounts)
    return store(accounts, (*ACCOUNT_FACTS, "first_name"), _unit_of)


def _check_own(actor: User, account: User, stored: Mapping[int, User]) -> None:
    if account.pk == actor.pk and any(getattr(account, f) != getattr(stored[actor.pk], f) for f in OWN_FACTS):
        raise Invalid("own_account", _("Nobody locks out or clears their own account: ask another administrator."))


def _check_taken(accounts: Sequence[User]) -> None:
    names = {account.username.lower(): account.pk for account in accounts}
    people = {account.person_id: account.pk for account in accounts if account.person_id}
    rows = User.objects.annotate(lower=Lower("username")).filter(Q(lower__in=names) | Q(person__in=people))
    for pk, lower, person in rows.values_list("pk", "lower", "person_id"):
        if names.get(lower, pk) != pk:
            raise Invalid("username_taken", _("This account name is taken."), field="username")
        if people.get(person, pk) != pk:
            raise Invalid("person_has_account", _("This person has an account already."), field="person")


def _unit_of(account: User) -> int | None:
    return account.person.unit_id if account.person else None


def require_managed(actor: User, accounts: Sequence[int]) -> None:
    if accounts and accounts_managed_by(actor).filter(pk__in=accounts).count() != len(set(accounts)):
        raise Forbidden("forbidden", _("Another administrator manages this account."))


def rights_of(accounts: Iterable[User]) -> dict[int, set[Right]]:
    found: dict[int, set[Right]] = {account.pk: set() for account in accounts}
    for user, role, unit in Grant.objects.filter(user__in=list(found)).values_list("user_id", "role", "unit_id"):
        found[user].add((role, unit))
    return found


@transaction.atomic
def set_rights(*, actor: User, rights: Mapping[User, set[Right]]) -> list[Change]:
    """Give each account exactly these rights: role over a unit's subtree.

    Every right that comes or goes lies inside the actor's own scope (Forbidden). Invalid: `own_rights` when the
    actor would lose the administration of something, `bad_role`.
    """
    now_held = rights_of(rights)
    moved = {right for account, wanted in rights.items() for right in wanted ^ now_held[account.pk]}
    _check_rights(actor, moved)
    lost = {r for account in rights if account.pk == actor.pk for r in now_held[account.pk] - rights[account]}
    if any(role == Role.ADMIN for role, _unit in lost):
        raise Invalid("own_rights", _("Nobody takes their own administration away: ask another administrator."))
    _write_rights(rights, now_held)
    return [
        Change(account, _unit_of(account) or min((u for _r, u in wanted), default=None),
               {"rights": _in_words(now_held[account.pk])}, {"rights": _in_words(wanted)})
        for account, wanted in rights.items() if wanted != now_held[account.pk]
    ]  # fmt: skip


def _check_rights(actor: User, moved: set[Right]) -> None:
    if {role for role, _unit in moved} - set(Role.values):
        raise Invalid("bad_role", _("There is no such role."), field="role")
    wanted = {unit for _role, unit in moved}
    inside = Unit.objects.filter(pk__in=wanted, path__overlap=scope(actor, Role.ADMIN))
    if wanted and inside.count() != len(wanted):
        raise Forbidden("grant_outside", _("Rights can be given only inside what you administer yourself."))


def _write_rights(rights: Mapping[User, set[Right]], now_held: Mapping[int, set[Right]]) -> None:
    wanted = {(account.pk, *right) for account, its in rights.items() for right in its}
    held = {(account, *right) for account, its in now_held.items() for right in its}
    rows = Grant.objects.filter(user__in=list(now_held)).values_list("pk", "user_id", "role", "unit_id")
    gone = [pk for pk, *right in rows if tuple(right) in held - wanted]
    Grant.objects.filter(pk__in=gone).delete()
    Grant.objects.bulk_create(Grant(user_id=u, role=role, unit_id=unit) for u, role, unit in sorted(wanted - held))


def _in_words(rights: set[Right]) -> list[str]:
    return sorted(f"{role}@{unit}" for role, unit in rights)


def _stored(rows: Sequence) -> dict:
    """What the database holds of these rows, with its unit where it has one."""
    if not rows or not (known := [row.pk for row in rows if row.pk]):
        return {}
    model = type(rows[0])
    found = model.objects.select_related("unit") if hasattr(model, "unit") else model.objects.all()
    return found.in_bulk(known)
