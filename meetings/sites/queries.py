"""Sites, rooms and bridges. Any member of the staff sees them, because anybody may invite anybody."""

from django.db.models import Q, QuerySet

from backend.accounts.models import User
from backend.accounts.queries import has_role
from backend.common.text import fold
from backend.units.models import Succession, Unit
from meetings.sites.models import Bridge, Room, Site


def sites_visible_to(user: User) -> QuerySet[Site]:
    if not has_role(user):
        return Site.objects.none()
    return Site.objects.filter(active=True).select_related("unit__level", "default_room")


def rooms_visible_to(user: User) -> QuerySet[Room]:
    if not has_role(user):
        return Room.objects.none()
    return Room.objects.filter(active=True, site__active=True).select_related("site__unit")


def bridges_visible_to(user: User) -> QuerySet[Bridge]:
    if not has_role(user):
        return Bridge.objects.none()
    return Bridge.objects.filter(active=True).select_related("unit", "pool")


def matching(sites: QuerySet[Site], text: str) -> QuerySet[Site]:
    """`sites` whose own name, unit or former name holds every word of `text`, and those of successors of such units."""
    words, units = Q(), Q()
    for word in fold(text).split():
        words &= Q(folded__contains=word) | Q(unit__folded__contains=word)
        units &= Q(folded__contains=word)
    heirs = Succession.objects.filter(predecessor__in=Unit.objects.filter(units).values("pk")).values("successor")
    return sites.filter(words | Q(unit__in=heirs))


def matching_rooms(rooms: QuerySet[Room], text: str) -> QuerySet[Room]:
    """`rooms` whose name, or whose site's name, holds every word of `text`."""
    words = Q()
    for word in fold(text).split():
        words &= Q(folded__contains=word) | Q(site__folded__contains=word)
    return rooms.filter(words)
