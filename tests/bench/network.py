"""The country's lines in three levels: every site to its province's point, every province's trunk to the core."""

from typing import Any

import psycopg

from tests.bench.bare import copying

LINE_MBPS, TRUNK_MBPS = 100, 100_000


def plant(database: psycopg.Connection[Any], top: int, below: list[int]) -> None:
    """`below`: sites of provinces and of communes; the line of the site `top` ends at the core already."""
    values = {"top": top, "below": below}
    database.execute(_NODES, values)
    database.execute(_links(database, _LINES), {**values, "mbps": LINE_MBPS, "kind": "line"})
    database.execute(_links(database, _TRUNKS), {**values, "mbps": TRUNK_MBPS, "kind": "trunk"})


_NODES = """
INSERT INTO meetings_links_node (kind, name, site_id)
SELECT 'site', name, id FROM meetings_sites_site WHERE id = ANY(%(below)s)
UNION ALL
SELECT 'pop', 'POP ' || u.name, NULL FROM meetings_sites_site s
JOIN backend_units_unit u ON u.id = s.unit_id JOIN backend_units_level l ON l.id = u.level_id
WHERE s.id = ANY(%(below)s) AND l.code = 'provincial'
"""

_LINES = """
SELECT 'b-' || s.id AS code, s.id AS site, NULL::bigint AS unit, n.id AS a, p.id AS b, s.unit_id AS owner, s.name
FROM meetings_sites_site s JOIN meetings_links_node n ON n.site_id = s.id
JOIN backend_units_unit u ON u.id = s.unit_id JOIN backend_units_level l ON l.id = u.level_id
JOIN backend_units_unit province ON province.id = CASE l.code WHEN 'provincial' THEN u.id ELSE u.parent_id END
JOIN meetings_links_node p ON p.kind = 'pop' AND p.name = 'POP ' || province.name
WHERE s.id = ANY(%(below)s)
"""

_TRUNKS = """
SELECT 'b-trunk-' || u.id AS code, NULL::bigint AS site, u.id AS unit, p.id AS a, core.b_id AS b, u.id AS owner, p.name
FROM meetings_sites_site s JOIN backend_units_unit u ON u.id = s.unit_id
JOIN meetings_links_node p ON p.kind = 'pop' AND p.name = 'POP ' || u.name
JOIN meetings_links_link core ON core.site_id = %(top)s AND core.role = 'primary'
WHERE s.id = ANY(%(below)s)
"""

_NEW = {
    "code": "w.code",
    "site_id": "w.site",
    "unit_id": "w.unit",
    "a_id": "w.a",
    "b_id": "w.b",
    "capacity_mbps": "%(mbps)s",
    "pool_id": "w.pool",
}


def _links(database: psycopg.Connection[Any], wanted: str) -> str:
    """Everything else as the line of the site `top` has it; with a pool of its own where lines have one."""
    copied = copying(database, "meetings_links_link", _NEW, "w", "site_id = %(top)s AND role = 'primary'")
    return f"""
        WITH w AS (
            SELECT *, nextval(pg_get_serial_sequence('backend_reservations_pool', 'id')) AS pool FROM ({wanted}) w
        ), owned AS (
            INSERT INTO backend_reservations_pool (id, kind, name, unit_id, capacity)
            SELECT pool, %(kind)s, name, owner, %(mbps)s::int * 1000 FROM w
        )
        {copied}
    """
