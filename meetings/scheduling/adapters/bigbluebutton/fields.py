"""A BigBlueButton server: both values are what `bbb-conf --secret` prints."""

from django.utils.translation import gettext_lazy as _

from meetings.scheduling.adapters.base import Field

SETUP = (
    Field(
        "url",
        _("Address of the server"),
        required=True,
        address=True,
        help=_("The URL that bbb-conf --secret prints: https://bbb.langson.gov.vn/bigbluebutton/"),
    ),
    Field("secret", _("Shared secret"), secret=True, required=True),
    Field(
        "digest",
        _("Checksum"),
        help=_("SHA-1 only where an old server knows no other."),
        choices=(("sha256", "SHA-256"), ("sha1", "SHA-1")),
    ),
)
