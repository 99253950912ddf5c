"""GET conferences/{id}/invitation.ics and conferences/{id}/invitations/."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common.api import Page
from meetings.invitations import compose, ics, queries
from meetings.scheduling.queries import conferences_visible_to


@extend_schema_serializer(component_name="InvitationStanding")
class StandingSerializer(serializers.Serializer):
    """How one participant was reached; `state`: pending, sending, sent, failed, cancelled, or phone (no mailbox)."""

    name = serializers.CharField()
    position = serializers.CharField()
    role = serializers.CharField()
    address = serializers.CharField()
    phone = serializers.CharField()
    state = serializers.CharField()
    error = serializers.CharField()
    sent_at = serializers.DateTimeField(allow_null=True)
    message = serializers.IntegerField(source="message_id", allow_null=True)
    sequence = serializers.IntegerField(allow_null=True)
    partstat = serializers.CharField()


class InvitationsView(APIView):
    """Who was invited, and whether the mail left."""

    @extend_schema(responses=StandingSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        user: Any = request.user
        visible = queries.conferences_whose_guests_are_visible_to(user)
        page = Page()
        rows = page.paginate_queryset(queries.standings(get_object_or_404(visible, pk=pk)), request)
        return page.get_paginated_response(StandingSerializer(rows, many=True).data)


class InvitationFileView(APIView):
    """The conference for one's own calendar: a copy that asks nobody to answer, with the UID of the mails."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return super().perform_content_negotiation(request, force=True)  # calendar programs accept text/calendar only

    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse:
        user: Any = request.user
        conference = get_object_or_404(conferences_visible_to(user), pk=pk)
        edition = queries.newest_edition(conference)
        facts = queries.facts_at(edition.pk)
        with translation.override(user.language):
            entry = compose.published(
                facts, sequence=conference.sequence, cancelled=edition.calendar.cancelled_at is not None
            )
        return HttpResponse(
            ics.render(entry),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{conference.code}.ics"'},
        )
