"""A conference unit with standing virtual rooms: endpoints dial its SIP or H.323 address and give a PIN."""

import re
from collections.abc import Container
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.outbox.rules import Refused
from meetings.scheduling.adapters.base import Adapter, Meeting, Setup
from meetings.scheduling.adapters.dial.fields import SETUP, SHOWN


class Dial(Adapter):
    key = "dial"
    title = _("Dial-in by SIP or H.323")
    about = _("Endpoints dial a virtual room of a conference unit and give its PIN.")
    fields = SETUP
    shown = SHOWN
    by_hand = True
    numbered = True

    def create(self, setup: Setup, meeting: Meeting, now: datetime) -> dict[str, str]:
        """Both dial strings of the room; the PIN is the rooms'. Refused when every room has its conference."""
        if not (setup["sip"] or setup["h323"]):
            raise Refused(_t("Neither a SIP domain nor an H.323 address is set up."))
        number = free_number(setup["number"], meeting.taken)
        dialled = {
            "sip": "@".join(filter(None, (number, setup["sip"]))) if setup["sip"] else "",
            "h323": "##".join(filter(None, (setup["h323"], number))) if setup["h323"] else "",
            "number": number,
            "pin": setup["pin"],
            "phone": setup["phone"],
        }
        return {name: value for name, value in dialled.items() if value}


_RANGE = re.compile(r"(\d{1,9})\s*[-–]\s*(\d{1,9})")


def free_number(numbers: str, taken: Container[str]) -> str:
    """The first number of a range such as 8001-8020 that is not taken; what is no range is one standing room."""
    match = _RANGE.fullmatch(numbers)
    if match is None:
        return numbers
    first, last = (int(text) for text in match.groups())
    names = (str(number).zfill(len(match[1])) for number in range(first, last + 1))
    free = next((name for name in names if name not in taken), None)
    if free is None:
        raise Refused(_t("Every virtual room of %(numbers)s has its conference.") % {"numbers": numbers})
    return free
