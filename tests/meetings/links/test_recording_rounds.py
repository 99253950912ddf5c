"""What the prober brings in becomes states, history, and news for the parts above."""

from datetime import timedelta

import pytest

from backend.units.models import Unit
from meetings.links.models import Link, Sample
from meetings.links.recording import Measurement, record_round
from meetings.links.rules import State
from meetings.links.signals import Change, line_changed
from tests.factories import make_world
from tests.meetings.links.factories import DEAD, GOOD, NOW, make_figures, make_line, make_trunk, measured

pytestmark = pytest.mark.django_db
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def world():
    make_figures()
    return make_world()


@pytest.fixture
def site(world):
    return world.sites[2]


@pytest.fixture
def news():
    heard = []

    def hear(sender, changes, now, **other):
        heard.append((changes, now))

    line_changed.connect(hear)
    yield heard
    line_changed.disconnect(hear)


def stands(link):
    link.refresh_from_db()
    return link.state, link.since, link.measured_at


def test_a_first_good_round_shows_the_line_up(site):
    link = make_line(site)
    measured(link, GOOD)
    assert stands(link) == ("up", NOW, NOW)
    assert (link.rtt_ms, link.jitter_ms, link.loss) == (20.4, 1.0, 0.0)
    assert list(Sample.objects.values_list()) == [(link.pk, NOW, 5, 0, 20.4, 1.0, "up")]


def test_a_cut_line_is_down_after_two_rounds_and_knows_since_when(site):
    link = make_line(site)
    changes = measured(link, GOOD, DEAD, DEAD, DEAD)
    assert stands(link) == ("down", NOW - HALF_MINUTE, NOW)
    assert (link.rtt_ms, link.jitter_ms, link.loss) == (None, None, 1.0)
    assert changes == [
        [Change(link.pk, site.pk, State.UNKNOWN, State.UP)],
        [],
        [Change(link.pk, site.pk, State.UP, State.DOWN)],
        [],
    ]
    assert list(Sample.objects.order_by("at").values_list("state", flat=True)) == ["up", "up", "down", "down"]


def test_one_dead_round_of_a_new_line_is_not_yet_down(site):
    link = make_line(site)
    measured(link, DEAD)
    assert stands(link) == ("unknown", NOW, NOW)


def test_the_office_decides_by_its_own_figures(world, site):
    make_figures(line_quality={"fall": 1, "rise": 1, "rtt_ms": [5, 10, 15]})
    link = make_line(site)
    measured(link, GOOD)
    assert stands(link)[0] == "degraded"


def test_several_rounds_that_waited_are_taken_in_order_of_time(site, news):
    link = make_line(site)
    times = [NOW + HALF_MINUTE * number for number in range(3)]
    rounds = [Measurement(link.pk, at, samples) for at, samples in zip(times, (GOOD, DEAD, DEAD), strict=True)]
    record_round(results=reversed(rounds), now=times[-1])
    assert stands(link) == ("down", times[2], times[2])
    assert list(Sample.objects.order_by("at").values_list("at", "state")) == list(
        zip(times, ("up", "up", "down"), strict=True)
    )
    assert news == [([Change(link.pk, site.pk, State.UNKNOWN, State.DOWN)], times[-1])]


def test_a_round_that_is_not_newer_than_the_last_changes_nothing(site):
    link = make_line(site)
    measured(link, GOOD)
    for late in (NOW, NOW - HALF_MINUTE):
        assert record_round(results=[Measurement(link.pk, late, DEAD)], now=NOW) == []
    assert stands(link) == ("up", NOW, NOW)
    assert Sample.objects.count() == 1


def test_a_round_of_a_line_that_is_gone_is_left_out(site):
    link = make_line(site)
    rounds = [Measurement(link.pk, NOW, GOOD), Measurement(link.pk + 1, NOW, GOOD)]
    record_round(results=rounds, now=NOW)
    assert list(Sample.objects.values_list("link_id", flat=True)) == [link.pk]


def test_what_was_known_too_long_ago_does_not_make_a_line_down(site):
    """Shipped: 30 s and three rounds, so 90 s. One dead round after an hour says as little as a first one."""
    link = make_line(site)
    measured(link, GOOD, DEAD)
    later = NOW + timedelta(hours=1)
    measured(link, DEAD, at=later)
    assert stands(link) == ("unknown", later, later)
    measured(link, DEAD, at=later + HALF_MINUTE)
    assert stands(link) == ("down", later + HALF_MINUTE, later + HALF_MINUTE)


def test_a_line_that_was_not_measured_for_long_is_news_when_it_is_up_again(site):
    link = make_line(site)
    measured(link, GOOD)
    later = NOW + timedelta(hours=1)
    assert measured(link, GOOD, at=later) == [[Change(link.pk, site.pk, State.UNKNOWN, State.UP)]]
    assert stands(link) == ("up", later, later)


def test_a_trunk_is_recorded_like_a_line(world):
    trunk = make_trunk(world.province)
    assert measured(trunk, GOOD) == [[Change(trunk.pk, None, State.UNKNOWN, State.UP)]]


def test_a_hint_leaves_only_when_a_state_changes(site, django_capture_on_commit_callbacks):
    link = make_line(site)
    hints = []
    for samples in (GOOD, GOOD, DEAD, DEAD, DEAD):
        with django_capture_on_commit_callbacks() as callbacks:
            record_round(results=[Measurement(link.pk, NOW + HALF_MINUTE * len(hints), samples)], now=NOW)
        hints.append(len(callbacks))
    assert hints == [1, 0, 0, 1, 0]


@pytest.mark.parametrize("lines", [1, 3, 40])
def test_any_number_of_lines_is_recorded_in_the_same_number_of_statements(world, lines, django_assert_num_queries):
    links = [make_trunk(world.province, f"T{number}") for number in range(lines)]
    with django_assert_num_queries(7):  # savepoint, two figures, lock, update, insert, release
        record_round(results=[Measurement(link.pk, NOW, GOOD) for link in links], now=NOW)
    assert Sample.objects.count() == lines
    assert set(Link.objects.values_list("state", flat=True)) == {"up"}


def test_nothing_measured_is_nothing_written(world):
    assert record_round(results=[], now=NOW) == []


def test_a_receiver_that_refuses_takes_the_round_back(site, news):
    link = make_line(site)

    def refuse(sender, **news):
        raise RuntimeError("no")

    line_changed.connect(refuse)
    try:
        with pytest.raises(RuntimeError, match="no"):
            record_round(results=[Measurement(link.pk, NOW, GOOD)], now=NOW)
    finally:
        line_changed.disconnect(refuse)
    assert stands(link) == ("unknown", None, None)
    assert Unit.objects.exists()
    assert Sample.objects.count() == 0
