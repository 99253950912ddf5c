"""Hours of the clock and parts of the day."""

from dataclasses import dataclass

from .grammar import Context, Found, memo
from .numbers import number, small

# What may stand after "9 giờ 15" when no "phút" does; anything else ("9 giờ 15 đại biểu") owns the number.
AFTER_MINUTES = (
    "sáng", "trưa", "chiều", "tối", "đêm", "mai", "nay", "hôm", "ngày", "thứ", "đến", "tới", "tuần", "và", "chủ", "cn",
    "mốt", "kém", "rưỡi", "t", "am", "pm", "to", "until", "today", "tomorrow", "on", "nhé", "ạ", "nha", "sang",
    "qua", "vào",
    "trở",
)  # fmt: skip
ENGLISH_PARTS = {"morning": "sáng", "afternoon": "chiều", "evening": "tối", "night": "tối", "lunchtime": "trưa"}
PUNCTUATION = ",.;!?)-–—~"


@dataclass(frozen=True)
class Clock:
    """As said: hour 0–24; `half` is "am" or "pm" where said, and `sure` that a 24-hour clock was meant."""

    hour: int
    minute: int = 0
    half: str = ""
    sure: bool = False

    def hours(self, part: "Part | None" = None) -> list[tuple[int, int]]:
        """The clock times it can mean, the likelier first; none where the words contradict each other. Hour 24 and
        later are the next day's. One to six without a day part are the afternoon's, with the night as the other."""
        if self.half:
            return [(self.hour % 12 + (12 if self.half == "pm" else 0), self.minute)] if self.hour <= 12 else []
        if part:
            return [(hour, self.minute) for hour in part.hours(self.hour)]
        if 1 <= self.hour <= 6 and not self.sure:
            return [(self.hour + 12, self.minute), (self.hour, self.minute)]
        return [(self.hour, self.minute)]

    @property
    def twice(self) -> list[tuple[int, int]]:
        """Both places on a twelve-hour dial, for the end of a range."""
        if self.half or self.sure or not 1 <= self.hour < 12:
            return self.hours()
        return [(self.hour, self.minute), (self.hour + 12, self.minute)]


