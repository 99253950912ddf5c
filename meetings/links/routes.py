"""What a conference takes of the lines: its streams on every link of each site's primary route to the bridge.

The second line of a site is for failover and not counted. A bridge stands at the point of the network where the
primary line of its unit's site ends; one whose place is not known stands behind everything, so that whole routes count.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import connection


class Edge(NamedTuple):
    """A primary line in use, from its end nearer to the sites (`a`) to the other. `pool_id`: its bandwidth."""

    link_id: int
    pool_id: int | None
    a: int
    b: int
    site_id: int | None
    unit_id: int | None


def streams_on(edges: Iterable[Edge], streams: Mapping[int, int], bridge_unit: int) -> dict[Edge, int]:
    """How many of `streams` (by site) pass each edge on their way to the bridge of the unit; pure.

    A site goes up from its own line from node to node, to wherever it ends or runs in a circle. What lies on the
    bridge's own way up is passed by those alone that do not come along it from below: they come down from above.
    """
    trunks: dict[int, Edge] = {}
    lines: dict[int, Edge] = {}
    home: Edge | None = None
    for edge in edges:
        if edge.site_id is None:
            trunks.setdefault(edge.a, edge)
            continue
        lines[edge.site_id] = edge
        if edge.unit_id == bridge_unit and home is None:
            home = edge
    passing: dict[Edge, int] = {}
    total = 0
    for site, count in streams.items():
        if site in lines:
            total += count
            for edge in _way_up(lines[site], trunks):
                passing[edge] = passing.get(edge, 0) + count
    if home and total:
        for edge in _way_up(home, trunks)[1:]:
            passing[edge] = total - passing.get(edge, 0)
    return {edge: count for edge, count in passing.items() if count}


def _way_up(line: Edge, trunks: Mapping[int, Edge]) -> list[Edge]:
    way, edge, seen = [line], trunks.get(line.b), {line.a, line.b}
    while edge is not None:
        way.append(edge)
        if edge.b in seen:
            break
        seen.add(edge.b)
        edge = trunks.get(edge.b)
    return way


_EDGES = """
SELECT k.id, k.pool_id, k.a_id, k.b_id, k.site_id, s.unit_id
FROM meetings_links_link k LEFT JOIN meetings_sites_site s ON s.id = k.site_id
WHERE k.active AND k.role = 'primary' AND (k.site_id IS NULL OR k.site_id = ANY(%s) OR s.unit_id = ANY(%s))
ORDER BY k.id
"""


def edges(site_ids: Iterable[int], bridge_units: Sequence[int]) -> list[Edge]:
    """The primary lines of these sites and of the bridges' units, and all trunks; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_EDGES, [list(site_ids), list(bridge_units)])
        return [Edge(*row) for row in cursor.fetchall()]
