"""The meaning that travels beside an entity's words. Pure: no Rasa."""

import re
from datetime import datetime
from typing import Any

from bot.vntime.grammar import context
from bot.vntime.numbers import number
from bot.vntime.reading import Reading
from bot.vntime.settings import VIETNAM, Settings
from bot.vntime.text import tokens

LENGTHS = {"W": 7 * 86400, "D": 86400, "H": 3600, "M": 60}


def resolved_time(reading: Reading) -> dict[str, Any]:
    found = reading.as_dict(details=True)
    if reading.kind == "duration":
        found["seconds"] = seconds(str(reading.value))
    return found


def seconds(duration: str) -> int | None:
    """None for months and years, whose length depends on the day."""
    day, _, clock = duration.removeprefix("P").partition("T")
    parts = re.findall(r"(\d+)([YMWD])", day)
    if any(unit in "YM" for _, unit in parts):
        return None
    parts += re.findall(r"(\d+)([HM])", clock)
    return sum(int(count) * LENGTHS[unit] for count, unit in parts)


def resolved_number(text: str) -> dict[str, Any] | None:
    """The first number of "18 đại biểu", "bốn"."""
    c = context(tokens(text), datetime(2026, 1, 1, tzinfo=VIETNAM), Settings())
    for at in range(len(c)):
        for _, value in number(c, at):
            return {"number": value}
    return None
