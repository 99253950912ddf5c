"""A running conference goes on longer, or ends before its time."""

from datetime import timedelta

import pytest
import time_machine

from backend.audit.models import Entry
from backend.outbox.models import Message
from backend.reservations.models import Hold, Reservation
from meetings.scheduling.models import Conference, Status
from tests.factories import NOW, World, make_world
from tests.meetings.scheduling.running import EIGHT, NINE, TEN, booked, running

pytestmark = pytest.mark.django_db
HALF_PAST_EIGHT, QUARTER_TO_TEN = EIGHT + timedelta(minutes=30), NINE + timedelta(minutes=45)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(HALF_PAST_EIGHT + timedelta(seconds=20), tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def url(conference: Conference, act: str) -> str:
    return f"/api/v1/conferences/{conference.pk}/{act}/"


def extend(client, conference: Conference, end, **headers):
    return client.post(url(conference, "extend"), {"end": end.isoformat()}, format="json", headers=headers)


def periods(conference: Conference) -> set:
    """Of its rooms and its ports."""
    mine = {"holder_kind": "conference", "holder_id": conference.pk}
    rows = [*Reservation.objects.filter(**mine), *Hold.objects.filter(**mine)]
    return {(row.during.lower, row.during.upper) for row in rows}


def test_it_goes_on_in_the_same_rooms_and_ports_and_nobody_is_mailed(api, world):
    conference = running(world)
    mails = Message.objects.count()
    answer = extend(api(world.secretary), conference, QUARTER_TO_TEN)
    assert answer.status_code == 200, answer.json()
    told = answer.json()
    assert (told["status"], told["end"], told["sequence"]) == ("live", "2026-11-23T09:45:00+07:00", 1)
    assert answer["ETag"] == f'"{told["version"]}"'
    assert periods(conference) == {(EIGHT, QUARTER_TO_TEN)}
    assert (Reservation.objects.count(), list(Hold.objects.values_list("amount", flat=True))) == (3, [3])
    assert Message.objects.count() == mails
    entry = Entry.objects.get(act="conference.extend")
    assert (entry.before, entry.after["end"]) == ({"end": NINE.isoformat()}, QUARTER_TO_TEN.isoformat())


def test_the_next_one_in_a_room_limits_it_and_says_until_when(api, world):
    conference = running(world)
    following = booked(world, start=QUARTER_TO_TEN, end=TEN, site_ids=(world.sites[2].pk,), title="Họp giao ban xã")
    answer = extend(api(world.secretary), conference, TEN)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    problem = answer.json()
    assert problem["detail"] == "Not free for so long: Phòng họp Xã 1 (Xã 1). The conference can go on until 09:45."
    assert [(c["name"], c["held_by"]) for c in problem["conflicts"]] == [
        ("Phòng họp Xã 1 (Xã 1)", f"{following.code} · Họp giao ban xã")
    ]
    assert problem["until"] == QUARTER_TO_TEN.isoformat()
    assert problem["alternatives"] == [{"start": EIGHT.isoformat(), "end": QUARTER_TO_TEN.isoformat()}]
    assert periods(conference) == {(EIGHT, NINE)}
    conference.refresh_from_db()
    assert (conference.end, conference.version) == (NINE, 2)
    assert extend(api(world.secretary), conference, QUARTER_TO_TEN).status_code == 200


def test_ports_limit_it_too(api, world):
    world.bridge.pool.capacity = 4
    world.bridge.pool.save()
    conference = running(world)
    outside = [world.sites[0].pk, world.sites[1].pk]
    booked(world, actor=world.leader, start=QUARTER_TO_TEN, end=TEN, site_ids=tuple(outside), bridge_id=world.bridge.pk)
    Reservation.objects.exclude(holder_id=conference.pk).delete()  # so that nothing but the ports is short
    problem = extend(api(world.secretary), conference, TEN).json()
    assert [(c["kind"], c["left"]) for c in problem["conflicts"]] == [("ports", 2)]
    assert problem["until"] == QUARTER_TO_TEN.isoformat()


def test_where_somebody_follows_at_once_there_is_no_until(api, world):
    conference = running(world)
    booked(world, start=NINE, end=TEN, site_ids=(world.sites[2].pk,))
    problem = extend(api(world.secretary), conference, NINE + timedelta(minutes=15)).json()
    assert (problem["until"], problem["alternatives"]) == (None, [])
    assert problem["detail"] == "Somebody else follows at once: Phòng họp Xã 1 (Xã 1). The conference cannot go on."


def test_ended_early_the_rest_is_free_at_once_and_what_was_stays(api, world):
    conference = running(world)
    answer = api(world.leader).post(url(conference, "end"))
    assert answer.status_code == 200, answer.json()
    told = answer.json()
    assert (told["status"], told["end"], told["sequence"]) == ("ended", "2026-11-23T08:30:00+07:00", 1)
    assert periods(conference) == {(EIGHT, HALF_PAST_EIGHT)}
    following = booked(world, start=HALF_PAST_EIGHT, end=TEN, title="Họp tiếp")
    assert following.status == Status.APPROVED
    entry = Entry.objects.get(act="conference.end")
    assert (entry.actor, entry.before, entry.after["end"]) == (
        world.leader,
        {"end": NINE.isoformat()},
        HALF_PAST_EIGHT.isoformat(),
    )


def test_a_bridge_that_has_shrunk_meanwhile_keeps_nobody_from_ending(api, world):
    conference = running(world)
    world.bridge.pool.capacity = 1
    world.bridge.pool.save()
    assert api(world.leader).post(url(conference, "end")).status_code == 200
    assert periods(conference) == {(EIGHT, HALF_PAST_EIGHT)}


def test_one_whose_hour_has_come_is_running_before_the_clock_has_said_so(api, world):
    conference = booked(world)
    assert extend(api(world.secretary), conference, TEN).json()["status"] == "live"
    other = booked(world, start=TEN, end=TEN + timedelta(hours=1))
    refused = extend(api(world.secretary), other, TEN + timedelta(hours=2))
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


@pytest.mark.parametrize("at", [timedelta(0), timedelta(seconds=40)])
def test_ended_in_its_first_minute_it_has_lasted_one(api, world, at):
    conference = running(world)
    with time_machine.travel(EIGHT + at, tick=False):
        assert api(world.leader).post(url(conference, "end")).json()["end"] == "2026-11-23T08:01:00+07:00"


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "ended", "cancelled"])
@pytest.mark.parametrize("act", ["extend", "end"])
def test_only_what_runs_can_be_extended_or_ended(api, world, status, act):
    conference = running(world)
    hold = NOW + timedelta(days=1) if status == "submitted" else None
    Conference.objects.filter(pk=conference.pk).update(status=status, hold_until=hold)
    answer = api(world.leader).post(url(conference, act), {"end": TEN.isoformat()}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert periods(conference) == {(EIGHT, NINE)}


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (NINE, "not_longer"),
        (HALF_PAST_EIGHT, "not_longer"),
        (EIGHT - timedelta(hours=1), "not_longer"),
        (EIGHT + timedelta(days=40), "too_long"),
    ],
)
def test_a_bad_end_is_named(api, world, end, code):
    conference = running(world)
    answer = extend(api(world.secretary), conference, end)
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, code, ["end"])
    assert periods(conference) == {(EIGHT, NINE)}


def test_no_more_queries_for_more_sites(api, django_assert_num_queries):
    world = make_world(localities=6, ports=30)
    client = api(world.secretary)
    hours = 0
    for sites in (world.sites[1:2], world.sites[1:4], world.sites[1:8]):
        start = EIGHT + timedelta(hours=hours)
        end = start + timedelta(hours=1)
        with time_machine.travel(start + timedelta(minutes=30), tick=False):
            ids = tuple(site.pk for site in sites)
            conference = running(world, start=start, end=end, site_ids=ids, bridge_id=world.bridge.pk)
            with django_assert_num_queries(EXTENDING):
                assert extend(client, conference, end + timedelta(minutes=30)).status_code == 200
            with django_assert_num_queries(ENDING):
                assert client.post(url(conference, "end")).status_code == 200
        hours += 2


EXTENDING, ENDING = 29, 29
