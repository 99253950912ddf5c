"""A Jitsi Meet server with token authentication."""

from django.utils.translation import gettext_lazy as _

from meetings.scheduling.adapters.base import Field

SETUP = (
    Field("url", _("Address of the server"), required=True, address=True, help="https://meet.langson.gov.vn"),
    Field("app_id", _("Application ID"), required=True, help=_("As in the server's token settings (app_id).")),
    Field(
        "key",
        _("Signing key"),
        secret=True,
        required=True,
        shortest=32,
        help=_("As in the server's token settings (app_secret), at least 32 characters."),
    ),
)
