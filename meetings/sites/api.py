from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from backend.accounts.authentication import caller
from backend.common.errors import Invalid
from meetings.sites import queries
from meetings.sites.models import Bridge, Room, Site


def whole(text: str, field: str) -> int:
    """A query parameter as an id; Invalid names the parameter."""
    if not text.isdigit() or len(text) > 18:
        raise Invalid("bad_id", _("Write the number of the record here."), field=field)
    return int(text)


class SiteSerializer(serializers.ModelSerializer):
    level = serializers.CharField(source="unit.level.code", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    parent = serializers.IntegerField(source="unit.parent_id", read_only=True, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Site
        fields = ["id", "name", "code", "unit", "unit_name", "level", "parent", "old_names", "default_room", "cleared"]


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("level", str, description="Codes of levels, separated by commas"),
            OpenApiParameter("parent", int, description="Sites of units below this unit"),
            OpenApiParameter("search", str, description="Words of a name, old or new, with or without diacritics"),
        ]
    )
)
class SiteViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = SiteSerializer
    queryset = Site.objects.none()

    def get_queryset(self):
        sites, asked = queries.sites_visible_to(caller(self.request)), self.request.query_params
        if "level" in asked:
            sites = sites.filter(unit__level__code__in=asked["level"].split(","))
        if "parent" in asked:
            parent = whole(asked["parent"], "parent")
            sites = sites.filter(unit__path__contains=[parent]).exclude(unit=parent)
        return queries.matching(sites, asked["search"]) if asked.get("search") else sites


class RoomSerializer(serializers.ModelSerializer):
    site_name = serializers.CharField(source="site.name", read_only=True)

    class Meta:
        model = Room
        fields = ["id", "name", "site", "site_name", "capacity", "equipment", "platforms", "cleared"]


@extend_schema_view(list=extend_schema(parameters=[OpenApiParameter("site", int), OpenApiParameter("search", str)]))
class RoomViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = RoomSerializer
    queryset = Room.objects.none()

    def get_queryset(self):
        rooms, asked = queries.rooms_visible_to(caller(self.request)), self.request.query_params
        if "site" in asked:
            rooms = rooms.filter(site=whole(asked["site"], "site"))
        return queries.matching_rooms(rooms, asked["search"]) if asked.get("search") else rooms


class BridgeSerializer(serializers.ModelSerializer):
    ports = serializers.IntegerField(source="pool.capacity", read_only=True)

    class Meta:
        model = Bridge
        fields = ["id", "name", "unit", "platforms", "gateway", "ports", "cleared", "out_of_order_since"]


class BridgeViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = BridgeSerializer
    queryset = Bridge.objects.none()

    def get_queryset(self):
        return queries.bridges_visible_to(caller(self.request))
