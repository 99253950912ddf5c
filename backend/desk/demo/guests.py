"""Two delegations, one here since yesterday, one due this afternoon, booked with rooms and meals as people do it."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db import transaction

from backend.accounts.models import User
from backend.common.errors import Conflict
from backend.common.periods import local_date, local_day, local_time
from backend.desk.demo.people import names
from backend.units.models import Unit
from guesthouse.catering.rules import MealRequest
from guesthouse.catering.services import book_meal
from guesthouse.stays.models import Delegation, GuestRoom
from guesthouse.stays.queries import nights
from guesthouse.stays.rules import DelegationRequest, MemberRequest, StayRequest
from guesthouse.stays.services import book_stays, create_delegation
from meetings.scheduling.models import Conference

BY = "nhakhach"
BOOKED_AT = time(6)
VEGETARIAN = "ăn chay"
FIRST_GUEST = 400  # guests bear other names than the directory's people
REGULAR = "Cơm, ba món mặn, rau, canh, hoa quả"


@dataclass(frozen=True)
class Guests:
    """A delegation; days count from today. `rooms`: numbers with how many sleep there. `meals`: day, hour, kind."""

    name: str
    unit_code: str
    first_day: int
    arrival: time
    last_day: int
    departure: time
    roles: tuple[str, ...]
    positions: tuple[str, ...]
    rooms: tuple[tuple[str, int], ...]
    meals: tuple[tuple[int, time, str], ...]


GUESTS = (
    Guests(
        "Đoàn công tác tỉnh Cao Bằng", "04", -1, time(15), 2, time(10, 30),
        roles=("head", "deputy", *["member"] * 6, "driver"),
        positions=("Phó Chủ tịch UBND tỉnh", "Phó Chánh Văn phòng", *["Chuyên viên"] * 6, "Lái xe"),
        rooms=(("401", 1), ("301", 2), ("302", 2), ("303", 2), ("304", 2)),
        meals=(
            (-1, time(18, 30), "dinner"), (0, time(6, 30), "breakfast"), (0, time(11, 30), "lunch"),
            (0, time(18), "dinner"), (1, time(6, 30), "breakfast"),
        ),
    ),
    Guests(
        "Đoàn khảo sát của Văn phòng Chính phủ", "TW", 0, time(15, 30), 1, time(16),
        roles=("head", "member", "member", "press"),
        positions=("Phó Vụ trưởng Vụ Địa phương", "Chuyên viên chính", "Chuyên viên", "Phóng viên"),
        rooms=(("402", 1), ("403", 2), ("404", 1)),
        meals=((0, time(18, 30), "dinner"), (1, time(6, 30), "breakfast")),
    ),
)  # fmt: skip
TEA_BREAK = ("Họp Ban Chỉ đạo chuyển đổi số tỉnh", time(15), 30)


def write_guests(now: datetime) -> list[Delegation]:
    """Who is here from `now` on, unless somebody is expected or there already. What clashes is left out."""
    today = local_date(now)
    span = local_day(today, 2)
    if Delegation.objects.filter(arrival__lt=span.end, departure__gt=span.start).exists():
        return []
    host = User.objects.get(username=BY)
    made = []
    for guests in GUESTS:
        with suppress(Conflict):
            made.append(_receive(host, guests, today))
    with suppress(Conflict):
        _order_tea(today)
    return made


@transaction.atomic
def _receive(host: User, guests: Guests, today: date) -> Delegation:
    """As if it had been entered early on the day of the arrival: a stay cannot begin before today."""
    first, last = today + timedelta(days=guests.first_day), today + timedelta(days=guests.last_day)
    moment = local_time(first, BOOKED_AT)
    request = DelegationRequest(
        name=guests.name,
        arrival=local_time(first, guests.arrival),
        departure=local_time(last, guests.departure),
        unit_id=Unit.objects.get(code=guests.unit_code, valid_to=None).pk,
        members=tuple(_members(guests)),
    )
    delegation = create_delegation(actor=host, request=request, now=moment)
    book_stays(actor=host, requests=_stays(delegation, guests, first, last), now=moment)
    for day, hour, kind in guests.meals:
        start = local_time(today + timedelta(days=day), hour)
        count = len(guests.roles)
        meal = MealRequest(kind, start, count, delegation_id=delegation.pk, menu=REGULAR, diets={VEGETARIAN: 1})
        book_meal(actor=host, request=meal, now=moment)
    return delegation


def _members(guests: Guests) -> Iterator[MemberRequest]:
    first = FIRST_GUEST + 10 * GUESTS.index(guests)
    invented = islice(names(), first, None)
    for number, (name, role, position) in enumerate(zip(invented, guests.roles, guests.positions, strict=False)):
        yield MemberRequest(
            name=name,
            role=role,
            position=position,
            rank=number + 1,
            gender="female" if number % 2 else "male",
            birth_year=1968 + number * 3,
            diet=VEGETARIAN if number == 1 else "",
            identity_number=f"{first + number:012}",
        )


def _stays(delegation: Delegation, guests: Guests, first: date, last: date) -> Sequence[StayRequest]:
    people = list(delegation.members.order_by("pk").values_list("pk", flat=True))
    rooms = {room.number: room.pk for room in GuestRoom.objects.all()}
    period = nights(first, last)
    taken = iter(people)
    return [
        StayRequest(delegation.pk, rooms[number], tuple(islice(taken, beds)), period.start, period.end)
        for number, beds in guests.rooms
    ]


def _order_tea(today: date) -> None:
    title, hour, servings = TEA_BREAK
    day = local_day(today)
    conference = Conference.objects.filter(title=title, start__gte=day.start, start__lt=day.end).first()
    if conference:
        request = MealRequest("tea_break", local_time(today, hour), servings, conference_id=conference.pk)
        book_meal(actor=conference.created_by, request=request, now=local_time(today, BOOKED_AT))
