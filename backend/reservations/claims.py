"""The words of a reservation, as plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.common.periods import Period


@dataclass(frozen=True)
class Holder:
    """Who holds: a row of a higher part, by its kind ("conference") and id."""

    kind: str
    id: int


@dataclass(frozen=True)
class Claim:
    """`holder`, and until when, only where one act claims for several: a series for each of its conferences."""

    resource_id: int
    period: Period
    holder: Holder | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class PoolClaim:
    pool_id: int
    amount: int
    period: Period
    holder: Holder | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Choice:
    """Any `count` of these resources will do: the technicians of a site, its movable codecs."""

    resource_ids: tuple[int, ...]
    count: int


@dataclass(frozen=True)
class Margins:
    """How long before and after its hours a thing is held as well: to set up, to clear away."""

    before: timedelta = timedelta(0)
    after: timedelta = timedelta(0)

    def around(self, period: Period) -> Period:
        return Period(period.start - self.before, period.end + self.after)

    def inside(self, gap: Period) -> Period | None:
        """The hours that fit into `gap` with their margins; None where nothing does."""
        start, end = gap.start + self.before, gap.end - self.after
        return Period(start, end) if start < end else None


@dataclass(frozen=True)
class Clash:
    """What stands in the way: of a resource its holder, of a pool the binding moment (`start`) and what is left."""

    kind: str
    id: int
    name: str
    start: datetime
    end: datetime
    holder: Holder | None
    left: int | None = None
