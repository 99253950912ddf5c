"""A small world, made by plain functions: the centre, one province with a department, two localities below it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from backend.accounts.models import Grant, Person, Role, User
from backend.reservations.models import Pool, Resource
from backend.units.models import Figure, Level, Unit
from backend.units.services import rebuild_paths
from guesthouse.catering.figures import DEFAULTS as MEALS
from guesthouse.stays.figures import DEFAULTS as STAYS
from meetings.links.figures import DEFAULTS as LINES
from meetings.scheduling.figures import DEFAULTS as HOLDING
from meetings.scheduling.gate_defaults import DEFAULTS as RULES
from meetings.scheduling.gate_models import GateRule
from meetings.sites.models import Bridge, Endpoint, Room, Site, Technician

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 08:00 in Viet Nam


def make_level(code: str, rank: int) -> Level:
    return Level.objects.get_or_create(code=code, defaults={"rank": rank, "name_vi": code, "name_en": code})[0]


def make_unit(name: str, level: Level, parent: Unit | None = None, **values: object) -> Unit:
    unit = Unit.objects.create(name=name, short_name=name, level=level, parent=parent, **values)
    rebuild_paths()
    unit.refresh_from_db()
    return unit


def make_figures() -> None:
    """The figures as shipped, in force since 2020."""
    shipped = [*HOLDING, *LINES, *STAYS, *MEALS]
    if not Figure.objects.exists():
        Figure.objects.bulk_create([Figure(effective_from="2020-01-01", **figure) for figure in shipped])


def make_rules(unit: Unit) -> None:
    """The rules on meetings as shipped, for `unit` and what lies below it."""
    GateRule.objects.bulk_create([GateRule(unit=unit, **row) for row in RULES])


def make_room(site: Site, name: str, capacity: int = 40, **values: object) -> Room:
    resource = Resource.objects.create(kind="room", name=name, unit=site.unit)
    return Room.objects.create(site=site, name=name, capacity=capacity, resource=resource, **values)


def make_site(unit: Unit, code: str, name: str | None = None, **values: object) -> Site:
    """A site with one room, which is its default room."""
    site = Site.objects.create(unit=unit, code=code, name=name or unit.name, **values)
    site.default_room = make_room(site, f"Phòng họp {site.name}", cleared=site.cleared)
    site.save()
    return site


def make_endpoint(site: Site, name: str, room: Room | None = None) -> Endpoint:
    resource = Resource.objects.create(kind="endpoint", name=name, unit=site.unit)
    return Endpoint.objects.create(site=site, room=room, name=name, resource=resource)


def make_technician(site: Site, name: str) -> Technician:
    resource = Resource.objects.create(kind="technician", name=name, unit=site.unit)
    return Technician.objects.create(site=site, person=make_person(name, site.unit), resource=resource)


def make_bridge(unit: Unit, ports: int = 10, **values: object) -> Bridge:
    pool = Pool.objects.create(kind="ports", name="MCU", unit=unit, capacity=ports)
    return Bridge.objects.create(unit=unit, name=values.pop("name", "MCU"), platforms=["sip"], pool=pool, **values)


def make_user(username: str, unit: Unit | None = None, *roles: str, **values: object) -> User:
    """An account; tests sign in with `force_login`, so most need no (slow) password."""
    user = User.objects.create(username=username, **values)
    Grant.objects.bulk_create([Grant(user=user, role=role, unit=unit) for role in roles])
    return user


def make_person(name: str, unit: Unit, email: str = "", phone: str = "0900000000", **values: object) -> Person:
    return Person.objects.create(name=name, unit=unit, email=email, phone=phone, **values)


@dataclass
class World:
    """The province's secretariat owns, its leader is a colleague, the other province's secretariat an outsider."""

    centre: Unit
    province: Unit
    department: Unit
    localities: list[Unit]
    other: Unit
    sites: list[Site]  # centre, province, localities
    bridge: Bridge
    secretary: User
    leader: User
    outsider: User
    admin: User


def make_world(localities: int = 2, ports: int = 10) -> World:
    top, middle, low = make_level("central", 0), make_level("provincial", 1), make_level("commune", 3)
    make_figures()
    centre = make_unit("Trung ương", top)
    province = make_unit("Tỉnh Lạng Sơn", middle, centre)
    other = make_unit("Tỉnh Thái Nguyên", middle, centre)
    department = make_unit("Sở Tư pháp", middle, province, kind=Unit.Kind.BODY)
    below = [make_unit(f"Xã {n}", low, province) for n in range(1, localities + 1)]
    sites = [make_site(unit, f"s{unit.pk}") for unit in (centre, province, *below)]
    return World(
        centre=centre,
        province=province,
        department=department,
        localities=below,
        other=other,
        sites=sites,
        bridge=make_bridge(province, ports),
        secretary=make_user("secretary", province, Role.SECRETARIAT),
        leader=make_user("leader", province, Role.LEADER),
        outsider=make_user("outsider", other, Role.SECRETARIAT),
        admin=make_user("admin", centre, Role.ADMIN),
    )
