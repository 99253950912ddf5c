"""The outbox's calls to bridges. A call may be repeated: every adapter finds what is made already."""

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
    made = adapter_of(setup).create(setup_of(setup), meeting_of(standing), timezone.now())
    with transaction.atomic():
        meeting = BridgeMeeting.objects.select_for_update().filter(key=key).first()
        if meeting:
            meeting.sealed = locked({**made, **opened(meeting.sealed)})  # what a person has entered stays
            meeting.made_at = meeting.made_at or timezone.now()
            meeting.save(update_fields=["sealed", "made_at"])


def _end(setup: BridgeSetup, key: str, conference_id: int) -> None:
    conference = Conference.objects.get(pk=conference_id)
    meeting = Meeting(key, conference.title, conference.start, conference.end)
    adapter_of(setup).end(setup_of(setup), meeting)
