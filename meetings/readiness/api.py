"""`conferences/{id}/rehearsals/` and `rehearsals/{id}/`."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import caller
from backend.accounts.idempotency import once
from backend.common.api import check_version, etag
from backend.common.errors import Invalid
from meetings.readiness import queries, services
from meetings.readiness.models import Rehearsal
from meetings.readiness.serializers import (
    HoursSerializer,
    RehearsalRequestSerializer,
    RehearsalSerializer,
    ResultRequestSerializer,
)
from meetings.scheduling import steps
from meetings.scheduling.models import Conference
from meetings.scheduling.queries import conferences_visible_to
from meetings.scheduling.serializers import PeriodSerializer
from meetings.sites.api import whole


def answer(rehearsal: Rehearsal, status: int = 200) -> Response:
    found = queries.with_checks(Rehearsal.objects.filter(pk=rehearsal.pk)).get()
    return Response(RehearsalSerializer(found).data, status=status, headers={"ETag": etag(found.version)})


def visible_conference(request: Request, pk: int) -> Conference:
    return get_object_or_404(conferences_visible_to(caller(request)), pk=pk)


class RehearsalsView(generics.GenericAPIView):
    """The rehearsals of one conference."""

    serializer_class = RehearsalSerializer
    queryset = Rehearsal.objects.none()

    @extend_schema(responses=RehearsalSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        rows = queries.with_checks(visible_conference(request, pk).rehearsals.all())
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(RehearsalSerializer(page, many=True).data)

    @extend_schema(request=RehearsalRequestSerializer, responses={201: RehearsalSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Plan one; 409 with `conflicts` and `alternatives` before the conference."""
        form = RehearsalRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        now, conference, asked = timezone.now(), visible_conference(request, pk), dict(form.validated_data)
        room_ids = asked.pop("rooms", ())

        def act() -> Response:
            made = services.plan(actor=caller(request), conference=conference, room_ids=room_ids, now=now, **asked)
            return answer(made, status=201)

        return once(request, now, act)


class RehearsalHoursView(APIView):
    """Hours before the conference at which all its rooms and ports are free."""

    @extend_schema(parameters=[OpenApiParameter("minutes", int, description="30")], responses=HoursSerializer)
    def get(self, request: Request, pk: int) -> Response:
        conference = visible_conference(request, pk)
        minutes = whole(request.query_params.get("minutes", "30"), "minutes")
        if not 1 <= minutes <= 720:
            raise Invalid("too_long", _("A rehearsal lasts at most 12 hours."), field="minutes")
        hours = queries.free_hours(conference, steps.plan_of(conference), minutes, timezone.now())
        return Response(HoursSerializer({"slots": hours}).data)


class RehearsalViewSet(viewsets.GenericViewSet):
    serializer_class = RehearsalSerializer
    queryset = Rehearsal.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Rehearsal]:
        return queries.rehearsals_visible_to(caller(self.request))

    @extend_schema(responses=RehearsalSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return answer(self.get_object())

    @extend_schema(request=PeriodSerializer, responses=RehearsalSerializer)
    @action(detail=True, methods=["post"])
    def reschedule(self, request: Request, pk: str) -> Response:
        form = PeriodSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return self._act(services.move, **form.validated_data)

    @extend_schema(request=None, responses=RehearsalSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self._act(services.cancel)

    @extend_schema(request=ResultRequestSerializer, responses=RehearsalSerializer)
    @action(detail=True, methods=["post"])
    def results(self, request: Request, pk: str) -> Response:
        """What one room showed. Not guarded by `If-Match`: many technicians write at once, each their own."""
        form = ResultRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        asked = dict(form.validated_data)
        rehearsal, room_id = self.get_object(), asked.pop("room")
        results = services.Results(**asked)
        services.record(
            actor=caller(request), rehearsal=rehearsal, room_id=room_id, results=results, now=timezone.now()
        )
        return answer(rehearsal)

    def _act(self, service: Callable[..., Rehearsal], **values: Any) -> Response:
        rehearsal = self.get_object()
        with transaction.atomic():
            if "If-Match" in self.request.headers:
                steps.locked(rehearsal.conference)
                check_version(self.request, Rehearsal.objects.values_list("version", flat=True).get(pk=rehearsal.pk))
            done = service(actor=caller(self.request), rehearsal=rehearsal, now=timezone.now(), **values)
        return answer(done)
