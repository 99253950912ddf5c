"""The outbox's calls to bridges. A call may be repeated: every adapter finds what is made already."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.outbox import registry
from backend.outbox.models import Message
from backend.outbox.rules import Refused
from meetings.scheduling.adapters.base import Meeting
from meetings.scheduling.bridge_models import BridgeMeeting, BridgeSetup
from meetings.scheduling.bridging import CREATE
from meetings.scheduling.models import Conference
from meetings.scheduling.vault import adapter_of, locked, meeting_of, opened, setup_of


@registry.carrier(Message.Channel.BRIDGE)
def carry(message: Message) -> None:
    """Make or end one meeting. Raises TryAgain or Refused; what has been moved or cancelled meanwhile is not made."""
    setup = BridgeSetup.objects.filter(bridge=message.payload["bridge"]).first()
    if setup is None:
        raise Refused(_("This bridge is not set up."))
    act = _create if message.kind == CREATE else _end
    act(setup, message.payload["key"], message.payload["conference"])


def _create(setup: BridgeSetup, key: str, conference_id: int) -> None:
    standing = BridgeMeeting.objects.select_related("conference").filter(key=key, ended_at=None).first()
    if standing is None:
        return
    adapter, meeting, now = adapter_of(setup), meeting_of(standing), timezone.now()
    if not adapter.numbered:
        _store(key, adapter.create(setup_of(setup), meeting, now), now)
        return
    with transaction.atomic():
        BridgeSetup.objects.select_for_update().get(pk=setup.pk)  # one number after another
        numbered = replace(meeting, taken=_taken(setup, key, now))
        _store(key, adapter.create(setup_of(setup), numbered, now), now)


def _taken(setup: BridgeSetup, key: str, now: datetime) -> frozenset[str]:
    """Numbers of the other coming meetings: whatever hour they move to, no two meet in one room."""
    others = BridgeMeeting.objects.filter(bridge=setup.bridge_id, ended_at=None, conference__end__gt=now)
    sealed = others.exclude(key=key).values_list("sealed", flat=True)
    return frozenset(opened(each).get("number", "") for each in sealed)


@transaction.atomic
def _store(key: str, made: dict[str, str], now: datetime) -> None:
    meeting = BridgeMeeting.objects.select_for_update().filter(key=key).first()
    if meeting:
        meeting.sealed = locked({**made, **opened(meeting.sealed)})  # what a person has entered stays
        meeting.made_at = meeting.made_at or now
        meeting.save(update_fields=["sealed", "made_at"])


def _end(setup: BridgeSetup, key: str, conference_id: int) -> None:
    conference = Conference.objects.get(pk=conference_id)
    meeting = Meeting(key, conference.title, conference.start, conference.end)
    adapter_of(setup).end(setup_of(setup), meeting)
