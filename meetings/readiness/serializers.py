"""The public form of a rehearsal, in and out."""

from rest_framework import serializers

from backend.common.api import MomentField, TextField
from meetings.readiness.models import Rehearsal, Result, SiteCheck


class RehearsalRequestSerializer(serializers.Serializer):
    start = MomentField()
    end = MomentField()
    rooms = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=5000, help_text="none: all of them"
    )
    note = TextField(max_length=500, required=False, allow_blank=True)


class ResultRequestSerializer(serializers.Serializer):
    room = serializers.IntegerField(min_value=1)
    picture = serializers.ChoiceField(choices=Result.choices)
    sound = serializers.ChoiceField(choices=Result.choices)
    line = serializers.ChoiceField(choices=Result.choices)
    note = TextField(max_length=500, required=False, allow_blank=True)


class SiteCheckSerializer(serializers.ModelSerializer):
    site_name = serializers.CharField(source="site.name")
    room_name = serializers.CharField(source="room.name")
    outcome = serializers.ChoiceField(choices=Result.choices)
    recorded_by = serializers.SerializerMethodField()

    class Meta:
        model = SiteCheck
        fields = [
            "site", "site_name", "room", "room_name", "picture", "sound", "line", "outcome", "note", "recorded_by",
            "recorded_at",
        ]  # fmt: skip

    def get_recorded_by(self, check: SiteCheck) -> str:
        return str(check.recorded_by) if check.recorded_by else ""


class RehearsalSerializer(serializers.ModelSerializer):
    checks = SiteCheckSerializer(many=True, read_only=True)

    class Meta:
        model = Rehearsal
        fields = ["id", "conference", "start", "end", "status", "note", "version", "checks"]


class HourSerializer(serializers.Serializer):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class HoursSerializer(serializers.Serializer):
    slots = HourSerializer(many=True)
