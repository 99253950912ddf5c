"""The country: 3,400 rooms with ten thousand, two hundred thousand and a million stored reservations.

All is measured at 200 thousand; what people do most also at both ends, to see how it grows beside its own baseline.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from backend.runner.progress import say
from tests.bench.bare import Booking
from tests.bench.measure import Result, compare, milliseconds
from tests.bench.office import Office
from tests.bench.stored import FIRST

SMALL, MIDDLE, LARGE = 10_000, 200_000, 1_000_000
BOOK = {2: (2.5, 30), 60: (1.5, 30), 135: (1.5, 25), 700: (1.4, 15), 3400: (1.2, 8)}  # rooms: limit, repetitions
FREE = {60: 40, 700: 40, 3400: 30}
GROWTH = 1.2
HTTP_MS = 3.0
NATIONAL_MS = 1000.0
LATER = timedelta(hours=2)  # the baseline's rows: the same evenings, after those of the service

Acts = Callable[[int], Callable[[], object]]


def scale(office: Office) -> Iterator[Result]:
    """Everything, and how it grows."""
    first = {each.name: each for each in _growing(office, SMALL)}
    yield from at_middle(office)
    for last in _growing(office, LARGE):
        yield _growth(first[last.name], last)


def at_middle(office: Office) -> Iterator[Result]:
    for part in PARTS.values():
        yield from part(office)


def _growing(office: Office, size: int) -> Iterator[Result]:
    office.store(size)
    say(f"  with {size:,} stored reservations:")
    yield _book(office, 60)
    yield _book(office, 700)
    yield _refuse(office)
    yield _free(office, 700)
    yield _timeline(office)


def _growth(first: Result, last: Result) -> Result:
    """`ratio`: how many times more it grew than its baseline."""
    assert first.baseline_p50_ms
    assert last.baseline_p50_ms
    own, bare = last.p50_ms / first.p50_ms, last.baseline_p50_ms / first.baseline_p50_ms
    say(f"  {last.name}: {own:.2f} times, bare {bare:.2f} times")
    return replace(last, name=f"{last.name}.growth", ratio=round(own / bare, 2), limit=GROWTH, slack_ms=0.0)


# --- booking


def book(office: Office) -> Iterator[Result]:
    office.store(MIDDLE)
    for rooms in BOOK:
        yield _book(office, rooms)


def national(office: Office) -> Iterator[Result]:
    """Every site of the country with its port, planned and booked."""
    office.store(MIDDLE)
    country = office.country
    with office.quiet():

        def ours(_number: int) -> Callable[[], object]:
            wish = _wish(office, {"sites": country.sites})
            return lambda: office.book(wish)

        done = compare("national", ours, n=8, size=len(country.sites), warm=2)
        yield replace(done, limit_ms=NATIONAL_MS)


def _book(office: Office, rooms: int) -> Result:
    limit, n = BOOK[rooms]
    with office.quiet():
        made = Booking(office.database, office.book(_wish(office, _places(office, rooms)))["id"])
        assert made.counts()["backend_reservations_reservation"] >= rooms

        def ours(_number: int) -> Callable[[], object]:
            wish = _wish(office, _places(office, rooms))
            return lambda: office.book(wish)

        def bare(number: int) -> Callable[[], object]:
            return made.again(LATER + timedelta(days=number))

        done = compare(f"book.{rooms}", ours, bare, n=n, size=rooms, limit=limit, warm=4)
        made.forget()
        return done


def _places(office: Office, rooms: int) -> dict[str, list[int]]:
    """So many rooms, spread over the country: sites with their default rooms, or all rooms there are."""
    country = office.country
    if rooms == len(country.rooms):
        return {"rooms": country.rooms, "sites": []}
    return {"sites": country.sites[:: len(country.sites) // rooms][:rooms]}


def _wish(office: Office, places: dict[str, list[int]], start: datetime | None = None) -> dict[str, Any]:
    wish = office.wish(start or office.evening(), sites=[], guests=0)
    return {**wish, **places, "bridge": office.country.bridge}


# --- being refused


def refuse(office: Office) -> Iterator[Result]:
    office.store(MIDDLE)
    yield _refuse(office)


def _refuse(office: Office) -> Result:
    """Over 135 rooms of which 40 are taken: all are named, and three other hours."""
    with office.quiet():
        places = _places(office, 135)
        start = office.evening()
        office.book(_wish(office, {"sites": places["sites"][:40]}, start))
        wish = _wish(office, places, start)
        end = start + timedelta(hours=2)

        def ask() -> None:
            answer = office.leader.post("/api/v1/conferences/", wish)
            assert answer.status == 409, answer.body
            told = answer.json()
            assert (len(told["conflicts"]), len(told["alternatives"])) == (40, 3)

        resources = _resources(office, places["sites"])
        week = start - timedelta(hours=14)
        free = _best(office, places, week, week + timedelta(days=8))

        def bare() -> None:
            with office.database.transaction(force_rollback=True), office.database.cursor() as cursor:
                cursor.execute(_LOCK, [resources], prepare=True).fetchall()
                assert len(cursor.execute(_CLASHES, [resources, start, end], prepare=True).fetchall()) == 40
                free()

        return compare("refuse.135", lambda _number: ask, lambda _number: bare, n=25, size=135, limit=2.0)


_LOCK = "SELECT id FROM backend_reservations_resource WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_CLASHES = """
SELECT v.resource_id, v.during, v.holder_kind, v.holder_id, r.name, h.code, h.title
FROM unnest(%s::bigint[]) AS wanted (id)
JOIN LATERAL (
    SELECT * FROM backend_reservations_reservation r
    WHERE int8range(r.resource_id, r.resource_id, '[]') && int8range(wanted.id, wanted.id, '[]')
      AND r.during && tstzrange(%s, %s) OFFSET 0
) v ON true
JOIN backend_reservations_resource r ON r.id = v.resource_id
LEFT JOIN meetings_scheduling_conference h ON h.id = v.holder_id AND v.holder_kind = 'conference'
"""


# --- looking


def free_slots(office: Office) -> Iterator[Result]:
    office.store(MIDDLE)
    for rooms in FREE:
        yield _free(office, rooms)


def _free(office: Office, rooms: int) -> Result:
    """One hour in common within thirty days; the baseline is the best of two bare queries, which finds no more than
    the gaps."""
    with office.quiet():
        places = _places(office, rooms)
        start = FIRST + timedelta(days=140, hours=-7)
        end = start + timedelta(days=30)
        body = {"from": start.isoformat(), "to": end.isoformat(), "minutes": 60, **places}

        def ask() -> None:
            answer = office.leader.post("/api/v1/free-slots/", body)
            assert answer.status == 200, answer.body

        bare = _best(office, places, start, end)
        name, n = f"free_slots.{rooms}", FREE[rooms]
        done = compare(name, lambda _number: ask, lambda _number: bare, n=n, size=rooms, limit=1.5)
        return replace(done, slack_ms=HTTP_MS)


def _best(office: Office, places: dict[str, list[int]], start: datetime, end: datetime) -> Callable[[], None]:
    """The faster one of the bare queries for what is taken of all rooms together."""
    asked = {"sites": [], "rooms": [], **places, "start": start, "end": end}

    def asking(statement: str) -> Callable[[], None]:
        def ask() -> None:
            with office.database.cursor() as cursor:
                assert cursor.execute(statement, asked, prepare=True).fetchall()

        return ask

    return min(map(asking, _GAPS), key=lambda ask: median(milliseconds(ask) for _time in range(5)))


_WANTED = """
wanted AS MATERIALIZED (
    SELECT r.resource_id AS id FROM meetings_sites_site s JOIN meetings_sites_room r ON r.id = s.default_room_id
    WHERE s.id = ANY(%(sites)s::bigint[])
    UNION ALL SELECT resource_id FROM meetings_sites_room WHERE id = ANY(%(rooms)s::bigint[])
)
"""
_ROOM_BY_ROOM = f"""
WITH {_WANTED}
SELECT range_agg(v.during) FROM wanted
JOIN LATERAL (
    SELECT during FROM backend_reservations_reservation v
    WHERE int8range(v.resource_id, v.resource_id, '[]') && int8range(wanted.id, wanted.id, '[]')
      AND v.during && tstzrange(%(start)s, %(end)s) OFFSET 0
) v ON true
"""
_BY_CONFERENCE = f"""
WITH {_WANTED}, near AS MATERIALIZED (
    SELECT id, start, "end" FROM meetings_scheduling_conference
    WHERE start < %(end)s AND "end" > %(start)s AND start > %(start)s - interval '31 days'
)
SELECT range_agg(tstzrange(start, "end")) FROM near WHERE EXISTS (
    SELECT FROM backend_reservations_reservation v
    WHERE v.holder_kind = 'conference' AND v.holder_id = near.id
      AND (v.resource_id IN (SELECT id FROM wanted)) IS TRUE
)
"""
_GAPS = (_ROOM_BY_ROOM, _BY_CONFERENCE)


def timeline(office: Office) -> Iterator[Result]:
    office.store(MIDDLE)
    yield _timeline(office)


def _timeline(office: Office) -> Result:
    """One day of every room."""
    with office.quiet():
        midnight = FIRST + timedelta(days=140, hours=-7)
        path = f"/api/v1/availability/?date={midnight:%Y-%m-%d}"
        size = len(office.leader.get(path).json()["results"])

        def ask() -> None:
            assert office.leader.get(path).status == 200

        def bare() -> None:
            values = {"start": midnight, "end": midnight + timedelta(days=1)}
            with office.database.cursor() as cursor:
                assert len(cursor.execute(_DAY, values, prepare=True).fetchall()) >= size

        return compare("timeline.3400", lambda _number: ask, lambda _number: bare, n=25, size=size, limit=1.5)


# The slice of time first: the rooms are all of them anyway.
_DAY = """
WITH taken AS MATERIALIZED (
    SELECT v.resource_id, v.during, h.id, h.code, h.title FROM meetings_scheduling_conference h
    JOIN backend_reservations_reservation v ON v.holder_kind = 'conference' AND v.holder_id = h.id
    WHERE h.start < %(end)s AND h."end" > %(start)s AND h.start > %(start)s - interval '31 days'
      AND lower(v.during) < %(end)s AND upper(v.during) > %(start)s
)
SELECT r.id, r.name, s.id, s.name, r.capacity, r.equipment, t.during, t.id, t.code, t.title
FROM meetings_sites_room r JOIN meetings_sites_site s ON s.id = r.site_id
LEFT JOIN taken t ON t.resource_id = r.resource_id
ORDER BY s.name, r.name, t.during
"""


def _resources(office: Office, sites: list[int]) -> list[int]:
    statement = """
        SELECT r.resource_id FROM meetings_sites_site s JOIN meetings_sites_room r ON r.id = s.default_room_id
        WHERE s.id = ANY(%s)
    """
    return [row[0] for row in office.database.execute(statement, [sites])]


PARTS = {"book": book, "refuse": refuse, "free_slots": free_slots, "timeline": timeline, "national": national}
