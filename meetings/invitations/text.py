"""Text that people typed, made safe for calendar files and mail headers; pure."""

import re

from backend.common.text import nfc

_UNSENDABLE = re.compile("[\ud800-\udfff\x80-\x9f\ufffe\uffff]")
_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")


def prose(text: str) -> str:
    """NFC, line breaks as \\n, no control, override or unpaired surrogate character."""
    lines = _UNSENDABLE.sub("", nfc(_BREAK.sub("\n", text))).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def one_line(text: str) -> str:
    return " ".join(prose(text).split())


def parameter(text: str) -> str:
    """A name for a CN parameter. RFC 6868 writes quotes as ^' and carets as ^^, which Outlook and Zimbra show raw."""
    return one_line(text).replace('"', "'").replace("^", "")
