"""What the assistant must know before it can listen: the names that people use, and who is speaking."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiTypes, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import caller
from backend.accounts.models import User
from backend.accounts.queries import grants, has_role, scope
from backend.units.models import Succession, Unit
from bot.chat.authentication import ServiceOnly
from guesthouse.stays.models import House
from meetings.scheduling.models import Conference, Secrecy, Status
from meetings.scheduling.services import BOOKERS
from meetings.sites.models import Room, Site

PAST = timedelta(days=14)  # conferences that people still speak of
MOST = 2000


class GazetteerView(APIView):
    """Names of rooms, sites, units, guesthouses and conferences that are not secret, for the assistant alone.

    It may know them because what it answers it asks as the user, who sees only what is theirs.
    """

    authentication_classes: tuple = ()
    permission_classes: tuple[type[BasePermission], ...] = (ServiceOnly,)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        names = gazetteer()
        tag = f'"{hashlib.sha256(json.dumps(names).encode()).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        return Response(names, headers={"ETag": tag})


def gazetteer() -> dict[str, list[dict[str, Any]]]:
    """Kind → [{id, name, names}]; `names` are short and former ones."""
    former = _former_names()
    return {
        "room": [_entry(room.pk, room.name) for room in Room.objects.filter(active=True)],
        "site": [_entry(site.pk, site.name, *_site_names(site, former)) for site in _sites()],
        "unit": [_entry(unit.pk, unit.name, unit.short_name, *former.get(unit.pk, ())) for unit in _units()],
        "guesthouse": [_entry(house.pk, house.name) for house in House.objects.filter(active=True)],
        "session": [_entry(row.pk, row.title, row.code) for row in _conferences()],
    }


def _entry(pk: int, name: str, *names: str) -> dict[str, Any]:
    others = [other for other in dict.fromkeys(names) if other and other != name]
    return {"id": pk, "name": name, "names": others}


def _sites() -> Any:
    return Site.objects.filter(active=True).select_related("unit")


def _site_names(site: Site, former: dict[int, list[str]]) -> list[str]:
    own = [site.unit.name, site.unit.short_name] if site.unit.kind == Unit.Kind.AREA else []
    return [*own, *_split(site.old_names), *former.get(site.unit_id, ())]


def _units() -> Any:
    return Unit.objects.filter(valid_to=None)


def _former_names() -> dict[int, list[str]]:
    """Unit → its former names, and the names of the units that it took over."""
    former: dict[int, list[str]] = {}
    for pk, names in Unit.objects.exclude(old_names="").values_list("pk", "old_names"):
        former.setdefault(pk, []).extend(_split(names))
    for pk, name in Succession.objects.values_list("successor", "predecessor__name"):
        former.setdefault(pk, []).append(name)
    return former


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.replace(";", ",").split(",") if name.strip()]


def _conferences() -> Any:
    spoken_of = Conference.objects.filter(secrecy=Secrecy.NONE, end__gt=timezone.now() - PAST)
    return spoken_of.exclude(status=Status.CANCELLED)[:MOST]


@extend_schema_serializer(component_name="OwnSite")
class PlaceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class MeSerializer(serializers.Serializer):
    name = serializers.CharField()
    language = serializers.CharField()
    person = serializers.IntegerField(allow_null=True)
    roles = serializers.ListField(child=serializers.CharField())
    may_book = serializers.BooleanField()
    sites = PlaceSerializer(many=True)


class MeView(APIView):
    """Who I am, and which sites are my own house's."""

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(me(caller(request))).data)


def me(user: User) -> dict[str, Any]:
    return {
        "name": str(user),
        "language": user.language,
        "person": user.person_id,
        "roles": sorted({role for role, _unit in grants(user)}),
        "may_book": has_role(user, *BOOKERS),
        "sites": own_sites(user),
    }


def own_sites(user: User) -> list[Site]:
    """Sites of the units over which the user has a role; of the nearest unit above where such a unit has none."""
    found: dict[int, Site] = {}
    for unit in Unit.objects.filter(pk__in=scope(user)):
        near: dict[int, list[Site]] = {}
        for site in Site.objects.filter(active=True, unit__in=unit.path):
            near.setdefault(site.unit_id, []).append(site)
        nearest = next((near[pk] for pk in reversed(unit.path) if pk in near), [])
        found.update({site.pk: site for site in nearest})
    return list(found.values())
