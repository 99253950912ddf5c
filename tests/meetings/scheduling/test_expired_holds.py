"""A submitted conference whose hold has run out: approval takes everything anew, or is refused."""

from datetime import timedelta

import pytest
import time_machine

from backend.reservations.models import Reservation
from meetings.scheduling import services
from meetings.scheduling.models import Conference
from tests.factories import NOW, World, make_world
from tests.meetings.scheduling.running import EIGHT, NINE, booked, wish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TIMES = {"start": EIGHT + 9 * DAY, "end": NINE + 9 * DAY}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def waiting(world) -> Conference:
    """With the centre, so that it waits for the leader."""
    request = wish(world, **TIMES, site_ids=tuple(site.pk for site in world.sites))
    return services.book(actor=world.secretary, request=request, now=NOW)


def approve(api, world: World, conference: Conference):
    with time_machine.travel(conference.hold_until + timedelta(minutes=1), tick=False):
        return api(world.leader).post(f"/api/v1/conferences/{conference.pk}/approve/")


def test_approval_takes_everything_anew(api, world, waiting):
    assert approve(api, world, waiting).json()["status"] == "approved"
    assert list(Reservation.objects.values_list("holder_id", "expires_at")) == [(waiting.pk, None)] * 4


def test_where_somebody_was_faster_it_is_refused_and_goes_on_waiting(api, world, waiting):
    with time_machine.travel(waiting.hold_until, tick=False):
        request = wish(world, **TIMES, site_ids=(world.sites[2].pk,), title="Giao ban xã")
        faster = services.book(actor=world.secretary, request=request, now=waiting.hold_until)
    answer = approve(api, world, waiting)
    assert (answer.status_code, [row["held_by"] for row in answer.json()["conflicts"]]) == (
        409,
        [f"{faster.code} · Giao ban xã"],
    )
    waiting.refresh_from_db()
    assert (waiting.status, waiting.version) == ("submitted", 1)


def test_a_change_holds_it_anew(world, waiting):
    booked(world, start=EIGHT + DAY, end=NINE + DAY)
    late = waiting.hold_until + timedelta(hours=1)
    moved = services.reschedule(
        actor=world.secretary, conference=waiting, start=EIGHT + 8 * DAY, end=NINE + 8 * DAY, now=late
    )
    mine = Reservation.objects.filter(holder_id=waiting.pk)
    assert (moved.status, moved.hold_until > late) == ("submitted", True)
    assert set(mine.values_list("expires_at", flat=True)) == {moved.hold_until}
