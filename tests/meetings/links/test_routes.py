"""Which lines carry a conference, as a pure question about a small network: core – hub – two POPs – sites."""

import time
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from meetings.links.routes import Edge, streams_on

CORE, HUB, EAST, WEST = 100, 101, 102, 103
CENTRE, PROVINCE = 1, 2  # sites, whose units bear the same numbers
TRUNK = Edge(50, 50, HUB, CORE, None, None)
TO_EAST, TO_WEST = Edge(51, 51, EAST, HUB, None, None), Edge(52, 52, WEST, HUB, None, None)


def line(site: int, to: int) -> Edge:
    return Edge(site, site, 1000 + site, to, site, site)


NETWORK = [
    line(CENTRE, CORE), line(PROVINCE, HUB), line(3, EAST), line(4, EAST), line(5, WEST), TRUNK, TO_EAST, TO_WEST,
]  # fmt: skip


def on(streams: dict[int, int], bridge_unit: int, network: list[Edge] = NETWORK) -> dict[int, int]:
    return {edge.link_id: count for edge, count in streams_on(network, streams, bridge_unit).items()}


def test_sites_of_one_exchange_share_its_trunk_and_stop_at_the_bridge_of_the_province():
    assert on({PROVINCE: 1, 3: 1, 4: 2, 5: 1}, PROVINCE) == {PROVINCE: 1, 3: 1, 4: 2, 5: 1, 51: 3, 52: 1}


def test_the_centre_comes_down_the_trunk_to_that_bridge():
    assert on({CENTRE: 1, 3: 1}, PROVINCE) == {CENTRE: 1, 50: 1, 3: 1, 51: 1}


def test_all_go_up_to_a_bridge_at_the_core():
    assert on({CENTRE: 1, PROVINCE: 1, 3: 1, 5: 1}, CENTRE) == {CENTRE: 1, PROVINCE: 1, 3: 1, 5: 1, 51: 1, 52: 1, 50: 3}


def test_where_the_bridge_stands_is_not_known_whole_routes_count():
    assert on({3: 1}, 999) == {3: 1, 51: 1, 50: 1}


def test_a_site_without_a_line_takes_none_and_a_circle_ends():
    circle = [line(3, EAST), Edge(60, 60, EAST, WEST, None, None), Edge(61, 61, WEST, EAST, None, None)]
    assert on({3: 2, 77: 1}, 999, circle) == {3: 2, 60: 2, 61: 2}


sites = st.dictionaries(st.sampled_from([CENTRE, PROVINCE, 3, 4, 5]), st.integers(1, 3), min_size=1)


@given(sites, st.sampled_from([CENTRE, PROVINCE]))
def test_every_stream_takes_exactly_the_links_between_its_site_and_the_bridge(streams, bridge):
    ways = {CENTRE: [], PROVINCE: [50], 3: [51, 50], 4: [51, 50], 5: [52, 50]}
    expected: Counter[int] = Counter()
    for site, count in streams.items():
        for link in {*ways[site]} ^ {*ways[bridge]}:
            expected[link] += count
        expected[site] += count
    assert on(streams, bridge) == dict(expected)


def test_the_whole_country_is_planned_at_once():
    network = [line(CENTRE, CORE)]
    network += [Edge(10_000 + p, p, 20_000 + p, CORE, None, None) for p in range(34)]
    network += [Edge(30_000 + n, n, 1000 + n, 20_000 + n % 34, n, n) for n in range(2, 3357)]
    began = time.process_time()
    found = on(dict.fromkeys(range(1, 3357), 1), CENTRE, network)
    assert time.process_time() - began < 0.5
    assert sum(count for link, count in found.items() if 10_000 <= link < 20_000) == 3355
