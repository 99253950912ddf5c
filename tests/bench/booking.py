"""Booking, and being refused."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.bench.bare import Booking
from tests.bench.measure import Result, compare
from tests.bench.office import FIRST_HOUR, Office

LIMIT = 1.5  # of a booking over all sites
BARE_DAYS = timedelta(days=2000)  # where the rows of the baseline lie


def book(office: Office) -> Iterator[Result]:
    """Over all sites with 30 guests: approved at once, with its invitations written."""
    yield _book(office, "book", sites=office.sites, guests=30, n=60, limit=LIMIT)


def small(office: Office) -> Iterator[Result]:
    yield _book(office, "book.small", sites=office.sites[:2], guests=2, n=60)


def _book(office: Office, name: str, *, sites: list[int], guests: int, n: int, limit: float | None = None) -> Result:
    with office.quiet():
        start = office.day()
        made = Booking(office.database, office.book(office.wish(start, sites=sites, guests=guests))["id"])
        counts = made.counts()
        assert counts["backend_reservations_reservation"] >= len(sites), counts  # and endpoints, technicians
        assert counts["backend_outbox_message"] == guests + counts["meetings_scheduling_bridgemeeting"], counts

        def ours(_number: int) -> Callable[[], object]:
            wish = office.wish(office.day(), sites=sites, guests=guests)
            return lambda: office.book(wish)

        def bare(number: int) -> Callable[[], object]:
            return made.again(BARE_DAYS + timedelta(days=number))

        done = compare(name, ours, bare, n=n, size=len(sites), limit=limit, warm=10)
        made.forget()
        return done


def series(office: Office) -> Iterator[Result]:
    """Every week of a year over 60 rooms, with 30 guests: 52 conferences at once."""
    sites, year = office.sites[:60], timedelta(weeks=53)
    with office.quiet():

        def book(number: int) -> dict[str, Any]:
            wish = office.wish(FIRST_HOUR + 20 * year + number * year, sites=sites, guests=30)
            answer = office.leader.post("/api/v1/conferences/series/", {**wish, "rule": "FREQ=WEEKLY;COUNT=52"})
            assert (answer.status, answer.json()["status"]) == (201, "approved"), answer.body
            return answer.json()

        made = Booking(office.database, *(date["conference"] for date in book(0)["dates"]))
        counts = made.counts()
        assert counts["backend_reservations_reservation"] >= 52 * len(sites), counts

        def ours(number: int) -> Callable[[], object]:
            return lambda: book(1 + number)

        def bare(number: int) -> Callable[[], object]:
            return made.again((100 + number) * year)

        yield compare("series", ours, bare, n=12, size=52 * len(sites), limit=LIMIT, warm=3)


def refuse(office: Office) -> Iterator[Result]:
    """Over all sites at an hour that is taken: every conflict named, three other hours offered."""
    with office.quiet():
        wish = office.wish(office.day(), sites=office.sites, guests=0)
        booked = office.book(wish)
        start, end = (datetime.fromisoformat(wish[key]) for key in ("start", "end"))

        def ours(_number: int) -> Callable[[], object]:
            def ask() -> None:
                answer = office.leader.post("/api/v1/conferences/", wish)
                rooms = [each for each in answer.json()["conflicts"] if each["kind"] == "room"]
                assert (answer.status, len(rooms)) == (409, len(office.sites))

            return ask

        rooms = "SELECT resource_id FROM meetings_sites_room WHERE id = ANY(%s)"
        resources = [row[0] for row in office.database.execute(rooms, [booked["rooms"]])]

        def bare(_number: int) -> Callable[[], object]:
            def ask() -> None:
                with office.database.transaction(force_rollback=True), office.database.cursor() as cursor:
                    cursor.execute(_LOCK, [resources], prepare=True).fetchall()
                    for until in (end, start + timedelta(days=8)):  # what is in the way; what is taken in that week
                        cursor.execute(_TAKEN, [resources, start, until], prepare=True).fetchall()

            return ask

        yield compare("refuse", ours, bare, n=40, size=len(office.sites))


_LOCK = "SELECT id FROM backend_reservations_resource WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_TAKEN = """
SELECT v.resource_id, v.during, v.holder_kind, v.holder_id, h.code, h.title
FROM unnest(%s::bigint[]) AS wanted (id)
JOIN LATERAL (
    SELECT * FROM backend_reservations_reservation r
    WHERE int8range(r.resource_id, r.resource_id, '[]') && int8range(wanted.id, wanted.id, '[]')
      AND r.during && tstzrange(%s, %s) OFFSET 0
) v ON true
LEFT JOIN meetings_scheduling_conference h ON h.id = v.holder_id AND v.holder_kind = 'conference'
"""
