"""Parts of one invitation → the mail that carries them (RFC 6047, CalConnect's iMIP tree); pure.

multipart/mixed
├─ multipart/alternative: text/plain, text/html, text/calendar;method=… last
└─ application/ics invite.ics: the same bytes, for programs that look at attachments only
No other attachment: some versions of Outlook then show an empty body.
"""

from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from meetings.invitations.text import one_line

FILE_NAME = "invite.ics"


class _Encoded(EmailPolicy):
    """Headers go out as they were encoded here. The standard policy folds each through a parse tree: 2 ms a header."""

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        return name, value

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


POLICY = _Encoded(linesep="\r\n", cte_type="7bit", refold_source="none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`sender` is the calendar object's ORGANIZER; `method` its METHOD; `message_id` with its angle brackets."""

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    subject: str
    message_id: str
    date: datetime
    language: str
    plain: str
    html: str
    calendar: bytes
    method: str


def build(parts: Parts) -> EmailMessage:
    """A mail to one person, 7 bit clean; the same parts give the same bytes.

    ValueError for an address or header that cannot be written.
    """
    mail = EmailMessage(policy=POLICY)
    _headers(mail, parts)
    mail.set_content(parts.plain, cte="base64")
    mail.add_alternative(parts.html, subtype="html", cte="base64")
    kind = {"method": parts.method, "charset": "utf-8"}
    mail.add_alternative(parts.calendar, maintype="text", subtype="calendar", cte="base64", params=kind)
    mail.add_attachment(
        parts.calendar, maintype="application", subtype="ics", filename=FILE_NAME, params={"name": FILE_NAME}
    )
    mail.set_boundary("=_outer_")  # base64 has no underscore, so that no part can end at these
    next(mail.iter_parts()).set_boundary("=_inner_")
    mail["Content-Language"] = parts.language  # last: what is added to a mail takes its Content- headers away
    return mail


def _headers(mail: EmailMessage, parts: Parts) -> None:
    sender = _mailbox(parts.sender_name, parts.sender)
    mail["From"] = sender
    mail["Reply-To"] = sender
    mail["To"] = _mailbox(parts.recipient_name, parts.recipient)
    mail["Subject"] = _words(parts.subject)
    mail["Date"] = format_datetime(parts.date)
    mail["Message-ID"] = parts.message_id
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers a machine
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"


def _mailbox(name: str, address: str) -> str:
    _check(address)
    return f"{_words(name)}\r\n <{address}>" if one_line(name) else address


def _check(address: str) -> None:
    try:
        validate_email(address.encode("ascii").decode())
    except (ValidationError, UnicodeError) as error:
        raise ValueError(f"not a mail address: {address!r}") from error


def _words(text: str) -> str:
    return Header(one_line(text), "utf-8", header_name="Reply-To").encode(linesep="\r\n")
