"""`conferences/{id}/history/`: who did what when, what was and what is."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import caller
from backend.desk.trail import history_of
from meetings.scheduling.queries import conferences_visible_to


class HistoryLineSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    actor = serializers.CharField(help_text="empty: the service itself")
    act = serializers.CharField(help_text="stable, such as conference.reschedule")
    words = serializers.CharField()
    changes = serializers.ListField(child=serializers.CharField(), help_text="a text for each difference")
    reason = serializers.CharField()


class ConferenceHistorySerializer(serializers.Serializer):
    results = HistoryLineSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class HistoryView(APIView):
    """The oldest first, in the language that is asked for."""

    @extend_schema(responses=ConferenceHistorySerializer)
    def get(self, request: Request, pk: int) -> Response:
        conference = get_object_or_404(conferences_visible_to(caller(request)), pk=pk)
        lines = HistoryLineSerializer(history_of(conference), many=True).data
        return Response({"results": lines, "next": None, "previous": None})
