"""The local mail sink, and mails as a person reads them. Nothing of a mail is shown but its plain text."""

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Mail:
    key: str
    sender: str
    recipient: str
    subject: str
    date: str
    text: str
    method: str  # of the calendar part, such as REQUEST; empty without one
    calendar: str


def readable(content: bytes, key: str = "") -> Mail:
    """The parts of a mail that a person reads."""
    parsed = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(content)
    plain = parsed.get_body(("plain",))
    calendar = next((part for part in parsed.walk() if part.get_content_type() == "text/calendar"), None)
    return Mail(
        key=key,
        sender=str(parsed["From"] or ""),
        recipient=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or ""),
        date=str(parsed["Date"] or ""),
        text=plain.get_content() if plain else "",
        method=str(calendar.get_param("method", "")).upper() if calendar else "",
        calendar=calendar.get_content() if calendar else "",
    )


def mails(limit: int = 100) -> list[Mail]:
    """The newest mails of the sink, newest first; none where there is no sink."""
    if not settings.SINK_DIR or not Path(settings.SINK_DIR).is_dir():
        return []
    files = sorted(Path(settings.SINK_DIR).glob("new/*"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [readable(path.read_bytes(), path.name) for path in files[:limit]]