# Day part → {hour as said: hours meant}
_SAME = {hour: [hour] for hour in range(25)}
_HOURS: dict[str, dict[int, list[int]]] = {
    "sáng": {hour: [hour] for hour in range(12)},
    "rạng sáng": {hour: [hour] for hour in range(7)},
    "trưa": {10: [10], 11: [11], 12: [12], 1: [13], 2: [14], 13: [13], 14: [14]},
    "chiều": {12: [12], **{hour: [hour + 12] for hour in range(1, 8)}, **{hour: [hour] for hour in range(12, 20)}},
    "tối": {12: [24], 24: [24], **{h: [h + 12] for h in range(5, 12)}, **{h: [h] for h in range(17, 24)}},
    "đêm": {12: [24], 24: [24], 0: [24], **{h: [h + 12] for h in range(8, 12)}, **{h: [h] for h in range(20, 24)},
            **{h: [h + 24, h] for h in range(1, 6)}},
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A part of the day by its name in the settings."""

    name: str

    def hours(self, hour: int) -> list[int]:
        base = self.name.removeprefix("đầu giờ ").removeprefix("cuối giờ ")
        return _HOURS[base].get(hour, [])


@memo
def clock(c: Context, at: int) -> Found[Clock]:
    start = c.first(at, "đúng") or at
    for end, value in number(c, start):
        if value <= 24:
            yield from _after_hour(c, start, end, value)
    yield from _english_words(c, start)


def _after_hour(c: Context, start: int, at: int, hour: int) -> Found[Clock]:
    sure = c.number(start) and (hour == 0 or hour > 12 or c.fold(start)[0] == "0")
    if (c.fold(at) in ("h", "g") and (c.glued(at) or c.fold(at) == "h")) or c.at(at, "giờ"):
        yield from _with_minutes(c, at + 1, hour, sure)
    elif c.fold(at) in (":", ".") and c.glued(at) and c.glued(at + 1) and len(c.fold(at + 1)) == 2 and c.number(at + 1):
        yield from _digital(c, at, hour, sure)
    elif c.at(at, "rưỡi") and hour <= 12:
        yield at + 1, Clock(hour, 30)
    elif c.fold(at) in ("am", "pm"):
        yield at + 1, Clock(hour, 0, c.fold(at))
    elif c.fold(at) == "o" and c.fold(at + 2) == "clock":
        yield at + 3, Clock(hour)
    elif hour <= 12 and _bare(c, start, at):
        yield at, Clock(hour)


# Where a bare number may begin an hour inside a sentence: "phòng họp 2 sáng mai" is room 2.
BEFORE_BARE = (
    "lúc",
    "từ",
    "đến",
    "tới",
    "at",
    "from",
    "to",
    "between",
    "and",
    "và",
    "khoảng",
    "tầm",
    "vào",
    "sang",
    "qua",
)


def stands_free(c: Context, at: int) -> bool:
    return not c.within or at == 0 or c.at(at - 1, *BEFORE_BARE) or c.fold(at - 1) in ",;.:(-–—~!?"


def _bare(c: Context, start: int, end: int) -> bool:
    """An hour without its noun: "3 chiều", "lúc 9", "at 9"."""
    if not stands_free(c, start):
        return False
    if (not c.at(end, "đêm") and any(True for _ in part(c, end))) or c.after(end, "in the") is not None:
        return True
    # the number must not belong to a noun: "lúc 9 giờ", "at 9 rooms"
    return (c.at(start - 1, "lúc") or c.fold(start - 1) == "at") and _closes(c, end)


def _closes(c: Context, at: int) -> bool:
    return at >= len(c) or c.fold(at) in PUNCTUATION or c.at(at, *AFTER_MINUTES)


def _digital(c: Context, at: int, hour: int, sure: bool) -> Found[Clock]:
    minute = int(c.fold(at + 1))
    dot = c.fold(at) == "."
    half = c.fold(at + 2) if c.fold(at + 2) in ("am", "pm") else ""
    if minute < 60 and (half or not dot):
        end = at + 3 if half or (c.fold(at + 2) == "h" and c.glued(at + 2)) else at + 2
        yield end, Clock(hour, minute, half, sure)


def _with_minutes(c: Context, at: int, hour: int, sure: bool) -> Found[Clock]:
    """What follows "9 giờ": minutes, rưỡi, kém, or nothing."""
    at = at + 1 if c.fold(at) in (":", ".") and c.glued(at) and c.number(at + 1) and c.glued(at + 1) else at
    for end, minute in small(c, at, 0, 59):
        tail = _minute_word(c, end)
        glued = c.glued(at) and not c.glued(end)
        if tail != end or glued or (not c.glued(end) and _closes(c, end)):
            yield tail, Clock(hour, minute, "", sure)
    if c.at(at, "rưỡi"):
        yield at + 1, Clock(hour, 30, "", sure)
    if c.at(at, "kém") and hour >= 1:
        for end, minute in small(c, at + 1, 1, 59):
            yield _minute_word(c, end), Clock(hour - 1, 60 - minute, "", sure and hour != 13)
    tail = c.first(at, "đúng") or at
    yield tail, Clock(hour, 0, "", sure)


def _minute_word(c: Context, at: int) -> int:
    if c.at(at, "phút") or c.fold(at) == "'":
        return at + 1
    if c.fold(at) in ("p", "ph") and not (c.glued(at + 1) and (c.number(at + 1) or c.fold(at + 1) == ".")):
        return at + 1
    return at


def _english_words(c: Context, at: int) -> Found[Clock]:
    for phrase, shift in (("half past", 30), ("quarter past", 15), ("a quarter past", 15), ("quarter to", -15)):
        begin = c.after(at, phrase)
        for end, hour in small(c, begin, 1, 12) if begin else ():
            minute = shift % 60
            yield (
                end,
                Clock(
                    hour if shift > 0 else (hour - 1 or 12), minute, c.fold(end) if c.fold(end) in ("am", "pm") else ""
                ),
            )
    noon = c.first(at, "12 noon", "noon", "midday", "giữa trưa")
    if noon:
        yield noon, Clock(12, 0, "", sure=True)
    midnight = c.first(at, "midnight", "nửa đêm")
    if midnight:
        yield midnight, Clock(24, 0, "", sure=True)


@memo
def part(c: Context, at: int) -> Found[Part]:
    begin = c.first(at, "cả buổi", "buổi", "the", "in the") or at
    edge = _edge(c, begin)
    if edge:
        name, after = edge
        for end, base in _name(c, after):
            if base in ("sáng", "chiều"):
                yield end, Part(f"{name} {base}")
        if c.at(begin + 1, "giờ") and not any(True for _ in _name(c, after)):  # which half of the day was not said
            for base in ("sáng", "chiều") if name == "đầu giờ" else ("chiều", "sáng"):
                yield after, Part(f"{name} {base}")
        return
    for end, base in _name(c, begin):
        yield end, Part(base)


def _edge(c: Context, at: int) -> tuple[str, int] | None:
    for word in ("đầu", "cuối"):
        after = c.first(at, f"{word} giờ", f"{word} buổi")
        if after:
            return f"{word} giờ", after
    return None


def _name(c: Context, at: int) -> Found[str]:
    if c.first(at, "rạng sáng", "mờ sáng", "tờ mờ sáng"):
        yield c.first(at, "rạng sáng", "mờ sáng", "tờ mờ sáng") or at, "rạng sáng"
    if c.at(at, "sáng") and not c.first(at, "sang tuần", "sang năm", "sang tháng"):
        yield c.first(at, "sáng sớm") or at + 1, "sáng"
    for word, name in (("trưa", "trưa"), ("chiều", "chiều"), ("tối", "tối"), ("đêm", "đêm"), ("khuya", "đêm")):
        if c.at(at, word):
            yield at + 1, name
    short = {"s": "sáng", "c": "chiều", "t": "tối", "tr": "trưa"}.get(c.fold(at))
    if short and (c.fold(at + 1) == "." and _day_word(c, at + 2)):
        yield at + 2, short
    elif short and not c.glued(at + 1) and _day_word(c, at + 1):
        yield at + 1, short
    english = {"morning": "sáng", "afternoon": "chiều", "evening": "tối", "night": "tối", "lunchtime": "trưa"}.get(
        c.fold(at)
    )
    if english:
        yield at + 1, english


def _day_word(c: Context, at: int) -> bool:
    return c.at(at, "mai", "nay", "qua", "thứ", "cn", "chủ", "mốt") or (c.fold(at) == "t" and c.number(at + 1))
