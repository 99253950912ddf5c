"""The matrix of platforms: pure, against its own definition."""

from hypothesis import given
from hypothesis import strategies as st

from meetings.scheduling.reach import Candidate, Place, lent, ranked

SIP, H323, WEB, VNPT = (frozenset({name}) for name in ("sip", "h323", "webrtc", "vnpt"))
PLATFORMS = st.frozensets(st.sampled_from(["sip", "h323", "webrtc", "vnpt"]), max_size=3)


def place(n: int, speaks: frozenset[str], path: tuple[int, ...] = (), site: int | None = None) -> Place:
    return Place(n, f"Phòng {n}", site or n, f"Điểm cầu {site or n}", speaks, path)


def bridge(n: int, speaks: frozenset[str], free: int = 10, **values) -> Candidate:
    return Candidate(n, f"MCU {n}", speaks, free, **values)


def test_the_bridge_that_reaches_all_is_first():
    best, other = ranked([place(1, SIP), place(2, H323)], [bridge(1, SIP), bridge(2, SIP | H323)])
    assert (best.bridge.bridge_id, best.gateway, best.cut) == (2, None, ())
    assert (other.bridge.bridge_id, [p.room_id for p in other.cut]) == (1, [2])


def test_the_nearer_one_of_two_that_reach_all():
    options = ranked([place(1, SIP)], [bridge(1, SIP), bridge(2, SIP, near=2), bridge(3, SIP, near=1)])
    assert [option.bridge.bridge_id for option in options] == [2, 3, 1]


def test_a_gateway_carries_over_whom_the_bridge_does_not_reach():
    places = [place(1, SIP), place(2, SIP), place(3, VNPT)]
    [best, *_] = ranked(places, [bridge(1, SIP), bridge(2, SIP | VNPT, free=2, gateway=True)])
    assert (best.bridge.bridge_id, best.gateway and best.gateway.bridge_id) == (1, 2)
    assert ([p.room_id for p in best.carried], best.cut) == ([3], ())


def test_a_gateway_without_a_common_platform_or_enough_ports_helps_nobody():
    places = [place(1, SIP), place(2, SIP), place(3, VNPT), place(4, VNPT)]
    deaf, small = bridge(2, VNPT, free=3, gateway=True), bridge(3, SIP | VNPT, free=1, gateway=True)
    for useless in (deaf, small):
        [best] = ranked(places, [bridge(1, SIP), useless])
        assert (best.gateway, [p.room_id for p in best.cut]) == (None, [3, 4])


def test_without_ports_enough_there_is_no_proposal():
    assert ranked([place(1, SIP), place(2, SIP)], [bridge(1, SIP, free=1)]) == []


def test_what_nobody_knows_is_named_and_counts_as_nothing():
    [best] = ranked([place(1, frozenset()), place(2, SIP)], [bridge(1, SIP)])
    assert (best.cut, [p.room_id for p in best.unknown]) == ((), [1])


def test_a_room_at_the_same_site_is_lent_before_a_neighbours():
    cut = [place(1, VNPT, (1, 2, 3), site=7), place(2, VNPT, (1, 2, 4), site=8)]
    offered = [
        place(11, SIP, (1, 2, 5), site=9),
        place(12, SIP, (1, 2, 3), site=7),
        place(13, SIP, (1,), site=10),
        place(14, VNPT, (1, 2, 4), site=8),  # the bridge does not reach it either
    ]
    assert {n: p.room_id for n, p in lent(cut, offered, bridge(1, SIP)).items()} == {1: 12, 2: 11}


def test_each_room_is_lent_once():
    cut = [place(n, VNPT, (1, 2)) for n in (1, 2)]
    assert {n: p.room_id for n, p in lent(cut, [place(9, SIP, (1, 3))], bridge(1, SIP)).items()} == {1: 9}


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Place], list[Candidate]]:
    places = [place(n, draw(PLATFORMS)) for n in range(draw(st.integers(1, 6)))]
    free = st.integers(0, 8)
    candidates = [
        bridge(n, draw(PLATFORMS), free=draw(free), gateway=draw(st.booleans()), near=draw(st.integers(0, 2)))
        for n in range(draw(st.integers(0, 5)))
    ]
    return places, candidates


@given(worlds())
def test_everybody_is_reached_carried_cut_or_unknown_and_the_first_cuts_fewest(world):
    places, candidates = world
    options = ranked(places, candidates)
    assert {o.bridge.bridge_id for o in options} == {c.bridge_id for c in candidates if c.free >= len(places)}
    for option in options:
        direct = [p for p in places if p.speaks & option.bridge.speaks]
        assert sorted(p.room_id for p in (*direct, *option.carried, *option.cut, *option.unknown)) == sorted(
            p.room_id for p in places
        )
        if option.gateway:
            assert option.gateway.speaks & option.bridge.speaks
            assert all(p.speaks & option.gateway.speaks for p in option.carried)
            assert 0 < len(option.carried) <= option.gateway.free
        helped = [
            sum(bool(p.speaks & c.speaks) for p in places if p.speaks and not p.speaks & option.bridge.speaks)
            for c in candidates
            if c.gateway and c.speaks & option.bridge.speaks and c.bridge_id != option.bridge.bridge_id
            if c.free >= sum(bool(p.speaks & c.speaks and not p.speaks & option.bridge.speaks) for p in places)
        ]
        assert len(option.carried) == max(helped, default=0)
    assert all(len(options[0].cut) <= len(option.cut) for option in options)
