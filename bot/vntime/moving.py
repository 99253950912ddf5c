"""Which of two times something moves from, and which it moves to: "dời từ 9h sang 14h", "move it from 9 to 2pm"."""

from collections.abc import Iterator
from dataclasses import replace

from .api import expression
from .grammar import Context
from .reading import Reading, merged

Found = tuple[int, int, Reading]
Roled = tuple[int, int, Reading, str | None]
MOVES = (
    "dời", "chuyển", "lùi", "hoãn", "đổi", "đẩy", "dịch", "move", "reschedule", "postpone", "shift", "push", "change",
    "delay", "dịch", "rời",
)  # fmt: skip
TO_WORDS = ("sang", "qua", "vào", "đến", "tới", "thành", "lên", "về", "xuống", "to", "until", "into")
FROM_WORDS = ("từ", "from")
MOVED = ("instant", "interval", "date", "time_range")


def moves(c: Context) -> bool:
    return any(c.at(at, *MOVES) and not _looks_so(c, at) for at in range(len(c)))


def _looks_so(c: Context, at: int) -> bool:
    """Without diacritics "doi" may be of "phòng đôi", "day" is "đây", "roi" is "rồi"."""
    unsure = c.fold(at) in ("day", "roi") or c.at(at - 1, "phòng", "p", "giường")
    return not c.found[at].marks and not c.found[at].repaired and unsure


def later_target(c: Context, at: int) -> bool:
    """Whether a word that introduces the target, with something like a time behind it, comes after that position."""
    for n in range(at + 1, len(c) - 1):
        if c.at(n, *TO_WORDS) and any(True for _ in expression(replace(c, found=c.found[: n + 8]), n + 1)):
            return True
    return False


def with_roles(c: Context, spans: list[Found]) -> list[Roled]:
    if not moves(c):
        return [(*one, None) for one in spans]
    parted = [piece for one in spans for piece in _ends(c, one, alone=_only(spans, one))]
    targets = [piece for piece in parted if _target(c, piece)]
    return [_roled(c, piece, has_target=bool(targets)) for piece in parted]


def _only(spans: list[Found], one: Found) -> bool:
    return all(other is one or other[2].kind not in MOVED for other in spans)


def _ends(c: Context, one: Found, *, alone: bool) -> Iterator[Found]:
    """A single range after a verb that moves is its two ends; "sang từ 9h đến 11h" is where it goes."""
    begin, end, reading = one
    if alone and c.at(begin, *FROM_WORDS) and not c.at(begin - 1, *TO_WORDS):
        for middle in range(begin + 2, end - 1):
            left, right = _exact(c, begin + 1, middle), _exact(c, middle + 1, end)
            if c.at(middle, *TO_WORDS) and left and right:
                yield begin + 1, middle, left
                yield middle + 1, end, right
                return
    yield begin, end, reading


def _exact(c: Context, begin: int, end: int) -> Reading | None:
    found = [r for stop, r in expression(replace(c, found=c.found[:end], within=False), begin) if stop == end]
    return merged(found) if found else None


def _target(c: Context, one: Found) -> bool:
    begin, _, reading = one
    return reading.kind in MOVED and (c.at(begin - 1, *TO_WORDS) or c.at(begin, "đến", "tới", "to", "until"))


def _roled(c: Context, one: Found, *, has_target: bool) -> Roled:
    begin, end, reading = one
    if reading.kind not in MOVED:
        return (*one, None)
    if _target(c, one):
        inner = _exact(c, begin + 1, end) if c.at(begin, "đến", "tới", "to", "until") else None
        return (begin + 1, end, inner, "to") if inner else (*one, "to")
    if c.at(begin, *FROM_WORDS):
        inner = _exact(c, begin + 1, end)
        return (begin + 1, end, inner, "from") if inner else (*one, "from")
    return (*one, "from" if has_target or c.at(begin - 1, *FROM_WORDS) else None)
