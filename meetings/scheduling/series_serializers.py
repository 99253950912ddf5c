"""The public form of a series, in and out."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from backend.common.api import MomentField, TextField
from meetings.scheduling import series_rules
from meetings.scheduling.models import Conference, Series
from meetings.scheduling.rules import Request
from meetings.scheduling.serializers import ConferenceRequestSerializer, PeriodSerializer, ReasonSerializer
from meetings.scheduling.series_scope import Scope
from meetings.scheduling.series_services import Wish


class SeriesRequestSerializer(ConferenceRequestSerializer):
    """A conference's request, for the first date, and how it repeats."""

    rule = TextField(max_length=200, help_text="RRULE of RFC 5545 with COUNT or UNTIL: FREQ=WEEKLY;BYDAY=MO;COUNT=10")
    exceptions = serializers.ListField(
        child=serializers.DateField(), required=False, max_length=series_rules.MOST, help_text="Local days left out"
    )
    policy = serializers.ChoiceField(choices=Series.Policy.choices, required=False, default=Series.Policy.REFUSE)

    def validate_draft(self, draft: bool) -> bool:
        if draft:
            raise serializers.ValidationError(_("A series is booked at once; it has no draft."))
        return draft

    def wish(self) -> Wish:
        changes = self.changes()
        rule = series_rules.parse(changes.pop("rule"))
        exceptions, policy = tuple(changes.pop("exceptions", ())), changes.pop("policy")
        return Wish(Request(**changes), rule, exceptions, policy)


class ScopeSerializer(serializers.Serializer):
    """Of a conference that belongs to a series: only this date, this and the following, or all."""

    scope = serializers.ChoiceField(choices=Scope.choices, required=False, default=Scope.ONE)


class ScopedMoveSerializer(ScopeSerializer, PeriodSerializer):
    pass


class ScopedReasonSerializer(ScopeSerializer, ReasonSerializer):
    pass


class ScopedChangeSerializer(ScopeSerializer, ConferenceRequestSerializer):
    pass


class CopySerializer(serializers.Serializer):
    """When the copy takes place; without `end` it lasts as long."""

    start = MomentField()
    end = MomentField(required=False)
    draft = serializers.BooleanField(required=False, default=False)


class SpanSerializer(serializers.Serializer):
    start = MomentField()
    end = MomentField()


class ClashSerializer(SpanSerializer):
    kind = serializers.CharField()
    resource = serializers.IntegerField()
    name = serializers.CharField()
    held_by = serializers.CharField(allow_null=True)
    left = serializers.IntegerField(required=False)


class DateSerializer(SpanSerializer):
    state = serializers.ChoiceField(choices=["free", "taken"])
    conflicts = ClashSerializer(many=True)
    moves_to = SpanSerializer(allow_null=True)


class PreviewSerializer(serializers.Serializer):
    summary = serializers.CharField()
    count = serializers.IntegerField()
    free = serializers.IntegerField()
    dates = DateSerializer(many=True)


class OccurrenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Conference
        fields = ["id", "code", "title", "status", "occurrence", "start", "end"]


class OutcomeSerializer(SpanSerializer):
    """What became of a date: its own hours, and its conference, which may have been moved to others."""

    outcome = serializers.ChoiceField(choices=["booked", "shifted", "left_out"])
    conference = serializers.IntegerField(allow_null=True)
    code = serializers.CharField(allow_null=True)
    moved_to = SpanSerializer(allow_null=True)
    why = serializers.CharField(allow_blank=True)


class SeriesSerializer(serializers.ModelSerializer):
    conferences = OccurrenceSerializer(many=True, source="shown")

    class Meta:
        model = Series
        fields = [
            "id",
            "rule",
            "first_day",
            "clock",
            "exceptions",
            "skipped",
            "policy",
            "convening_unit",
            "conferences",
        ]


class BookedSeriesSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="series.pk")
    rule = serializers.CharField(source="series.rule")
    policy = serializers.CharField(source="series.policy")
    status = serializers.CharField()
    summary = serializers.CharField()
    dates = OutcomeSerializer(many=True)
