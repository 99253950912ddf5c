"""People, members of groups, accounts with their rights."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import Group, Person, Role, User
from backend.accounts.queries import accounts_managed_by, people_visible_to
from backend.accounts.services import address_guarded, check_person, rights_of
from backend.common.bulk import check_fields
from backend.common.errors import Invalid
from backend.common.text import fold
from backend.desk.setup import acts, scope
from backend.desk.setup.sheets import cells
from backend.desk.setup.sheets.cells import Column
from backend.desk.setup.sheets.names import Bad, Names, UnitNames
from backend.desk.setup.sheets.plan import NUMBER, CellBad, Sheet


class PersonSheet(Sheet):
    title = _("People")

    def __init__(self, user: User) -> None:
        super().__init__(user)
        self.units = UnitNames(user)
        self._known = list(scope.people(user).order_by("unit__level__rank", "unit__name", "name", "pk"))
        self._alike: dict[tuple, list[Person]] = {}
        for person in self._known:
            for key in ((fold(person.name), person.unit_id), (fold(person.name), person.email.lower())):
                self._alike.setdefault(key, []).append(person)
        guarded = User.objects.exclude(pk__in=accounts_managed_by(user).values("pk"))
        self.guarded = {account.person_id: account for account in guarded.filter(person__in=scope.people(user))}
        self.addresses = {person.pk: person.email for person in self._known}
        self.columns = (
            NUMBER,
            Column("name", _("Full name"), cells.text(200), cells.shown("name"), required=True),
            Column("position", _("Position"), cells.text(200), cells.shown("position")),
            Column(
                "unit",
                _("Unit"),
                cells.named(self.units),
                lambda p: self.units.label(p.unit),
                required=True,
                note=_("Name or code of a unit that you administer."),
            ),
            Column("email", _("E-mail"), cells.text(254), cells.shown("email")),
            Column(
                "phone",
                _("Phone"),
                cells.phone,
                cells.shown("phone"),
                note=_("With an e-mail address or a phone number, or both."),
            ),
            cells.flag("active", _("Active"), True),
        )

    def rows(self) -> Sequence[Person]:
        return self._known

    def find(self, values: dict[str, Any]) -> Person | None:
        if person := self.by_number(values):
            return person
        name, mail = fold(values["name"]), values.get("email", "").lower()
        found = self._alike.get((name, values["unit"].pk)) or (self._alike.get((name, mail)) if mail else None) or []
        if len(found) > 1:
            same = [p for p in found if p.email.lower() == mail and p.phone == values.get("phone", p.phone)]
            found = same if len(same) == 1 else found
        if len(found) > 1:
            text = _t(
                "Several people here bear this name: write the number of the right one in the first column: %(ids)s."
            )
            names = "; ".join(f"{p.pk} ({p.position or p.email or p.phone})" for p in found[:5])
            raise CellBad("name", text % {"ids": names})
        return found[0] if found else None

    def build(self, row: Person | None, values: dict[str, Any]) -> Person:
        person = row or Person()
        for name in set(values) - {"pk"}:
            setattr(person, name, values[name])
        return person

    def check(self, row: Person) -> None:
        check_person(row)
        if row.pk in self.guarded and row.email != self.addresses[row.pk]:
            raise Invalid("account_elsewhere", address_guarded(self.guarded[row.pk]), field="email")

    def key(self, row: Person) -> Hashable:
        return row.pk or (fold(row.name), row.unit_id, row.email.lower(), row.phone)

    def save(self, rows: list[Person], now: datetime) -> None:
        acts.save_people(actor=self.user, people=rows, now=now)


@dataclass
class Membership:
    group: Group
    person: Person
    held: bool

    pk = None


class PeopleNames(Names):
    """The whole directory that the user may invite, by name, by name with unit, and by address."""

    def __init__(self, user: User) -> None:
        rows = list(people_visible_to(user).order_by("pk"))
        super().__init__(rows, PERSON_TIERS, lambda p: f"{p.name} ({p.unit.name})")

    def missing(self, text: str) -> str:
        return _t("“%(text)s” is not in the directory.") % {"text": text}


PERSON_TIERS = (
    lambda person: [person.email],
    lambda person: [f"{person.name} ({person.unit.name})"],
    lambda person: [person.name],
    lambda person: [f"{person.name} ({person.position})", f"{person.name}, {person.position}"],
)


class GroupSheet(Sheet):
    """One row for each person of a group; who is in stays in, whether the sheet names them or not."""

    title = _("Groups")

    def __init__(self, user: User) -> None:
        super().__init__(user)
        self.units, self.people = UnitNames(user), PeopleNames(user)
        self._groups = {(fold(group.name), group.unit_id): group for group in scope.groups(user)}
        groups = {group.pk: group for group in self._groups.values()}
        pairs = Group.people.through.objects.filter(group__in=groups).order_by(
            "group__name", "group", "person__name", "pk"
        )
        self._held = list(pairs.values_list("group_id", "person_id"))
        self._groups_by_id = groups
        self.columns = (
            Column("group", _("Group"), cells.text(200), lambda m: m.group.name, required=True),
            Column(
                "unit",
                _("Unit"),
                cells.named(self.units),
                lambda m: self.units.label(m.group.unit),
                required=True,
                note=_("Whose group it is: name or code of a unit that you administer."),
            ),
            Column(
                "person",
                _("Person"),
                cells.named(self.people),
                lambda m: self._show(m.person),
                required=True,
                note=_("Name, “name (unit)” or e-mail address."),
            ),
        )

    def _show(self, person: Person) -> str:
        alone = len(self.people.candidates(person.name)) == 1
        return person.name if alone else person.email or self.people.label(person)

    def rows(self) -> Sequence[Membership]:
        people = {person.pk: person for person in self.people.rows}
        return [Membership(self._groups_by_id[g], people[p], True) for g, p in self._held if p in people]

    def find(self, values: dict[str, Any]) -> Membership | None:
        group = self._groups.get((fold(values["group"]), values["unit"].pk))
        held = group is not None and group.pk is not None and (group.pk, values["person"].pk) in set(self._held)
        return Membership(group, values["person"], True) if group and held else None

    def build(self, row: Membership | None, values: dict[str, Any]) -> Membership:
        key = (fold(values["group"]), values["unit"].pk)
        group = self._groups.setdefault(key, Group(name=values["group"], unit=values["unit"]))
        return row or Membership(group, values["person"], False)

    def check(self, row: Membership) -> None:
        check_fields(row.group)

    def is_new(self, row: Membership) -> bool:
        return not row.held

    def key(self, row: Membership) -> Hashable:
        return id(row.group), row.person.pk

    def save(self, rows: list[Membership], now: datetime) -> None:
        members: dict[int, tuple[Group, list[Person]]] = {}
        for row in rows:
            members.setdefault(id(row.group), (row.group, []))[1].append(row.person)
        acts.add_to_groups(actor=self.user, members=list(members.values()), now=now)


@dataclass
class Account:
    user: User
    rights: set[tuple[str, int]]

    @property
    def pk(self) -> int | None:
        return self.user.pk


class AccountSheet(Sheet):
    title = _("Accounts")

    def __init__(self, user: User) -> None:
        super().__init__(user)
        self.units = UnitNames(user)
        self._units = {unit.pk: unit for unit in self.units.rows}
        self.people = Names(scope.people(user).filter(active=True), PERSON_TIERS, lambda p: f"{p.name} ({p.unit.name})")
        known = list(scope.accounts(user))
        rights = rights_of(known)
        self._known = {account.username.lower(): Account(account, rights[account.pk]) for account in known}
        self._names = {name.lower() for name in User.objects.values_list("username", flat=True)}
        self._owners = dict(User.objects.exclude(person=None).values_list("person_id", "username"))
        self.columns = (
            Column("username", _("Account name"), cells.text(150), lambda a: a.user.username, required=True),
            Column(
                "person",
                _("Person"),
                cells.named(self.people),
                self._show_person,
                note=_("Name, “name (unit)” or e-mail address."),
            ),
            Column(
                "email",
                _("E-mail"),
                cells.text(254),
                lambda a: a.user.email,
                note=_("Empty: the person's own address."),
            ),
            Column(
                "rights",
                _("Rights"),
                self._rights,
                self._show_rights,
                required=True,
                note=_("Role: unit; role: unit. A right holds for the unit and all below it."),
            ),
            Column(
                "language",
                _("Language"),
                cells.choice(settings.LANGUAGES, "vi"),
                lambda a: str(dict(settings.LANGUAGES)[a.user.language]),
                words=cells.labels(settings.LANGUAGES),
            ),
            Column(
                "cleared",
                _("Cleared for state secrets"),
                cells.yes_no(False),
                lambda a: cells.yes_or_no(a.user.cleared),
                words=cells.yes_and_no,
            ),
            Column(
                "is_active",
                _("May log in"),
                cells.yes_no(True),
                lambda a: cells.yes_or_no(a.user.is_active),
                words=cells.yes_and_no,
            ),
        )

    def rows(self) -> Sequence[Account]:
        return list(self._known.values())

    def _show_person(self, account: Account) -> str:
        person = account.user.person
        if person is None:
            return ""
        return (
            person.name if len(self.people.candidates(person.name)) == 1 else person.email or self.people.label(person)
        )

    def _show_rights(self, account: Account) -> str:
        labels = dict(Role.choices)
        return "; ".join(f"{labels[role]}: {self._unit_label(unit)}" for role, unit in sorted(account.rights))

    def _unit_label(self, unit: int) -> str:
        return self.units.label(self._units[unit]) if unit in self._units else f"#{unit}"

    def _rights(self, cell: str) -> set[tuple[str, int]]:
        rights = set()
        for part in (part.strip() for part in cell.split(";")):
            if not part:
                continue
            role, colon, unit = part.partition(":")
            if not colon:
                raise Bad(_t("“%(text)s”: write role: unit.") % {"text": part})
            rights.add((cells.choice(Role.choices)(role.strip()), self.units.find(unit.strip()).pk))
        return rights

    def find(self, values: dict[str, Any]) -> Account | None:
        name = values["username"].lower()
        if name in self._names and name not in self._known:
            raise CellBad("username", _t("This account name is taken."))
        return self._known.get(name)

    def build(self, row: Account | None, values: dict[str, Any]) -> Account:
        account = row or Account(User(username=values["username"]), set())
        for name in set(values) - {"username", "rights"}:
            setattr(account.user, name, values[name])
        account.rights = values["rights"]
        if not account.user.pk:
            account.user.set_unusable_password()
        return account

    def check(self, row: Account) -> None:
        user = row.user
        check_fields(user, "password")
        if user.person_id and self._owners.get(user.person_id, user.username) != user.username:
            raise Invalid("person_has_account", _t("This person has an account already."), field="person")
        if not user.pk and not (user.email or (user.person and user.person.email)):
            raise Invalid("no_address", _t("The link to set a password needs an address."), field="email")
        if user.pk == self.user.pk:
            self._check_own(row)

    def _check_own(self, row: Account) -> None:
        stored, held = self.user, rights_of([self.user])[self.user.pk]
        lost = any(role == Role.ADMIN for role, _unit in held - row.rights)
        if lost or (row.user.cleared, row.user.is_active) != (stored.cleared, stored.is_active):
            text = _t("Nobody locks out or clears their own account: ask another administrator.")
            raise Invalid("own_account", text, field="username")

    def key(self, row: Account) -> Hashable:
        return row.user.username.lower()

    def save(self, rows: list[Account], now: datetime) -> None:
        acts.save_accounts(actor=self.user, wanted=[(row.user, row.rights) for row in rows], now=now)
