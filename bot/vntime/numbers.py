"""Numbers as digits and as words."""

from .grammar import Context, Found, memo

UNITS = {
    "không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9,
}  # fmt: skip
ENDINGS = {
    "mốt": 1, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "lăm": 5, "nhăm": 5, "năm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
ENGLISH_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
ENGLISH_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@memo
def number(c: Context, at: int) -> Found[int]:
    """0 to 9999 in digits, to 99 in words; the longest first."""
    if c.number(at):
        if len(c.fold(at)) <= 4:
            yield at + 1, int(c.fold(at))
        return
    yield from _vietnamese(c, at)
    yield from _english(c, at)


def small(c: Context, at: int, low: int, high: int) -> Found[int]:
    for end, value in number(c, at):
        if low <= value <= high:
            yield end, value


def _vietnamese(c: Context, at: int) -> Found[int]:
    if c.at(at, "mười"):
        for end, unit in _word(c, at + 1, ENDINGS):
            yield end, 10 + unit
        yield at + 1, 10
        return
    if c.at(at, "hăm"):
        for end, unit in _word(c, at + 1, ENDINGS):
            yield end, 20 + unit
        return
    for end, tens in _word(c, at, UNITS):
        if c.at(end, "mươi", "chục") and tens > 1:
            for last, unit in _word(c, end + 1, ENDINGS):
                yield last, tens * 10 + unit
            yield end + 1, tens * 10
        elif c.at(end, "mốt", "lăm", "nhăm") and tens > 1 and (c.at(end, "lăm", "nhăm") or c.found[end].marks):
            yield end + 1, tens * 10 + (1 if c.fold(end) == "mot" else 5)
        yield end, tens


def _word(c: Context, at: int, words: dict[str, int]) -> Found[int]:
    for word, value in words.items():
        if c.at(at, word):
            yield at + 1, value
            return


def _english(c: Context, at: int) -> Found[int]:
    word = c.fold(at)
    if word in ENGLISH_TENS:
        follow = at + 2 if c.fold(at + 1) == "-" else at + 1
        if c.fold(follow) in ENGLISH_WORDS[1:10]:
            yield follow + 1, ENGLISH_TENS[word] + ENGLISH_WORDS.index(c.fold(follow))
        yield at + 1, ENGLISH_TENS[word]
    elif word in ENGLISH_WORDS:
        yield at + 1, ENGLISH_WORDS.index(word)
