"""The history of a conference says in words what was and what is; and no act is without words."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from backend.desk.words import ACTS, THINGS, VERBS, act_in_words
from meetings.scheduling import running as acts
from meetings.scheduling import services
from meetings.scheduling.models import Conference
from tests.factories import NOW, World, make_room, make_world
from tests.meetings.scheduling.running import EIGHT, NINE, TEN, booked, running

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW - timedelta(minutes=30), tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def history(api, user, conference: Conference) -> list[tuple]:
    answer = api(user).get(f"/api/v1/conferences/{conference.pk}/history/")
    assert answer.status_code == 200
    return [(row["act"], row["words"], row["changes"], row["reason"]) for row in answer.json()["results"]]


def change(api, world: World, conference: Conference, **values) -> list[str]:
    """Change it, and what its history says of that."""
    answer = api(world.secretary).patch(f"/api/v1/conferences/{conference.pk}/", values, format="json")
    assert answer.status_code == 200, answer.json()
    return next(row[2] for row in reversed(history(api, world.secretary, conference)) if row[0] != "invitation.send")


def test_each_change_is_said_with_what_was_and_what_is(api, world):
    conference = booked(world)
    first, second = world.sites[2], world.sites[3]
    hall = make_room(first, "Hội trường")
    assert change(api, world, conference, start=NINE.isoformat(), end=TEN.isoformat()) == [
        "From 08:00–09:00 23/11 to 09:00–10:00 23/11"
    ]
    assert change(api, world, conference, title="Giao ban tháng") == ["Title: Giao ban → Giao ban tháng"]
    assert change(api, world, conference, chair="Phó Chủ tịch UBND tỉnh") == [
        "Chair: Chủ tịch UBND tỉnh → Phó Chủ tịch UBND tỉnh"
    ]
    assert change(api, world, conference, sites=[world.sites[1].pk, first.pk]) == [
        f"Left out: {second.default_room.name} ({second.name})"
    ]
    assert change(api, world, conference, rooms=[world.sites[1].default_room_id, hall.pk], host_site=first.pk) == [
        "Host site: Tỉnh Lạng Sơn → Xã 1",
        f"Added: Hội trường ({first.name})",
        f"Left out: {first.default_room.name} ({first.name})",
    ]
    agenda = [{"start": NINE.isoformat(), "end": TEN.isoformat(), "title": "Thảo luận"}]
    assert change(api, world, conference, agenda=agenda, notes="Mang theo báo cáo", type="working", bridge=None) == [
        "Type: briefing → working meeting",
        "Bridge: MCU → –",
        "Agenda changed",
        "Notes changed",
    ]
    assert change(api, world, conference, participants=[{"name": "Bùi Thị Thử", "email": "thu@bo.example"}]) == [
        "1 person more",
        "1 person less",
    ]


def test_the_whole_life_is_told_in_order_with_reasons(api, world):
    conference = running(world)
    acts.extend(actor=world.secretary, conference=conference, end=TEN, now=EIGHT + timedelta(minutes=10))
    acts.end(actor=world.leader, conference=conference, now=NINE + timedelta(minutes=15, seconds=20))
    assert history(api, world.secretary, conference) == [
        ("conference.create", "booked", [], ""),
        ("invitation.send", "invitations written", ["1 invited"], ""),
        ("conference.live", "began", [], ""),
        ("conference.extend", "extended", ["Until 10:00 instead of 09:00"], ""),
        ("conference.end", "ended early", ["Until 09:15 instead of 10:00"], ""),
    ]
    other = booked(world, start=EIGHT + timedelta(days=1), end=NINE + timedelta(days=1))
    services.cancel(actor=world.secretary, conference=other, reason="Hoãn", now=NOW)
    assert history(api, world.secretary, other)[-2:] == [
        ("conference.cancel", "cancelled", [], "Hoãn"),
        ("invitation.send", "invitations written", ["1 told that it is off"], ""),
    ]


def test_a_title_that_has_become_secret_is_told_no_more(api, world):
    conference = booked(world)
    change(api, world, conference, title="Phương án bảo vệ biên giới")
    Conference.objects.filter(pk=conference.pk).update(secrecy="secret", title="Họp theo giấy mời")
    said = str(history(api, world.secretary, conference))
    assert ("Phương án" in said, "Giao ban" in said) == (False, False)


def test_of_the_whole_country_twenty_rooms_are_named_and_the_rest_counted(api):
    world = make_world(localities=25, ports=40)
    conference = booked(world, site_ids=(world.sites[1].pk,), bridge_id=world.bridge.pk)
    (said,) = change(api, world, conference, sites=[site.pk for site in world.sites[1:]])
    assert (said.count("Phòng họp"), said.endswith("and 5 more")) == (20, True)


def test_only_who_sees_the_conference_reads_its_history(api, world):
    conference = booked(world)
    url = f"/api/v1/conferences/{conference.pk}/history/"
    assert [api(user).get(url).status_code for user in (world.leader, world.outsider, None)] == [200, 404, 401]


def test_it_costs_the_same_for_one_line_and_for_many(api, world, django_assert_num_queries):
    conference = booked(world)
    url = f"/api/v1/conferences/{conference.pk}/history/"
    for title in (None, "Giao ban tháng", "Giao ban quý"):
        if title:
            change(api, world, conference, title=title)
        client = api(world.secretary)
        with django_assert_num_queries(5):
            client.get(url)


NOTED = {  # a part's own way of noting → of what
    "scheduling": {"note": "conference"},
    "catering": {"_note": "meal"},
    "stays": {"_note_delegation": "delegation", "_note_stay": "stay"},
}


def recorded_acts() -> set[str]:
    """Every act that the code hands to the trail, read from its text."""
    found: set[str] = set()
    for part in ("backend", "meetings", "guesthouse"):
        for path in (ROOT / part).rglob("*.py"):
            text = path.read_text()
            found |= set(re.findall(r'(?:act=|act = |else |_note\(\w+, |_target\(\w+, )"([a-z_]+\.[a-z_]+)"', text))
            found |= {f"{kind}.{verb}" for kind in re.findall(r'kind="([a-z_]+)", changes', text) for verb in VERBS}
            for way, kind in NOTED.get(path.parent.name, {}).items():
                found |= {f"{kind}.{verb}" for verb in re.findall(rf'\b{way}\(\s*\w+, "([a-z_]+)"', text)}
    return found


def test_every_act_that_is_recorded_has_words():
    found = recorded_acts()
    assert {"conference.approve", "link.change", "stay.move", "unit.successor", "target.allow"} <= found
    assert [act for act in sorted(found) if not act_in_words(act)] == []
    assert [f"{kind}.{verb}" for kind in THINGS for verb in VERBS if not act_in_words(f"{kind}.{verb}")] == []
    assert len(ACTS) == len(set(map(str, ACTS.values())))
