"""Reading lines. A line that was not measured lately is unknown, whatever it was before: `shown_state` decides it."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from backend.accounts.models import User
from backend.accounts.queries import inside, scope
from backend.common.periods import Period, local_date
from backend.units.queries import figure
from meetings.links.figures import PROBING, QUALITY
from meetings.links.models import AllowedTarget, Link, SimulatedLine
from meetings.links.rules import Limits, Probing, State
from meetings.links.simulator import Address, Behaviour
from meetings.links.targets import Allowance
from meetings.sites.models import Site

BEST_FIRST = (State.UP, State.DEGRADED, State.UNKNOWN, State.DOWN)  # a site is only as bad as its best line
POINTS = 200

Viewer = User | AnonymousUser
SiteSource = Callable[[Any], QuerySet]
site_sources: list[SiteSource] = []


def also_shows_lines_of(source: SiteSource) -> SiteSource:
    """Decorator for a part above: `source(user)` gives ids of further sites whose lines the user may see."""
    site_sources.append(source)
    return source


def probing(now: datetime) -> Probing:
    return Probing(**figure(PROBING, on=local_date(now)))


def limits(now: datetime) -> Limits:
    return Limits.of(figure(QUALITY, on=local_date(now)))


def shown_state(now: datetime) -> Case:
    """What may be said of a line at `now` (`rules.refreshed`), as an expression over Link."""
    rule = probing(now)
    interval = Coalesce(F("interval_s"), Value(rule.interval_s))
    patience = ExpressionWrapper(interval * Value(timedelta(seconds=rule.stale_rounds)), output_field=DurationField())
    fresh = Q(measured_at__gte=ExpressionWrapper(Value(now) - patience, output_field=DateTimeField()))
    return Case(When(fresh, then=F("state")), default=Value(State.UNKNOWN.value), output_field=CharField())


def links_visible_to(user: Viewer, *, now: datetime) -> QuerySet[Link]:
    """Lines in use, each with `shown`, its state at `now`: those of the user's scope, and those of `site_sources`.

    The latter are the lines of sites that take part in a conference of the user's.
    """
    seen = inside("site__unit", scope(user)) | inside("unit", scope(user))
    for source in site_sources:
        seen |= Q(site__in=source(user))
    links = Link.objects.filter(seen, active=True).annotate(shown=shown_state(now))
    return links.select_related("site__unit", "unit", "a", "b").defer("memory")


@dataclass(frozen=True, slots=True)
class Standing:
    """A site as its lines leave it. `measured_at`: when the line that decides was last measured."""

    site: Site
    state: State
    measured_at: datetime | None
    links: list[Link]


def standings(links: QuerySet[Link]) -> list[Standing]:
    """The sites of `links` (as from `links_visible_to`), by name; trunks do not count. One query."""
    by_site: dict[Site, list[Any]] = {}
    for link in links.filter(site__isnull=False).order_by("site__name", "site_id", "role", "code"):
        by_site.setdefault(link.site, []).append(link)  # type: ignore[arg-type]
    return [_standing(site, its) for site, its in by_site.items()]


def _standing(site: Site, links: list[Any]) -> Standing:
    best = min(links, key=lambda link: BEST_FIRST.index(State(link.shown)))
    return Standing(site, State(best.shown), best.measured_at, links)


def offline_sites(user: Viewer, *, now: datetime) -> list[Standing]:
    """Sites all of whose lines are down."""
    return [each for each in standings(links_visible_to(user, now=now)) if each.state is State.DOWN]


def state_counts(user: Viewer, *, now: datetime) -> dict[State, int]:
    """How many sites are up, degraded, down and unknown; every state is a key."""
    found = Counter(each.state for each in standings(links_visible_to(user, now=now)))
    return {state: found[state] for state in State}


def sites_without_cleared_line(site_ids: Iterable[int]) -> set[int]:
    """Those of `site_ids` that no protected primary line reaches: nothing secret may be held there."""
    cleared = Link.objects.filter(active=True, cleared=True, role=Link.LinkRole.PRIMARY, site__in=list(site_ids))
    return set(site_ids) - set(cleared.values_list("site_id", flat=True))  # type: ignore[arg-type]


_HISTORY = """
SELECT date_bin(%(step)s, at, %(start)s) AS at, sum(sent) AS sent, sum(lost) AS lost,
    sum(lost)::float8 / sum(sent) AS loss, avg(rtt_ms) AS rtt_ms, avg(jitter_ms) AS jitter_ms,
    (ARRAY['unknown', 'up', 'degraded', 'down'])[max(
        CASE state WHEN 'down' THEN 4 WHEN 'degraded' THEN 3 WHEN 'up' THEN 2 ELSE 1 END)] AS state
FROM meetings_links_sample WHERE link_id = %(link)s AND at >= %(start)s AND at < %(end)s
GROUP BY 1 ORDER BY 1
"""


def history(link_id: int, period: Period, *, points: int = POINTS) -> list[dict[str, Any]]:
    """Rounds of a line in at most `points` equal steps, oldest first; steps without a measurement are absent.

    Each step: at, sent, lost, loss, rtt_ms, jitter_ms, and the worst state of its rounds.
    """
    step = timedelta(seconds=max(-(-period.length // timedelta(seconds=points)), 1))
    parameters: dict[str, Any] = {"step": step, "link": link_id, "start": period.start, "end": period.end}
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Job:
    """All that the prober needs for one line; equal jobs are the same work."""

    link_id: int
    kind: str
    host: str
    port: int
    interval_s: int
    packets: int
    gap_s: float
    timeout_s: float
    allowed: tuple[Allowance, ...]


def jobs(now: datetime) -> list[Job]:
    """The work of the prober: every line in use, with what its probe may talk to."""
    rule = probing(now)
    allowed: dict[int, list[Allowance]] = {}
    for entry in AllowedTarget.objects.order_by("pk"):
        allowed.setdefault(entry.unit_id, []).append(entry.allowance())
    rows = (
        Link.objects.filter(active=True)
        .order_by("pk")
        .annotate(path=Coalesce("site__unit__path", "unit__path"))
        .values_list("pk", "probe_kind", "probe_host", "probe_port", "interval_s", "path")
    )
    return [
        Job(pk, kind, host, port, interval_s or rule.interval_s, rule.packets, rule.gap_s, rule.timeout_s,
            tuple(entry for unit in path for entry in allowed.get(unit, ())))
        for pk, kind, host, port, interval_s, path in rows
    ]  # fmt: skip


def simulated() -> dict[Address, Behaviour]:
    """The simulator's script: every SIP line on a loopback address."""
    links = Link.objects.filter(active=True, probe_kind=Link.ProbeKind.SIP, probe_host__startswith="127.")
    plays = {play.link_id: play for play in SimulatedLine.objects.all()}
    return {(link.probe_host, link.probe_port): _behaviour(plays.get(link.pk)) for link in links.defer("memory")}


def _behaviour(play: SimulatedLine | None) -> Behaviour:
    return Behaviour(play.delay_ms, play.jitter_ms, play.loss, play.silent) if play else Behaviour()
