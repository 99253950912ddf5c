"""Text as people type it, cut into tokens without diacritics that still know where they stood in the original."""

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from .telex import telex, vni

# Combining characters by the keys that Telex has for them: five tones, circumflex, and one sign for horn and breve.
MARKS = {
    "\u0300": "f",
    "\u0301": "s",
    "\u0303": "x",
    "\u0309": "r",
    "\u0323": "j",
    "\u0302": "^",
    "\u0306": "w",
    "\u031b": "w",
}
STROKE = "d"
SPOKEN_SHARE = 0.4  # from this share of words with diacritics on, a text counts as written with them


@dataclass(frozen=True)
class Letter:
    base: str
    marks: str
    start: int
    end: int
    capital: bool = False


@dataclass(frozen=True)
class Token:
    """`fold` is lower case without diacritics, `marks` the diacritics taken off; offsets are those of the original."""

    fold: str
    marks: str
    start: int
    end: int
    glued: bool  # no space between it and the token before
    word: int  # tokens cut from one written word ("9h15") share its number
    capital: bool = False
    repaired: bool = False  # its diacritics came as raw Telex or VNI keys

    @property
    def number(self) -> bool:
        return self.fold[0] in "0123456789"

    @property
    def letters(self) -> bool:
        return self.fold[0].isalpha()


def fold(text: str) -> str:
    """Lower case, no diacritics, đ → d; white space as it was."""
    return "".join(letter.base for letter in letters_of(text))


def letters_of(text: str) -> list[Letter]:
    out: list[Letter] = []
    for offset, char in enumerate(text):
        if unicodedata.category(char) == "Cf":  # zero-width and direction marks
            continue
        for part in unicodedata.normalize("NFKD", char):
            _add(out, part, offset)
    return out


def _add(out: list[Letter], part: str, offset: int) -> None:
    if not unicodedata.combining(part):
        base = part.lower()[:1]
        stroke = base in "đð"
        out.append(Letter("d" if stroke else base, STROKE if stroke else "", offset, offset + 1, part != part.lower()))
    elif out and out[-1].base.isalpha():
        last = out[-1]
        mark = MARKS.get(part, "")
        out[-1] = replace(last, marks="".join(sorted(set(last.marks + mark))), end=offset + 1)


@lru_cache(maxsize=256)
def tokens(text: str) -> tuple[Token, ...]:
    words = _words(letters_of(text))
    typed = [_keys(word) for word in words]
    by_vni = any(key is not None and vni(key) for key in typed)
    out: list[Token] = []
    for number, (word, key) in enumerate(zip(words, typed, strict=True)):
        glued = number > 0 and words[number - 1][-1].end == word[0].start
        repaired = (telex(key) or vni(key, sure=by_vni)) if key else None
        if repaired:
            out.append(Token(*repaired, word[0].start, word[-1].end, glued, number, word[0].capital, repaired=True))
        else:
            out.extend(_runs(word, glued, number))
    return tuple(out)


def _words(found: list[Letter]) -> list[list[Letter]]:
    """Runs of letters and digits, and every other sign by itself; white space ends a run and is dropped."""
    out: list[list[Letter]] = []
    open_run = False
    for letter in found:
        if letter.base.isspace():
            open_run = False
        elif letter.base.isalnum():
            if open_run:
                out[-1].append(letter)
            else:
                out.append([letter])
            open_run = True
        else:
            out.append([letter])
            open_run = False
    return out


def _runs(word: list[Letter], glued: bool, number: int) -> list[Token]:
    """A word cut where letters and digits meet: 9h15 is three tokens."""
    out: list[Token] = []
    begin = 0
    for at in range(1, len(word) + 1):
        if at == len(word) or _digit(word[at]) != _digit(word[begin]):
            run = word[begin:at]
            marks = "".join(sorted({mark for letter in run for mark in letter.marks}))
            folded, joined = "".join(c.base for c in run), glued or begin > 0
            out.append(Token(folded, marks, run[0].start, run[-1].end, joined, number, run[0].capital))
            begin = at
    return out


def _keys(word: list[Letter]) -> str | None:
    """The keys of a word that was typed without any diacritic."""
    keys = "".join(letter.base for letter in word)
    return keys if keys.isascii() and keys[0].isalpha() and not any(letter.marks for letter in word) else None


def _digit(letter: Letter) -> bool:
    return letter.base in "0123456789"


def accented(found: tuple[Token, ...]) -> bool:
    """Whether the writer's diacritics came through; if so, "sang" is not "sáng"."""
    words = [token for token in found if token.letters and len(token.fold) > 1]
    return bool(words) and sum(bool(token.marks) and not token.repaired for token in words) >= SPOKEN_SHARE * len(words)
