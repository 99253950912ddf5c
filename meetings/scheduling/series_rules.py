"""Pure rules of a series: a rule of RFC 5545 (section 3.3.10) and its dates, in Viet Nam's wall time.

Only the rules that calendars read alike: daily, weekly on weekdays, monthly on one day or one nth weekday, yearly; each
with an end. Expanding them is dateutil's.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from dateutil import rrule
from django.utils.translation import gettext as _

from backend.common.errors import Invalid
from backend.common.periods import VIETNAM, Period, local_date

MOST = 500
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY, "YEARLY": rrule.YEARLY}
_BYDAY = re.compile(r"([1-4]|-1)?(MO|TU|WE|TH|FR|SA|SU)")
_LAST_MOMENT = time(23, 59, 59)


@dataclass(frozen=True)
class Rule:
    """How often. `weekdays`: of WEEKLY, such as ("MO", "TH"); of MONTHLY at most one, such as ("2TU",) or ("-1FR",).

    `until`: the last wall time in Viet Nam that may be a start. Exactly one of `count` and `until` is given.
    """

    frequency: str
    interval: int = 1
    weekdays: tuple[str, ...] = ()
    month_day: int | None = None
    count: int | None = None
    until: datetime | None = None

    def __str__(self) -> str:
        """As an RRULE value; UNTIL in UTC, as the RFC asks beside a DTSTART with a zone."""
        parts = [("FREQ", self.frequency), ("INTERVAL", self.interval if self.interval > 1 else None)]
        parts += [("BYDAY", ",".join(self.weekdays)), ("BYMONTHDAY", self.month_day), ("COUNT", self.count)]
        if self.until:
            parts.append(("UNTIL", f"{self.until.replace(tzinfo=VIETNAM).astimezone(UTC):%Y%m%dT%H%M%SZ}"))
        return ";".join(f"{name}={value}" for name, value in parts if value)


def parse(text: str) -> Rule:
    """The rule of an RRULE value. Invalid, field `rule`, says what is not understood or missing."""
    given: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, _sep, value = part.partition("=")
        if not value or name in given:
            raise _bad(_("“%(part)s” is not understood; write such as FREQ=WEEKLY;BYDAY=MO;COUNT=10.") % {"part": part})
        given[name] = value
    if given.pop("WKST", "MO") != "MO":
        raise _bad(_("The week begins on Monday."))
    rule = Rule(
        frequency=given.pop("FREQ", ""),
        interval=_whole(given.pop("INTERVAL", "1"), "INTERVAL"),
        weekdays=tuple(given.pop("BYDAY").split(",")) if "BYDAY" in given else (),
        month_day=_whole(given.pop("BYMONTHDAY"), "BYMONTHDAY") if "BYMONTHDAY" in given else None,
        count=_whole(given.pop("COUNT"), "COUNT") if "COUNT" in given else None,
        until=_until(given.pop("UNTIL")) if "UNTIL" in given else None,
    )
    if given:
        raise _bad(_("Not possible here: %(names)s.") % {"names": ", ".join(given)})
    check(rule)
    return rule


def check(rule: Rule) -> None:
    """Invalid, field `rule`, when it is none that calendars read alike, or has no end."""
    if rule.frequency not in FREQUENCIES:
        raise _bad(_("Say how often: daily, weekly, monthly or yearly."))
    if not 1 <= rule.interval <= 366:
        raise _bad(_("The interval is a number from 1 to 366."))
    if rule.count is None and rule.until is None:
        raise Invalid("no_end", _("A series needs an end: a number of dates, or a last day."), field="rule")
    if rule.count is not None and rule.until is not None:
        raise _bad(_("Give a number of dates or a last day, not both."))
    if rule.count is not None and rule.count < 1:
        raise _bad(_("The number of dates is at least 1."))
    if rule.count is not None and rule.count > MOST:
        raise _too_many()
    _check_days(rule)


def _check_days(rule: Rule) -> None:
    found = [_BYDAY.fullmatch(day) for day in rule.weekdays]
    nth = [match for match in found if match and match[1]]
    weekly = rule.frequency == "WEEKLY" and not nth and rule.month_day is None
    monthly = rule.frequency == "MONTHLY" and len(nth) == len(found) and len(found) + (rule.month_day is not None) <= 1
    if None in found or not ((not found and rule.month_day is None) or weekly or monthly):
        raise _bad(_("Weekdays belong to a weekly series; one day, or one weekday such as 2TU, to a monthly one."))
    if rule.month_day is not None and rule.month_day != -1 and not 1 <= rule.month_day <= 31:
        raise _bad(_("The day of the month is a number from 1 to 31, or -1 for the last."))


def _whole(text: str, name: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,6}", text):
        raise _bad(_("%(name)s is a whole number.") % {"name": name})
    return int(text)


def _until(text: str) -> datetime:
    """A day (inclusive), a local wall time, or a moment in UTC; as wall time."""
    try:
        if len(text) == 8:
            return datetime.combine(datetime.strptime(text, "%Y%m%d").date(), _LAST_MOMENT)  # noqa: DTZ007 (wall time)
        wall = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 (wall time)
        return wall.replace(tzinfo=UTC).astimezone(VIETNAM).replace(tzinfo=None) if text.endswith("Z") else wall
    except (ValueError, OverflowError) as error:
        raise _bad(_("UNTIL is a day such as 20271231.")) from error


def _bad(text: str) -> Invalid:
    return Invalid("bad_rule", text, field="rule")


def _too_many() -> Invalid:
    return Invalid("too_many", _("A series has at most %(most)d dates.") % {"most": MOST}, field="rule")


def walls(rule: Rule, first: datetime) -> list[datetime]:
    """Every start that `rule` gives from the wall time `first` on. Invalid when there are none, or more than 500."""
    weekdays = [getattr(rrule, day[-2:])(int(day[:-2])) if day[:-2] else getattr(rrule, day) for day in rule.weekdays]
    endless = rrule.rrule(
        FREQUENCIES[rule.frequency], dtstart=first, interval=rule.interval, wkst=rrule.MO, count=rule.count,
        until=rule.until, byweekday=weekdays or None, bymonthday=rule.month_day,
    )  # fmt: skip
    found = list(islice(endless, MOST + 1))
    if len(found) > MOST:
        raise _too_many()
    if not found:
        raise Invalid("no_dates", _("This rule gives no date from that day on."), field="rule")
    return found


def moment(wall: datetime, zone: ZoneInfo = VIETNAM) -> datetime:
    """The wall time as a moment. Invalid, field `start`, when clocks skip that hour."""
    there = wall.replace(tzinfo=zone).astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) != wall:
        text = _("On %(day)s there is no %(hour)s o'clock.") % {"day": f"{wall:%d/%m/%Y}", "hour": f"{wall:%H:%M}"}
        raise Invalid("no_such_hour", text, field="start")
    return there


def dates(rule: Rule, start: datetime, end: datetime, exceptions: Sequence[date] = ()) -> list[Period]:
    """The periods of a series whose first one would be [start, end), without those on the local days `exceptions`."""
    if end <= start:
        raise Invalid("end_before_start", _("The end must lie after the start."), field="end")
    found = walls(rule, start.astimezone(VIETNAM).replace(tzinfo=None))
    days = {wall.date() for wall in found}
    for number, day in enumerate(exceptions):
        if day not in days:
            text = _("%(day)s is none of the dates of this series.") % {"day": f"{day:%d/%m/%Y}"}
            raise Invalid("not_a_date", text, field=f"exceptions.{number}")
    periods = [Period(at, at + (end - start)) for at in map(moment, found)]
    kept = [period for period in periods if local_date(period.start) not in exceptions]
    if not kept:
        raise Invalid("no_dates", _("Every date is left out."), field="exceptions")
    check_apart(kept)
    return kept


def check_apart(periods: Iterable[Period]) -> None:
    """Invalid, field `end`, when one date lasts into the next."""
    for one, other in pairwise(sorted(periods)):
        if one.overlaps(other):
            raise Invalid("dates_overlap", _("Each date lasts until after the next one begins."), field="end")


def until_before(rule: Rule, day: date) -> Rule:
    """The same rule with its last date before the local `day`."""
    return replace(rule, count=None, until=datetime.combine(day - timedelta(days=1), _LAST_MOMENT))


def moved(rule: Rule, old: Sequence[datetime], first: datetime) -> Rule:
    """The rule of the dates `old` (wall times) moved so that they begin at `first`.

    Invalid, field `start`, where the rule names its days and the moved dates are none of its kind.
    """
    by = first - old[0]
    days = (first.date() - old[0].date()).days
    if rule.frequency == "WEEKLY":
        turned = {WEEKDAYS[(WEEKDAYS.index(day) + days) % 7] for day in rule.weekdays}
        rule = replace(rule, weekdays=tuple(day for day in WEEKDAYS if day in turned))
    last = datetime.combine((old[-1] + by).date(), _LAST_MOMENT)
    rule = replace(rule, count=len(old)) if rule.count else replace(rule, until=last)
    if walls(rule, first) != [wall + by for wall in old]:
        text = _("This rule names its days: move its hours only, or book a new series from that date on.")
        raise Invalid("rule_names_days", text, field="start")
    return rule
