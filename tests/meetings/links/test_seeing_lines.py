"""Lines through the API: the owner is the province, the colleague works at one locality, the outsider elsewhere."""

from datetime import timedelta

import pytest
import time_machine

from backend.accounts.models import Role
from meetings.links import queries
from meetings.links.models import Link
from meetings.links.rules import State
from meetings.sites.models import Site
from tests.factories import make_site, make_user, make_world
from tests.meetings.links.factories import DEAD, GOOD, NOW, make_figures, make_line, make_trunk, measured

pytestmark = pytest.mark.django_db
SLOW = (400.0,) * 5


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world():
    make_figures()
    return make_world()


@pytest.fixture
def colleague(world):
    return make_user("technician", world.localities[0], Role.TECHNICIAN)


@pytest.fixture
def link(world):
    return make_line(world.sites[2])


def codes(answer):
    assert answer.status_code == 200, answer.json()
    return [row["code"] for row in answer.json()["results"]]


def refusal(answer):
    return answer.status_code, answer.json()["code"], list(answer.json().get("errors", {}))


def test_a_line_says_its_state_and_when_it_was_measured(api, world, link):
    measured(link, GOOD, GOOD)
    answer = api(world.secretary).get(f"/api/v1/links/{link.pk}/").json()
    assert answer == {
        "id": link.pk,
        "code": "LS-01",
        "site": world.sites[2].pk,
        "site_name": "Xã 1",
        "start": "Xã 1",
        "end": "Lõi TSLCD",
        "carrier": "VNPT",
        "network": "tslcd2",
        "capacity_mbps": 50,
        "role": "primary",
        "cleared": False,
        "state": "up",
        "since": "2026-11-23T07:59:30+07:00",
        "measured_at": "2026-11-23T08:00:00+07:00",
        "rtt_ms": 20.4,
        "jitter_ms": 1.0,
        "loss": 0.0,
    }


@pytest.mark.parametrize(("rounds", "state"), [((), "unknown"), ((SLOW, SLOW), "degraded"), ((DEAD, DEAD), "down")])
def test_every_state_is_shown(api, world, link, rounds, state):
    measured(link, *rounds)
    assert api(world.secretary).get(f"/api/v1/links/{link.pk}/").json()["state"] == state


@pytest.mark.parametrize(("age", "interval", "state"), [(90, None, "down"), (91, None, "unknown"), (91, 60, "down")])
def test_a_line_that_was_not_measured_lately_is_unknown_and_never_down(api, world, link, age, interval, state):
    """Three intervals: 30 s each as shipped, unless the line has its own."""
    Link.objects.update(interval_s=interval)
    measured(link, DEAD, DEAD, at=NOW - timedelta(seconds=age))
    shown = api(world.secretary).get(f"/api/v1/links/?state={state}").json()["results"]
    assert [(row["code"], row["state"]) for row in shown] == [("LS-01", state)]
    assert codes(api(world.secretary).get("/api/v1/links/?state=up,degraded")) == []


def test_who_sees_which_lines(api, world, colleague):
    make_line(world.sites[2], "X1")
    make_line(world.sites[3], "X2")
    make_line(make_site(world.other, "tn"), "TN")
    make_trunk(world.province, "TRUNK")
    assert codes(api(world.secretary).get("/api/v1/links/")) == ["TRUNK", "X1", "X2"]
    assert codes(api(colleague).get("/api/v1/links/")) == ["X1"]
    assert codes(api(world.outsider).get("/api/v1/links/")) == ["TN"]
    assert codes(api(make_user("nobody")).get("/api/v1/links/")) == []
    assert api().get("/api/v1/links/").status_code == 401


@pytest.mark.parametrize("path", ["", "history/"])
def test_a_line_that_is_not_visible_is_not_there(api, world, colleague, link, path):
    address = f"/api/v1/links/{link.pk}/{path}"
    assert api(world.secretary).get(address).status_code == 200
    assert api(colleague).get(address).status_code == 200
    assert refusal(api(world.outsider).get(address)) == (404, "not_found", [])


def test_parts_above_may_show_lines_of_further_sites(api, world, link, monkeypatch):
    """Such as those that take part in a conference of the user's."""
    of_others = lambda user: Site.objects.filter(pk=link.site_id, code__isnull=user != world.outsider)  # noqa: E731
    monkeypatch.setattr(queries, "site_sources", [lambda user: of_others(user).values("pk")])
    assert codes(api(world.outsider).get("/api/v1/links/")) == ["LS-01"]
    assert codes(api(make_user("nobody")).get("/api/v1/links/")) == []


def test_a_line_out_of_use_is_not_shown(api, world, link):
    Link.objects.update(active=False)
    assert codes(api(world.secretary).get("/api/v1/links/")) == []


def test_lines_are_picked_by_site_carrier_and_network(api, world):
    here, there = world.sites[2:]
    make_line(here, "A")
    make_line(here, "B", role="second", carrier="Viettel", network="mobile")
    make_line(there, "C", carrier="Viettel")
    ask = api(world.secretary).get
    assert codes(ask(f"/api/v1/links/?site={here.pk}")) == ["A", "B"]
    assert codes(ask(f"/api/v1/links/?site={here.pk},{there.pk}")) == ["A", "B", "C"]
    assert codes(ask("/api/v1/links/?carrier=Viettel")) == ["B", "C"]
    assert codes(ask("/api/v1/links/?carrier=Viettel&network=tslcd2")) == ["C"]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("site=x", "bad_id", "site"),
        ("site=1,", "bad_id", "site"),
        ("site=99999999999999999999", "bad_id", "site"),
        ("state=dead", "bad_state", "state"),
        ("state=", "bad_state", "state"),
    ],
)
@pytest.mark.parametrize("resource", ["links", "site-states"])
def test_a_filter_that_makes_no_sense_is_named(api, world, resource, query, code, field):
    answer = api(world.secretary).get(f"/api/v1/{resource}/?{query}")
    assert refusal(answer) == (400, code, [field])


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("resource", "queries_made"), [("links", 5), ("site-states", 5)])
def test_a_list_takes_the_same_number_of_queries_for_any_length(
    api, world, rows, resource, queries_made, django_assert_num_queries
):
    for number in range(rows):
        measured(make_line(make_site(world.localities[0], f"x{number}"), f"X{number}"), GOOD)
    client = api(world.secretary)
    with django_assert_num_queries(queries_made):  # session, user, grants, figure, lines
        assert len(client.get(f"/api/v1/{resource}/").json()["results"]) == rows


