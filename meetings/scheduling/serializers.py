"""The public form of a conference, in and out."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.common.api import MomentField, TextField
from meetings.scheduling.gate import BLOCK, WARNING
from meetings.scheduling.models import Conference, Participant, Secrecy, Type
from meetings.scheduling.rules import AgendaPoint, Guest, Request

MANY = 5000


class GuestSerializer(serializers.Serializer):
    """`{person: id}` of the directory, or a name with what is known."""

    person = serializers.IntegerField(required=False, min_value=1, allow_null=True)
    name = TextField(max_length=200, required=False, default="", allow_blank=True)
    position = TextField(max_length=200, required=False, default="", allow_blank=True)
    unit = TextField(max_length=200, required=False, default="", allow_blank=True)
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    phone = TextField(max_length=30, required=False, default="", allow_blank=True)
    role = serializers.ChoiceField(choices=Participant.Role.choices, required=False, default="member")

    def validate(self, attrs: dict) -> dict:
        if not attrs.get("person") and not attrs.get("name"):
            raise serializers.ValidationError({"name": [_("Give a name, or a person of the directory.")]})
        return attrs

    def guest(self, data: dict) -> Guest:
        """From validated data; a PATCH leaves absent keys out."""
        return Guest(
            name=data.get("name", ""),
            person_id=data.get("person"),
            position=data.get("position", ""),
            unit_name=data.get("unit", ""),
            email=data.get("email", ""),
            phone=data.get("phone", ""),
            role=data.get("role", "member"),
        )


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}, {"type": "object"}]})
class ChairField(serializers.Field):
    """A person's id, a bare name, or a participant."""

    def to_internal_value(self, data: Any) -> Guest:
        if isinstance(data, bool) or not isinstance(data, int | str | dict):
            raise serializers.ValidationError(_("Give a person's number, a name, or a participant."))
        if isinstance(data, int):
            return Guest(person_id=data, role="chair")
        form = GuestSerializer(data={"name": data} if isinstance(data, str) else data)
        form.is_valid(raise_exception=True)
        return form.guest({**form.validated_data, "role": "chair"})

    def to_representation(self, value: Any) -> Any:
        return value


class AgendaSerializer(serializers.Serializer):
    start = MomentField()
    end = MomentField()
    title = TextField(max_length=300)


class ConferenceRequestSerializer(serializers.Serializer):
    """What a conference is asked for with."""

    title = TextField(max_length=300)
    type = serializers.ChoiceField(choices=Type.choices)
    start = MomentField()
    end = MomentField()
    sites = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, max_length=MANY)
    rooms = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, max_length=MANY)
    chair = ChairField()
    secrecy = serializers.ChoiceField(choices=Secrecy.choices, required=False)
    convening_unit = serializers.IntegerField(required=False, min_value=1, allow_null=True)
    host_site = serializers.IntegerField(required=False, min_value=1, allow_null=True)
    bridge = serializers.IntegerField(required=False, min_value=1, allow_null=True, help_text="null: without video")
    participants = GuestSerializer(many=True, required=False)
    agenda = AgendaSerializer(many=True, required=False)
    notes = TextField(required=False, allow_blank=True, max_length=5000)
    unscheduled = serializers.BooleanField(required=False)
    decided_by = TextField(required=False, allow_blank=True, max_length=200)
    contact = TextField(required=False, allow_blank=True, max_length=200)
    papers_on = serializers.DateField(required=False, allow_null=True)
    draft = serializers.BooleanField(required=False, default=False, write_only=True)

    def changes(self) -> dict[str, Any]:
        """The given fields, named as in `rules.Request`."""
        data: dict[str, Any] = dict(self.validated_data)
        data.pop("draft", None)
        return {_NAMES.get(name, name): _VALUES.get(name, _same)(value) for name, value in data.items()}

    def request(self) -> Request:
        return Request(**self.changes())


class CheckRequestSerializer(ConferenceRequestSerializer):
    """Where and when: all that the question needs."""

    asked = ("start", "end", "sites", "rooms", "secrecy", "convening_unit", "host_site", "bridge")

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        return {name: fields[name] for name in self.asked}

    def request(self) -> Request:
        return Request(title="", type="", **self.changes())


def _same(value: Any) -> Any:
    return value


