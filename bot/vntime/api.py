"""parse() reads a whole expression."""

from collections.abc import Iterator
from datetime import datetime

from .durations import cued, few_hours, from_now, lasting
from .grammar import Context, Found, context
from .points import point, readings
from .ranges import between, open_ended
from .reading import NOTHING, Reading, merged
from .recurrence import recurring
from .settings import Settings
from .text import tokens

LONGEST = 40  # tokens; no expression of time has more
POLITE = ("ạ", "nhé", "nha", "nhá", "please", ".", "!", "?", ",", "em", "à", "vậy")
LEADING = (
    "vào lúc",
    "vào hôm",
    "vào ngày",
    "vào",
    "trong",
    "khoảng",
    "tầm",
    "hồi",
    "on",
    "in the",
    "about",
    "around",
    ",",
)


def parse(text: str, now: datetime, settings: Settings | None = None) -> Reading:
    """What the whole text means at `now` (aware). kind None where some of it was not understood."""
    c = context(tokens(text), now, settings or Settings())
    if not 0 < len(c) <= LONGEST:
        return NOTHING
    last = len(c)
    while last > 1 and c.at(last - 1, *POLITE):
        last -= 1
    c = Context(c.found[:last], c.now, c.settings)
    for begin in _beginnings(c):
        found = [reading for end, reading in expression(c, begin) if end == last]
        if found:
            return merged(found)
    return NOTHING


def _beginnings(c: Context) -> Iterator[int]:
    yield 0
    lead = c.first(0, *LEADING)
    if lead:
        yield lead


def expression(c: Context, at: int) -> Found[Reading]:
    """Every expression that begins there; where two read the same words, the likelier comes first."""
    yield from recurring(c, at)
    yield from cued(c, at)
    yield from from_now(c, at)
    yield from between(c, at)
    for end, p in point(c, at):
        for found in readings(c, p):
            yield end, found
    yield from open_ended(c, at)
    yield from lasting(c, at)
    yield from few_hours(c, at)
