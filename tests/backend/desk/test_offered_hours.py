"""The hours that an empty booking form offers."""

from datetime import date, datetime, time

import pytest

from backend.common.periods import VIETNAM
from backend.desk.booking import next_hour


@pytest.mark.parametrize(
    ("now", "day", "start", "end"),
    [
        ("2026-11-23T04:10", date(2026, 11, 23), time(8), time(9)),
        ("2026-11-23T08:40", date(2026, 11, 23), time(9), time(10)),
        ("2026-11-23T09:00", date(2026, 11, 23), time(9, 30), time(10, 30)),
        ("2026-11-23T16:50", date(2026, 11, 23), time(17), time(18)),
        ("2026-11-23T17:10", date(2026, 11, 24), time(8), time(9)),
        ("2026-11-30T23:45", date(2026, 12, 1), time(8), time(9)),
    ],
)
def test_the_next_full_half_hour_within_the_office_day(now, day, start, end):
    offered = next_hour(datetime.fromisoformat(now).replace(tzinfo=VIETNAM))
    assert offered == {"day": day, "start_time": start, "end_time": end}
