"""Setting up and clearing away: what a conference holds before and after its hours."""

import pytest
import time_machine

from backend.reservations.models import Hold, Reservation
from backend.units.models import Figure
from meetings.scheduling.figures import SETUP_MINUTES, TEARDOWN_MINUTES
from tests.factories import NOW, World, make_world
from tests.meetings.scheduling.test_book import body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    """From 25 November on half an hour before and a quarter after."""
    world = make_world()
    for key, minutes in ((SETUP_MINUTES, 30), (TEARDOWN_MINUTES, 15)):
        Figure.objects.create(key=key, value=minutes, effective_from="2026-11-25", source="Văn phòng")
    return world


def hours(rows) -> set[tuple[str, str]]:
    return {(f"{row.during.lower:%H:%M}", f"{row.during.upper:%H:%M}") for row in rows}


def at(start: str, end: str, day: int = 25) -> dict[str, str]:
    return {"start": f"2026-11-{day}T{start}:00+07:00", "end": f"2026-11-{day}T{end}:00+07:00"}


def test_rooms_and_ports_are_held_with_the_margins_of_the_day_and_the_hours_stay(api, world):
    client = api(world.leader)
    made = client.post("/api/v1/conferences/", body(world), format="json").json()
    assert (made["start"], made["end"]) == ("2026-11-25T08:00:00+07:00", "2026-11-25T10:00:00+07:00")
    assert hours(Reservation.objects.all()) == {("00:30", "03:15")}
    assert hours(Hold.objects.all()) == {("00:30", "03:15")}
    client.post(f"/api/v1/conferences/{made['id']}/reschedule/", at("08:00", "10:00", day=24), format="json")
    assert hours(Reservation.objects.all()) == {("01:00", "03:00")}  # on that day the office had none yet


def test_the_next_one_begins_after_both_margins_and_that_hour_is_offered(api, world):
    client, sites = api(world.secretary), [world.sites[1].pk]
    client.post("/api/v1/conferences/", body(world, sites=sites), format="json")
    early = client.post("/api/v1/conferences/", body(world, sites=sites, **at("10:30", "11:30")), format="json")
    assert early.status_code == 409
    assert early.json()["alternatives"][0] == {
        "start": "2026-11-25T03:45:00+00:00",
        "end": "2026-11-25T04:45:00+00:00",
    }
    offered = client.post("/api/v1/conferences/", body(world, sites=sites, **at("10:45", "11:45")), format="json")
    assert offered.status_code == 201
