"""`conferences/` and the questions of free time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import caller
from backend.accounts.idempotency import once
from backend.common.api import MomentField, check_version, etag, flat_errors
from backend.common.errors import Invalid
from backend.common.periods import local_date, local_day
from meetings.scheduling import copying, free, queries, series_changes, series_edits, services, what_if
from meetings.scheduling.day import room_days
from meetings.scheduling.free_serializers import FreeSlotsSerializer, QuestionSerializer, RoomDaySerializer
from meetings.scheduling.models import Conference
from meetings.scheduling.serializers import (
    BookedSerializer,
    CheckRequestSerializer,
    ConferenceListSerializer,
    ConferenceRequestSerializer,
    ConferenceSerializer,
    FindingsSerializer,
    PeriodSerializer,
)
from meetings.scheduling.series_scope import Affected, Scope
from meetings.scheduling.series_serializers import (
    CopySerializer,
    ScopedChangeSerializer,
    ScopedMoveSerializer,
    ScopedReasonSerializer,
    ScopeSerializer,
)
from meetings.sites.api import whole


def moment(text: str, field: str) -> Any:
    """An ISO 8601 time with offset of the query string; Invalid names the field."""
    try:
        return MomentField().run_validation(text)
    except serializers.ValidationError as error:
        raise Invalid("bad_time", flat_errors(error.detail)["body"][0], field=field) from error


def day(text: str | None, field: str) -> date:
    """A local day, YYYY-MM-DD; today when absent."""
    if not text:
        return local_date(timezone.now())
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("bad_date", _("Write the day as YYYY-MM-DD."), field=field) from error


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("from", str, description="Ends after this time"),
            OpenApiParameter("to", str, description="Begins before this time"),
            OpenApiParameter("status", str, description="Separated by commas"),
            OpenApiParameter("site", int),
            OpenApiParameter("search", str),
        ]
    )
)
class ConferenceViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = ConferenceListSerializer
    queryset = Conference.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Conference]:
        conferences, asked = queries.conferences_visible_to(caller(self.request)), self.request.query_params
        if "from" in asked:
            conferences = conferences.filter(end__gt=moment(asked["from"], "from"))
        if "to" in asked:
            conferences = conferences.filter(start__lt=moment(asked["to"], "to"))
        if "status" in asked:
            conferences = conferences.filter(status__in=asked["status"].split(","))
        if "site" in asked:
            conferences = conferences.filter(places__site=whole(asked["site"], "site")).distinct()
        return queries.matching(conferences, asked["search"]) if asked.get("search") else conferences

    @extend_schema(request=ConferenceRequestSerializer, responses={201: BookedSerializer})
    def create(self, request: Request) -> Response:
        form = ConferenceRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        now = timezone.now()

        def act() -> Response:
            draft = form.validated_data["draft"]
            conference = services.book(actor=caller(request), request=form.request(), draft=draft, now=now)
            return Response(BookedSerializer(conference).data, status=201, headers={"ETag": etag(conference.version)})

        return once(request, now, act)

    @extend_schema(responses=ConferenceSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._answer(self.get_object())

    @extend_schema(request=ScopedChangeSerializer, responses=ConferenceSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        form = ScopedChangeSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changes = form.changes()
        scope = changes.pop("scope", Scope.ONE)
        if "site_ids" in changes and "room_ids" not in changes:
            changes["room_ids"] = ()
        elif "room_ids" in changes and "site_ids" not in changes:
            changes["site_ids"] = ()
        if scope != Scope.ONE:
            return self._act_on_series(series_edits.change, scope=scope, changes=changes)
        return self._act(services.change, edit=lambda old: replace(old, **changes))

    @extend_schema(request=CopySerializer, responses={201: BookedSerializer})
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Request, pk: str) -> Response:
        """The same conference once more, at another hour."""
        form = CopySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        conference, now = self.get_object(), timezone.now()

        def act() -> Response:
            copy = copying.duplicate(actor=caller(request), conference=conference, now=now, **form.validated_data)
            return Response(BookedSerializer(copy).data, status=201, headers={"ETag": etag(copy.version)})

        return once(request, now, act)

    @extend_schema(request=ScopedMoveSerializer, responses=ConferenceSerializer)
    @action(detail=True, methods=["post"])
    def reschedule(self, request: Request, pk: str) -> Response:
        return self._act_in_scope(ScopedMoveSerializer, services.reschedule, series_changes.reschedule)

    @extend_schema(operation_id="conferences_check", request=CheckRequestSerializer, responses=FindingsSerializer)
    @action(detail=False, methods=["post"])
    def check(self, request: Request) -> Response:
        """What would clash if it were booked; nothing is."""
        form = CheckRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(what_if.booked(actor=caller(request), request=form.request(), now=timezone.now()))

    @extend_schema(operation_id="conferences_check_move", request=PeriodSerializer, responses=FindingsSerializer)
    @action(detail=True, methods=["post"], url_path="check")
    def check_move(self, request: Request, pk: str) -> Response:
        """What would clash if it were moved there; nothing is."""
        form = PeriodSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        conference, hours = self.get_object(), form.validated_data
        return Response(what_if.moved(actor=caller(request), conference=conference, now=timezone.now(), **hours))

    @extend_schema(request=ScopeSerializer, responses=ConferenceSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        return self._act_in_scope(ScopeSerializer, services.submit, series_changes.submit)

    @extend_schema(request=ScopeSerializer, responses=ConferenceSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        return self._act_in_scope(ScopeSerializer, services.approve, series_changes.approve)

    @extend_schema(request=ScopedReasonSerializer, responses=ConferenceSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, pk: str) -> Response:
        return self._act_in_scope(ScopedReasonSerializer, services.send_back, series_changes.send_back)

    @extend_schema(request=ScopedReasonSerializer, responses=ConferenceSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self._act_in_scope(ScopedReasonSerializer, services.cancel, series_changes.cancel)

    def _act_in_scope(
        self, kind: type[ScopeSerializer], one: Callable[..., Conference], several: Callable[..., Affected]
    ) -> Response:
        form = kind(data=self.request.data)
        form.is_valid(raise_exception=True)
        values = dict(form.validated_data)
        scope = values.pop("scope")
        return self._act(one, **values) if scope == Scope.ONE else self._act_on_series(several, scope=scope, **values)

    def _act_on_series(self, service: Callable[..., Affected], **values: Any) -> Response:
        conference = self.get_object()
        check_version(self.request, conference.version)
        done = service(actor=caller(self.request), conference=conference, now=timezone.now(), **values)
        stands = self.get_object()
        vars(stands)["affected"] = [each.pk for each in done.conferences]
        vars(stands)["left_out"] = [each.pk for each in done.left_out]
        return self._answer(stands)

    def _act(self, service: Callable[..., Conference], **values: Any) -> Response:
        conference = self.get_object()
        check_version(self.request, conference.version)
        return self._answer(service(actor=caller(self.request), conference=conference, now=timezone.now(), **values))

    def _answer(self, conference: Conference, status: int = 200) -> Response:
        queries.with_details(conference)
        data = ConferenceSerializer(conference).data
        return Response(data, status=status, headers={"ETag": etag(conference.version)})


class FreeSlotsView(APIView):
    """Common free time of sites and rooms."""

    @extend_schema(
        parameters=[
            OpenApiParameter("sites", str, description="Ids separated by commas"),
            OpenApiParameter("rooms", str, description="Ids separated by commas"),
            OpenApiParameter("from", str, required=True),
            OpenApiParameter("to", str, required=True),
            OpenApiParameter("minutes", int, required=True),
        ],
        responses=FreeSlotsSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        lists = {name: [i for i in asked.get(name, "").split(",") if i] for name in ("sites", "rooms")}
        return self._answer(request, {**asked.dict(), **lists})

    @extend_schema(request=QuestionSerializer, responses=FreeSlotsSerializer)
    def post(self, request: Request) -> Response:
        return self._answer(request, request.data)

    def _answer(self, request: Request, data: Any) -> Response:
        form = QuestionSerializer(data=data)
        form.is_valid(raise_exception=True)
        return Response(free.slots(caller(request), form.question(), timezone.now()))


class AvailabilityView(APIView):
    """Each room's busy periods of one local day."""

    @extend_schema(
        parameters=[OpenApiParameter("date", str), OpenApiParameter("site", int)], responses=RoomDaySerializer
    )
    def get(self, request: Request) -> HttpResponse:
        asked = request.query_params
        site = whole(asked["site"], "site") if "site" in asked else None
        within = local_day(day(asked.get("date"), "date"))
        rows = room_days(caller(request), within, timezone.now(), site_id=site)
        document = f'{{"results": [{", ".join(rows)}], "next": null, "previous": null}}'
        return HttpResponse(document, content_type="application/json")
