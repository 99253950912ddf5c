"""Core, points of presence, and the lines of the sites, each probed at a loopback address of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.text import slugify

from backend.common.text import fold
from backend.desk.demo.land import PROVINCE, Land
from backend.units.catalogue import LAST_OLD_DAY, REFORM, Area, areas, bare, children, heirs, valid_on
from backend.units.models import Unit
from meetings.links.bandwidth import write_pools
from meetings.links.models import AllowedTarget, Link, Node, SimulatedLine
from meetings.links.simulator import demo_target
from meetings.sites.models import Site

CORE, HUB = "Lõi mạng TSLCD", "POP trung tâm tỉnh"
STATE_POST, VNPT, VIETTEL, MOBIFONE = "Cục Bưu điện Trung ương", "VNPT", "Viettel", "MobiFone"
SLOW, LOSSY, DEAD = {"mau-son"}, {"xuat-le", "ba-son"}, {"cong-son"}  # sites whose line is not well
Network = Link.Network


@dataclass(frozen=True)
class Line:
    """A line as the demo knows it; the first of a site is its primary one."""

    carrier: str
    network: str
    capacity_mbps: int
    cleared: bool = False


def write_network(land: Land, sites: list[Site]) -> None:
    """Core – hub of the province – POP of each old district – sites."""
    core, hub = Node(kind=Node.Kind.CORE, name=CORE), Node(kind=Node.Kind.POP, name=HUB)
    towns = [bare(district.name) for district in children(PROVINCE, on=LAST_OLD_DAY)]
    pops = {town: Node(kind=Node.Kind.POP, name=f"POP {town}") for town in towns}
    ends = [Node(kind=Node.Kind.SITE, name=site.name, site=site) for site in sites]
    Node.objects.bulk_create([core, hub, *pops.values(), *ends])

    centre, province, *local, guesthouse = ends
    lines = [
        *_lines(centre, core, CENTRE_LINES),
        *_lines(province, hub, PROVINCE_LINES),
        *_lines(guesthouse, hub, GUESTHOUSE_LINES),
    ]
    for number, (end, unit) in enumerate(zip(local, land.localities, strict=True)):
        lines += _lines(end, pops[town_of(unit)], locality_lines(unit, number))
    trunks = [_trunk(land.province, hub, core, "tinh", 1000)]
    trunks += [_trunk(land.province, pop, hub, slugify(fold(town)), 100) for town, pop in pops.items()]
    _write(land.centre, [*lines, *trunks])


CENTRE_LINES = (Line(STATE_POST, Network.TSLCD1, 200, cleared=True), Line(VIETTEL, Network.LEASED, 100))
PROVINCE_LINES = (Line(STATE_POST, Network.TSLCD1, 100, cleared=True), Line(VNPT, Network.LEASED, 100))
GUESTHOUSE_LINES = (Line(VIETTEL, Network.INTERNET, 200),)


def locality_lines(unit: Unit, number: int) -> tuple[Line, ...]:
    """Old districts and every third other place have a second line of another carrier, some a mobile one."""
    town = is_district(unit)
    first = Line(VNPT if number % 4 else VIETTEL, Network.TSLCD2, 50 if town else 20)
    if town or number % 3 == 0:
        return (first, Line(VIETTEL if first.carrier == VNPT else VNPT, Network.INTERNET, 100))
    if number % 7 == 0:
        return (first, Line(MOBIFONE, Network.MOBILE, 10))
    return (first,)


def is_district(unit: Unit) -> bool:
    return len(unit.code) == 3


def town_of(unit: Unit) -> str:
    """The old district, by whose POP the unit hangs: its own, its parent, or the one that most of it came from."""
    if is_district(unit):
        return unit.short_name
    district = _predecessors()[unit.code].parent if unit.valid_from == REFORM else unit.parent.code  # type: ignore[union-attr]
    return bare(valid_on(LAST_OLD_DAY)[district].name)


@cache
def _predecessors() -> dict[str, Area]:
    """New commune → the first old one that went into it, or rather its namesake."""
    found: dict[str, Area] = {}
    for area in (area for area in areas() if len(area.code) == 5):
        for heir in heirs(area):
            if heir.code not in found or area.short_name == heir.short_name:
                found[heir.code] = area
    return found


def _trunk(unit: Unit, a: Node, b: Node, name: str, capacity: int) -> Link:
    return Link(code=f"truc-{name}", unit=unit, a=a, b=b, carrier=STATE_POST, network=Network.TSLCD1,
                capacity_mbps=capacity, cleared=True)  # fmt: skip


def _lines(end: Node, b: Node, lines: Iterable[Line]) -> list[Link]:
    roles = (Link.LinkRole.PRIMARY, Link.LinkRole.SECOND)
    return [
        Link(code=f"{end.site.code}-{number}", site=end.site, a=end, b=b, role=role, carrier=line.carrier,
             network=line.network, capacity_mbps=line.capacity_mbps, cleared=line.cleared)
        for number, (role, line) in enumerate(zip(roles, lines, strict=False), start=1)
        if end.site
    ]  # fmt: skip


def _write(root: Unit, links: list[Link]) -> None:
    data_dir = str(settings.DATA_DIR)
    for number, link in enumerate(links):
        link.probe_kind = Link.ProbeKind.SIP
        link.probe_host, link.probe_port = demo_target(number, data_dir)
    write_pools(links)
    Link.objects.bulk_create(links)
    port = links[0].probe_port
    AllowedTarget.objects.create(unit=root, network="127.20.0.0/16", first_port=port, last_port=port)
    SimulatedLine.objects.bulk_create([_behaviour(number, link) for number, link in enumerate(links)])


def _behaviour(number: int, link: Link) -> SimulatedLine:
    """Most lines answer as good lines do; three do not."""
    play = SimulatedLine(link=link, delay_ms=4 + number * 7 % 31, jitter_ms=1 + number % 3)
    site = link.site.code if link.site else ""
    primary = link.role == Link.LinkRole.PRIMARY
    if site in SLOW and primary:
        play.delay_ms, play.jitter_ms = 320, 40
    elif site in LOSSY and primary:
        play.loss = 0.25
    elif site in DEAD:
        play.silent = True
    return play
