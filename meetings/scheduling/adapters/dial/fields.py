"""How a codec dials a conference unit (MCU)."""

from django.utils.translation import gettext_lazy as _

from meetings.scheduling.adapters.base import Field

NUMBER = Field(
    "number",
    _("Room number"),
    help=_("The virtual room that endpoints ask for: 8001; or several: 8001-8020, then each conference has its own."),
)
PIN = Field("pin", _("PIN"), secret=True)
PHONE = Field("phone", _("Operator's phone"))
SETUP = (
    Field("sip", _("SIP domain"), help=_("Dialled as room@domain: mcu.langson.gov.vn")),
    Field("h323", _("H.323 address"), help=_("Dialled as address##room: 10.20.0.5")),
    NUMBER,
    PIN,
    PHONE,
)
SHOWN = (Field("sip", "SIP"), Field("h323", "H.323"), NUMBER, PIN, PHONE)
