"""`POST bridges/proposal/`, `POST bridges/{id}/report/` and `bridges/{id}/move/`."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import caller
from backend.common.api import MomentField
from meetings.scheduling import proposals, rules
from meetings.scheduling.moving import Moved, move_away
from meetings.scheduling.proposals import Answer, bridges_known_to
from meetings.scheduling.reach import Candidate, Place
from meetings.scheduling.serializers import MANY
from meetings.sites.api import BridgeSerializer
from meetings.sites.services import report_bridge


class ProposalQuestionSerializer(serializers.Serializer):
    """What a booking would ask for. `secret`: only bridges that are cleared for state secrets."""

    sites = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, max_length=MANY)
    rooms = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, max_length=MANY)
    start = MomentField()
    end = MomentField()
    convening_unit = serializers.IntegerField(required=False, min_value=1, allow_null=True, default=None)
    secret = serializers.BooleanField(required=False, default=False)


class ReachedRoomSerializer(serializers.Serializer):
    room = serializers.IntegerField()
    room_name = serializers.CharField()
    site = serializers.IntegerField()
    site_name = serializers.CharField()
    platforms = serializers.ListField(child=serializers.CharField())


class UnreachedSerializer(ReachedRoomSerializer):
    neighbour = ReachedRoomSerializer(allow_null=True)


class ProposedBridgeSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    platforms = serializers.ListField(child=serializers.CharField())
    free_ports = serializers.IntegerField()


class OtherBridgeSerializer(ProposedBridgeSerializer):
    unreached = serializers.IntegerField()


class ProposalSerializer(serializers.Serializer):
    """`bridge` is null when none has enough free ports. `by_gateway`: rooms that `gateway` joins to it.

    `unknown`: rooms of which nobody has said what they speak.
    """

    bridge = ProposedBridgeSerializer(allow_null=True)
    gateway = ProposedBridgeSerializer(allow_null=True)
    by_gateway = ReachedRoomSerializer(many=True)
    unreached = UnreachedSerializer(many=True)
    unknown = ReachedRoomSerializer(many=True)
    others = OtherBridgeSerializer(many=True)


def document(answer: Answer) -> dict[str, Any]:
    """The public form."""
    best = answer.best
    if best is None:
        return {"bridge": None, "gateway": None, "by_gateway": [], "unreached": [], "unknown": [], "others": []}
    return {
        "bridge": _bridge(best.bridge),
        "gateway": _bridge(best.gateway) if best.gateway else None,
        "by_gateway": [_room(place) for place in best.carried],
        "unreached": [{**_room(p), "neighbour": _neighbour(answer, p)} for p in best.cut],
        "unknown": [_room(place) for place in best.unknown],
        "others": [{**_bridge(other.bridge), "unreached": len(other.cut)} for other in answer.options[1:]],
    }


def _neighbour(answer: Answer, place: Place) -> dict[str, Any] | None:
    return _room(answer.lent[place.room_id]) if place.room_id in answer.lent else None


def _room(place: Place) -> dict[str, Any]:
    return {
        "room": place.room_id,
        "room_name": place.room_name,
        "site": place.site_id,
        "site_name": place.site_name,
        "platforms": sorted(place.speaks),
    }


def _bridge(bridge: Candidate) -> dict[str, Any]:
    return {
        "id": bridge.bridge_id,
        "name": bridge.name,
        "platforms": sorted(bridge.speaks),
        "free_ports": bridge.free,
    }


class ProposalView(APIView):
    """Which bridge reaches all, whom it cannot reach, and what helps: a gateway, or a neighbour's room."""

    @extend_schema(request=ProposalQuestionSerializer, responses=ProposalSerializer)
    def post(self, request: Request) -> Response:
        form = ProposalQuestionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        asked, now = form.validated_data, timezone.now()
        answer = proposals.for_booking(
            caller(request),
            site_ids=asked.get("sites", ()),
            room_ids=asked.get("rooms", ()),
            period=rules.period(asked["start"], asked["end"], now),
            convening_unit_id=asked["convening_unit"],
            secret=asked["secret"],
            now=now,
        )
        return Response(document(answer))


class ReportSerializer(serializers.Serializer):
    works = serializers.BooleanField()


class BridgeReportView(APIView):
    """Say that a bridge is out of order, or works again."""

    @extend_schema(request=ReportSerializer, responses=BridgeSerializer)
    def post(self, request: Request, pk: int) -> Response:
        form = ReportSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = caller(request)
        bridge = get_object_or_404(bridges_known_to(user), pk=pk)
        works = form.validated_data["works"]
        return Response(
            BridgeSerializer(report_bridge(actor=user, bridge=bridge, works=works, now=timezone.now())).data
        )


class MoveSerializer(serializers.Serializer):
    conferences = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, max_length=200)


class MovedSerializer(serializers.Serializer):
    """`bridge`: where it stands now; empty, and `why` says what kept it."""

    conference = serializers.IntegerField(source="conference.pk")
    code = serializers.CharField(source="conference.code")
    bridge = serializers.CharField()
    why = serializers.CharField()


class BridgeMoveView(APIView):
    """Move a bridge's coming conferences to others: all that lose nobody by it, or those named."""

    @extend_schema(request=MoveSerializer, responses=MovedSerializer(many=True))
    def post(self, request: Request, pk: int) -> Response:
        form = MoveSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = caller(request)
        bridge = get_object_or_404(bridges_known_to(user), pk=pk)
        ids = form.validated_data.get("conferences", ())
        moved: list[Moved] = move_away(actor=user, bridge=bridge, conference_ids=ids, now=timezone.now())
        return Response(MovedSerializer(moved, many=True).data)
