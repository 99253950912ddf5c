"""`conferences/{id}/access/` and `conferences/{id}/links/{participant}/…`."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import caller
from backend.common.api import TextField
from backend.common.errors import NotFound
from meetings.scheduling import access, bridging
from meetings.scheduling.models import Conference
from meetings.scheduling.queries import conferences_visible_to


class AccessRowSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField()


class WaySerializer(serializers.Serializer):
    participant = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.CharField()


class AccessSerializer(serializers.Serializer):
    """`state`: waiting, made, failed, ended. `join_url`: the caller's own. `links`: for the convening office alone."""

    bridge = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField()
    error = serializers.CharField()
    rows = AccessRowSerializer(many=True)
    join_url = serializers.CharField(source="own_url")
    links = WaySerializer(source="ways", many=True)


class EnteredSerializer(serializers.Serializer):
    """What the carrier has given; which of them count depends on the bridge's kind. An empty secret stays as it is."""

    url = TextField(required=False, default="", allow_blank=True, max_length=500)
    meeting_id = TextField(required=False, default="", allow_blank=True, max_length=100)
    password = TextField(required=False, default="", allow_blank=True, max_length=100)
    phone = TextField(required=False, default="", allow_blank=True, max_length=100)
    sip = TextField(required=False, default="", allow_blank=True, max_length=200)
    h323 = TextField(required=False, default="", allow_blank=True, max_length=200)
    number = TextField(required=False, default="", allow_blank=True, max_length=50)
    pin = TextField(required=False, default="", allow_blank=True, max_length=50)


def _visible(request: Request, pk: int) -> Conference:
    return get_object_or_404(conferences_visible_to(caller(request)), pk=pk)


class AccessView(APIView):
    """How a conference is joined."""

    @extend_schema(responses=AccessSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return self._answer(request, _visible(request, pk))

    @extend_schema(request=EnteredSerializer, responses=AccessSerializer)
    def put(self, request: Request, pk: int) -> Response:
        form = EnteredSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        conference, now = _visible(request, pk), timezone.now()
        bridging.enter_access(actor=caller(request), conference=conference, values=form.validated_data, now=now)
        return self._answer(request, conference)

    def _answer(self, request: Request, conference: Conference) -> Response:
        found = access.of_conference(caller(request), conference)
        if found is None:
            raise NotFound("no_access", _("There is nothing to join online."))
        return Response(AccessSerializer(found).data, headers={"Cache-Control": "no-store"})


class LinkView(APIView):
    """Stop one participant's link, or give a new one in its place."""

    @extend_schema(request=None, responses=AccessSerializer)
    def post(self, request: Request, pk: int, participant: int, act: str) -> Response:
        conference = _visible(request, pk)
        services: dict[str, Any] = {"stop": bridging.stop_link, "renew": bridging.renew_link}
        person = get_object_or_404(conference.participants, pk=participant)
        services[act](actor=caller(request), conference=conference, participant=person, now=timezone.now())
        found = access.of_conference(caller(request), conference)
        return Response(AccessSerializer(found).data, headers={"Cache-Control": "no-store"})
