"""Two who renew one person's link at the same moment leave one that works; without the lock they collide."""

import threading
from functools import partial

import pytest
from django.db import IntegrityError

from meetings.scheduling import bridging
from meetings.scheduling.bridge_models import JoinLink
from meetings.scheduling.models import Conference, Participant
from meetings.scheduling.rules import Guest, Request
from meetings.scheduling.services import book
from tests.factories import NOW, World, make_person, make_world


@pytest.fixture
def world(transactional_db) -> World:
    return make_world()


def booked(world: World) -> tuple[Conference, Participant]:
    values = {"url": "https://meet.langson.example", "app_id": "caunoi", "key": "k" * 32}
    bridging.save_setup(actor=world.admin, bridge=world.bridge, adapter="jitsi", values=values, now=NOW)
    request = Request(
        title="Giao ban",
        type="briefing",
        start=NOW.replace(day=25),
        end=NOW.replace(day=25, hour=3),
        site_ids=tuple(site.pk for site in world.sites[1:]),
        chair=Guest(name="Trần Văn Mẫu"),
        participants=(Guest(person_id=make_person("Nguyễn Văn An", world.department).pk),),
    )
    conference = book(actor=world.leader, request=request, now=NOW)
    return conference, conference.participants.get()


def test_one_link_works_after_a_race(at_once, world):
    conference, person = booked(world)
    renew = partial(bridging.renew_link, actor=world.leader, conference=conference, participant=person, now=NOW)
    results = at_once([renew] * 4)
    assert [type(result) for result in results] == [JoinLink] * 4
    assert (JoinLink.objects.count(), JoinLink.objects.filter(stopped_at=None).count()) == (5, 1)


def test_without_the_lock_they_collide(at_once, world, monkeypatch):
    conference, person = booked(world)
    barrier, token = threading.Barrier(2), bridging._token

    def late() -> str:
        barrier.wait(timeout=30)
        return token()

    monkeypatch.setattr(bridging, "_lock", lambda conference: conference)
    bridging.stop_link(actor=world.leader, conference=conference, participant=person, now=NOW)
    monkeypatch.setattr(bridging, "_token", late)
    renew = partial(bridging.renew_link, actor=world.leader, conference=conference, participant=person, now=NOW)
    results = at_once([renew] * 2)
    assert sorted(type(result).__name__ for result in results) == [IntegrityError.__name__, JoinLink.__name__]
