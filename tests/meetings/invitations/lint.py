"""What our own calendar objects must be: the rules that no validator checks, and libical's tables of RFC 5546."""

import ctypes
import ctypes.util
import os
import re
import unicodedata
from functools import cache

import pytest

ADDRESSES = ("ORGANIZER", "ATTENDEE")


def faults(data: bytes) -> list[str]:
    """Every fault of an iCalendar object of ours; empty when it is clean."""
    text = data.decode("utf-8")
    return [*_bytes(data), *_characters(text), *_properties(unfold(text))]


def unfold(text: str) -> list[tuple[str, str, str]]:
    """(name, parameters, value) of each content line."""
    lines = text.replace("\r\n ", "").rstrip("\r\n").split("\r\n")
    return [_parts(line) for line in lines]


def _parts(line: str) -> tuple[str, str, str]:
    head = re.match(r'(?P<name>[A-Z0-9-]+)(?P<params>(?:;[A-Z-]+=(?:"[^"]*"|[^";:]*))*):(?P<value>.*)', line, re.DOTALL)
    assert head, f"not a content line: {line!r}"
    return head["name"], head["params"], head["value"]


def _bytes(data: bytes) -> list[str]:
    found = []
    lines = data.split(b"\r\n")
    if b"\r" in data.replace(b"\r\n", b"") or b"\n" in data.replace(b"\r\n", b""):
        found.append("a bare CR or LF")
    if lines[-1] != b"":
        found.append("no CRLF at the end")
    for line in lines:
        if len(line) > 75:
            found.append(f"{len(line)} octets in one line")
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            found.append("a line broken inside a character")
    return found


def _characters(text: str) -> list[str]:
    found = [] if unicodedata.is_normalized("NFC", text.replace("\r\n ", "")) else ["not NFC"]
    odd = {c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\r\n"}
    hidden = {c for c in text if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"}
    return found + [f"character {c!r}" for c in sorted(odd | hidden)]


def _properties(lines: list[tuple[str, str, str]]) -> list[str]:
    found = [f"empty {name}" for name, _params, value in lines if not value]
    zones = {value for name, _params, value in lines if name == "TZID"}
    used = {match[1] for _name, params, _value in lines if (match := re.search(";TZID=([^;]+)", params))}
    found += [f"no VTIMEZONE for {zone}" for zone in used - zones]
    found += [
        f"{name} without mailto:" for name, _p, value in lines if name in ADDRESSES and not value.startswith("mailto:")
    ]
    found += [f"RFC 6868 in {params}" for _name, params, _value in lines if "^" in params]
    times = {name: value for name, _params, value in lines if name in ("DTSTART", "DTEND")}
    if times["DTEND"] <= times["DTSTART"]:
        found.append("DTEND before DTSTART")
    return found


@cache
def _libical() -> ctypes.CDLL:
    name = ctypes.util.find_library("ical") or "libical.so.3"
    try:
        library = ctypes.CDLL(name)
    except OSError:
        reason = "libical3 is not installed"
        pytest.fail(reason) if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip(reason)
    for function in ("icalparser_parse_string", "icalcomponent_as_ical_string_r"):
        getattr(library, function).restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalcomponent_as_ical_string_r.argtypes = [ctypes.c_void_p]
    library.icalcomponent_free.argtypes = [ctypes.c_void_p]
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    return library


def libical_faults(data: bytes) -> list[str]:
    """libical's complaints after its parser and its iTIP restriction tables; skips (or fails) where it is missing."""
    library = _libical()
    component = library.icalparser_parse_string(data)
    if not component:
        return ["libical cannot read it"]
    try:
        library.icalrestriction_check(component)
        text = ctypes.string_at(library.icalcomponent_as_ical_string_r(component)).decode("utf-8")
    finally:
        library.icalcomponent_free(component)
    return [line for line in text.replace("\r\n ", "").split("\r\n") if line.startswith("X-LIC-ERROR")]
