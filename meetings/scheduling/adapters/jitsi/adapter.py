"""Jitsi Meet: a room comes to be when somebody enters; who may is said by a signed token (RFC 7519, HS256)."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from django.utils.translation import gettext_lazy as _

from meetings.scheduling.adapters.base import GRACE, Adapter, Attendee, Meeting, Setup
from meetings.scheduling.adapters.jitsi.fields import SETUP

SKEW = timedelta(minutes=1)  # clocks differ


class Jitsi(Adapter):
    key = "jitsi"
    title = "Jitsi Meet"
    about = _("A room of its own for each conference; each participant enters by a signed token.")
    fields = SETUP

    def create(self, setup: Setup, meeting: Meeting, now: datetime) -> dict[str, str]:
        """Nothing to ask the server for: the room's name cannot be guessed, and only our tokens open it."""
        return {}

    def enter(self, setup: Setup, meeting: Meeting, attendee: Attendee, now: datetime) -> str:
        token = jwt.encode(claims(setup, meeting, attendee, now), setup["key"], algorithm="HS256")
        return f"{setup['url'].rstrip('/')}/{meeting.key}?{urlencode({'jwt': token})}"


def claims(setup: Setup, meeting: Meeting, attendee: Attendee, now: datetime) -> dict[str, Any]:
    """For this room and this person alone, until an hour after the end."""
    return {
        "iss": setup["app_id"],
        "aud": setup["app_id"],
        "sub": urlsplit(setup["url"]).hostname,
        "room": meeting.key,
        "nbf": now - SKEW,
        "exp": max(meeting.end, now) + GRACE,
        "context": {"user": {"id": attendee.id, "name": attendee.name, "moderator": attendee.leads}},
    }
