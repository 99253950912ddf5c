"""The public form of guest rooms, delegations and stays, in and out. Identity numbers leave masked."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.common.api import MomentField, TextField
from guesthouse.stays.models import MASK, Delegation, GuestRoom, Member, Stay
from guesthouse.stays.rules import OLDEST, DelegationRequest, MemberRequest, StayRequest

MANY = 2000


@extend_schema_field(OpenApiTypes.STR)
class DayOrMomentField(serializers.Field):
    """A time with its offset, or a local day alone (YYYY-MM-DD): the house's hour of that day is meant."""

    def to_internal_value(self, data: Any) -> date | datetime:
        if isinstance(data, str) and len(data) == len("2026-11-25"):
            try:
                return date.fromisoformat(data)
            except ValueError as error:
                raise serializers.ValidationError(_("Write the day as YYYY-MM-DD.")) from error
        return MomentField().run_validation(data)

    def to_representation(self, value: Any) -> Any:
        return MomentField().to_representation(value)


class GuestRoomSerializer(serializers.ModelSerializer):
    house_name = serializers.CharField(source="house.name", read_only=True)
    free = serializers.SerializerMethodField(help_text="During `from` to `to`; null without them")

    class Meta:
        model = GuestRoom
        fields = ["id", "house", "house_name", "floor", "number", "beds", "type", "features", "free"]

    def get_free(self, room: GuestRoom) -> bool | None:
        taken = self.context.get("taken")
        return None if taken is None else room.resource_id not in taken


class MemberSerializer(serializers.ModelSerializer):
    """`identity_number` shows its last three digits behind a mask."""

    identity_number = serializers.CharField(source="identity_masked", read_only=True)

    class Meta:
        model = Member
        fields = [
            "id", "name", "position", "role", "rank", "gender", "birth_year", "diet", "identity_number",
        ]  # fmt: skip


class MemberRequestSerializer(serializers.Serializer):
    """In a PATCH: with `id` a member who stays and keeps what is not given, without it a new one.

    A masked number leaves what stands.
    """

    id = serializers.IntegerField(required=False, min_value=1)
    name = TextField(max_length=200)
    position = TextField(max_length=200, required=False, allow_blank=True)
    role = serializers.ChoiceField(choices=Member.Role.choices, required=False)
    rank = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=99)
    gender = serializers.ChoiceField(choices=Member.Gender.choices, required=False, allow_blank=True)
    birth_year = serializers.IntegerField(required=False, allow_null=True, min_value=OLDEST, max_value=OLDEST + 300)
    diet = TextField(max_length=100, required=False, allow_blank=True)
    identity_number = TextField(max_length=40, required=False, allow_null=True, allow_blank=True)


def member_request(data: dict[str, Any], old: dict[int | None, MemberRequest]) -> MemberRequest:
    given = dict(data)
    if (given.get("identity_number") or "").startswith(MASK) and given.get("id") in old:
        given["identity_number"] = None
    return replace(old.get(given.get("id"), MemberRequest(name="")), **given)


class DelegationRequestSerializer(serializers.Serializer):
    """What a delegation is asked for with. `unit`: where it comes from; `host_unit`: who receives it."""

    name = TextField(max_length=200)
    arrival = MomentField()
    departure = MomentField()
    unit = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    host_unit = serializers.IntegerField(required=False, min_value=1)
    conference = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    contact_name = TextField(max_length=200, required=False, allow_blank=True)
    contact_phone = TextField(max_length=30, required=False, allow_blank=True)
    notes = TextField(max_length=5000, required=False, allow_blank=True)
    members = MemberRequestSerializer(many=True, required=False)

    def validate_members(self, value: list) -> list:
        if len(value) > MANY:
            raise serializers.ValidationError(_("At most %(count)d members.") % {"count": MANY})
        return value

    def request(self) -> DelegationRequest:
        data = {f"{name}_id" if name in _IDS else name: value for name, value in self.validated_data.items()}
        rows = data.pop("members", ())
        return DelegationRequest(**data, members=tuple(member_request(row, {}) for row in rows))

    def edit(self, old: DelegationRequest) -> DelegationRequest:
        """`old` with the given fields."""
        data = {f"{name}_id" if name in _IDS else name: value for name, value in self.validated_data.items()}
        if "members" in data:
            known: dict[int | None, MemberRequest] = {member.id: member for member in old.members}
            data["members"] = tuple(member_request(row, known) for row in data["members"])
        return replace(old, **data)


