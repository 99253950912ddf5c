"""`conferences/gate/`, the rules asked without booking; and the conclusion notices after the end."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import caller
from backend.accounts.queries import may
from backend.common.api import MomentField, Page, TextField
from backend.common.errors import Forbidden, Invalid
from meetings.scheduling import conclusions, gate_queries, rules, services
from meetings.scheduling.gate import Remark, blocks
from meetings.scheduling.models import Conference
from meetings.scheduling.queries import conferences_visible_to
from meetings.scheduling.serializers import ConferenceRequestSerializer, RemarkSerializer


class GateSerializer(serializers.Serializer):
    remarks = RemarkSerializer(many=True)
    blocked = serializers.BooleanField(help_text="Whether booking it would be refused")


class GateRequestSerializer(ConferenceRequestSerializer):
    """A conference as far as it is known: type and hours, and what else there is."""

    title = TextField(max_length=300, required=False, default="")


def _answer(remarks: list[Remark]) -> Response:
    return Response(GateSerializer({"remarks": remarks, "blocked": bool(blocks(remarks))}).data)


class GateQuestionView(APIView):
    """What the rules on meetings say of a conference that is not booked."""

    @extend_schema(request=GateRequestSerializer, responses=GateSerializer)
    def post(self, request: Request) -> Response:
        form = GateRequestSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        missing = [name for name in ("type", "start", "end") if name not in form.validated_data]
        if missing:
            raise Invalid("required", _("Give the type and both hours."), field=missing[0])
        now, asked = timezone.now(), rules.Request(**{"title": "", **form.changes()})
        rules.period(asked.start, asked.end, now)
        unit = services.convening_unit(caller(request), asked.convening_unit_id)
        return _answer(gate_queries.gate_of(unit).remarks(gate_queries.facts_of(asked), now))


class ConferenceGateView(APIView):
    """What the rules on meetings say of a conference as it stands, for those who book or approve it."""

    @extend_schema(responses=GateSerializer)
    def get(self, request: Request, pk: int) -> Response:
        conference = _visible(request, pk)
        if not may(caller(request), conference.convening_unit, *services.BOOKERS):
            raise Forbidden("forbidden", _("Only the convening unit sees what the rules say."))
        return _answer(gate_queries.remarks_on(conference, timezone.now()))


def _visible(request: Request, pk: int) -> Conference:
    return get_object_or_404(conferences_visible_to(caller(request)), pk=pk)


class ClockSerializer(serializers.Serializer):
    """`days` until the last day, below zero when late; of an issued notice counted to the day of its issue."""

    conference = serializers.IntegerField(source="notice.conference_id")
    code = serializers.CharField(source="notice.conference.code")
    title = serializers.CharField(source="notice.conference.title")
    convening_unit_name = serializers.CharField(source="notice.conference.convening_unit.name")
    end = MomentField(source="notice.conference.end")
    due = serializers.DateField()
    days = serializers.IntegerField()
    late = serializers.BooleanField(source="is_late")
    number = serializers.CharField(source="notice.number")
    issued_on = serializers.DateField(source="notice.issued_on", allow_null=True)
    waived = serializers.CharField(source="notice.waived")


class ClockPageSerializer(serializers.Serializer):
    results = ClockSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class ConclusionsView(APIView):
    """Conclusion notices of the caller's units: the open ones, the latest first, or those that are dealt with."""

    @extend_schema(
        parameters=[
            OpenApiParameter("state", str, enum=["open", "late", "done"], description="open when absent"),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=ClockPageSerializer,
    )
    def get(self, request: Request) -> Response:
        state, user, now = request.query_params.get("state", "open"), caller(request), timezone.now()
        if state not in ("open", "late", "done"):
            raise Invalid("bad_state", _("Ask for open, late or done."), field="state")
        page = Page()
        if state == "done":
            rows: Any = gate_queries.clocks(page.paginate_queryset(gate_queries.done(user), request, self), now)
        else:
            found = gate_queries.open_clocks(user, now)
            found = [clock for clock in found if clock.is_late or state == "open"]
            rows = page.paginate_queryset(found, request, self)
        return page.get_paginated_response(ClockSerializer(rows, many=True).data)


class ConclusionSerializer(serializers.Serializer):
    """Number and day of the notice, or `waived`: why none is needed."""

    number = TextField(max_length=50, required=False, default="", allow_blank=True)
    issued_on = serializers.DateField(required=False)
    waived = TextField(max_length=300, required=False, default="", allow_blank=True)

    def validate(self, attrs: dict) -> dict:
        if bool(attrs["waived"]) == bool(attrs["number"]):
            raise serializers.ValidationError({"number": [_("Give the number of the notice, or why none is needed.")]})
        if attrs["number"] and "issued_on" not in attrs:
            raise serializers.ValidationError({"issued_on": [_("Give the day on which it was issued.")]})
        return attrs


class ConclusionView(APIView):
    """The conclusion notice of one conference."""

    @extend_schema(request=ConclusionSerializer, responses={200: ConclusionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        conference = _visible(request, pk)
        form = ConclusionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        actor, data, now = caller(request), form.validated_data, timezone.now()
        if data["waived"]:
            notice = conclusions.waive(actor=actor, conference=conference, reason=data["waived"], now=now)
        else:
            number, issued_on = data["number"], data["issued_on"]
            notice = conclusions.issue(actor=actor, conference=conference, number=number, issued_on=issued_on, now=now)
        return Response({"number": notice.number, "issued_on": notice.issued_on, "waived": notice.waived})
