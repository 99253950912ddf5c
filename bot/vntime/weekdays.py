"""Names of the days of the week."""

from .grammar import Context, Found
from .numbers import small

ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT_DAYS = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6}


def weekday_name(c: Context, at: int) -> Found[int]:
    """Monday is 0. "t3" is a Tuesday; "t8" and later are months."""
    end = c.first(at, "chủ nhật", "chúa nhật")
    if end:
        yield end, 6
    elif c.fold(at) == "cn":
        yield at + 1, 6
    elif c.at(at, "thứ"):
        for after, number in _numbered(c, at + 1):
            yield after, number - 2
    elif c.fold(at) == "t" and not c.found[at].marks:
        follow = at + 2 if c.fold(at + 1) == "." else at + 1
        if c.number(follow) and c.glued(follow) and c.fold(follow) in "234567" and not _dated_t(c, at):
            yield follow + 1, int(c.fold(follow)) - 2
    elif c.fold(at) in ENGLISH_DAYS:
        yield at + 1, ENGLISH_DAYS.index(c.fold(at))
    elif c.english and c.fold(at) in SHORT_DAYS:
        yield at + 1, SHORT_DAYS[c.fold(at)]


def _numbered(c: Context, at: int) -> Found[int]:
    yield from small(c, at, 2, 7)
    if c.fold(at) == "nhat":
        yield at + 1, 8


def _dated_t(c: Context, at: int) -> bool:
    """ "15/t3": there the t is a month's."""
    return c.fold(at - 1) in ("/", "-") and c.number(at - 2) and c.fold(at - 3) != "t"
