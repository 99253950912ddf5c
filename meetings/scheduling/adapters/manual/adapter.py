"""A carrier's system without an interface of its own: what its operator gives is typed in and passed on."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from meetings.scheduling.adapters.base import Adapter, Attendee, Meeting, Setup
from meetings.scheduling.adapters.manual.fields import ACCESS


class Manual(Adapter):
    key = "manual"
    title = _("A carrier's operator")
    about = _("The carrier gives an ID, a password and a phone number; each conference may have its own.")
    fields = ACCESS
    shown = ACCESS
    by_hand = True

    def create(self, setup: Setup, meeting: Meeting, now: datetime) -> dict[str, str]:
        """What always holds; what differs each time, a person enters at the conference."""
        return {field.name: setup[field.name] for field in ACCESS if setup[field.name]}

    def enter(self, setup: Setup, meeting: Meeting, attendee: Attendee, now: datetime) -> str:
        return meeting.access.get("url", "")
