"""Dates by number: 15/12, ngày 20, 5 tháng 1 năm 2027, tháng sau, quý IV, December 15."""

from datetime import date

from .calendar import Dated, Day, Days, Fixed, month_days, month_of
from .grammar import Context, Found, memo
from .numbers import ROMAN, number, small

MONTH_NAMES = (
    ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
     "december"),
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
)  # fmt: skip
MONTH_SHIFTS = {
    "tháng này": 0, "tháng nay": 0, "tháng sau nữa": 2, "tháng sau": 1, "tháng tới": 1, "sang tháng": 1,
    "tháng trước": -1, "tháng rồi": -1, "tháng vừa rồi": -1, "tháng vừa qua": -1, "tháng qua": -1, "this month": 0,
    "next month": 1,
    "last month": -1,
}  # fmt: skip
YEAR_SHIFTS = {
    "năm nay": 0, "năm sau": 1, "sang năm": 1, "năm tới": 1, "năm ngoái": -1, "năm trước": -1, "năm vừa rồi": -1,
    "this year": 0, "next year": 1, "last year": -1,
}  # fmt: skip
PARTS = {"đầu": "đầu", "giữa": "giữa", "cuối": "cuối", "hạ tuần": "cuối", "trung tuần": "giữa", "thượng tuần": "đầu",
         "early": "đầu", "mid": "giữa", "late": "cuối", "the end of": "cuối", "end of": "cuối",
         "the beginning of": "đầu", "beginning of": "đầu", "the middle of": "giữa", "middle of": "giữa"}  # fmt: skip


@memo
def dated(c: Context, at: int) -> Found[Day]:
    named = c.first(at, "ngày", "hôm", "bữa", "the", "mùng", "mồng") if not _lunar_word(c, at) else None
    yield from _iso(c, at)
    if c.number(at) and c.found[at - 1].word == c.found[at].word and at > 0:
        return  # the minutes of "9h15"
    for end, day in small(c, named or at, 1, 31):
        yield from _numeric(c, end, day, named=named is not None)
        yield from _with_month(c, end, day, named=named is not None)
        if named and c.fold(named) != "nam" and not c.at(at, "the"):
            yield from _alone(c, end, day)
    yield from _english(c, at)


def _lunar_word(c: Context, at: int) -> bool:
    return c.at(at, "mùng", "mồng")


def _iso(c: Context, at: int) -> Found[Day]:
    found = [c.fold(at + n) for n in range(5)]
    if len(found[0]) == 4 and c.number(at) and found[1] == found[3] == "-" and c.number(at + 2) and c.number(at + 4):
        end = at + 6 if c.fold(at + 5) == "t" and c.glued(at + 5) else at + 5
        yield end, Dated(int(found[4]), int(found[2]), int(found[0]))


def _numeric(c: Context, at: int, day: int, *, named: bool) -> Found[Day]:
    """15/12, 15-12-2026, ngày 15.12; "15/t12" too. Not part of a longer number such as 45/2018/QĐ."""
    sign = c.fold(at)
    if sign not in ("/", "-", ".") or not c.glued(at) or not c.glued(at + 1):
        return
    begin = at + 2 if c.fold(at + 1) in ("t", "th") and c.glued(at + 2) else at + 1
    if not c.number(begin):
        return
    month, end = int(c.fold(begin)), begin + 1
    if not 1 <= month <= 12 or len(c.fold(begin)) > 2:
        return
    year, last = _year_after(c, end, sign)
    longer = c.fold(last) in ("/", "-") and c.glued(last) and c.glued(last + 1) and not _range_follows(c, last)
    if (sign != "." or named or year) and not longer:
        for after, said in _spoken_year(c, last) if year is None else [(last, year)]:
            yield after, Dated(day, month, said)


def _year_after(c: Context, at: int, sign: str) -> tuple[int | None, int]:
    text = c.fold(at + 1)
    if c.fold(at) == sign and c.glued(at) and c.glued(at + 1) and c.number(at + 1) and len(text) in (2, 4):
        if c.fold(at + 2) in ("/", sign) and sign != "-":  # 15-17/12 and the like are ranges
            return None, at
        if len(text) == 4 or sign != "-" or int(text) > 12:
            return int(text) + (2000 if len(text) == 2 else 0), at + 2
    return None, at