def test_a_site_is_as_good_as_the_best_of_its_lines(api, world):
    doubled, cut = world.sites[2:]
    first, second, only = (
        make_line(doubled, "A"),
        make_line(doubled, "B", role="second"),
        make_line(cut, "C"),
    )
    measured(first, DEAD, DEAD)
    measured(second, SLOW, SLOW, at=NOW - timedelta(seconds=10))
    measured(only, DEAD, DEAD)
    answer = api(world.secretary).get("/api/v1/site-states/").json()["results"]
    shown = [(row["site_name"], row["state"], row["measured_at"], [x["code"] for x in row["links"]]) for row in answer]
    assert shown == [
        ("Xã 1", "degraded", "2026-11-23T07:59:50+07:00", ["A", "B"]),
        ("Xã 2", "down", "2026-11-23T08:00:00+07:00", ["C"]),
    ]
    offline = api(world.secretary).get("/api/v1/site-states/?state=down").json()["results"]
    assert [row["site"] for row in offline] == [cut.pk]
    assert [each.site for each in queries.offline_sites(world.secretary, now=NOW)] == [cut]
    counts = queries.state_counts(world.secretary, now=NOW)
    assert counts == {State.UP: 0, State.DEGRADED: 1, State.DOWN: 1, State.UNKNOWN: 0}
    assert queries.offline_sites(world.outsider, now=NOW) == []


def test_a_site_with_one_line_down_and_one_unknown_is_unknown(world):
    measured(make_line(world.sites[2], "A"), DEAD, DEAD)
    make_line(world.sites[2], "B", role="second")
    assert queries.offline_sites(world.secretary, now=NOW) == []


def test_the_history_of_a_line_in_steps(api, world, link):
    measured(link, GOOD, GOOD, DEAD, DEAD)  # 07:58:30 to 08:00:00
    address = f"/api/v1/links/{link.pk}/history/"
    asked = {"from": "2026-11-23T07:58:00+07:00", "to": "2026-11-23T08:01:20+07:00"}
    answer = api(world.secretary).get(address, asked).json()
    step = {"sent": 5, "lost": 0, "loss": 0.0, "rtt_ms": 20.4, "jitter_ms": 1.0, "state": "up"}
    dead = {"sent": 5, "lost": 5, "loss": 1.0, "rtt_ms": None, "jitter_ms": None, "state": "up"}
    assert answer == {
        "results": [
            {"at": "2026-11-23T07:58:30+07:00", **step},
            {"at": "2026-11-23T07:59:00+07:00", **step},
            {"at": "2026-11-23T07:59:30+07:00", **dead},
            {"at": "2026-11-23T08:00:00+07:00", **dead, "state": "down"},
        ],
        "next": None,
        "previous": None,
    }


def test_a_long_history_comes_in_at_most_200_steps_of_their_worst_state(api, world, link):
    measured(link, GOOD, GOOD, DEAD, DEAD, at=NOW - timedelta(seconds=1))
    answer = api(world.secretary).get(f"/api/v1/links/{link.pk}/history/", {"from": "2026-11-01T00:00:00+07:00"})
    (step,) = answer.json()["results"]
    assert (step["sent"], step["lost"], step["loss"], step["state"]) == (20, 10, 0.5, "down")


def test_the_last_day_is_the_history_that_nobody_asked_otherwise(api, world, link):
    measured(link, GOOD, at=NOW - timedelta(days=1, seconds=1))
    measured(link, GOOD, at=NOW - timedelta(hours=23))
    (step,) = api(world.secretary).get(f"/api/v1/links/{link.pk}/history/").json()["results"]
    assert (step["sent"], step["state"]) == (5, "up")


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"from": "2026-11-23T08:00:00"}, "bad_time", "from"),
        ({"to": "gestern"}, "bad_time", "to"),
        ({"from": "2026-11-23T08:00:00+07:00", "to": "2026-11-23T08:00:00+07:00"}, "end_before_start", "to"),
        ({"from": "2020-01-01T00:00:00+07:00"}, "too_long", "from"),
    ],
)
def test_a_history_of_no_possible_time_is_refused(api, world, link, asked, code, field):
    assert refusal(api(world.secretary).get(f"/api/v1/links/{link.pk}/history/", asked)) == (400, code, [field])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_lines_are_not_written_through_the_api(api, world, link, method):
    answer = getattr(api(world.admin), method)(f"/api/v1/links/{link.pk}/", {}, format="json")
    assert refusal(answer) == (405, "method_not_allowed", [])


def test_only_a_protected_primary_line_carries_what_is_secret(world):
    first, second, third, fourth = world.sites
    make_line(first, "A", cleared=True)
    make_line(second, "B")
    make_line(third, "C")
    make_line(third, "D", cleared=True, role="second")
    make_line(fourth, "E", cleared=True, active=False)
    every = [site.pk for site in world.sites]
    assert queries.sites_without_cleared_line(every) == {second.pk, third.pk, fourth.pk}
