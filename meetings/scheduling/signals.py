"""What higher parts may want to know, sent inside the transaction. Each receiver is one service call.

conference_approved(conference, actor, now); conference_changed(conference, actor, now, before: Before);
conference_cancelled(conference, actor, now). Sent for conferences that were approved; nothing else leaves the house.
Of a date of a series `conference_approved` is sent by the clock, when it is near; until then it has `announce_later`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal

conference_approved = Signal()
conference_changed = Signal()
conference_cancelled = Signal()


@dataclass(frozen=True)
class Before:
    """What stood before a change: times, rooms, and who was invited."""

    start: datetime
    end: datetime
    room_ids: frozenset[int]
    participant_ids: frozenset[int]
