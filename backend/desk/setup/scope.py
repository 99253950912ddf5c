"""What an administrator sees and edits: their granted subtrees, and nothing else."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.accounts.models import Group, Person, Role, User
from backend.accounts.queries import accounts_managed_by, inside, scope
from backend.common.periods import local_date
from backend.units.models import SpecialDay, Unit
from backend.units.queries import valid_on
from guesthouse.catering.models import Kitchen
from guesthouse.stays.models import GuestRoom, House
from meetings.links.models import AllowedTarget, Link, Node
from meetings.scheduling.gate_models import GateRule
from meetings.sites.models import Bridge, Endpoint, Room, Site, Technician


def roots(user: User) -> list[int]:
    return scope(user, Role.ADMIN)


def units(user: User) -> QuerySet[Unit]:
    """With those that are no more."""
    return Unit.objects.filter(path__overlap=roots(user)).select_related("level", "parent__level")


def units_today(user: User) -> QuerySet[Unit]:
    return units(user).filter(valid_on(local_date(timezone.now())))


def people(user: User) -> QuerySet[Person]:
    return Person.objects.filter(inside("unit", roots(user))).select_related("unit")


def groups(user: User) -> QuerySet[Group]:
    return Group.objects.filter(inside("unit", roots(user))).select_related("unit")


def accounts(user: User) -> QuerySet[User]:
    return accounts_managed_by(user).order_by("username")


def sites(user: User) -> QuerySet[Site]:
    return Site.objects.filter(inside("unit", roots(user))).select_related("unit__level", "default_room")


def rooms(user: User) -> QuerySet[Room]:
    return Room.objects.filter(inside("site__unit", roots(user))).select_related("site__unit", "resource")


def endpoints(user: User) -> QuerySet[Endpoint]:
    own = Endpoint.objects.filter(inside("site__unit", roots(user)))
    return own.select_related("site__unit", "room", "resource")


def technicians(user: User) -> QuerySet[Technician]:
    own = Technician.objects.filter(inside("site__unit", roots(user)))
    return own.select_related("site__unit", "person__unit", "resource")


def bridges(user: User) -> QuerySet[Bridge]:
    return Bridge.objects.filter(inside("unit", roots(user))).select_related("unit", "pool")


def nodes(user: User) -> QuerySet[Node]:
    """Points of the network that are no site belong to no unit: every administrator sees them."""
    return Node.objects.filter(site=None) if roots(user) else Node.objects.none()


def ends(user: User) -> QuerySet[Node]:
    """What a line may join: those points, and the sites of the scope."""
    own = inside("site__unit", roots(user))
    return Node.objects.filter(own | Q(site=None)).select_related("site").order_by("-kind", "name")


def lines(user: User) -> QuerySet[Link]:
    own = inside("site__unit", roots(user)) | inside("unit", roots(user))
    return Link.objects.filter(own).select_related("site__unit", "unit", "a", "b")


def targets(user: User) -> QuerySet[AllowedTarget]:
    return AllowedTarget.objects.filter(inside("unit", roots(user))).select_related("unit")


def houses(user: User) -> QuerySet[House]:
    return House.objects.filter(inside("unit", roots(user))).select_related("unit", "site")


def guest_rooms(user: User) -> QuerySet[GuestRoom]:
    return GuestRoom.objects.filter(inside("house__unit", roots(user))).select_related("house__unit", "resource")


def kitchens(user: User) -> QuerySet[Kitchen]:
    return Kitchen.objects.filter(inside("unit", roots(user))).select_related("unit", "pool", "house")


def rules(user: User) -> QuerySet[GateRule]:
    return GateRule.objects.filter(inside("unit", roots(user))).select_related("unit")


def days(user: User) -> QuerySet[SpecialDay]:
    return SpecialDay.objects.filter(inside("unit", roots(user))).select_related("unit")


def owner(row: Any) -> Unit | None:
    """The unit that decides who may change `row`; None where its kind knows none."""
    match row:
        case Unit():
            return row
        case Room() | Endpoint() | Technician():
            return row.site.unit
        case GuestRoom():
            return row.house.unit
        case Link():
            return row.owner
        case Node() | User():
            return None
        case _:
            return row.unit
