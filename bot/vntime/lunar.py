"""Dates of the Vietnamese lunar calendar (reckoned for UTC+7, not the Chinese one)."""

from datetime import date, timedelta
from functools import lru_cache

from lunar_vn import convert_lunar_to_solar, convert_solar_to_lunar

from .calendar import Dated, Day, Either, Fixed, Lookup
from .dates import MONTH_SHIFTS, month_number, years
from .grammar import Context, Found
from .numbers import small

NAMED_MONTHS = {"giêng": 1, "chạp": 12}


@lru_cache(maxsize=512)
def solar(day: int, month: int, year: int) -> list[date]:
    """The solar days of a lunar date: two where the year repeats the month, none where the month is too short."""
    found = [_solar(day, month, year, leap) for leap in (False, True)]
    return [day for day in found if day]


def _solar(day: int, month: int, year: int, leap: bool) -> date | None:
    try:
        found: date = convert_lunar_to_solar(day, month, year, int(leap))
        back = convert_solar_to_lunar(found.day, found.month, found.year)
    except ValueError:
        return None
    return found if (back.day, back.month, bool(back.leap)) == (day, month, leap) else None


def coming(day: int, month: int | None, base: date, *, leap: bool = False) -> list[date]:
    """The next such lunar date from `base` on (and its double in a leap month)."""
    months = [month] if month else list(range(1, 13))
    found: list[list[date]] = []
    for year in range(base.year - 1, base.year + (20 if leap else 4)):
        for one in months:
            days = [_solar(day, one, year, True)] if leap else list(solar(day, one, year))
            found += [[d] for d in days if d] if month is None else [[d for d in days if d]]
    later = sorted([d for d in days if d >= base] for days in found if any(d >= base for d in days))
    return later[0] if later else []


def last_of_year(base: date) -> list[date]:
    """The eve of Tết."""
    eves = [tet - timedelta(days=1) for year in range(base.year - 1, base.year + 3) for tet in solar(1, 1, year)]
    return [min(eve for eve in eves if eve >= base)]


def lunar(c: Context, at: int) -> Found[Day]:
    yield from _full_moon(c, at)
    yield from _of_tet(c, at)
    yield from _numbered(c, at)
    yield from _month(c, at)


def _full_moon(c: Context, at: int) -> Found[Day]:
    begin = c.first(at, "ngày rằm", "hôm rằm", "rằm")
    if not begin:
        return
    for end, month in _months(c, begin):
        yield _said_lunar(c, end) or end, _day(15, month)
    for phrase, shift in MONTH_SHIFTS.items():
        after = c.after(begin, phrase)
        if after:
            yield after, _shifted(c, 15, shift)
    yield _said_lunar(c, begin) or begin, _day(15, None)


def _of_tet(c: Context, at: int) -> Found[Day]:
    """Mùng 3 Tết; 28 Tết is of the year that ends."""
    begin = c.first(at, "mùng", "mồng", "ngày", "hôm") or at
    for end, day in small(c, begin, 1, 30):
        after = c.first(end, "tết nguyên đán", "tết âm lịch", "tết âm", "tết", "tháng chạp tết")
        if after and (c.at(at, "mùng", "mồng") or day >= 20):
            for last, year in years(c, after):
                yield last, _day(day, 1, year) if day < 20 else _day(day, 12, year - 1)
            yield after, Lookup(last_of_year) if day == 30 else _day(day, 1 if day < 20 else 12)
    eve = c.first(at, "đêm giao thừa", "giao thừa", "tất niên")
    if eve:
        yield eve, Lookup(last_of_year)


