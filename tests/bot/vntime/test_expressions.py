"""What our own list of expressions means, as written, decomposed, and without diacritics."""

import unicodedata
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.vntime import Reading, parse
from bot.vntime.reading import NOTHING

NOW = datetime.fromisoformat("2026-11-18T10:00:00+07:00")
LIST = Path(__file__).with_name("expressions.txt")


def _cases():
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, meaning = line.split(" => ")
            yield text.removeprefix("~"), [_meant(one) for one in meaning.split(" ; ")], text.startswith("~")


def _meant(text: str) -> Reading:
    kind, _, rest = text.partition(" ")
    if kind == "nothing":
        return NOTHING
    if ".." in text:
        start, end = (_moment(one) if one else None for one in text.split(".."))
        return Reading("interval", start, end)
    if kind == "at":
        return Reading("instant", _moment(rest))
    if kind in ("day", "days"):
        found = [_year(one) for one in rest.split()]
        return Reading("date", found[0], found[-1])
    if kind == "hours":
        return Reading("time_range", *rest.split("-"))
    if kind == "every":
        value, _, hours = rest.partition(" ")
        start, end = hours.split("-") if hours else (None, None)
        return Reading("set", start, end, value)
    return Reading("duration", value=rest)


def _moment(text: str) -> str:
    return _year(text) + ":00+07:00"


def _year(text: str) -> str:
    return text if len(text.split("T")[0]) > 5 else f"2026-{text}"


def stripped(text: str) -> str:
    found = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in found if not unicodedata.combining(c))


def _all(found: Reading) -> list[Reading]:
    return [replace(one, dayless=False, alternatives=()) for one in (found, *found.alternatives)]


CASES = list(_cases())


@pytest.mark.parametrize(("text", "meaning", "looser"), CASES, ids=[case[0] for case in CASES])
class TestList:
    def test_as_written(self, text, meaning, looser):
        assert _all(parse(text, NOW)) == meaning

    def test_decomposed(self, text, meaning, looser):
        assert _all(parse(unicodedata.normalize("NFD", text), NOW)) == meaning

    def test_without_diacritics(self, text, meaning, looser):
        found = _all(parse(stripped(text), NOW))
        assert set(meaning) <= set(found) if looser else found == meaning


def test_the_list_is_long_enough():
    assert len(CASES) >= 300
