"""What a browser or a program may send, and the refusals that it may get."""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from backend.common.text import nfc

FRAME_BYTES = 16 * 1024
TEXT_CHARS = 1000
MESSAGES, SECONDS = 10, 10.0  # so many in so many seconds


class Refused(Exception):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Said:
    """Typed `text`, or the `payload` of a button: one of them is empty."""

    text: str = ""
    payload: str = ""


def read(text_data: str | None) -> Said:
    """Raises Refused: `too_large`, `bad_frame`, `too_long`, `empty`."""
    if text_data is None or len(text_data.encode()) > FRAME_BYTES:
        raise Refused("too_large", _("This message is too large."))
    try:
        frame = json.loads(text_data)
    except (ValueError, RecursionError) as error:
        raise Refused("bad_frame", _("This message is not valid JSON.")) from error
    if not isinstance(frame, dict):
        raise Refused("bad_frame", _("This message is not a JSON object."))
    if frame.get("type") == "message":
        return Said(text=_text(frame.get("text")))
    if frame.get("type") == "button" and isinstance(frame.get("payload"), str) and frame["payload"]:
        return Said(payload=frame["payload"])
    raise Refused("bad_frame", _("Send a message with its text, or a button with its payload."))


def _text(value: Any) -> str:
    """Typed words. A leading slash is the assistant's own command sign: nobody types commands."""
    if not isinstance(value, str):
        raise Refused("bad_frame", _("Send a message with its text, or a button with its payload."))
    text = " ".join(nfc(value).split()).lstrip("/ ")
    if len(text) > TEXT_CHARS:
        raise Refused("too_long", _("Please write at most %(n)d characters at once.") % {"n": TEXT_CHARS})
    if not any(character.isalnum() for character in text):
        raise Refused("empty", _("Please write in words what you would like to know or do."))
    return text


@dataclass
class Pace:
    """At most MESSAGES frames in SECONDS; `now` in seconds of a clock that only runs forward."""

    times: deque[float] = field(default_factory=deque)

    def check(self, now: float) -> None:
        """Raises Refused (`too_fast`)."""
        while self.times and self.times[0] <= now - SECONDS:
            self.times.popleft()
        if len(self.times) >= MESSAGES:
            raise Refused("too_fast", _("That was too fast. Please wait a few seconds, then write again."))
        self.times.append(now)
