"""BigBlueButton by its HTTP API (docs.bigbluebutton.org/development/api): create, join, end, each with a checksum.

A server knows running meetings only and forgets them when it restarts, and `create` with the same parameters may be
repeated: so it is called again before each entry.
"""

import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlencode
from xml.etree import ElementTree

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.outbox.rules import Refused, TryAgain
from meetings.scheduling.adapters import http
from meetings.scheduling.adapters.base import GRACE, Adapter, Attendee, Meeting, Setup
from meetings.scheduling.adapters.bigbluebutton.fields import SETUP

GONE = "notFound"


class BigBlueButton(Adapter):
    key = "bigbluebutton"
    title = "BigBlueButton"
    about = _("The meeting is made on the server, and ended there when the conference is cancelled.")
    fields = SETUP

    def create(self, setup: Setup, meeting: Meeting, now: datetime) -> dict[str, str]:
        """The server keeps an empty meeting until an hour after the end, and records nothing."""
        waits = max(int((meeting.end + GRACE - now).total_seconds() // 60), 1)
        _call(setup, "create", {
            "name": meeting.title,
            "meetingID": meeting.key,
            "attendeePW": _password(setup, meeting, "attendee"),
            "moderatorPW": _password(setup, meeting, "moderator"),
            "record": "false",
            "meetingExpireIfNoUserJoinedInMinutes": str(waits),
        })  # fmt: skip
        return {}

    def enter(self, setup: Setup, meeting: Meeting, attendee: Attendee, now: datetime) -> str:
        self.create(setup, meeting, now)
        role = "moderator" if attendee.leads else "attendee"
        query = signed(setup, "join", {
            "fullName": attendee.name,
            "meetingID": meeting.key,
            "password": _password(setup, meeting, role),
            "role": "MODERATOR" if attendee.leads else "VIEWER",
            "userID": attendee.id,
            "redirect": "true",
        })  # fmt: skip
        return f"{_base(setup)}/join?{query}"

    def end(self, setup: Setup, meeting: Meeting) -> None:
        password = _password(setup, meeting, "moderator")
        _call(setup, "end", {"meetingID": meeting.key, "password": password}, passing=GONE)


def signed(setup: Setup, call: str, parameters: dict[str, str]) -> str:
    """The query string with its checksum: the digest of call, query and secret, joined without a separator."""
    query = urlencode(parameters)
    digest = hashlib.new(setup["digest"] or "sha256", f"{call}{query}{setup['secret']}".encode())
    return f"{query}&checksum={digest.hexdigest()}"


def _base(setup: Setup) -> str:
    """Administrators paste the address with or without its last part."""
    return f"{setup['url'].rstrip('/').removesuffix('/api')}/api"


def _password(setup: Setup, meeting: Meeting, role: str) -> str:
    """Always the same for a meeting: `create` may be repeated only with the same passwords."""
    return hmac.new(setup["secret"].encode(), f"{meeting.key}:{role}".encode(), hashlib.sha256).hexdigest()[:24]


def _call(setup: Setup, call: str, parameters: dict[str, str], passing: str = "") -> None:
    """Refused with the server's own key of what is wrong, unless that is `passing`."""
    answer = _parsed(http.get(_base(setup), call, signed(setup, call, parameters)))
    key = (answer.findtext("messageKey") or "")[:60]
    if answer.findtext("returncode") == "SUCCESS" or (passing and key == passing):
        return
    raise Refused(_t("BigBlueButton refuses “%(call)s”: %(key)s.") % {"call": call, "key": key or "?"})


def _parsed(body: bytes) -> ElementTree.Element:
    """What a proxy says in place of the server may pass; a document that declares entities is not read."""
    try:
        if b"<!" in body:
            raise ElementTree.ParseError("declarations")
        root = ElementTree.fromstring(body)  # noqa: S314  (nothing is declared, and the size is bounded)
    except ElementTree.ParseError as error:
        raise TryAgain(_t("What answers there is no BigBlueButton.")) from error
    if root.tag != "response":
        raise TryAgain(_t("What answers there is no BigBlueButton."))
    return root
