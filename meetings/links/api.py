from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.common.api import MomentField, flat_errors
from backend.common.errors import Invalid
from backend.common.periods import Period
from meetings.links import queries
from meetings.links.models import Link
from meetings.links.rules import State
from meetings.sites.api import whole

FILTERS = [
    OpenApiParameter("site", str, description="Ids of sites, separated by commas"),
    OpenApiParameter("state", str, enum=State.values, description="States, separated by commas"),
]
LONGEST = timedelta(days=366)


class LinkSerializer(serializers.ModelSerializer):
    """`state` is `unknown` unless the line was measured lately; loss is a share from 0 to 1."""

    site_name = serializers.CharField(source="site.name", default=None, read_only=True, allow_null=True)
    start = serializers.CharField(source="a.name", read_only=True)
    end = serializers.CharField(source="b.name", read_only=True)
    state = serializers.ChoiceField(source="shown", choices=State.choices, read_only=True)

    class Meta:
        model = Link
        fields = [
            "id", "code", "site", "site_name", "start", "end", "carrier", "network", "capacity_mbps", "role", "cleared",
            "state", "since", "measured_at", "rtt_ms", "jitter_ms", "loss",
        ]  # fmt: skip


class StepSerializer(serializers.Serializer):
    """What was measured in one step of a line's history; `state` is the worst of its rounds."""

    at = serializers.DateTimeField()
    sent = serializers.IntegerField()
    lost = serializers.IntegerField()
    loss = serializers.FloatField()
    rtt_ms = serializers.FloatField(allow_null=True)
    jitter_ms = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(choices=State.choices)


class HistorySerializer(serializers.Serializer):
    results = StepSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


@extend_schema_view(
    list=extend_schema(parameters=[*FILTERS, OpenApiParameter("carrier", str), OpenApiParameter("network", str)])
)
class LinkViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = LinkSerializer
    queryset = Link.objects.none()

    def get_queryset(self) -> Any:
        links: Any = queries.links_visible_to(self.request.user, now=timezone.now())
        asked = self.request.query_params
        if "site" in asked:
            links = links.filter(site__in=site_ids(asked["site"]))
        if "state" in asked:
            links = links.filter(shown__in=states(asked["state"]))
        for name in ("carrier", "network"):
            links = links.filter(**{name: asked[name]}) if name in asked else links
        return links

    @extend_schema(
        parameters=[OpenApiParameter("from", datetime), OpenApiParameter("to", datetime)], responses=HistorySerializer
    )
    @action(detail=True, pagination_class=None, filter_backends=[])
    def history(self, request: Request, pk: str) -> Response:
        """At most 200 equal steps from `from` (a day before `to`) to `to` (now), oldest first."""
        steps = queries.history(self.get_object().pk, asked_period(request))
        return Response({"results": StepSerializer(steps, many=True).data, "next": None, "previous": None})


@extend_schema_serializer(component_name="SiteState")
class StandingSerializer(serializers.Serializer):
    """A site is as good as the best of its lines; `measured_at` is when that one was last measured."""

    site = serializers.IntegerField(source="site.pk")
    site_name = serializers.CharField(source="site.name")
    state = serializers.ChoiceField(choices=State.choices)
    measured_at = serializers.DateTimeField(allow_null=True)
    links = LinkSerializer(many=True)


@extend_schema_view(list=extend_schema(parameters=FILTERS))
class SiteStateViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Sites with their lines: `state=down` are those that are not connected."""

    serializer_class = StandingSerializer
    queryset = Link.objects.none()

    def get_queryset(self) -> Any:
        links: Any = queries.links_visible_to(self.request.user, now=timezone.now())
        asked = self.request.query_params
        if "site" in asked:
            links = links.filter(site__in=site_ids(asked["site"]))
        wanted = states(asked["state"]) if "state" in asked else list(State)
        return [each for each in queries.standings(links) if each.state in wanted]


def site_ids(text: str) -> list[int]:
    return [whole(part.strip(), "site") for part in text.split(",")]


def states(text: str) -> list[State]:
    try:
        return [State(part.strip()) for part in text.split(",")]
    except ValueError as error:
        detail = _("A line is up, degraded, down or unknown.")
        raise Invalid("bad_state", detail, field="state") from error


def asked_period(request: Request) -> Period:
    end = moment(request, "to") or timezone.now()
    start = moment(request, "from") or end - timedelta(days=1)
    if end <= start:
        raise Invalid("end_before_start", _("The end must lie after the start."), field="to")
    if end - start > LONGEST:
        raise Invalid("too_long", _("Ask for at most one year."), field="from")
    return Period(start, end)


def moment(request: Request, name: str) -> datetime | None:
    if name not in request.query_params:
        return None
    try:
        return MomentField().run_validation(request.query_params[name])
    except serializers.ValidationError as error:
        raise Invalid("bad_time", flat_errors(error.detail)["body"][0], field=name) from error
