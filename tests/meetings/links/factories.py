"""Lines for tests: quick to measure, on loopback addresses."""

from datetime import UTC, date, datetime, timedelta

from backend.units.models import Figure, Unit
from meetings.links.bandwidth import write_pools
from meetings.links.figures import DEFAULTS, PROBING, QUALITY
from meetings.links.models import AllowedTarget, Link, Node
from meetings.links.recording import Measurement, record_round
from meetings.links.services import site_node
from meetings.sites.models import Site

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 08:00 in Viet Nam
LOOPBACK = "127.77.0.0/16"


def make_figures(**changes: dict) -> None:
    """The figures as shipped; `line_probing={…}` changes some of their values."""
    for entry in DEFAULTS:
        value = entry["value"] | changes.get(entry["key"], {})
        Figure.objects.update_or_create(
            key=entry["key"], effective_from=date(2020, 1, 1), defaults={"value": value, "source": entry["source"]}
        )


def make_quick_figures() -> None:
    quick = {"interval_s": 1, "packets": 3, "gap_s": 0.02, "timeout_s": 0.1, "stale_rounds": 30}
    make_figures(**{PROBING: quick, QUALITY: {"window": 3}})


def make_core(name: str = "Lõi TSLCD") -> Node:
    return Node.objects.get_or_create(kind=Node.Kind.CORE, name=name)[0]


def line(site: Site, code: str = "LS-01", **values: object) -> Link:
    """A line that is not stored."""
    given = {
        "code": code,
        "site": site,
        "b": make_core(),
        "carrier": "VNPT",
        "network": Link.Network.TSLCD2,
        "capacity_mbps": 50,
        "probe_kind": Link.ProbeKind.SIP,
        "probe_host": "127.77.0.1",
        "probe_port": 5060,
    }
    return Link(**given | values)


def make_line(site: Site, code: str = "LS-01", **values: object) -> Link:
    return _stored(line(site, code, a=site_node(site), **values))


def make_trunk(unit: Unit, code: str = "TRUC-01", **values: object) -> Link:
    values.setdefault("a", make_pop(f"POP {code}"))
    return _stored(line(None, code, unit=unit, **values))  # type: ignore[arg-type]


def make_pop(name: str) -> Node:
    return Node.objects.get_or_create(kind=Node.Kind.POP, name=name)[0]


def _stored(link: Link) -> Link:
    write_pools([link])
    link.save()
    return link


def allow(unit: Unit, network: str = LOOPBACK, first_port: int = 1, last_port: int = 65535) -> AllowedTarget:
    return AllowedTarget.objects.create(unit=unit, network=network, first_port=first_port, last_port=last_port)


GOOD = (20.0, 21.0, 20.0, 21.0, 20.0)
DEAD = (None,) * 5


def measured(link: Link, *rounds: tuple, at: datetime = NOW, every: float = 30) -> list:
    """Record `rounds` of the line, the last one at `at`; answers what each of them changed."""
    times = [at - timedelta(seconds=every * behind) for behind in reversed(range(len(rounds)))]
    return [
        record_round(results=[Measurement(link.pk, time, samples)], now=time)
        for time, samples in zip(times, rounds, strict=True)
    ]
