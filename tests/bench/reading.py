"""What people look at again and again; and the floor below which no answer of ours can be."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from tests.bench.measure import Result, compare
from tests.bench.office import Office


def floor(office: Office) -> Iterator[Result]:
    """An answer without any work of ours; and one that knows who asks, and then finds nothing to do."""

    def refused() -> None:
        answer = office.leader.post("/api/v1/conferences/", {})
        assert answer.status == 400, answer.body

    with office.quiet():
        yield compare("floor.http", _get(office, "/healthz"), n=60, size=1)
        yield compare("floor.api", lambda _number: refused, n=60, size=1)


def free_slots(office: Office) -> Iterator[Result]:
    """One hour that all sites have in common, within five days."""
    with office.quiet():
        start = office.day()
        for hours in (0, 3, 6):
            office.book(office.wish(start + timedelta(hours=hours), sites=office.sites, guests=0))
        end = start + timedelta(days=4, hours=9)
        ids = ",".join(map(str, office.sites))
        asked = f"sites={ids}&from={start:%Y-%m-%dT%H:%M}%2B07:00&to={end:%Y-%m-%dT%H:%M}%2B07:00&minutes=60"
        bare = _query(office, _FREE, [office.sites, start, end])
        ours = _get(office, f"/api/v1/free-slots/?{asked}")
        yield compare("free_slots", ours, bare, n=40, size=len(office.sites))


_FREE = """
SELECT tstzmultirange(tstzrange(w.start, w.until)) - coalesce(range_agg(v.during), '{}')
FROM (SELECT %s::bigint[] AS sites, %s::timestamptz AS start, %s::timestamptz AS until) w
JOIN meetings_sites_site s ON s.id = ANY(w.sites)
JOIN meetings_sites_room r ON r.id = s.default_room_id
LEFT JOIN LATERAL (
    SELECT during FROM backend_reservations_reservation v
    WHERE int8range(v.resource_id, v.resource_id, '[]') && int8range(r.resource_id, r.resource_id, '[]')
      AND v.during && tstzrange(w.start, w.until) OFFSET 0
) v ON true
GROUP BY w.start, w.until
"""


def timeline(office: Office) -> Iterator[Result]:
    """Every room of one day with what takes it."""
    with office.quiet():
        start = office.day()
        for hours in (0, 3, 6):
            office.book(office.wish(start + timedelta(hours=hours), sites=office.sites, guests=0))
        midnight = start - timedelta(hours=start.hour)
        path = f"/api/v1/availability/?date={start:%Y-%m-%d}"
        size = len(office.leader.get(path).json()["results"])
        bare = _query(office, _DAY, [midnight, midnight + timedelta(days=1)])
        yield compare("timeline", _get(office, path), bare, n=40, size=size)


_DAY = """
SELECT r.id, r.name, s.name, r.capacity, r.equipment, v.during, h.code, h.title
FROM meetings_sites_room r
JOIN meetings_sites_site s ON s.id = r.site_id
LEFT JOIN LATERAL (
    SELECT * FROM backend_reservations_reservation v
    WHERE int8range(v.resource_id, v.resource_id, '[]') && int8range(r.resource_id, r.resource_id, '[]')
      AND v.during && tstzrange(%s, %s) OFFSET 0
) v ON true
LEFT JOIN meetings_scheduling_conference h ON h.id = v.holder_id AND v.holder_kind = 'conference'
ORDER BY s.name, r.name, v.during
"""


def rack(office: Office) -> Iterator[Result]:
    """Which rooms of the guesthouse are free for two nights."""
    with office.quiet():
        first = office.day()
        last = first + timedelta(days=2)
        path = f"/api/v1/guest-rooms/?from={first:%Y-%m-%d}&to={last:%Y-%m-%d}"
        size = len(office.leader.get(path).json()["results"])
        bare = _query(office, _ROOMS, [first, last])
        yield compare("rack", _get(office, path), bare, n=40, size=size)


_ROOMS = """
SELECT r.id, r.number, r.floor, r.beds, r.type, r.features, h.name, NOT EXISTS (
    SELECT FROM backend_reservations_reservation v
    WHERE int8range(v.resource_id, v.resource_id, '[]') && int8range(r.resource_id, r.resource_id, '[]')
      AND v.during && tstzrange(%s, %s) OFFSET 0)
FROM guesthouse_stays_guestroom r JOIN guesthouse_stays_house h ON h.id = r.house_id WHERE r.active
"""


def _get(office: Office, path: str) -> Callable[[int], Callable[[], object]]:
    def ask() -> None:
        answer = office.leader.get(path)
        assert answer.status == 200, answer.body

    return lambda _number: ask


def _query(office: Office, statement: str, values: list) -> Callable[[int], Callable[[], object]]:
    def ask() -> None:
        with office.database.cursor() as cursor:
            assert cursor.execute(statement, values, prepare=True).fetchall()

    return lambda _number: ask
