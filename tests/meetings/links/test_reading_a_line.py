"""The verdict: what a round says, and when that changes the state of a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.links.rules import (
    Grade,
    Limits,
    Memory,
    Round,
    State,
    decide,
    grade,
    measure,
)

UP, DEGRADED, DOWN, UNKNOWN = State.UP, State.DEGRADED, State.DOWN, State.UNKNOWN
LIMITS = Limits(
    loss=(0.01, 0.05, 0.05),
    rtt_ms=(100, 250, 450),
    jitter_ms=(10, 100, 200),
    fall=2,
    rise=3,
    window=6,
)
good = measure([20.0] * 5)
slow = measure([400.0] * 5)
shaky = measure([20.0, 220.0, 20.0, 220.0, 20.0])
lossy = measure([20.0, None, 20.0, None, 20.0])
dead = measure([None] * 5)
one_lost = measure([20.0, 20.0, None, 20.0, 20.0])


def follow(rounds, memory=None, limits=LIMITS):
    memory = memory or Memory()
    states = []
    for each in rounds:
        memory = decide(memory, each, limits)
        states.append(memory.state)
    return states


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([10.0, 20.0, 30.0], Round(sent=3, lost=0, rtt_ms=20.0, jitter_ms=10.0)),
        ([10.0, None, 40.0], Round(sent=3, lost=1, rtt_ms=25.0, jitter_ms=30.0)),
        ([None, 12.5], Round(sent=2, lost=1, rtt_ms=12.5, jitter_ms=None)),
        ([None, None], Round(sent=2, lost=2, rtt_ms=None, jitter_ms=None)),
        ([7.0], Round(sent=1, lost=0, rtt_ms=7.0, jitter_ms=None)),
    ],
)
def test_a_burst_gives_loss_round_trip_and_jitter(samples, expected):
    assert measure(samples) == expected


def test_a_burst_without_packets_is_no_measurement():
    with pytest.raises(ValueError, match="at least one packet"):
        measure([])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, Grade.GOOD),
        (0.0, Grade.GOOD),
        (100.0, Grade.GOOD),
        (100.1, Grade.ACCEPTABLE),
        (250.0, Grade.ACCEPTABLE),
        (450.0, Grade.WARNING),
        (450.1, Grade.BAD),
    ],
)
def test_a_round_trip_is_graded_by_the_offices_bands(value, expected):
    assert grade(value, LIMITS.rtt_ms) == expected


@pytest.mark.parametrize(
    ("rounds", "states"),
    [
        ([good], [UP]),
        ([dead], [UNKNOWN]),
        ([dead, dead], [UNKNOWN, DOWN]),
        ([slow, slow], [UNKNOWN, DEGRADED]),
        ([dead, slow], [UNKNOWN, DEGRADED]),
        (
            [dead, good],
            [UNKNOWN, DEGRADED],
        ),  # half of what was sent is lost: not dead, not good
        ([good, dead, good], [UP, UP, DEGRADED]),
        ([good, dead, dead], [UP, UP, DOWN]),
        ([good, slow, dead], [UP, UP, DEGRADED]),
        ([good, slow, dead, dead], [UP, UP, DEGRADED, DOWN]),
        ([good, shaky, shaky], [UP, UP, DEGRADED]),
        ([good, lossy, lossy], [UP, UP, DEGRADED]),
        (
            [good] * 5 + [one_lost] + [good] * 5,
            [UP] * 11,
        ),  # one packet of thirty is 3.3 %
        ([dead, dead, good, good, good], [UNKNOWN, DOWN, DOWN, DOWN, UP]),
        ([dead, dead, good, slow, good], [UNKNOWN, DOWN, DOWN, DOWN, DEGRADED]),
        ([dead, dead, good, good, dead], [UNKNOWN, DOWN, DOWN, DOWN, DOWN]),
        ([slow, slow, good, good, good], [UNKNOWN, DEGRADED, DEGRADED, DEGRADED, UP]),
    ],
)
def test_states_fall_and_rise_by_counts_of_their_own(rounds, states):
    assert follow(rounds) == states


def test_loss_of_one_round_is_forgotten_when_it_leaves_the_window():
    assert follow([good, good, lossy] + [good] * 9) == [UP, UP, UP] + [DEGRADED] * 7 + [UP] * 2


@pytest.mark.parametrize("counts", [{"fall": 0}, {"rise": 0}, {"fall": 7}])
def test_limits_that_could_never_decide_are_refused(counts):
    with pytest.raises(ValueError, match="at least 1"):
        Limits(
            **{
                "loss": (0, 0, 0),
                "rtt_ms": (0, 0, 0),
                "jitter_ms": (0, 0, 0),
                "fall": 2,
                "rise": 2,
                "window": 6,
            }
            | counts
        )


def test_what_a_line_remembers_survives_being_stored():
    memory = decide(decide(Memory(), lossy, LIMITS), dead, LIMITS)
    assert Memory.of(memory.state.value, memory.stored()) == memory


samples = st.lists(st.none() | st.floats(min_value=0, max_value=5000), min_size=1, max_size=10)
rounds = st.lists(samples.map(measure), min_size=1, max_size=40)
limits = st.builds(
    Limits,
    loss=st.just((0.01, 0.05, 0.05)),
    rtt_ms=st.just((100, 250, 450)),
    jitter_ms=st.just((10, 100, 200)),
    fall=st.integers(1, 4),
    rise=st.integers(1, 6),
    window=st.integers(4, 12),
)


@given(rounds, limits)
def test_a_line_goes_down_only_after_nothing_but_dead_rounds(history, limits):
    states = follow(history, limits=limits)
    for index, (before, after) in enumerate(zip([UNKNOWN, *states], states, strict=False)):
        if after is DOWN and before is not DOWN:
            last = history[max(index + 1 - limits.fall, 0) : index + 1]
            assert [each.dead for each in last] == [True] * limits.fall


@given(rounds, limits)
def test_a_cut_line_is_down_after_the_rounds_to_fall(history, limits):
    assert follow(history + [dead] * limits.fall, limits=limits)[-1] is DOWN


@given(rounds, limits)
def test_a_mended_line_is_up_again_once_the_window_is_clean(history, limits):
    assert follow(history + [good] * (limits.window + limits.rise), limits=limits)[-1] is UP


@given(rounds, limits)
def test_a_measured_line_never_turns_unknown(history, limits):
    states = follow(history, limits=limits)
    known = [state is not UNKNOWN for state in states]
    assert known == sorted(known)


@given(samples, st.floats(min_value=0, max_value=1000))
def test_a_longer_way_changes_no_loss_and_no_jitter(burst, longer):
    near, far = (
        measure(burst),
        measure([each if each is None else each + longer for each in burst]),
    )
    assert (far.sent, far.lost) == (near.sent, near.lost)
    assert far.jitter_ms == (near.jitter_ms if near.jitter_ms is None else pytest.approx(near.jitter_ms, abs=1e-6))


@given(samples)
def test_loss_is_a_share_and_a_dead_round_has_no_round_trip(burst):
    result = measure(burst)
    assert 0 <= result.loss <= 1
    assert (result.rtt_ms is None) == result.dead
