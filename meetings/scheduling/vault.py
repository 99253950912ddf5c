"""Values that give entry, sealed as one JSON object."""

import json
from collections.abc import Mapping

from backend.common.sealing import seal, unseal
from meetings.scheduling.adapters import ADAPTERS
from meetings.scheduling.adapters.base import Adapter, Meeting, Setup
from meetings.scheduling.bridge_models import BridgeMeeting, BridgeSetup


def locked(values: Mapping[str, str]) -> bytes:
    return seal(json.dumps(dict(values)))


def opened(sealed: bytes | memoryview) -> dict[str, str]:
    return json.loads(unseal(bytes(sealed)))


def adapter_of(setup: BridgeSetup) -> Adapter:
    return ADAPTERS[setup.adapter]


def setup_of(setup: BridgeSetup) -> Setup:
    """For an adapter, and for nobody else."""
    return Setup({**setup.settings, **opened(setup.sealed)})


def meeting_of(meeting: BridgeMeeting) -> Meeting:
    """The title is the conference's public one."""
    conference = meeting.conference
    return Meeting(meeting.key, conference.title, conference.start, conference.end, opened(meeting.sealed))
