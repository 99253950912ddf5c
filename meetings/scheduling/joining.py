"""The way in by a personal link: who it is for, when it opens, where it leads."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.common.periods import local_date
from backend.units.queries import figure
from meetings.scheduling.adapters.base import GRACE, Attendee
from meetings.scheduling.bridge_models import BridgeMeeting, JoinLink
from meetings.scheduling.figures import JOIN_MINUTES
from meetings.scheduling.models import Conference, Participant, Status
from meetings.scheduling.vault import adapter_of, meeting_of, setup_of

STANDING = (Status.APPROVED, Status.LIVE, Status.ENDED)


@dataclass(frozen=True)
class Door:
    """One person's way into one conference. `opens_at` and `closes_at`: aware."""

    link: JoinLink
    meeting: BridgeMeeting
    opens_at: datetime
    closes_at: datetime

    @property
    def conference(self) -> Conference:
        return self.link.conference


def door(token: str) -> Door | None:
    """None for a link that was stopped or never given, or where there is no longer anything to join."""
    links = JoinLink.objects.select_related(
        "conference__bridge_meeting__bridge__setup", "conference__host_site", "participant"
    )
    link = links.filter(token=token, stopped_at=None, conference__status__in=STANDING, conference__secrecy="none")
    found = link.filter(conference__bridge_meeting__bridge__setup__isnull=False).first()
    if found is None:
        return None
    conference = found.conference
    before = timedelta(minutes=figure(JOIN_MINUTES, on=local_date(conference.start)))
    return Door(found, conference.bridge_meeting, conference.start - before, conference.end + GRACE)


def enter(door: Door, now: datetime) -> str:
    """Where the browser goes; empty where one dials. Raises TryAgain or Refused when the bridge does not let in."""
    setup, person = door.meeting.bridge.setup, door.link.participant
    attendee = Attendee(id=f"p{person.pk}", name=person.name, leads=person.role == Participant.Role.CHAIR)
    return adapter_of(setup).enter(setup_of(setup), meeting_of(door.meeting), attendee, now)
