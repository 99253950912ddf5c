"""Each act on a conference, by each of the cast: done, forbidden, or nothing there; and none on a stale version."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from backend.accounts.models import Role, User
from backend.reservations.models import Hold, Reservation
from meetings.scheduling import services
from meetings.scheduling.models import Conference
from tests.factories import NOW, World, make_room, make_user, make_world
from tests.meetings.scheduling.running import EIGHT, NINE, wish

pytestmark = pytest.mark.django_db
BEFORE, DURING = NOW - timedelta(hours=1), EIGHT + timedelta(minutes=30)
LATER = {"start": (NINE + timedelta(hours=3)).isoformat(), "end": (NINE + timedelta(hours=4)).isoformat()}
REASON = {"reason": "Hoãn"}

# act → (the state it needs, method, body, what each of the cast gets)
#           owner's secretariat, leader, a colleague's unit inside, technician of a site, administrator, outsider
CAST = ("secretary", "leader", "colleague", "technician", "admin", "outsider")
ACTS = {
    "": ("submitted", "get", None, (200, 200, 200, 200, 200, 404)),
    "history/": ("submitted", "get", None, (200, 200, 200, 200, 200, 404)),
    "patch": ("submitted", "patch", {"title": "Sơ kết"}, (200, 200, 403, 403, 403, 404)),
    "reschedule/": ("submitted", "post", LATER, (200, 200, 403, 403, 403, 404)),
    "submit/": ("draft", "post", None, (200, 200, 403, 403, 403, 404)),
    "approve/": ("submitted", "post", None, (403, 200, 403, 403, 403, 404)),
    "return/": ("submitted", "post", REASON, (403, 200, 403, 403, 403, 404)),
    "cancel/": ("submitted", "post", REASON, (200, 200, 403, 403, 403, 404)),
    "extend/": ("live", "post", {"end": (NINE + timedelta(minutes=30)).isoformat()}, (200, 200, 403, 403, 403, 404)),
    "end/": ("live", "post", None, (200, 200, 403, 403, 403, 404)),
}
WRITES = [act for act, (_state, method, *_rest) in ACTS.items() if method != "get"]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def cast(world) -> dict[str, User]:
    """The colleague is the secretariat of a locality below; the technician serves that locality's site."""
    found = {name: getattr(world, name) for name in ("secretary", "leader", "outsider", "admin")}
    found["colleague"] = make_user("colleague", world.localities[0], Role.SECRETARIAT)
    found["technician"] = make_user("technician", world.localities[0], Role.TECHNICIAN)
    return found


def conference_in(world: World, state: str) -> Conference:
    """Over all sites, the centre too: so that the secretariat cannot approve it itself."""
    request = wish(world, site_ids=tuple(site.pk for site in world.sites))
    conference = services.book(actor=world.secretary, request=request, draft=state == "draft", now=BEFORE)
    if state == "live":
        services.approve(actor=world.leader, conference=conference, now=BEFORE)
        services.advance(EIGHT)
    conference.refresh_from_db()
    assert conference.status == state
    return conference


def call(client, conference: Conference, act: str, **headers):
    _state, method, body, _answers = ACTS[act]
    url = f"/api/v1/conferences/{conference.pk}/{'' if act == 'patch' else act}"
    return getattr(client, method)(url, body, format="json" if method != "get" else None, headers=headers)


def moment(act: str):
    return time_machine.travel(DURING if ACTS[act][0] == "live" else BEFORE, tick=False)


@pytest.mark.parametrize("act", ACTS)
def test_each_act_by_each_of_the_cast(api, world, cast, act):
    got = []
    with moment(act):
        for name in CAST:
            Reservation.objects.all().delete()
            Hold.objects.all().delete()
            conference = conference_in(world, ACTS[act][0])
            answer = call(api(cast[name]), conference, act)
            got.append(answer.status_code)
            conference.refresh_from_db()
            untouched = conference.version == (3 if ACTS[act][0] == "live" else 1)
            assert untouched == (answer.status_code != 200 or act not in WRITES), (act, name, answer.json())
    assert dict(zip(CAST, got, strict=True)) == dict(zip(CAST, ACTS[act][3], strict=True))


@pytest.mark.parametrize("act", WRITES)
def test_a_stale_version_is_refused_and_the_present_one_taken(api, world, act):
    with moment(act):
        conference = conference_in(world, ACTS[act][0])
        client = api(world.leader)
        stale = call(client, conference, act, **{"If-Match": f'"{conference.version - 1}"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "stale")
        conference.refresh_from_db()
        assert conference.status == ACTS[act][0]
        fresh = call(client, conference, act, **{"If-Match": f'"{conference.version}"'})
        assert (fresh.status_code, fresh["ETag"]) == (200, f'"{conference.version + 1}"')


def test_who_may_approve_by_unit_and_sites(world):
    """A leader over the convening unit always; its secretariat only when every site lies inside its own scope."""
    inside, outside = [world.sites[2].unit.path], [world.sites[0].unit.path]
    local = make_user("local", world.localities[0], Role.SECRETARIAT)
    chief = make_user("chief", world.centre, Role.LEADER)
    table: list[tuple[User, Callable, list, bool]] = [
        (world.leader, world.province, outside, True),
        (world.secretary, world.province, inside, True),
        (world.secretary, world.province, inside + outside, False),
        (local, world.localities[0], inside, True),
        (local, world.province, inside, False),
        (chief, world.province, outside, True),
        (world.outsider, world.province, inside, False),
    ]
    assert [services.may_approve(user, unit, sites) for user, unit, sites, _right in table] == [row[3] for row in table]


def test_a_booking_for_a_unit_of_others_is_refused(api, world, cast):
    make_room(world.sites[1], "Phòng họp nhỏ")
    with time_machine.travel(BEFORE, tick=False):
        body = {
            "title": "Giao ban",
            "type": "briefing",
            "start": EIGHT.isoformat(),
            "end": NINE.isoformat(),
            "sites": [world.sites[1].pk],
            "chair": "Chủ tịch UBND tỉnh",
            "convening_unit": world.province.pk,
        }
        got = [api(cast[name]).post("/api/v1/conferences/", body, format="json").status_code for name in CAST]
    assert dict(zip(CAST, got, strict=True)) == {
        "secretary": 201,
        "leader": 409,  # the room is taken by then
        "colleague": 400,
        "technician": 403,
        "admin": 403,
        "outsider": 400,
    }
