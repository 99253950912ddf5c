"""A conference unit with standing virtual rooms: endpoints dial its SIP or H.323 address and give a PIN."""

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

    def create(self, setup: Setup, meeting: Meeting, now: datetime) -> dict[str, str]:
        """Both dial strings of the room; the PIN is the room's."""
        if not (setup["sip"] or setup["h323"]):
            raise Refused(_t("Neither a SIP domain nor an H.323 address is set up."))
        number = setup["number"]
        dialled = {
            "sip": "@".join(filter(None, (number, setup["sip"]))) if setup["sip"] else "",
            "h323": "##".join(filter(None, (setup["h323"], number))) if setup["h323"] else "",
            "number": number,
            "pin": setup["pin"],
            "phone": setup["phone"],
        }
        return {name: value for name, value in dialled.items() if value}