def _numbered(c: Context, at: int) -> Found[Day]:
    """With "âm" lunar; "mùng 5" without it either calendar."""
    first = c.at(at, "mùng", "mồng") or c.first(at, "ngày mùng", "ngày mồng", "hôm mùng", "hôm mồng") is not None
    begin = c.first(at, "ngày mùng", "ngày mồng", "hôm mùng", "hôm mồng", "mùng", "mồng", "ngày", "hôm") or at
    for end, day in small(c, begin, 1, 30):
        for after, (month, leap) in _months_or_slash(c, end):
            said = _said_lunar(c, after)
            if said:
                yield from _dated(c, said, day, month, leap)
            elif c.fold(after - 1) in ("gieng", "chap", "nhuan"):
                yield from _dated(c, after, day, month, leap)
            elif first and day <= 10:
                for last, year in years(c, after):
                    yield last, Either(Dated(day, month, year), _day(day, month, year))
                yield after, Either(Dated(day, month), _day(day, month))
        said = _said_lunar(c, end)
        if said:
            yield said, _day(day, None)
        elif first and day <= 10:
            yield end, Either(Dated(day), _day(day, None))
            for phrase, shift in MONTH_SHIFTS.items():
                shifted = c.after(end, phrase)
                if shifted:
                    yield shifted, Either(Dated(day, shift=shift), _shifted(c, day, shift))


def _dated(c: Context, at: int, day: int, month: int, leap: bool) -> Found[Day]:
    for end, year in years(c, at):
        days = solar(day, month, year)
        if days:
            yield end, Fixed(tuple((found, found) for found in days))
    eve = (day, month, leap) == (30, 12, False)  # many years end on the 29th, which is then called so
    yield at, Lookup(last_of_year if eve else lambda base: coming(day, month, base, leap=leap))


def _months_or_slash(c: Context, at: int) -> Found[tuple[int, bool]]:
    for end, month in _months(c, at):
        leap = c.first(end, "nhuận")
        yield leap or end, (month, leap is not None)
    if c.fold(at) in ("/", "-") and c.glued(at) and c.number(at + 1) and 1 <= int(c.fold(at + 1)[:4]) <= 12:
        yield at + 2, (int(c.fold(at + 1)), False)


def _months(c: Context, at: int) -> Found[int]:
    named = c.first(at, "tháng")
    for word, month in NAMED_MONTHS.items():
        if c.at(named or at, word):
            yield (named or at) + 1, month
    if named:
        yield from month_number(c, at)


def _said_lunar(c: Context, at: int) -> int | None:
    end = c.first(at, "âm lịch")
    if end or c.fold(at) == "al":
        return end or at + 1
    sure = c.at(at, "âm") and (c.found[at].marks or not (c.glued(at) or c.english))  # "9am" is an hour
    return at + 1 if sure else None


def _day(day: int, month: int | None, year: int | None = None) -> Day:
    if year and month:
        return Fixed(tuple((found, found) for found in solar(day, month, year)))
    return Lookup(lambda base: coming(day, month, base))


def _shifted(c: Context, day: int, shift: int) -> Day:
    """The day in the lunar month so many months from this one."""
    now = convert_solar_to_lunar(c.today.day, c.today.month, c.today.year)
    first = _solar(1, now.month, now.year, bool(now.leap)) or c.today
    inside = convert_solar_to_lunar(*_dmy(first + timedelta(days=round(29.53 * shift) + 14)))
    found = _solar(day, inside.month, inside.year, bool(inside.leap))
    return Fixed(((found, found),) if found else ())


def _dmy(day: date) -> tuple[int, int, int]:
    return day.day, day.month, day.year


def _month(c: Context, at: int) -> Found[Day]:
    """Tháng chạp, tháng 7 âm lịch, cuối tháng giêng."""
    part = {"dau": (1, 10), "giua": (11, 20), "cuoi": (21, 30)}.get(c.fold(at))
    begin = at + 1 if part else at
    if not c.at(begin, "tháng"):
        return
    for end, month in _months(c, begin):
        said = _said_lunar(c, end)
        if said or c.fold(end - 1) in ("gieng", "chap"):
            yield said or end, _span_of_month(c.today, month, part or (1, 30))


def _span_of_month(today: date, month: int, part: tuple[int, int]) -> Day:
    for year in range(today.year - 1, today.year + 3):
        first = _solar(part[0], month, year, False)
        last = _solar(part[1], month, year, False) or _solar(part[1] - 1, month, year, False)
        if first and last and last >= today:
            return Fixed(((first, last),))
    return Fixed(())
