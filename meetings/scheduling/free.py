"""Free time: of everything at once, and of each room on one day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from backend.accounts.models import User
from backend.common.api import MomentField
from backend.common.errors import Invalid
from backend.common.periods import Period, local_date, local_time
from backend.reservations import ledger
from backend.reservations.queries import Busy, busy
from meetings.scheduling.models import HOLDER
from meetings.scheduling.places import rooms_for
from meetings.scheduling.refusals import holder_names
from meetings.scheduling.rules import OFFICE_DAY
from meetings.sites.queries import Seat, rooms_visible_to

LONGEST_SEARCH = timedelta(days=92)


@dataclass(frozen=True)
class Question:
    site_ids: tuple[int, ...]
    room_ids: tuple[int, ...]
    within: Period
    minutes: int


class QuestionSerializer(serializers.Serializer):
    sites = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, max_length=5000)
    rooms = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, max_length=5000)
    minutes = serializers.IntegerField(min_value=1, max_value=24 * 60)

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "from": MomentField(), "to": MomentField()}  # “from” is no name in Python

    def validate(self, attrs: dict) -> dict:
        if not timedelta(0) < attrs["to"] - attrs["from"] <= LONGEST_SEARCH:
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


class FreeSlotsSerializer(serializers.Serializer):
    slots = SlotSerializer(many=True)
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


def slots(user: User, question: Question, now: datetime) -> dict[str, Any]:
    """Periods of at least `minutes` in which every room is free, and the rooms that are busiest.

    Over several days only the office's hours count; within one day the hours that were asked for.
    """
    rooms = rooms_for(user, question.site_ids, question.room_ids)
    rows = busy([room.resource_id for room in rooms], question.within, now)
    taken = [Period(row.start, row.end) for row in rows]
    gaps = [gap for window in windows(question.within) for gap in ledger.free_gaps(taken, window)]
    fitting = [gap for gap in gaps if gap.length >= timedelta(minutes=question.minutes)]
    return {
        "slots": SlotSerializer(fitting, many=True).data,
        "busiest": _busiest(rows, rooms, question.within),
    }


def windows(within: Period) -> list[Period]:
    first, last = local_date(within.start), local_date(within.end - timedelta(microseconds=1))
    if first == last:
        return [within]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    office = [Period(local_time(d, OFFICE_DAY[0]), local_time(d, OFFICE_DAY[1])) for d in days]
    return [Period(max(p.start, within.start), min(p.end, within.end)) for p in office if p.overlaps(within)]


def _busiest(rows: Iterable[Busy], rooms: Iterable[Seat], within: Period) -> list[dict[str, Any]]:
    minutes: Counter[int] = Counter()
    for row in rows:
        taken = min(row.end, within.end) - max(row.start, within.start)
        minutes[row.resource_id] += int(taken.total_seconds() // 60)
    by_resource = {room.resource_id: room for room in rooms}
    return [
        {"room": by_resource[resource].room_id, "name": _label(by_resource[resource]), "minutes": total}
        for resource, total in minutes.most_common(5)
    ]


def _label(room: Seat) -> str:
    return f"{room.room_name} ({room.site_name})"


def room_days(user: User, within: Period, now: datetime, site_id: int | None = None) -> list[dict[str, Any]]:
    """Each room with what holds it during `within`: staff see busy or free, and the holder where visible."""
    rooms = rooms_visible_to(user)
    if site_id is not None:
        rooms = rooms.filter(site_id=site_id)
        if not rooms:
            raise Invalid("unknown", _("Not a site with rooms."), field="site")
    found = list(rooms)
    rows = busy([room.resource_id for room in found], within, now)
    names = holder_names(user, {row.holder_id for row in rows if row.holder_kind == HOLDER})
    taken: dict[int, list[dict]] = {}
    for row in rows:
        held_by = names.get(row.holder_id) if row.holder_kind == HOLDER else None
        taken.setdefault(row.resource_id, []).append(
            {"start": row.start, "end": row.end, "held_by": held_by, "conference": row.holder_id if held_by else None}
        )
    return [
        {
            "room": room.pk,
            "name": room.name,
            "site": room.site_id,
            "site_name": room.site.name,
            "capacity": room.capacity,
            "equipment": room.equipment,
            "busy": taken.get(room.resource_id, []),
        }
        for room in found
    ]
