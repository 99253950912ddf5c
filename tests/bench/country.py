"""The whole country: 3,356 sites in three levels with 3,400 rooms, their lines, and a bridge for all; by plain SQL."""

from dataclasses import dataclass
from typing import Any

import psycopg

from tests.bench import network
from tests.bench.bare import copying

PROVINCES, COMMUNES, HALLS = 34, 3321, 44
PORTS = 100_000


@dataclass(frozen=True)
class Country:
    """`sites` from the centre down with a default room each; `rooms` and `resources` are all, `halls` besides."""

    sites: list[int]
    rooms: list[int]
    resources: list[int]
    bridge: int


def plant(database: psycopg.Connection[Any]) -> Country:
    """The centre and its site stand already; everything below it is new."""
    with database.transaction():
        centre = _one(database, "SELECT min(id) FROM backend_units_unit WHERE parent_id IS NULL")
        provinces = _column(database, _UNITS, ["provincial", [centre], PROVINCES, "Tỉnh thử"])
        communes = _column(database, _UNITS, ["commune", provinces, COMMUNES, "Xã thử"])
        top = _one(database, "SELECT min(id) FROM meetings_sites_site WHERE unit_id = %s", [centre])
        below = _sites(database, provinces + communes, top)
        rooms = [_one(database, "SELECT default_room_id FROM meetings_sites_site WHERE id = %s", [top])]
        rooms += _rooms(database, "Phòng họp trực tuyến", below, rooms[0])
        database.execute(_DEFAULTS, [rooms])
        rooms += _rooms(database, "Hội trường", below[:HALLS], rooms[0])
        network.plant(database, top, below)
        bridge = _bridge(database, centre)
        resources = _column(database, "SELECT resource_id FROM meetings_sites_room WHERE id = ANY(%s)", [rooms])
    return Country([top, *below], rooms, resources, bridge)


_UNITS = """
WITH wanted AS (
    SELECT n, nextval(pg_get_serial_sequence('backend_units_unit', 'id')) AS id, l.id AS level,
        parents[1 + n %% cardinality(parents)] AS parent
    FROM (SELECT %s AS code, %s::bigint[] AS parents, generate_series(1, %s) AS n) asked
    JOIN backend_units_level l USING (code)
)
INSERT INTO backend_units_unit (id, name, short_name, old_names, kind, level_id, parent_id, path, code)
SELECT w.id, named.name || ' ' || w.n, named.name || ' ' || w.n, '', 'area', w.level, p.id, p.path || w.id, ''
FROM wanted w JOIN backend_units_unit p ON p.id = w.parent, (SELECT %s AS name) named
ORDER BY w.n RETURNING id
"""

_DEFAULTS = """
UPDATE meetings_sites_site s SET default_room_id = r.id
FROM meetings_sites_room r WHERE r.site_id = s.id AND r.id = ANY(%s)
"""


def _sites(database: psycopg.Connection[Any], units: list[int], top: int) -> list[int]:
    new = {"name": "u.name", "unit_id": "u.id", "code": "'bench-' || u.id", "default_room_id": "NULL"}
    source = "unnest(%s::bigint[]) WITH ORDINALITY AS n (id, place) JOIN backend_units_unit u USING (id)"
    statement = copying(database, "meetings_sites_site", new, source, "id = %s")
    return _column(database, f"{statement} ORDER BY n.place RETURNING id", [units, top])


def _rooms(database: psycopg.Connection[Any], name: str, sites: list[int], like: int) -> list[int]:
    new = {"site_id": "w.site", "name": "w.name", "cleared": "false", "resource_id": "w.resource"}
    statement = copying(database, "meetings_sites_room", new, "wanted w", "id = %s")
    return _column(database, f"{_OWNED} {statement} ORDER BY w.place RETURNING id", [name, sites, like])


_OWNED = """
WITH wanted AS (
    SELECT s.id AS site, s.unit_id, asked.name, place,
        nextval(pg_get_serial_sequence('backend_reservations_resource', 'id')) AS resource
    FROM (SELECT %s AS name, %s::bigint[] AS sites) asked, unnest(asked.sites) WITH ORDINALITY AS n (id, place)
    JOIN meetings_sites_site s USING (id)
), owned AS (
    INSERT INTO backend_reservations_resource (id, kind, name, unit_id)
    SELECT resource, 'room', name, unit_id FROM wanted
)
"""


def _bridge(database: psycopg.Connection[Any], unit: int) -> int:
    pool = """
        INSERT INTO backend_reservations_pool (kind, name, unit_id, capacity)
        VALUES ('ports', 'MCU toàn quốc', %s, %s) RETURNING id
    """
    new = {"name": "'MCU toàn quốc'", "unit_id": "w.unit_id", "pool_id": "w.id"}
    statement = copying(database, "meetings_sites_bridge", new, "backend_reservations_pool w", "true")
    return _one(database, f"{statement} WHERE w.id = %s RETURNING id", [_one(database, pool, [unit, PORTS])])


def _one(database: psycopg.Connection[Any], statement: str, values: list[Any] | None = None) -> int:
    return _column(database, statement, values)[0]


def _column(database: psycopg.Connection[Any], statement: str, values: list[Any] | None = None) -> list[int]:
    return [row[0] for row in database.execute(statement, values)]