def _range_follows(c: Context, at: int) -> bool:
    """The dash of "15/12-17/12"."""
    return c.fold(at) == "-" and c.number(at + 1) and c.fold(at + 2) in ("/", "h", "")


def _spoken_year(c: Context, at: int) -> Found[int | None]:
    yield from years(c, at)
    yield at, None


@memo
def years(c: Context, at: int) -> Found[int]:
    begin = c.first(at, "năm", ", năm", ",") or at
    said = c.first(at, "năm", ", năm") is not None
    if c.number(begin) and len(c.fold(begin)) == 4 and (said or c.english) and 1900 <= int(c.fold(begin)) <= 2100:
        yield begin + 1, int(c.fold(begin))
    for phrase, shift in YEAR_SHIFTS.items() if c.first(at, *YEAR_SHIFTS) else ():
        end = c.after(at, phrase)
        if end:
            yield end, c.today.year + shift


def month_number(c: Context, at: int) -> Found[int]:
    """The number after "tháng", or T12; t2 to t7 alone are weekdays."""
    begin = c.first(at, "tháng")
    if begin:
        yield from small(c, begin, 1, 12)
    elif c.fold(at) in ("t", "th") and c.number(at + 1) and c.glued(at + 1):
        month = int(c.fold(at + 1)) if len(c.fold(at + 1)) <= 2 else 0
        if 1 <= month <= 12:
            yield at + 2, month


def _with_month(c: Context, at: int, day: int, *, named: bool) -> Found[Day]:
    yield from _shifted_month(c, at, day)
    for end, month in month_number(c, at):
        if not c.at(at, "tháng") and not named and month <= 7:
            continue  # "15 t6" may be a number before a Friday
        glued_year = c.fold(end) in ("/", "-") and c.glued(end) and len(c.fold(end + 1)) == 4 and c.number(end + 1)
        if glued_year:
            yield end + 2, Dated(day, month, int(c.fold(end + 1)))
            continue
        past = c.first(end, "vừa rồi", "vừa qua")
        if past:
            yield past, Dated(day, month, past=True)
        for last, year in _spoken_year(c, end):
            yield last, Dated(day, month, year)


def _shifted_month(c: Context, at: int, day: int) -> Found[Day]:
    for phrase, shift in MONTH_SHIFTS.items() if c.first(at, *MONTH_SHIFTS) else ():
        after = c.after(at, phrase)
        if after:
            yield after, Dated(day, shift=shift)


def _alone(c: Context, at: int, day: int) -> Found[Day]:
    past = c.first(at, "vừa rồi", "vừa qua")
    if past:
        yield past, Dated(day, past=True)
    soon = c.first(at, "này", "tới", "sắp tới")
    if soon:
        yield soon, Dated(day)
    yield at, Dated(day)


def _english_month(c: Context, at: int) -> int | None:
    for names in MONTH_NAMES:
        if c.fold(at) in names:
            return names.index(c.fold(at)) + 1
    return None


def _ordinal(c: Context, at: int) -> int:
    return at + 1 if c.fold(at) in ("st", "nd", "rd", "th") and c.glued(at) else at


def _english(c: Context, at: int) -> Found[Day]:
    the = c.first(at, "the") or at
    for end, day in small(c, the, 1, 31):
        after = _ordinal(c, end)
        of = c.first(after, "of") or after
        month = _english_month(c, of)
        if month and c.number(the):
            for last, year in _spoken_year(c, of + 1):
                yield last, Dated(day, month, year)
        elif the != at and after != end:
            yield after, Dated(day)
    month = _english_month(c, at)
    for end, day in small(c, at + 1, 1, 31) if month else ():
        if c.number(at + 1):
            for last, year in _spoken_year(c, _ordinal(c, end)):
                yield last, Dated(day, month, year)


