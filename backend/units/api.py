from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from backend.units import queries
from backend.units.models import Unit


class UnitSerializer(serializers.ModelSerializer):
    level = serializers.CharField(source="level.code", read_only=True)

    class Meta:
        model = Unit
        fields = ["id", "name", "short_name", "old_names", "kind", "level", "parent", "code", "valid_from", "valid_to"]


@extend_schema_view(list=extend_schema(parameters=[OpenApiParameter("search", str), OpenApiParameter("level", str)]))
class UnitViewSet(viewsets.ReadOnlyModelViewSet):
    """The tree of organisations, abolished ones included; a search by an old name also finds the successor."""

    serializer_class = UnitSerializer
    queryset = Unit.objects.none()

    def get_queryset(self):
        asked = self.request.query_params
        units = Unit.objects.select_related("level")
        if asked.get("search"):
            units = queries.with_successors(queries.units_matching(asked["search"]))
        return units.filter(level__code__in=asked["level"].split(",")) if "level" in asked else units