_IDS = {"unit", "host_unit", "conference", "delegation", "guest_room"}


class StaySerializer(serializers.ModelSerializer):
    delegation_name = serializers.CharField(source="delegation.name", read_only=True)
    room_number = serializers.CharField(source="guest_room.number", read_only=True)
    house = serializers.IntegerField(source="guest_room.house_id", read_only=True)
    house_name = serializers.CharField(source="guest_room.house.name", read_only=True)
    members = serializers.SerializerMethodField()

    class Meta:
        model = Stay
        fields = [
            "id", "delegation", "delegation_name", "guest_room", "room_number", "house", "house_name", "start", "end",
            "members", "status", "version",
        ]  # fmt: skip

    def get_members(self, stay: Stay) -> list[int]:
        return sorted(member.pk for member in stay.members.all())


class DelegationBaseSerializer(serializers.ModelSerializer):
    unit_name = serializers.CharField(source="unit.name", read_only=True, default=None)
    host_unit_name = serializers.CharField(source="host_unit.name", read_only=True)

    class Meta:
        model = Delegation
        fields = [
            "id", "name", "unit", "unit_name", "host_unit", "host_unit_name", "conference", "arrival", "departure",
            "contact_name", "contact_phone", "status", "version",
        ]  # fmt: skip


class DelegationListSerializer(DelegationBaseSerializer):
    members_count = serializers.IntegerField(read_only=True)
    rooms_count = serializers.IntegerField(read_only=True)

    class Meta(DelegationBaseSerializer.Meta):
        fields = [*DelegationBaseSerializer.Meta.fields, "members_count", "rooms_count"]


class DelegationSerializer(DelegationBaseSerializer):
    """With its members and the stays that are booked."""

    members = MemberSerializer(many=True, read_only=True)
    stays = serializers.SerializerMethodField()

    class Meta(DelegationBaseSerializer.Meta):
        fields = [*DelegationBaseSerializer.Meta.fields, "notes", "members", "stays"]

    @extend_schema_field(StaySerializer(many=True))
    def get_stays(self, delegation: Delegation) -> Any:
        booked = [stay for stay in delegation.stays.all() if stay.status == Stay.Status.BOOKED]
        return StaySerializer(booked, many=True).data


class StayRequestSerializer(serializers.Serializer):
    """A stay takes the whole room; its members share it."""

    delegation = serializers.IntegerField(min_value=1)
    guest_room = serializers.IntegerField(min_value=1)
    members = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=MANY)
    start = DayOrMomentField()
    end = DayOrMomentField()

    def changes(self, hours: tuple[Any, Any]) -> dict[str, Any]:
        """The given fields, named as in `rules.StayRequest`; `hours` turn a day into check-in and check-out."""
        data = dict(self.validated_data)
        for name, hour in zip(("start", "end"), hours, strict=True):
            if name in data and not isinstance(data[name], datetime):
                data[name] = hour(data[name])
        if "members" in data:
            data["member_ids"] = tuple(data.pop("members"))
        return {f"{name}_id" if name in _IDS else name: value for name, value in data.items()}

    def request(self, hours: tuple[Any, Any]) -> StayRequest:
        return StayRequest(**self.changes(hours))


class IdentitySerializer(serializers.Serializer):
    identity_number = serializers.CharField()
