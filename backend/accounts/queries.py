"""Who may do what, where. A user's grants are read once per request."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.accounts.models import Grant, Group, Person, Role, User
from backend.units.models import Unit

STAFF = tuple(Role)


def grants(user: User | AnonymousUser) -> list[tuple[str, int]]:
    """The user's (role, unit id) pairs."""
    if not user.is_authenticated:
        return []
    known: list[tuple[str, int]] | None = vars(user).get("known_grants")
    if known is None:
        known = list(Grant.objects.filter(user_id=user.pk).values_list("role", "unit_id"))
        vars(user)["known_grants"] = known
    return known


def scope(user: User | AnonymousUser, *roles: str) -> list[int]:
    """Roots of the subtrees over which `user` holds one of `roles`; without roles, any role."""
    return [unit for role, unit in grants(user) if not roles or role in roles]


def has_role(user: User | AnonymousUser, *roles: str) -> bool:
    return bool(scope(user, *roles))


def may(user: User | AnonymousUser, unit: Unit | None, *roles: str) -> bool:
    """Whether `user` holds one of `roles` over `unit`."""
    return unit is not None and bool(set(scope(user, *roles)) & set(unit.path))


def inside(field: str, roots: Iterable[int]) -> Q:
    """Rows whose unit (reached by `field`, e.g. "site__unit") lies below one of `roots`."""
    return Q(**{f"{field}__path__overlap": list(roots)})


def people_visible_to(user: User) -> QuerySet[Person]:
    """The directory: staff who book see all of it, because they invite across units; others their own scope."""
    everyone = Person.objects.filter(active=True).select_related("unit")
    if has_role(user, Role.SECRETARIAT, Role.LEADER, Role.ADMIN):
        return everyone
    return everyone.filter(inside("unit", scope(user)) | Q(user=user))


def groups_visible_to(user: User) -> QuerySet[Group]:
    return Group.objects.filter(inside("unit", scope(user))).select_related("unit")


def accounts_managed_by(user: User) -> QuerySet[User]:
    """Accounts whose person and all of whose rights lie inside what `user` administers.

    One right outside, and the account is another administrator's: a new address for its password would be a way up.
    Accounts with neither person nor right belong to whoever administers a root of the tree.
    """
    roots = scope(user, Role.ADMIN)
    rights = Grant.objects.filter(user=OuterRef("pk"))
    root = Unit.objects.filter(pk__in=roots, parent=None)
    return User.objects.filter(
        Q(person=None) | inside("person__unit", roots),
        Exists(rights) | Q(person__isnull=False) | Exists(root),
        ~Exists(rights.exclude(inside("unit", roots))),
    ).select_related("person__unit")
