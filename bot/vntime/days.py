"""Days by name: hôm nay, mai, thứ tư tuần sau nữa, tuần sau, ba ngày nữa."""

from datetime import date, timedelta

from .calendar import Day, Either, Fixed, Weekday, month_days, month_of, on, span, week_of
from .dates import dated
from .grammar import Context, Found, memo
from .numbers import small
from .weekdays import weekday_name

RELATIVE = {
    "hôm nay": 0, "bữa nay": 0, "ngày hôm nay": 0, "hnay": 0, "today": 0, "nội nhật hôm nay": 0,
    "ngày mai": 1, "hôm mai": 1, "mai": 1, "tomorrow": 1,
    "ngày kia": 2, "ngày mốt": 2, "bữa mốt": 2, "mốt": 2, "the day after tomorrow": 2, "day after tomorrow": 2,
    "ngày kìa": 3,
    "hôm qua": -1, "ngày hôm qua": -1, "ngày qua": -1, "bữa qua": -1, "hqua": -1, "yesterday": -1,
    "hôm kia": -2, "the day before yesterday": -2, "day before yesterday": -2, "hôm kìa": -3,
}  # fmt: skip
MARKED = ("mốt", "ngày kìa", "hôm kìa")  # without diacritics these are other, commoner words
WEEKS = {
    "tuần sau nữa": 2, "tuần tới nữa": 2, "tuần sau": 1, "tuần tới": 1, "tuần kế tiếp": 1, "tuần kế": 1, "sang tuần": 1,
    "tuần này": 0, "tuần nay": 0, "tuần trước nữa": -2, "tuần trước": -1, "tuần qua": -1, "tuần rồi": -1,
    "tuần vừa rồi": -1, "tuần vừa qua": -1, "the week after next": 2, "week after next": 2, "next week": 1,
    "this week": 0, "last week": -1,
}  # fmt: skip
WEEK_PARTS = {"đầu": (0, 1), "giữa": (2, 3), "cuối": (5, 6), "early": (0, 1), "mid": (2, 3), "the weekend": (5, 6)}


def relative(c: Context, at: int) -> Found[Day]:
    for phrase, shift in RELATIVE.items() if c.first(at, *RELATIVE) else ():
        end = c.after(at, phrase)
        if end and (c.found[end - 1].marks or phrase not in MARKED):
            yield end, on(c.plus(shift))


def attached(c: Context, at: int) -> Found[Day]:
    """What only means a day right after a part of one: sáng nay, tối qua, chiều kia."""
    for word, shift in (("nay", 0), ("qua", -1), ("kia", 2), ("mốt", 2)):
        if c.at(at, word):
            yield at + 1, on(c.plus(shift))


@memo
def week(c: Context, at: int) -> Found[int]:
    for phrase, weeks in WEEKS.items() if c.first(at, *WEEKS) else ():
        end = c.after(at, phrase)
        if end:
            yield end, weeks
    for after, count in small(c, at, 1, 52):
        end = c.first(after, "tuần nữa")
        if end:
            yield end, count


@memo
def weekday(c: Context, at: int) -> Found[Day]:
    ahead = c.first(at, "next", "this", "last", "this coming", "coming")
    near = {"next": "after", "last": "last", "this": "this"}.get(c.fold(at), "") if ahead else ""
    for end, day in weekday_name(c, ahead or at):
        yield from _with_week(c, end, day, near)
    for end, weeks in week(c, at):  # "tuần sau thứ 5"
        begin = c.first(end, ", ngày", ", vào", ",", "vào", "hôm", "on") or end
        for last, day in weekday_name(c, begin):
            yield last, Weekday(day, weeks)


def _with_week(c: Context, at: int, day: int, near: str) -> Found[Day]:
    begin = c.first(at, "của", "of", ",") or at
    edge = c.first(begin, "đầu", "cuối", "giữa") or begin
    for end, weeks in week(c, edge):
        yield end, Weekday(day, weeks)
    for phrases, kind in (
        (("này", "nay"), "this"),
        (("sắp tới", "tới đây", "tới"), "next"),
        (("sau",), "after"),
        (("vừa rồi", "vừa qua", "trước", "rồi", "qua"), "last"),
    ):
        close = c.first(at, *phrases) if not near else None
        if close and not c.after(at, "trước khi"):
            yield close, Weekday(day, near=kind)
    begin = c.first(at, ", ngày", "ngày", ",", "(", "- ngày", "the") or at
    for end, date_said in dated(c, begin):
        yield end, _agreeing(c, day, date_said)
    yield at, Weekday(day, near=near)


