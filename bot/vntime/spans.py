"""find() looks for the expressions of time in a sentence."""

import re
from dataclasses import replace
from datetime import datetime

from .api import expression
from .durations import CUES
from .grammar import Context, context
from .moving import TO_WORDS, later_target, moves, with_roles
from .reading import Reading, Span, merged
from .settings import Settings
from .text import tokens

LONGEST_TEXT = 2000  # characters that are looked at
CODE = re.compile(r"\b[A-Za-z]{2,5}-\d{4}-\d+\b")
OUTSIDE = ("vào", "trong", "khoảng", "tầm", "hồi", "about", "around", "của", "of", "for")
TITLES = ("anh", "chị", "cô", "ông", "bà", "bác", "chú", "em", "chí", "thầy", "bạn", "c", "a", "đ", "mr", "ms", "mrs")
MEALS = ("cơm", "bữa", "ăn", "suất", "tiệc", "xuất", "món", "phần")
PART_NAMES = ("sáng", "trưa", "chiều", "tối", "đêm", "khuya")


def find(text: str, now: datetime, settings: Settings | None = None) -> list[Span]:
    """The expressions in order, each as long as it can be, with offsets of `text`. Prepositions that are no part of the
    time ("vào", "trong") stay outside, and so do "từ" and "sang" where something moves."""
    head = text[:LONGEST_TEXT]
    c = replace(context(tokens(head), now, settings or Settings()), within=True)
    codes = [found.span() for found in CODE.finditer(head)]
    spans: list[tuple[int, int, Reading]] = []
    at = 0
    while at < len(c):
        found = None if _blocked(c, at, codes) else _longest(c, at)
        if found:
            spans.append(found)
            at = found[1]
        else:
            at += 1
    return [_span(head, c, *one) for one in with_roles(c, spans)]


def _span(text: str, c: Context, begin: int, end: int, reading: Reading, role: str | None) -> Span:
    start, stop = c.found[begin].start, c.found[end - 1].end
    return Span(start, stop, text[start:stop], reading, role)


def _blocked(c: Context, at: int, codes: list[tuple[int, int]]) -> bool:
    token = c.found[at]
    if any(start <= token.start < end for start, end in codes):
        return True
    inside_word = at > 0 and c.found[at - 1].word == token.word
    joined = c.glued(at) and c.fold(at - 1) in "-/._" and c.glued(at - 1) and c.found[at - 2].fold[0].isalnum()
    outside = c.at(at, *OUTSIDE) and not c.first(at, *CUES)
    return inside_word or joined or outside or _other_word(c, at)


def _other_word(c: Context, at: int) -> bool:
    """Words that only look like time: a person's name, a meal, a preposition."""
    if c.at(at, "mai") and (c.at(at - 1, *TITLES) or _in_name(c, at)):
        return True
    if c.at(at, *PART_NAMES) and c.at(at - 1, *MEALS):
        return True
    if c.at(at - 1, "good") or c.after(at - 1, "chào buổi") or c.after(at - 2, "chào buổi"):
        return True
    if c.at(at, "chiều") and c.at(at - 1, "máy", "màn", "trình"):  # a projector, typed without diacritics
        return True
    preposition = c.at(at, "sang") and not c.found[at].marks and not c.at(at - 1, *TO_WORDS)
    return preposition and moves(c) and not later_target(c, at)


def _in_name(c: Context, at: int) -> bool:
    """ "Mai" between other words with a capital."""
    return c.capital(at) and (c.capital(at - 1) or c.capital(at + 1)) and at > 0


def _longest(c: Context, at: int) -> tuple[int, int, Reading] | None:
    by_end: dict[int, list[Reading]] = {}
    for end, reading in expression(c, at):
        by_end.setdefault(end, []).append(reading)
    if not by_end and c.at(at, "nay") and at == 0:
        by_end = {1: [Reading("date", c.today.isoformat(), c.today.isoformat())]}
    for end in sorted(by_end, reverse=True):
        begin = c.first(at, *CUES) or at if by_end[end][0].kind == "duration" else at
        if _whole(c, end) and not _weak(c, begin, end):
            return _split(c, begin, end, merged(by_end[end]))
    return None


def _whole(c: Context, end: int) -> bool:
    """The expression must not end inside a written word or number."""
    if end >= len(c):
        return True
    return c.found[end].word != c.found[end - 1].word and not (
        (c.number(end) and c.glued(end)) or (c.fold(end) == "/" and c.glued(end) and c.glued(end + 1))
    )


def _weak(c: Context, begin: int, end: int) -> bool:
    """Too little to call it a time: a lone "toi" or "sang" without diacritics, "quý IV" of a title, "24/7"."""
    first = c.found[begin]
    alone = end - begin == 1
    if alone and first.fold in ("sang", "toi", "dem", "qua", "am") and not first.marks:
        return True
    if c.at(begin, "quý", "năm") and not c.at(end - 1, "này", "nay", "sau", "tới", "trước"):
        return not c.at(begin - 1, "trong", "cả", "hết", "của", "đầu", "cuối")
    if c.after(end, "đầu năm") or c.after(end, "cuối năm") or c.after(end, "đầu nhiệm kỳ"):
        return True
    if first.fold in ("t", "th") and c.number(begin + 1) and end - begin == 2 and c.fold(begin + 1) not in "234567":
        return True
    return [c.fold(n) for n in range(begin, end)] == ["24", "/", "7"]


def _split(c: Context, begin: int, end: int, reading: Reading) -> tuple[int, int, Reading]:
    """Where something moves, "9h sang thu 6" without diacritics is from nine to Friday, unless a target follows."""
    if not moves(c) or later_target(c, end - 1):
        return begin, end, reading
    if _preposition(c, end - 1) and any(True for _ in expression(c, end)):
        left = [r for stop, r in expression(replace(c, found=c.found[: end - 1]), begin) if stop == end - 1]
        return (begin, end - 1, merged(left)) if left else (begin, end, reading)
    for middle in range(begin + 1, end - 1):
        if _preposition(c, middle):
            left = [r for stop, r in expression(replace(c, found=c.found[:middle]), begin) if stop == middle]
            right = [r for stop, r in expression(replace(c, found=c.found[:end]), middle + 1) if stop == end]
            if left and right:
                return begin, middle, merged(left)
    return begin, end, reading


def _preposition(c: Context, at: int) -> bool:
    """ "sang", "qua", "tới" without diacritics, which may be a part of the day as well."""
    return c.at(at, *TO_WORDS) and not c.found[at].marks and c.fold(at) in ("sang", "qua", "toi")
