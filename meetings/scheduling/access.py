"""Reading how a conference is joined: what one dials or types, one's own link, and how the bridge's call went."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from backend.accounts.models import User
from backend.accounts.queries import may
from backend.outbox.models import Message
from meetings.scheduling.adapters.base import Field
from meetings.scheduling.bridge_models import BridgeMeeting, BridgeSetup, JoinLink
from meetings.scheduling.bridging import KEEPERS
from meetings.scheduling.models import Conference
from meetings.scheduling.vault import adapter_of, opened


@dataclass(frozen=True)
class Row:
    """One line of what people dial or type."""

    name: str
    label: Any
    value: str


@dataclass(frozen=True)
class Way:
    """One participant's way in; `url` is empty when their link was stopped."""

    participant: int
    name: str
    url: str


@dataclass(frozen=True)
class Access:
    """`state`: waiting, made, failed or ended. `ways` is filled for those who keep the conference alone."""

    bridge: str
    kind: str
    state: str
    error: str
    message_id: int | None
    rows: tuple[Row, ...]
    own_url: str
    fields: tuple[Field, ...]
    ways: tuple[Way, ...]
    keeps: bool


def of_conference(user: User, conference: Conference) -> Access | None:
    """For somebody who may see `conference`; None while it has no meeting on a bridge that is set up.

    Of a secret conference only cleared persons read what gives entry.
    """
    meetings = BridgeMeeting.objects.filter(conference=conference, bridge__setup__isnull=False)
    meeting = meetings.select_related("bridge__setup").first()
    if meeting is None:
        return None
    adapter, keeps = adapter_of(meeting.bridge.setup), may(user, conference.convening_unit, *KEEPERS)
    last = Message.objects.filter(order_key=f"bridge:{meeting.key}").defer("body").order_by("id").last()
    links = JoinLink.objects.filter(conference=conference).select_related("participant")
    own = links.filter(participant__person__user=user.pk, stopped_at=None).first()
    readable = user.cleared or not conference.is_secret
    return Access(
        bridge=meeting.bridge.name,
        kind=str(adapter.title),
        state=_state(meeting, last),
        error=last.error if last and last.state == Message.State.FAILED and keeps else "",
        message_id=last.pk if last and keeps else None,
        rows=tuple(rows_of(meeting)) if readable else (),
        own_url=url_of(own) if own else "",
        fields=adapter.shown if keeps and adapter.by_hand and readable else (),
        ways=tuple(_ways(links)) if keeps else (),
        keeps=keeps,
    )


def _state(meeting: BridgeMeeting, last: Message | None) -> str:
    if meeting.ended_at:
        return "ended"
    if last and last.state == Message.State.FAILED:
        return "failed"
    return "made" if meeting.made_at else "waiting"


def rows_of(meeting: BridgeMeeting) -> list[Row]:
    """What one dials or types to enter it."""
    fields, values = adapter_of(meeting.bridge.setup).shown, opened(meeting.sealed)
    return [Row(field.name, field.label, values[field.name]) for field in fields if values.get(field.name)]


def _ways(links: Iterable[JoinLink]) -> list[Way]:
    newest = {link.participant_id: link for link in links}  # ordered by id
    return [
        Way(pk, link.participant.name, "" if link.stopped_at else url_of(link)) for pk, link in sorted(newest.items())
    ]


def url_of(link: JoinLink) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}/join/{link.token}/"


def join_urls(conference: Conference) -> dict[int | None, str]:
    """The address of each participant's link that works, by the participant's id; one statement."""
    links = JoinLink.objects.filter(conference=conference, stopped_at=None)
    return {link.participant_id: url_of(link) for link in links}


def kept_secrets(setup: BridgeSetup) -> set[str]:
    """Names of the secrets that are stored; never what they are."""
    return {name for name, value in opened(setup.sealed).items() if value}
