from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common.errors import Invalid
from backend.common.periods import local_date
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


class SpecialDaySerializer(serializers.Serializer):
    day = serializers.DateField()
    works = serializers.BooleanField()
    name = serializers.CharField()


class SpecialDaysPageSerializer(serializers.Serializer):
    results = SpecialDaySerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class WorkingDaysView(APIView):
    """Days of at most a year that are not as their weekday says: public holidays, Tết, swapped Saturdays."""

    @extend_schema(
        parameters=[
            OpenApiParameter("from", str, description="First local day, YYYY-MM-DD; today when absent"),
            OpenApiParameter("to", str, description="Last local day; a year later when absent"),
            OpenApiParameter("unit", int, description="Whose days, with its own corrections; else the public ones"),
        ],
        responses=SpecialDaysPageSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        first = _day(asked, "from", local_date(timezone.now()))
        last = _day(asked, "to", first + timedelta(days=365))
        if not 0 <= (last - first).days <= 366:
            raise Invalid("too_long", _("Ask for at most a year, from its first day to its last."), field="to")
        rows = queries.special_days(first, last, _path(asked.get("unit")), get_language() or "vi")
        return Response({"results": SpecialDaySerializer(rows, many=True).data, "next": None, "previous": None})


def _day(asked: Any, name: str, default: date) -> date:
    """Of this century and the next ones that the calendar of holidays knows."""
    try:
        day = date.fromisoformat(asked[name]) if asked.get(name) else default
    except ValueError as error:
        raise Invalid("bad_date", _("Write the day as YYYY-MM-DD."), field=name) from error
    if not 1900 < day.year < 2100:
        raise Invalid("bad_date", _("Write the day as YYYY-MM-DD."), field=name)
    return day


def _path(unit: str | None) -> Sequence[int]:
    if not unit:
        return ()
    if not unit.isascii() or not unit.isdigit() or len(unit) > 18:
        raise Invalid("bad_id", _("This must be a whole number."), field="unit")
    return get_object_or_404(Unit, pk=int(unit)).path