def month(c: Context, at: int) -> Found[Day]:
    """A month or its first, middle or last third."""
    for end, part in _part(c, at):
        for phrase, shift in MONTH_SHIFTS.items():
            after = c.after(end, phrase)
            if after:
                yield after, Fixed((month_days(*month_of(c.today, shift), part),))
        for after, number_said in _month_said(c, end):
            yield from _year_of(c, after, number_said, part)
        bare = c.first(end, "tháng", "the month")
        if part and bare:
            yield bare, Fixed((_coming(c, [month_of(c.today, n) for n in range(2)], part),))


def _part(c: Context, at: int) -> Found[str]:
    for phrase, part in PARTS.items() if c.first(at, *PARTS) else ():
        end = c.after(at, phrase)
        if end:
            yield end, part
    yield at, ""


def _month_said(c: Context, at: int) -> Found[int]:
    for end, value in month_number(c, at):
        if c.at(at, "tháng") or value > 7 or value == 1 or c.fold(end) == "/":
            yield end, value
    name = _english_month(c, at)
    if name and (c.fold(at) not in ("may", "mar", "dec", "sep", "oct", "jan", "jun", "jul") or c.english):
        yield at + 1, name


def _year_of(c: Context, at: int, month_said: int, part: str) -> Found[Day]:
    if c.fold(at) in ("/", "-") and len(c.fold(at + 1)) == 4 and c.number(at + 1):
        yield at + 2, Fixed((month_days(int(c.fold(at + 1)), month_said, part),))
    for end, year in years(c, at):
        yield end, Fixed((month_days(year, month_said, part),))
    past = c.first(at, "vừa rồi", "vừa qua")
    if past:
        before = c.today.year if month_said < c.today.month else c.today.year - 1
        yield past, Fixed((month_days(before, month_said, part),))
    yield at, Fixed((_coming(c, [(c.today.year + n, month_said) for n in range(2)], part),))


def _coming(c: Context, months: list[tuple[int, int]], part: str) -> Days:
    found = [month_days(year, month, part) for year, month in months]
    return next((days for days in found if days[1] >= c.today), found[-1])


def month_year(c: Context, at: int) -> Found[Day]:
    """12/2026"""
    for end, month_said in small(c, at, 1, 12):
        if c.number(at) and c.fold(end) == "/" and c.glued(end) and c.number(end + 1) and len(c.fold(end + 1)) == 4:
            year = int(c.fold(end + 1))
            if 1900 <= year <= 2100 and c.fold(end + 2) != "/":
                yield end + 2, Fixed((month_days(year, month_said),))


def year(c: Context, at: int) -> Found[Day]:
    for end, value in years(c, at):
        if c.at(at, "năm", "sang") or c.fold(at) in ("this", "next", "last"):
            yield end, Fixed(((date(value, 1, 1), date(value, 12, 31)),))


def quarter(c: Context, at: int) -> Found[Day]:
    begin = c.first(at, "quý")
    if not begin:
        return
    now = (c.today.month - 1) // 3
    for phrase, shift in (("này", 0), ("sau", 1), ("tới", 1), ("trước", -1), ("vừa rồi", -1)):
        end = c.after(begin, phrase)
        if end:
            yield end, Fixed((_quarter(c.today.year + (now + shift) // 4, (now + shift) % 4),))
    for end, value in _quarter_number(c, begin):
        if c.fold(end) == "/" and c.number(end + 1) and len(c.fold(end + 1)) == 4:
            yield end + 2, Fixed((_quarter(int(c.fold(end + 1)), value - 1),))
        for last, year_said in years(c, end):
            yield last, Fixed((_quarter(year_said, value - 1),))
        yield end, Fixed((_quarter(c.today.year + (value - 1 < now), value - 1),))


def _quarter_number(c: Context, at: int) -> Found[int]:
    if c.fold(at) in ROMAN:
        yield at + 1, ROMAN[c.fold(at)]
    for end, value in number(c, at):
        if 1 <= value <= 4:
            yield end, value


def _quarter(year_said: int, index: int) -> Days:
    return month_days(year_said, index * 3 + 1)[0], month_days(year_said, index * 3 + 3)[1]
