"""The guesthouse: forty rooms on four floors, its hall, its kitchen."""

from backend.desk.demo.land import Land
from backend.desk.demo.places import GUESTHOUSE_SITE
from backend.reservations.models import Pool, Resource
from guesthouse.catering.models import POOL_KIND, Kitchen
from guesthouse.stays.models import RESOURCE_KIND, GuestRoom, House
from meetings.sites.models import Site

FLOORS, ROOMS_OF_A_FLOOR = 4, 10
KITCHEN, COVERS = "Bếp Nhà khách", 250
QUIET, FAMILY, DESK = "phòng yên tĩnh", "giường phụ", "bàn làm việc"


def write_guesthouse(land: Land) -> House:
    site = Site.objects.get(code=GUESTHOUSE_SITE)
    house = House.objects.create(name=land.guesthouse.name, unit=land.guesthouse, phone="0900 000 900", site=site)
    numbers = [(floor, number) for floor in range(1, FLOORS + 1) for number in range(1, ROOMS_OF_A_FLOOR + 1)]
    rooms = [_room(house, floor, number) for floor, number in numbers]
    Resource.objects.bulk_create([room.resource for room in rooms])
    GuestRoom.objects.bulk_create(rooms)
    pool = Pool.objects.create(kind=POOL_KIND, name=KITCHEN, unit=land.guesthouse, capacity=COVERS)
    Kitchen.objects.create(name=KITCHEN, unit=land.guesthouse, house=house, pool=pool)
    return house


def _room(house: House, floor: int, number: int) -> GuestRoom:
    """Three beds at the end of the lower floors, two suites on the top one, else two beds."""
    name = f"{floor}{number:02}"
    kind, beds, features = GuestRoom.Type.STANDARD, 2, [DESK]
    if floor == FLOORS:
        kind = GuestRoom.Type.SUITE if number <= 2 else GuestRoom.Type.SUPERIOR
        beds, features = (1 if number <= 2 else 2), [DESK, QUIET]
    elif number > 8:
        beds, features = 3, [FAMILY]
    resource = Resource(kind=RESOURCE_KIND, name=name, unit=house.unit)
    return GuestRoom(house=house, floor=floor, number=name, beds=beds, type=kind, features=features, resource=resource)
