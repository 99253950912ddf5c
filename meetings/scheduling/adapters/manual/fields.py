"""What a carrier gives for a session, by mail or on the phone."""

from django.utils.translation import gettext_lazy as _

from meetings.scheduling.adapters.base import Field

ACCESS = (
    Field("url", _("Link"), address=True, help=_("Where the carrier gives one.")),
    Field("meeting_id", _("Meeting ID")),
    Field("password", _("Password"), secret=True),
    Field("phone", _("Operator's phone")),
)
