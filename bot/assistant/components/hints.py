"""What is known of each token before anything is learned: part of a time, a code, a known name. Pure: no Rasa."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.vntime import Span, find
from bot.vntime.numbers import ENGLISH_WORDS, UNITS
from bot.vntime.text import Token, fold, tokens

CODE = re.compile(r"\b([A-Za-z]{2,5})[- ]?(\d{4})[- ](\d{3,6})\b")
NUMBER_WORDS = frozenset(map(fold, UNITS)) | frozenset(ENGLISH_WORDS) | {"muoi", "chuc"}
DURATION = "duration"


@dataclass(frozen=True)
class Lexicon:
    """Known names, by kind ("place", "equipment", …), as folded syllables."""

    names: Mapping[str, frozenset[tuple[str, ...]]]

    @classmethod
    def of(cls, names: Mapping[str, Iterable[str]]) -> "Lexicon":
        return cls({kind: frozenset(map(_syllables, listed)) for kind, listed in names.items()})

    def marks(self, found: Sequence[Token]) -> list[str]:
        """For each token "B-" or "I-" with the kind of the longest name that it is part of, or nothing."""
        out = [""] * len(found)
        syllables = tuple(token.fold for token in found)
        at = 0
        while at < len(found):
            size, kind = self._longest(syllables, at)
            for n in range(size):
                out[at + n] = f"{'I' if n else 'B'}-{kind}"
            at += size or 1
        return out

    def _longest(self, syllables: tuple[str, ...], at: int) -> tuple[int, str]:
        for size in (5, 4, 3, 2, 1):
            part = syllables[at : at + size]
            kind = next((kind for kind, names in self.names.items() if part in names), None)
            if len(part) == size and kind and not (kind == "place" and size == 1):
                return size, kind
        return 0, ""


def _syllables(name: str) -> tuple[str, ...]:
    return tuple(token.fold for token in tokens(name))


@dataclass(frozen=True)
class Hints:
    """For each token what it is part of ("" = nothing): of a time, "dur" or "code", and of a known name."""

    tokens: tuple[Token, ...]
    labels: list[str]
    names: list[str]
    times: list[Span]
    codes: list[tuple[int, int, str]]


def read(text: str, now: datetime, lexicon: Lexicon) -> Hints:
    found = tokens(text)
    times = find(text, now)
    codes = [(m.start(), m.end(), "-".join(m.groups()).upper()) for m in CODE.finditer(text)]
    labels = [""] * len(found)
    for span in times:
        _mark(labels, found, span.start, span.end, "dur" if span.reading.kind == DURATION else "time")
    for start, end, _ in codes:
        _mark(labels, found, start, end, "code")
    return Hints(found, labels, lexicon.marks(found), times, codes)


def _mark(labels: list[str], found: Sequence[Token], start: int, end: int, label: str) -> None:
    for at, token in enumerate(found):
        if start <= token.start and token.end <= end:
            labels[at] = label


def is_number(token: Token) -> bool:
    return token.number or token.fold in NUMBER_WORDS
