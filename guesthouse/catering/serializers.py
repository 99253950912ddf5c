"""The public form of meals, in and out."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from backend.common.api import MomentField, TextField
from guesthouse.catering.models import MealService
from guesthouse.catering.rules import MealRequest

MOST_SERVINGS = 100_000
MOST_DIETS = 50


class MealRequestSerializer(serializers.Serializer):
    """For a delegation or a conference, exactly one. The end follows from the kind."""

    delegation = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    conference = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    kitchen = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    kind = serializers.ChoiceField(choices=MealService.Kind.choices)
    start = MomentField()
    servings = serializers.IntegerField(min_value=1, max_value=MOST_SERVINGS)
    menu = TextField(max_length=5000, required=False, allow_blank=True)
    diets = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=MOST_SERVINGS), required=False, help_text="{diet: count}"
    )

    def validate_diets(self, value: dict[str, int]) -> dict[str, int]:
        if len(value) > MOST_DIETS or any(not 0 < len(name) <= 100 for name in value):
            raise serializers.ValidationError(_("At most 50 diets, each named in at most 100 characters."))
        return value

    def changes(self) -> dict[str, Any]:
        """The given fields, named as in `rules.MealRequest`."""
        data = self.validated_data
        return {f"{name}_id" if name in _IDS else name: value for name, value in data.items()}

    def request(self) -> MealRequest:
        return MealRequest(**self.changes())


_IDS = {"delegation", "conference", "kitchen"}


class MealServiceSerializer(serializers.ModelSerializer):
    kitchen_name = serializers.CharField(source="kitchen.name", read_only=True)
    party = serializers.SerializerMethodField(help_text="Whom it is for, in words")

    class Meta:
        model = MealService
        fields = [
            "id", "delegation", "conference", "party", "kitchen", "kitchen_name", "kind", "start", "end", "servings",
            "menu", "diets", "status", "to_check", "version",
        ]  # fmt: skip

    def get_party(self, meal: MealService) -> str:
        if meal.delegation:
            return meal.delegation.name
        return f"{meal.conference.code} · {meal.conference.title}" if meal.conference else ""
