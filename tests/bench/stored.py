"""What is booked already: conferences of 2 to 700 rooms on the half hours of a year's working days, none overlapping.

Written as rows by plain SQL; what only the booking service knows is copied from one conference that it made.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

import psycopg

from backend.common.periods import VIETNAM
from tests.bench.bare import copying
from tests.bench.country import Country

FIRST = datetime(2033, 1, 3, 7, tzinfo=VIETNAM)  # a Monday
DAYS = 260
HALF_HOURS = 25  # 07:00 to 19:30
LEAST, MOST = 2, 700
STRIDES = (1, 7, 13, 101, 1009, 1733)  # without a common divisor with the number of rooms
BATCH = 100


@dataclass(frozen=True)
class Block:
    """One conference: which rooms (by their place in the country's list), from when to when."""

    start: datetime
    end: datetime
    rooms: list[int]


class Year:
    """A calendar that fills up; the same at every run."""

    def __init__(self, rooms: int) -> None:
        self.random = Random(45)
        self.rooms = rooms
        self.taken = [[0] * rooms for _day in range(DAYS)]
        self.stored = 0

    def until(self, reservations: int) -> Iterator[Block]:
        """Until so many are stored in all."""
        while self.stored < reservations:
            block = self._block(self.random)
            self.stored += len(block.rooms)
            if block.rooms:
                yield block

    def _block(self, random: Random) -> Block:
        size = round(LEAST * math.exp(random.random() * math.log(MOST / LEAST)))
        day, first = random.randrange(DAYS), random.randrange(HALF_HOURS - 1)
        length = random.randint(2, min(6, HALF_HOURS - first))
        mask, taken = ((1 << length) - 1) << first, self.taken[day]
        begin, stride = random.randrange(self.rooms), random.choice(STRIDES)
        order = ((begin + n * stride) % self.rooms for n in range(self.rooms))
        rooms = list(islice((room for room in order if not taken[room] & mask), size))
        for room in rooms:
            taken[room] |= mask
        start = FIRST + timedelta(days=day // 5 * 7 + day % 5, minutes=30 * first)
        return Block(start, start + timedelta(minutes=30 * length), rooms)


def store(database: psycopg.Connection[Any], country: Country, blocks: Iterator[Block], like: int) -> None:
    """Approved conferences such as the one of id `like`, with their rooms, reservations and ports."""
    statements = [_copying(database, table, key, new) for table, key, new in _TABLES]
    while batch := list(islice(blocks, BATCH)):
        named = zip(_new_ids(database, len(batch)), batch, strict=True)
        rows = [
            (pk, block.start, block.end, len(block.rooms), country.rooms[room], place == 0)
            for pk, block in named
            for place, room in enumerate(block.rooms)
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        with database.transaction():
            for statement in statements:
                database.execute(statement, [*columns, like], prepare=True)


def _new_ids(database: psycopg.Connection[Any], count: int) -> list[int]:
    sequence = "SELECT nextval(pg_get_serial_sequence('meetings_scheduling_conference', 'id'))"
    return [row[0] for row in database.execute(f"{sequence} FROM generate_series(1, %s)", [count])]


# table, the column by which `like`'s rows are found, and what takes the place of their values
_TABLES: list[tuple[str, str, dict[str, str]]] = [
    (
        "meetings_scheduling_conference",
        "id",
        {"id": "n.pk", "code": "'B-' || n.pk", "start": "n.start", "end": "n.until", "host_site_id": "r.site_id"},
    ),
    (
        "meetings_scheduling_conferencesite",
        "conference_id",
        {"conference_id": "n.pk", "site_id": "r.site_id", "room_id": "r.id"},
    ),
    (
        "backend_reservations_reservation",
        "holder_id",
        {"resource_id": "r.resource_id", "during": "tstzrange(n.start, n.until)", "holder_id": "n.pk"},
    ),
    (
        "backend_reservations_hold",
        "holder_id",
        {"amount": "n.size", "during": "tstzrange(n.start, n.until)", "holder_id": "n.pk"},
    ),
]
_ONCE = {"meetings_scheduling_conference", "backend_reservations_hold"}  # not for each room


def _copying(database: psycopg.Connection[Any], table: str, key: str, new: dict[str, str]) -> str:
    kind = "AND holder_kind = 'conference'" if key == "holder_id" else ""
    statement = copying(database, table, new, "n JOIN meetings_sites_room r ON r.id = n.room", f"{key} = %s {kind}")
    return f"""
        WITH n AS (
            SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::int[], %s::bigint[],
                %s::boolean[]) AS n (pk, start, until, size, room, first)
        )
        {statement} {"WHERE n.first" if table in _ONCE else ""}
    """
