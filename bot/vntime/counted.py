"""Days that are counted out: the last day of a month, the first Monday of December, the next working day."""

from datetime import date, timedelta

from .calendar import Day, Days, month_days, month_of, on
from .dates import month
from .days import working
from .grammar import Context, Found
from .weekdays import weekday_name


def next_working(c: Context, at: int) -> Found[Day]:
    for phrase in ("ngày làm việc tiếp theo", "ngày làm việc kế tiếp", "the next working day", "next working day"):
        end = c.after(at, phrase)
        if end:
            yield end, on(working(c, 1))


def of_month(c: Context, at: int) -> Found[Day]:
    last = c.first(at, "ngày cuối cùng của", "ngày cuối cùng", "ngày cuối", "the last day of")
    for end, days in _months(c, last) if last else ():
        yield end, on(days[1])
    for middle, weekday in weekday_name(c, at):
        for words, position in ((("đầu tiên", "đầu"), 0), (("cuối cùng", "cuối"), -1)):
            begin = c.first(middle, *(word + of for word in words for of in (" của", "")))
            for end, days in _months(c, begin) if begin else ():
                yield end, on(_counted(days, weekday, position))


def _months(c: Context, at: int) -> Found[Days]:
    for end, whole in month(c, at):
        yield from ((end, days) for days in whole.resolve(c.now))
    bare = c.first(at, "tháng", "the month")
    if bare:
        yield bare, month_days(*month_of(c.today, 0))


def _counted(days: Days, weekday: int, position: int) -> date:
    every = [days[0] + timedelta(days=n) for n in range((days[1] - days[0]).days + 1)]
    return [day for day in every if day.weekday() == weekday][position]
