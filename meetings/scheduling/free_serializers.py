"""The public form of free time, in and out."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from backend.common.api import IdsField, MomentField
from backend.common.periods import Period
from meetings.scheduling.free import LONGEST_SEARCH, Question


class QuestionSerializer(serializers.Serializer):
    sites = IdsField(required=False)
    rooms = IdsField(required=False)
    minutes = serializers.IntegerField(min_value=1, max_value=24 * 60)

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "from": MomentField(), "to": MomentField()}  # “from” is no name in Python

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        length = (attrs["to"] - attrs["from"]).total_seconds()
        if not 0 < length <= LONGEST_SEARCH.total_seconds():
            raise serializers.ValidationError({"to": [_("It must lie after the beginning, at most 92 days.")]})
        return attrs

    def question(self) -> Question:
        data = self.validated_data
        within = Period(data["from"], data["to"])
        return Question(tuple(data.get("sites", ())), tuple(data.get("rooms", ())), within, data["minutes"])


class SlotSerializer(serializers.Serializer):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class BusiestSerializer(serializers.Serializer):
    room = serializers.IntegerField()
    name = serializers.CharField()
    minutes = serializers.IntegerField()


class BestSerializer(SlotSerializer):
    """Hours that are free for all. `score`: 0 to 100; `why`: the reasons in words."""

    score = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())
    why = serializers.CharField()


class InTheWaySerializer(serializers.Serializer):
    """`held_by`: by whom, where the caller may see it."""

    room = serializers.IntegerField()
    site = serializers.IntegerField()
    name = serializers.CharField()
    held_by = serializers.CharField(allow_null=True)


class LeaveOutSerializer(SlotSerializer):
    """Hours that would be free without these `rooms`."""

    rooms = InTheWaySerializer(many=True)


class FreeSlotsSerializer(serializers.Serializer):
    """`busiest` is told while rooms × days stay below 6,400."""

    slots = SlotSerializer(many=True)
    best = BestSerializer(many=True)
    leave_out = LeaveOutSerializer(many=True)
    busiest = BusiestSerializer(many=True)


class BusySerializer(SlotSerializer):
    held_by = serializers.CharField(allow_null=True)


class RoomDaySerializer(serializers.Serializer):
    room = serializers.IntegerField()
    name = serializers.CharField()
    site = serializers.IntegerField()
    site_name = serializers.CharField()
    capacity = serializers.IntegerField()
    equipment = serializers.ListField(child=serializers.CharField())
    busy = BusySerializer(many=True)