def _agreeing(c: Context, day: int, said: Day) -> Day:
    """A date with its weekday; where they disagree, both."""
    spans = said.resolve(c.now)
    matching = [found for found in spans if found[0].weekday() == day]
    if matching:
        return Fixed(tuple(matching))
    return Either(said, Weekday(day)) if spans else Weekday(day)


def whole_week(c: Context, at: int) -> Found[Day]:
    for end, weeks in week(c, at):
        if not c.number(at) and not c.after(end - 2, "tuần nữa"):
            yield end, Fixed((week_of(c.today, weeks),))
    for word, (first, last) in WEEK_PARTS.items() if c.first(at, *WEEK_PARTS) else ():
        begin = c.after(at, word)
        if begin is None:
            continue
        for end, weeks in week(c, begin):
            yield end, Fixed((week_of(c.today, weeks, first, last),))
        yield from _coming_part(c, at, begin, word, first, last)


def _coming_part(c: Context, at: int, begin: int, word: str, first: int, last: int) -> Found[Day]:
    """ "đầu tuần" alone is the next one that has not passed."""
    if word == "the weekend":
        yield begin, Fixed((week_of(c.today, 0, first, last),))
    end = c.first(begin, "tuần")
    if end and word in ("đầu", "giữa", "cuối"):
        weeks = 0 if week_of(c.today, 0, first, last)[1] >= c.today else 1
        yield end, Fixed((week_of(c.today, weeks, first, last),))


def english_weekend(c: Context, at: int) -> Found[Day]:
    for phrase, weeks in (("next weekend", 1), ("this weekend", 0), ("weekend", 0)):
        end = c.after(at, phrase)
        if end:
            yield end, Fixed((week_of(c.today, weeks, 5, 6),))


def same_day(c: Context, at: int) -> Found[Day]:
    begin = c.first(at, "ngày này", "hôm này")
    for end, weeks in week(c, begin) if begin else ():
        yield end, on(c.today + timedelta(weeks=weeks))


@memo
def ahead(c: Context, at: int) -> Found[Day]:
    """Ba ngày nữa, 2 tuần nữa (that one day), sau 3 ngày, 3 ngày làm việc nữa, 3 ngày trước, in 3 days, 3 days ago."""
    sign_word = c.first(at, "sau", "in", "cách đây", "còn")
    for after, count in _counted(c, sign_word or at):
        unit_end = _unit(c, after, count)
        if unit_end is None:
            continue
        end, day, past = unit_end
        later = c.first(end, "nữa", "from now", "from today")
        before = c.first(end, "trước", "ago", "trước đây")
        if c.at(at, "cách đây") or c.after(at, "cách đây") is not None:
            yield c.first(end, "trước") or end, on(past)
        elif later:
            yield later, on(day)
        elif before and not sign_word:
            yield before, on(past)
        elif sign_word and c.fold(at) in ("sau", "in"):
            yield end, on(day)


def _counted(c: Context, at: int) -> Found[int]:
    yield from small(c, at, 1, 400)
    if c.fold(at) in ("a", "an"):
        yield at + 1, 1


def _unit(c: Context, at: int, count: int) -> tuple[int, date, date] | None:
    end = c.first(at, "ngày làm việc", "working days", "working day")
    if end:
        return end, working(c, count), working(c, -count)
    end = c.first(at, "ngày", "hôm", "bữa", "days", "day")
    if end:
        return end, c.plus(count), c.plus(-count)
    end = c.first(at, "tuần", "weeks", "week")
    if end:
        return end, c.plus(7 * count), c.plus(-7 * count)
    end = c.first(at, "tháng", "months", "month")
    return (end, _months(c.today, count), _months(c.today, -count)) if end else None


def working(c: Context, count: int) -> date:
    day, left = c.today, abs(count)
    while left:
        day += timedelta(days=1 if count > 0 else -1)
        left -= day.weekday() < 5 and day not in c.settings.holidays
    return day


def _months(today: date, count: int) -> date:
    first, last = month_days(*month_of(today, count))
    return min(first.replace(day=1) + timedelta(days=today.day - 1), last)


def window(c: Context, at: int) -> Found[Day]:
    """3 ngày tới, next 3 days: the days after today."""
    begin = c.first(at, "next", "the next")
    for after, count in small(c, begin or at, 1, 90):
        days = c.first(after, "ngày tới", "hôm tới", "ngày sắp tới") if not begin else c.first(after, "days")
        weeks = c.first(after, "tuần tới", "tuần sắp tới") if not begin else c.first(after, "weeks")
        if days:
            yield days, span(c.plus(1), c.plus(count))
        if weeks:
            yield weeks, span(c.plus(1), c.plus(7 * count))
