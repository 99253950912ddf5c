"""Sites with their rooms, and the bridge. One site each: centre, province, every locality, guesthouse."""

from collections import Counter
from typing import NamedTuple

from django.utils.text import slugify

from backend.common.text import fold
from backend.desk.demo.bridges import write_bridges
from backend.desk.demo.land import Land
from backend.reservations.models import Resource
from backend.units.models import Unit
from meetings.sites.models import Platform, Room, Site

GUESTHOUSE_SITE = "nha-khach"

CODEC, CAMERA, SCREEN, PROJECTOR = "thiết bị hội nghị", "camera", "màn hình lớn", "máy chiếu"
CORDLESS, CORDED, SPEAKERS, BOARD = "micro không dây", "micro có dây", "hệ thống loa", "bảng viết"


class RoomFact(NamedTuple):
    name: str
    capacity: int
    equipment: tuple[str, ...]
    cleared: bool = False


# the first room of a site is the one that it takes by default
CENTRE_ROOMS = (RoomFact("Phòng họp trực tuyến Chính phủ", 60, (CODEC, CAMERA, SCREEN, CORDED), cleared=True),)
PROVINCE_ROOMS = (
    RoomFact("Phòng họp Tam Thanh", 60, (CODEC, CAMERA, SCREEN, CORDED, SPEAKERS)),
    RoomFact("Phòng họp Kỳ Cùng", 30, (CODEC, CAMERA, SCREEN, CORDLESS)),
    RoomFact("Phòng họp Nhị Thanh", 20, (CODEC, SCREEN, CORDED), cleared=True),
    RoomFact("Phòng họp Phai Vệ", 12, (PROJECTOR, BOARD)),
    RoomFact("Phòng họp Ải Chi Lăng", 16, (SCREEN, BOARD)),
    RoomFact("Hội trường tầng 5", 250, (CODEC, CAMERA, SCREEN, PROJECTOR, CORDLESS, SPEAKERS)),
)
GUESTHOUSE_ROOMS = (
    RoomFact("Hội trường Nhà khách", 180, (CAMERA, PROJECTOR, SCREEN, CORDLESS, SPEAKERS)),
    RoomFact("Phòng khách Hoa Đào", 24, (SCREEN, BOARD)),
)


def write_places(land: Land) -> list[Site]:
    """The sites in the order centre, province, localities, guesthouse; each with rooms and a default room."""
    named = site_names(land.localities, land.province)
    sites = [
        _site(land.centre, "Văn phòng Chính phủ", "trung-uong", "Trung ương, Chính phủ", cleared=True),
        _site(land.province, f"UBND tỉnh {land.province.short_name}", "ubnd-tinh", "", cleared=True),
        *(_site(unit, name, slugify(fold(name)), "") for unit, name in zip(land.localities, named, strict=True)),
        _site(land.guesthouse, land.guesthouse.name, GUESTHOUSE_SITE, ""),
    ]
    Site.objects.bulk_create(sites)
    _write_rooms(sites)
    write_bridges(land.province)
    return sites


def site_names(localities: list[Unit], province: Unit) -> list[str]:
    """Short names; of units that share one, the first keeps it and the others bear their full name."""
    used = Counter([province.short_name])
    names = []
    for unit in localities:
        names.append(unit.name if used[unit.short_name] else unit.short_name)
        used[unit.short_name] += 1
    return names


def _site(unit: Unit, name: str, code: str, old_names: str, cleared: bool = False) -> Site:
    return Site(unit=unit, name=name, code=code, old_names=old_names, cleared=cleared)


def rooms_of(site: Site, number: int) -> tuple[RoomFact, ...]:
    """The rooms of the site that stands at `number` of the list; localities differ a little."""
    if number == 0:
        return CENTRE_ROOMS
    if number == 1:
        return PROVINCE_ROOMS
    if site.code == GUESTHOUSE_SITE:
        return GUESTHOUSE_ROOMS
    video = (CODEC, CAMERA, SCREEN if number % 3 else PROJECTOR, CORDLESS if number % 2 else CORDED)
    room = RoomFact(f"Phòng họp {site.name}", 24 + 6 * (number % 5), video)
    if number % 3:
        return (room,)
    return (room, RoomFact(f"Hội trường {site.name}", 100 + 20 * (number % 6), (PROJECTOR, CORDLESS, SPEAKERS)))


def platforms_of(room: RoomFact, number: int) -> list[Platform]:
    """Here and there a locality has nothing but a carrier's own equipment."""
    if CODEC not in room.equipment:
        return []
    return [Platform.VNPT] if number > 1 and number % 7 == 3 else [Platform.SIP, Platform.H323]


def _write_rooms(sites: list[Site]) -> None:
    facts = [(site, fact, number) for number, site in enumerate(sites) for fact in rooms_of(site, number)]
    resources = [Resource(kind="room", name=fact.name, unit_id=site.unit_id) for site, fact, _number in facts]
    Resource.objects.bulk_create(resources)
    rooms = [
        Room(site=site, resource=resource, name=fact.name, capacity=fact.capacity, equipment=list(fact.equipment),
             cleared=fact.cleared, platforms=platforms_of(fact, number))
        for (site, fact, number), resource in zip(facts, resources, strict=True)
    ]  # fmt: skip
    Room.objects.bulk_create(rooms)
    for room in reversed(rooms):
        room.site.default_room = room
    Site.objects.bulk_update(sites, ["default_room"])
