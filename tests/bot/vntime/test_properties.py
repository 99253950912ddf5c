"""What holds for every text, however odd."""

import json
import subprocess
import sys
import unicodedata
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.vntime import find, parse
from bot.vntime.reading import Reading
from bot.vntime.settings import VIETNAM
from bot.vntime.text import fold, tokens

WORDS = (
    "sáng", "chiều", "tối", "mai", "kia", "nay", "thứ", "hai", "ba", "tư", "năm", "sáu", "bảy", "tuần", "tháng", "sau",
    "trước", "từ", "đến", "lúc", "9h", "9h15", "14", "giờ", "kém", "rưỡi", "ngày", "15/12", "20", "t6", "cn",
    "đầu giờ", "cuối",
    "nữa", "mùng", "tết", "âm", "rằm", "hàng", "mỗi", "tiếng", "phút", "đêm", "và", "-", ",", "tomorrow", "next",
    "monday", "at",
    "from", "to", "3pm", "every", "dời", "sang",
)  # fmt: skip
moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31)).map(lambda naive: naive.replace(tzinfo=VIETNAM))
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
texts = st.one_of(
    phrases, st.text(max_size=80), st.lists(st.one_of(phrases, st.text(max_size=8)), max_size=5).map(" ".join)
)


def every(found: Reading) -> list[Reading]:
    return [found, *found.alternatives]


@settings(max_examples=400, deadline=None)
@given(texts, moments)
def test_any_text_gets_a_sound_reading(text, now):
    for found in every(parse(text, now)):
        assert found.kind in (None, "instant", "interval", "date", "time_range", "duration", "set")
        if found.kind == "interval" and found.start and found.end:
            assert datetime.fromisoformat(found.start) < datetime.fromisoformat(found.end)
        if found.kind == "date":
            assert date.fromisoformat(found.start) <= date.fromisoformat(found.end)


@settings(max_examples=300, deadline=None)
@given(texts, moments)
def test_spans_lie_in_the_text_in_order(text, now):
    at = 0
    for span in find(text, now):
        assert at <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        assert span.reading.kind is not None
        at = span.end


@settings(max_examples=300, deadline=None)
@given(texts, moments)
def test_decomposed_text_reads_the_same(text, now):
    assert parse(unicodedata.normalize("NFD", text), now) == parse(unicodedata.normalize("NFC", text), now)


@settings(max_examples=300, deadline=None)
@given(phrases, moments)
def test_without_diacritics_no_reading_is_lost(text, now):
    """What the full spelling means is among what the letters alone can mean."""
    said = parse(text, now)
    if said.kind is not None:
        assert said.meaning in [found.meaning for found in every(parse(fold(text), now))]


@settings(max_examples=200, deadline=None)
@given(texts)
def test_tokens_know_where_they_stood(text):
    at = 0
    for token in tokens(text):
        assert at <= token.start <= token.end <= len(text)
        at = token.start
        assert token.fold


def test_a_very_long_text_is_answered():
    text = "từ 9h đến 11h sáng mai " * 500
    assert parse(text, datetime(2026, 11, 18, tzinfo=VIETNAM)).kind is None
    assert len(find(text, datetime(2026, 11, 18, tzinfo=VIETNAM))) < 200


def test_any_zone_of_now_is_understood():
    now = datetime.fromisoformat("2026-11-18T20:00:00+00:00")  # the 19th in Viet Nam
    assert parse("hôm nay", now).start == "2026-11-19"


@pytest.mark.parametrize("weeks", range(8))
@pytest.mark.parametrize(("name", "day"), [("thứ hai", 0), ("thứ tư", 2), ("chủ nhật", 6)])
def test_a_weekday_is_the_next_one_on_every_day_of_the_year(name, day, weeks):
    now = datetime(2026, 12, 20, 9, tzinfo=VIETNAM) + timedelta(days=weeks)
    found = date.fromisoformat(parse(name, now).start)
    assert found.weekday() == day
    assert 1 <= (found - now.date()).days <= 7


def test_the_command_prints_one_object():
    command = [sys.executable, "-m", "bot.vntime", "--now", "2026-11-18T10:00:00+07:00", "9h sáng mai"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert json.loads(printed) == {
        "kind": "instant",
        "start": "2026-11-19T09:00:00+07:00",
        "end": None,
        "value": None,
        "alternatives": [],
    }
