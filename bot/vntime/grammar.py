"""The reading position: tokens, what counts as the same word, and the day it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache, wraps
from typing import Any, TypeVar

from .settings import VIETNAM, Settings
from .telex import words
from .text import Token, accented, letters_of

T = TypeVar("T")
Word = tuple[str, str]  # syllable and marks
Found = Iterator[tuple[int, T]]  # (position after it, what it means); several where the words allow several
Rule = Callable[["Context", int], Found[Any]]

# Syllables that are another time word, or a common word, under other diacritics.
CONFUSABLE = words(
    "sang toi sau tu nam mot bay qua kia nua ba hai tam chin bon mai nay den dem ram trong chieu doi day dich roi hoan"
)

# "9h", "at", "tomorrow": what shows that the writer speaks English, so that "sat", "sun" and "may" are days and months.
ENGLISH = words(
    "today tomorrow yesterday tonight morning afternoon evening night noon midnight monday tuesday wednesday thursday "
    "friday saturday sunday january february march april june july august september october november december week "
    "month year next last this every each at from until till before after between for the of and pm past "
    "quarter half hour hours minutes minute days nights weeks ago daily weekly monthly by are what when which who "
    "any please book room meeting conference"
)


@dataclass(frozen=True)
class Context:
    found: tuple[Token, ...]
    now: datetime
    settings: Settings
    memory: dict[Any, tuple[Any, ...]] = field(default_factory=dict, init=False, compare=False)
    within: bool = False  # looking inside a sentence, where numbers may belong to other words

    def __len__(self) -> int:
        return len(self.found)

    @property
    def today(self) -> date:
        return self.now.date()

    @cached_property
    def spoken(self) -> bool:
        return accented(self.found)

    @cached_property
    def english(self) -> bool:
        return not self.spoken and any(token.fold in ENGLISH for token in self.found)

    def fold(self, at: int) -> str:
        return self.found[at].fold if 0 <= at < len(self.found) else ""

    def glued(self, at: int) -> bool:
        return 0 < at < len(self.found) and self.found[at].glued

    def capital(self, at: int) -> bool:
        return 0 <= at < len(self.found) and self.found[at].capital

    def number(self, at: int) -> bool:
        return at < len(self.found) and self.found[at].number

    def at(self, at: int, *meant: str) -> bool:
        """Whether the token there is one of the words; diacritics count where they tell words apart."""
        return self.first(at, *meant) is not None

    def _same(self, token: Token, fold: str, marks: str) -> bool:
        if token.fold != fold:
            return False
        if token.marks == marks or fold not in CONFUSABLE:
            return True
        return not token.marks and not self.spoken

    def after(self, at: int, phrase: str) -> int | None:
        """The position after the phrase, or None when it does not stand there."""
        return self.first(at, phrase)

    def first(self, at: int, *phrases: str) -> int | None:
        """The position after the first of the phrases that stands there."""
        if not 0 <= at < len(self.found):
            return None
        for phrase in _compiled(phrases).get(self.found[at].fold, ()):
            end = at + len(phrase)
            if end <= len(self.found) and all(map(self._word, self.found[at:end], phrase)):
                return end
        return None

    def _word(self, token: Token, meant: Word) -> bool:
        return self._same(token, *meant)

    def plus(self, days: int) -> date:
        return self.today + timedelta(days=days)


def context(found: tuple[Token, ...], now: datetime, settings: Settings) -> Context:
    return Context(found, now.astimezone(VIETNAM), settings)


@lru_cache(maxsize=2048)
def _known(word: str) -> Word:
    letters = letters_of(word)
    return "".join(c.base for c in letters), "".join(sorted({mark for c in letters for mark in c.marks}))


@lru_cache(maxsize=2048)
def _compiled(phrases: tuple[str, ...]) -> dict[str, list[tuple[Word, ...]]]:
    """The phrases by their first syllable."""
    out: dict[str, list[tuple[Word, ...]]] = {}
    for phrase in phrases:
        meant = tuple(_known(word) for word in phrase.split())
        out.setdefault(meant[0][0], []).append(meant)
    return out


def memo(rule: Callable[["Context", int], Found[T]]) -> Callable[["Context", int], Found[T]]:
    """Remembers what a rule found at a position."""

    @wraps(rule)
    def remembered(c: Context, at: int) -> Found[T]:
        known = c.memory.get((rule, at))
        if known is None:
            known = c.memory[rule, at] = tuple(rule(c, at))
        return iter(known)

    return remembered


def choose(*rules: Rule) -> Rule:
    @memo
    def rule(c: Context, at: int) -> Found[Any]:
        for one in rules:
            yield from one(c, at)

    return rule