_NAMES = {
    "sites": "site_ids",
    "rooms": "room_ids",
    "convening_unit": "convening_unit_id",
    "host_site": "host_site_id",
    "bridge": "bridge_id",
}
_VALUES = {
    "sites": tuple,
    "rooms": tuple,
    "bridge": lambda value: value or 0,
    "participants": lambda rows: tuple(GuestSerializer().guest(row) for row in rows),
    "agenda": lambda rows: tuple(AgendaPoint(row["start"], row["end"], row["title"]) for row in rows),
}


class ParticipantSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit_name")

    class Meta:
        model = Participant
        fields = ["id", "person", "name", "position", "unit", "email", "phone", "role"]


class ConferenceListSerializer(serializers.ModelSerializer):
    convening_unit_name = serializers.CharField(source="convening_unit.name", read_only=True)
    host_site_name = serializers.CharField(source="host_site.name", read_only=True)
    chair = serializers.CharField(source="chair_name", read_only=True)

    class Meta:
        model = Conference
        fields = [
            "id", "code", "title", "type", "status", "start", "end", "sequence", "version", "secrecy",
            "convening_unit", "convening_unit_name", "host_site", "host_site_name", "chair", "bridge", "hold_until",
        ]  # fmt: skip


class RemarkSerializer(serializers.Serializer):
    """What the gate finds: `field` is the field of the request to look at."""

    code = serializers.CharField()
    article = serializers.CharField()
    text = serializers.CharField()
    severity = serializers.ChoiceField(choices=[(WARNING, WARNING), (BLOCK, BLOCK)])
    field = serializers.CharField()


class BookedSerializer(serializers.ModelSerializer):
    """What a booking answers at once; GET tells the rest."""

    rooms = serializers.SerializerMethodField()
    remarks = RemarkSerializer(many=True, read_only=True)

    class Meta:
        model = Conference
        fields = [
            "id", "code", "title", "status", "start", "end", "sequence", "version", "hold_until", "rooms", "remarks",
        ]  # fmt: skip

    def get_rooms(self, conference: Conference) -> list[int]:
        return list(conference.places.values_list("room_id", flat=True))


class PlaceSerializer(serializers.Serializer):
    site = serializers.IntegerField(source="site_id")
    site_name = serializers.CharField(source="site.name")
    room = serializers.IntegerField(source="room_id")
    room_name = serializers.CharField(source="room.name")


class ConferenceSerializer(ConferenceListSerializer):
    rooms = serializers.SerializerMethodField()
    sites = PlaceSerializer(source="places", many=True, read_only=True)
    participants = ParticipantSerializer(many=True, read_only=True)
    agenda = AgendaSerializer(many=True, read_only=True)
    affected = serializers.ListField(
        child=serializers.IntegerField(), read_only=True, help_text="after an act on a series: what it changed"
    )
    left_out = serializers.ListField(
        child=serializers.IntegerField(), read_only=True, help_text="after an act on a series: what it could not change"
    )

    class Meta(ConferenceListSerializer.Meta):
        fields = [
            *ConferenceListSerializer.Meta.fields, "rooms", "sites", "participants", "agenda", "notes", "reason",
            "unscheduled", "decided_by", "contact", "papers_on",
            "series", "occurrence", "affected", "left_out",
        ]  # fmt: skip

    def get_rooms(self, conference: Conference) -> list[int]:
        return [place.room_id for place in conference.places.all()]


class PeriodSerializer(serializers.Serializer):
    start = MomentField()
    end = MomentField()


class ReasonSerializer(serializers.Serializer):
    reason = TextField(max_length=500)


class ConflictSerializer(serializers.Serializer):
    """`kind`: room, endpoint, technician, ports, line, trunk. Of the last three `start` is the binding minute."""

    kind = serializers.CharField()
    resource = serializers.IntegerField()
    name = serializers.CharField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    held_by = serializers.CharField(allow_null=True)
    left = serializers.IntegerField(required=False, help_text="ports")
    left_mbps = serializers.FloatField(required=False)


class RoomOfferSerializer(serializers.Serializer):
    room = serializers.IntegerField()
    name = serializers.CharField()
    instead_of = serializers.IntegerField()


class BridgeOfferSerializer(serializers.Serializer):
    bridge = serializers.IntegerField()
    name = serializers.CharField()


class FindingsSerializer(serializers.Serializer):
    """What would clash, and what would not."""

    free = serializers.BooleanField()
    conflicts = ConflictSerializer(many=True)
    alternatives = PeriodSerializer(many=True)
    rooms = RoomOfferSerializer(many=True)
    bridges = BridgeOfferSerializer(many=True)
