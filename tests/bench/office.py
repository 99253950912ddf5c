"""The office that is measured: a running service with the demo of 2025, asked as a program asks it."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any

import psycopg
from aiosmtpd.controller import Controller

from backend.common.periods import VIETNAM
from backend.runner.progress import say
from tests.bench import country
from tests.bench.country import Country
from tests.bench.stored import FIRST, Year, store
from tests.service import Client, Service, free_port, running, wait_until

FIRST_HOUR = datetime(2031, 3, 3, 8, tzinfo=VIETNAM)  # behind everything that a demo holds
BACKGROUND = ("backend.config worker", "backend.config beat", "manage.py prober", "manage.py simulator")


class Sink:
    """aiosmtpd's handler: when each mail came, and the last one's bytes."""

    def __init__(self) -> None:
        self.came: list[float] = []
        self.last = b""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.came.append(time.perf_counter())
        self.last = envelope.content
        return "250 OK"


class Office:
    def __init__(self, service: Service, sink: Sink, smtp_port: int) -> None:
        self.service, self.sink, self.smtp_port = service, sink, smtp_port
        self.days, self.evenings = count(), count()
        self.leader: Client = service.log_in("lanhdao")
        self.database: psycopg.Connection[Any] = psycopg.connect(service.place.databases.app, autocommit=True)

    @cached_property
    def sites(self) -> list[int]:
        """All of the demo."""
        return [site["id"] for site in self.leader.all("/api/v1/sites/")]

    @cached_property
    def people(self) -> list[int]:
        """Those of the directory who have a mailbox."""
        return [person["id"] for person in self.leader.all("/api/v1/people/") if person["email"]]

    @cached_property
    def country(self) -> Country:
        """Planted at the first look; from then on the lists of sites and rooms are long."""
        return country.plant(self.database)

    @cached_property
    def year(self) -> Year:
        return Year(len(self.country.rooms))

    def store(self, reservations: int) -> None:
        """Until so many are stored."""
        if self.year.stored >= reservations:
            return
        with self.quiet():
            say(f"  storing {reservations:,} reservations over {len(self.country.rooms):,} rooms …")
            wish = self.wish(self.evening(), sites=self.country.sites[:2], guests=0)
            like = self.book({**wish, "bridge": self.country.bridge})["id"]
            store(self.database, self.country, self.year.until(reservations), like)
            with psycopg.connect(self.service.place.databases.owner, autocommit=True) as owner:
                owner.execute("VACUUM ANALYZE")

    def evening(self) -> datetime:
        """An hour of the stored year after everything that is stored, on a day on which nobody took it yet."""
        return FIRST.replace(hour=20) + timedelta(days=next(self.evenings))

    def day(self) -> datetime:
        """A morning on which nothing was booked yet."""
        return FIRST_HOUR + timedelta(days=next(self.days))

    def wish(self, start: datetime, *, sites: list[int], guests: int) -> dict[str, Any]:
        """A body for `POST conferences/`: two hours with three points of the agenda."""

        def at(minutes: int) -> str:
            return (start + timedelta(minutes=minutes)).isoformat()

        points = (("Khai mạc", 0, 15), ("Báo cáo và thảo luận", 15, 105), ("Kết luận", 105, 120))
        return {
            "title": "Hội nghị trực tuyến quý IV",
            "type": "review",
            "start": at(0),
            "end": at(120),
            "sites": sites,
            "chair": "Chủ tịch UBND tỉnh",
            "participants": [{"person": person} for person in self.people[:guests]],
            "agenda": [{"title": title, "start": at(a), "end": at(b)} for title, a, b in points],
        }

    def book(self, wish: dict[str, Any]) -> dict[str, Any]:
        answer = self.leader.post("/api/v1/conferences/", wish)
        assert answer.status == 201, answer.body
        booked: dict[str, Any] = answer.json()
        assert booked["status"] == "approved", booked["status"]
        return booked

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Nothing but the web and the stores at work: what is measured shares the cores with nobody of ours."""
        processes = [process for word in BACKGROUND for process in self.service.named(word)]
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()

    def waiting_mails(self) -> int:
        states = "SELECT count(*) FROM backend_outbox_message WHERE state IN ('pending', 'sending')"
        row = self.database.execute(states).fetchone()
        return int(row[0]) if row else 0

    def settle(self) -> None:
        """Until every mail has left."""
        wait_until(lambda: self.waiting_mails() == 0, 600)


@contextmanager
def office(*, assistant: bool) -> Iterator[Office]:
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        wanted = {"DEMO": "2025", "EMAIL_URL": f"smtp://127.0.0.1:{port}", "ASSISTANT": "1" if assistant else "0"}
        with running(**wanted) as service:
            made = Office(service, sink, port)
            try:
                made.settle()
                yield made
            finally:
                made.database.close()
    finally:
        controller.stop()
