"""A series whose dates move: its rule moves along, or the rest becomes a series of its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.common.periods import VIETNAM
from meetings.scheduling import series_rules
from meetings.scheduling.models import Conference, Series


def move(series: Series, conferences: Sequence[Conference], by: timedelta, now: datetime) -> None:
    """Move the rule under `conferences`, which are those from some date on; earlier ones keep the old series.

    Their own hours are the caller's. Invalid where the rule names its days.
    """
    rule = series_rules.parse(series.rule)
    walls = series_rules.walls(rule, datetime.combine(series.first_day, series.clock))
    first = min(_wall(conference) for conference in conferences)
    rest = [wall for wall in walls if wall >= first]
    if Conference.objects.filter(series=series, occurrence__lt=series_rules.moment(first)).exists():
        target = _split(series, rest[0], now)
    else:
        rest, target = walls, series
    target.rule = str(series_rules.moved(rule, rest, rest[0] + by))
    moved = rest[0] + by
    days = moved.date() - rest[0].date()
    target.first_day, target.clock = moved.date(), moved.time()
    target.exceptions = [day + days for day in target.exceptions]
    target.skipped = [day + days for day in target.skipped]
    target.save()
    for conference in conferences:
        conference.series = target
        conference.occurrence = series_rules.moment(_wall(conference) + by)
    Conference.objects.bulk_update(conferences, ["series", "occurrence"])


def _split(series: Series, at: datetime, now: datetime) -> Series:
    """The old series ends before `at`; the new one is not stored yet."""
    day = at.date()
    rest = Series(
        exceptions=[each for each in series.exceptions if each >= day],
        skipped=[each for each in series.skipped if each >= day],
        policy=series.policy,
        convening_unit=series.convening_unit,
        created_by=series.created_by,
        created_at=now,
    )
    series.rule = str(series_rules.until_before(series_rules.parse(series.rule), day))
    series.exceptions = [each for each in series.exceptions if each < day]
    series.skipped = [each for each in series.skipped if each < day]
    series.save(update_fields=["rule", "exceptions", "skipped"])
    return rest


def _wall(conference: Conference) -> datetime:
    """The start that the rule gave, by the clock in Viet Nam."""
    if conference.occurrence is None:
        raise ValueError("a date of a series")
    return conference.occurrence.astimezone(VIETNAM).replace(tzinfo=None)
