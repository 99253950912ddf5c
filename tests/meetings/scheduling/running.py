"""A conference that is running, for the tests of what may be done with it."""

from datetime import timedelta

from backend.accounts.models import User
from meetings.scheduling import services
from meetings.scheduling.models import Conference
from meetings.scheduling.rules import Guest, Request
from tests.factories import NOW, World

EIGHT, NINE, TEN = (NOW + timedelta(hours=hours) for hours in (0, 1, 2))  # of Monday, in Viet Nam


def wish(world: World, **values) -> Request:
    """The province with its localities, Monday 08:00 to 09:00."""
    given = {
        "title": "Giao ban",
        "type": "briefing",
        "start": EIGHT,
        "end": NINE,
        "site_ids": tuple(site.pk for site in world.sites[1:]),
        "chair": Guest(name="Chủ tịch UBND tỉnh"),
        "participants": (Guest(name="Đàm Văn Mẫu", email="mau@sotuphap.example"),),
    }
    return Request(**(given | values))


def booked(world: World, actor: User | None = None, **values) -> Conference:
    """Approved, an hour before it begins."""
    early = NOW - timedelta(hours=1)
    return services.book(actor=actor or world.secretary, request=wish(world, **values), now=early)


def running(world: World, **values) -> Conference:
    conference = booked(world, **values)
    services.advance(conference.start)
    conference.refresh_from_db()
    return conference
