"""The units of a demo, before or after 2025: the centre, the province, its localities and its offices."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from backend.units.catalogue import LAST_OLD_DAY, REFORM, Area, areas, valid_on
from backend.units.models import Level, Succession, Unit
from backend.units.services import rebuild_paths, save_unit

LEVELS = (
    ("central", 0, "Trung ương", "Central", ""),
    ("provincial", 1, "Cấp tỉnh", "Provincial", "UBND"),
    ("district", 2, "Cấp huyện", "District", "UBND"),
    ("commune", 3, "Cấp xã", "Commune", "UBND"),
)
CENTRE = ("TW", "Chính phủ")
PROVINCE = "20"  # Lạng Sơn
SHOWN_DISTRICT = "183"  # Cao Lộc: the one whose communes take part in the demo of 2020

OFFICE = ("VPUB", "Văn phòng UBND tỉnh")
GUESTHOUSE = ("NK", "Nhà khách tỉnh")
DEPARTMENTS = (
    ("SCT", "Sở Công Thương"),
    ("SNV", "Sở Nội vụ"),
    ("STC", "Sở Tài chính"),
    ("STP", "Sở Tư pháp"),
    ("SYT", "Sở Y tế"),
    ("CAT", "Công an tỉnh"),
)
OUTSIDER = "SCT"  # takes no part in what the office convenes


@dataclass
class Land:
    demo: str
    centre: Unit
    province: Unit
    localities: list[Unit]
    office: Unit
    guesthouse: Unit
    departments: dict[str, Unit] = field(default_factory=dict)

    @property
    def outsider(self) -> Unit:
        return self.departments[OUTSIDER]


def write_levels() -> dict[str, Level]:
    """The levels as shipped, unless the office has its own."""
    if not Level.objects.exists():
        Level.objects.bulk_create(
            Level(code=code, rank=rank, name_vi=vi, name_en=en, authority=governs)
            for code, rank, vi, en, governs in LEVELS
        )
    return {level.code: level for level in Level.objects.all()}


def write_centre(levels: dict[str, Level]) -> Unit:
    """The root of the tree, where the first account has its rights; whatever the office calls it by now."""
    centre = Unit.objects.filter(parent=None).order_by("pk").first()
    if centre is None:
        code, name = CENTRE
        kind, level = Unit.Kind.BODY, levels["central"]
        centre = save_unit(Unit(code=code, name=name, short_name=name, kind=kind, level=level))
    return centre


def is_planted(demo: str) -> bool:
    """Whether this demo's units are there. Each demo has communes that the other lacks."""
    return Unit.objects.filter(code__in=_marks(demo), valid_to=None, valid_from=_first_day(demo)).exists()


def write_land(demo: str, levels: dict[str, Level], centre: Unit) -> Land:
    wanted = _wanted(demo)
    units = _write_areas(demo, wanted, levels, centre)
    if demo == "2025":
        _write_successions(wanted, units)
    province = next(unit for area, unit in units.items() if area.code == PROVINCE)
    bodies = _write_bodies(levels, province)
    rebuild_paths()
    fresh = Unit.objects.select_related("level").in_bulk()
    return Land(
        demo=demo,
        centre=fresh[centre.pk],
        province=fresh[province.pk],
        localities=[fresh[units[area].pk] for area in wanted if _takes_part(area, demo)],
        office=fresh[bodies[OFFICE[0]].pk],
        guesthouse=fresh[bodies[GUESTHOUSE[0]].pk],
        departments={code: fresh[bodies[code].pk] for code, _name in DEPARTMENTS},
    )


def _marks(demo: str) -> list[str]:
    day, parent = (LAST_OLD_DAY, SHOWN_DISTRICT) if demo == "2020" else (REFORM, PROVINCE)
    return [area.code for area in valid_on(day).values() if area.parent == parent]


def _first_day(demo: str) -> date | None:
    return None if demo == "2020" else REFORM


def _takes_part(area: Area, demo: str) -> bool:
    if demo == "2020":
        return area.parent in (PROVINCE, SHOWN_DISTRICT)
    return area.parent == PROVINCE and area.valid_to is None


def _wanted(demo: str) -> list[Area]:
    """2020: all provinces, and what takes part. 2025: the provinces of both maps, and all that ever lay below ours."""
    if demo == "2020":
        return [area for area in valid_on(LAST_OLD_DAY).values() if not area.parent or _takes_part(area, demo)]
    districts = {area.code for area in areas() if area.parent == PROVINCE and area.valid_to}
    return [area for area in areas() if not area.parent or area.parent in districts | {PROVINCE}]


def _write_areas(demo: str, wanted: Iterable[Area], levels: dict[str, Level], centre: Unit) -> dict[Area, Unit]:
    """One statement for each level. In 2020 nobody knows yet that a unit will end."""
    units: dict[Area, Unit] = {}
    above = {"": centre}
    for level in levels:
        layer = {area: _unit(area, demo, levels[level], above) for area in wanted if area.level == level}
        Unit.objects.bulk_create(layer.values())
        units |= layer
        above |= {area.code: unit for area, unit in layer.items()}
    return units


def _unit(area: Area, demo: str, level: Level, above: dict[str, Unit]) -> Unit:
    return Unit(
        name=area.name,
        short_name=area.short_name,
        kind=Unit.Kind.AREA,
        level=level,
        parent=above[area.parent],
        code=area.code,
        valid_from=None if demo == "2020" else area.valid_from,
        valid_to=None if demo == "2020" else area.valid_to,
    )


def _write_successions(wanted: Iterable[Area], units: dict[Area, Unit]) -> None:
    after = valid_on(REFORM)
    Succession.objects.bulk_create(
        Succession(
            predecessor=units[area], successor=units[after[heir.code]], effective=REFORM, derived=heir.derived
        )
        for area in wanted
        for heir in area.heirs
    )  # fmt: skip


def _write_bodies(levels: dict[str, Level], province: Unit) -> dict[str, Unit]:
    """The offices of the province; the guesthouse belongs to the office of its People's Committee."""

    def body(code: str, name: str, parent: Unit) -> Unit:
        kind, level = Unit.Kind.BODY, levels["provincial"]
        return Unit(code=code, name=name, short_name=name, kind=kind, level=level, parent=parent)

    bodies = {code: body(code, name, province) for code, name in (OFFICE, *DEPARTMENTS)}
    Unit.objects.bulk_create(bodies.values())
    code, name = GUESTHOUSE
    bodies[code] = body(code, name, bodies[OFFICE[0]])
    bodies[code].save()
    return bodies
