"""A guesthouse of three rooms with a kitchen of 100 covers, in the province of `tests.factories.make_world`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.accounts.models import Role, User
from backend.reservations.models import Pool, Resource
from backend.units.models import Figure, Unit
from guesthouse.catering import figures as meals
from guesthouse.catering.models import POOL_KIND, Kitchen, MealService
from guesthouse.catering.rules import MealRequest
from guesthouse.catering.services import book_meal
from guesthouse.stays import figures as nights
from guesthouse.stays.models import RESOURCE_KIND, Delegation, GuestRoom, House, Stay
from guesthouse.stays.rules import DelegationRequest, MemberRequest, StayRequest
from guesthouse.stays.services import book_stay, create_delegation
from tests.factories import NOW, World, make_user, make_world

ARRIVAL = "2026-11-25T16:00:00+07:00"
DEPARTURE = "2026-11-28T10:00:00+07:00"
START = "2026-11-25T14:00:00+07:00"
END = "2026-11-27T12:00:00+07:00"


@dataclass
class Guesthouse:
    """The clerk of the house owns, the province's secretariat is a colleague, the other province's an outsider."""

    world: World
    house: House
    rooms: list[GuestRoom]  # 101 and 102 with two beds, 201 with three
    kitchen: Kitchen
    clerk: User
    cook: User

    @property
    def colleague(self) -> User:
        return self.world.secretary

    @property
    def outsider(self) -> User:
        return self.world.outsider


def make_house(unit: Unit, name: str = "Nhà khách Tỉnh") -> House:
    return House.objects.create(name=name, unit=unit)


def make_guest_room(house: House, number: str, beds: int = 2, floor: int | None = None) -> GuestRoom:
    resource = Resource.objects.create(kind=RESOURCE_KIND, name=number, unit=house.unit)
    return GuestRoom.objects.create(
        house=house, number=number, beds=beds, floor=int(number[0]) if floor is None else floor, resource=resource
    )


def make_kitchen(unit: Unit, covers: int = 100, name: str = "Bếp nhà khách", house: House | None = None) -> Kitchen:
    pool = Pool.objects.create(kind=POOL_KIND, name=name, unit=unit, capacity=covers)
    return Kitchen.objects.create(name=name, unit=unit, house=house, pool=pool)


def make_guesthouse(covers: int = 100) -> Guesthouse:
    world = make_world()
    for fact in (*nights.DEFAULTS, *meals.DEFAULTS):
        Figure.objects.get_or_create(
            key=fact["key"], effective_from="2020-01-01", defaults={**fact, "key": fact["key"]}
        )
    house = make_house(world.province)
    return Guesthouse(
        world=world,
        house=house,
        rooms=[make_guest_room(house, "101"), make_guest_room(house, "102"), make_guest_room(house, "201", 3)],
        kitchen=make_kitchen(world.province, covers, house=house),
        clerk=make_user("clerk", world.province, Role.GUESTHOUSE),
        cook=make_user("cook", world.province, Role.KITCHEN),
    )


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def make_delegation(place: Guesthouse, members: int = 2, name: str = "Đoàn Cục Bưu điện", **values) -> Delegation:
    people = tuple(MemberRequest(name=f"Khách Mẫu {n}") for n in range(1, members + 1))
    asked = {"arrival": moment(ARRIVAL), "departure": moment(DEPARTURE), "members": people, **values}
    actor = asked.pop("actor", place.clerk)
    return create_delegation(actor=actor, request=DelegationRequest(name=name, **asked), now=NOW)


def make_stay(place: Guesthouse, delegation: Delegation, room: int = 0, start: str = START, end: str = END) -> Stay:
    free = delegation.members.exclude(stays__status=Stay.Status.BOOKED).order_by("pk")[:1]
    request = StayRequest(delegation.pk, place.rooms[room].pk, tuple(m.pk for m in free), moment(start), moment(end))
    return book_stay(actor=place.clerk, request=request, now=NOW)


def make_meal(place: Guesthouse, delegation: Delegation, servings: int = 24, start: str = "2026-11-25T18:00:00+07:00"):
    request = MealRequest(kind="dinner", start=moment(start), servings=servings, delegation_id=delegation.pk)
    meal: MealService = book_meal(actor=place.clerk, request=request, now=NOW)
    return meal


def days(count: int) -> timedelta:
    return timedelta(days=count)
