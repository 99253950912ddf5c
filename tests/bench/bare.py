"""The baseline of a booking: the rows that one booking wrote, written again by plain SQL under the same locks.

The rows are read back from the tables after a booking through the API, so they are the same by construction; only what
must differ (ids, codes, the hour) is replaced. One transaction: both locks, then one set-based INSERT per table, as
prepared statements on one kept connection. No check, no rule, no HTTP: less than this no program could do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from psycopg.types.range import Range

CONFERENCE = "meetings_scheduling_conference"
PARTICIPANT = "meetings_scheduling_participant"
CALENDAR = "meetings_invitations_calendarobject"
EDITION = "meetings_invitations_edition"
TABLES = {  # parents first; the column that names the parent, and whose id it is
    CONFERENCE: ("id", CONFERENCE),
    "meetings_scheduling_conferencesite": ("conference_id", CONFERENCE),
    PARTICIPANT: ("conference_id", CONFERENCE),
    "meetings_scheduling_agendaitem": ("conference_id", CONFERENCE),
    "backend_reservations_reservation": ("holder_id", CONFERENCE),
    "backend_reservations_hold": ("holder_id", CONFERENCE),
    CALENDAR: ("conference_id", CONFERENCE),
    EDITION: ("calendar_id", CALENDAR),
    "meetings_invitations_invitation": ("calendar_id", CALENDAR),
    "meetings_scheduling_bridgemeeting": ("conference_id", CONFERENCE),
    "meetings_scheduling_joinlink": ("conference_id", CONFERENCE),
    "backend_outbox_message": ("subject_id", CONFERENCE),
    "backend_audit_entry": ("subject_id", CONFERENCE),
}
NAMED = (CONFERENCE, PARTICIPANT, CALENDAR, EDITION)  # others refer to their ids
UNIQUE = ("code", "uid", "token", "message_id", "key")
MARK = "bench-"


@dataclass(frozen=True)
class Written:
    """What a booking wrote to one table. `types` are PostgreSQL's names, by column."""

    table: str
    types: dict[str, str]
    rows: list[dict[str, Any]]

    @property
    def insert(self) -> str:
        """With one array per column."""
        arrays = ", ".join(f"%s::{kind}[]" for kind in self.types.values())
        names = ", ".join(f'"{name}"' for name in self.types)
        return f"INSERT INTO {self.table} ({names}) SELECT * FROM unnest({arrays})"


class Booking:
    """A booking that stands, ready to be written again for other hours."""

    def __init__(self, database: psycopg.Connection[Any], *conference_ids: int) -> None:
        """Of a series all of its conferences; its own single row stays the one that it was."""
        self.database = database
        self.numbers = count(conference_ids[0] * 1000)
        ids = {CONFERENCE: list(conference_ids)}
        self.written = []
        for table, (column, parent) in TABLES.items():
            kept = _read(database, table, column, ids[parent])
            ids[table] = [row["id"] for row in kept.rows if "id" in row]
            if table not in NAMED:
                kept.types.pop("id", None)
            self.written.append(kept)
        self.ids = {table: ids[table] for table in NAMED}
        rows = {each.table: each.rows for each in self.written}
        self.resources = [row["resource_id"] for row in rows["backend_reservations_reservation"]]
        self.pools = [row["pool_id"] for row in rows["backend_reservations_hold"]]

    def counts(self) -> dict[str, int]:
        """Table → rows."""
        return {each.table: len(each.rows) for each in self.written}

    def again(self, later: timedelta) -> Callable[[], None]:
        """What writes it `later`; everything but the statements is done before."""
        renamed = {table: self._new_ids(table, old) for table, old in self.ids.items()}
        number = next(self.numbers)
        statements = [(each.insert, _columns(each, renamed, later, number)) for each in self.written if each.rows]

        def write() -> None:
            with self.database.transaction(), self.database.cursor() as cursor:
                for table, ids in (("resource", self.resources), ("pool", self.pools)):
                    lock = f"SELECT id FROM backend_reservations_{table} WHERE id = ANY(%s) ORDER BY id"
                    cursor.execute(f"{lock} FOR NO KEY UPDATE", [ids], prepare=True).fetchall()
                for statement, columns in statements:
                    cursor.execute(statement, columns, prepare=True)

        return write

    def forget(self) -> None:
        """The mails that were written here are none to be sent."""
        self.database.execute("DELETE FROM backend_outbox_message WHERE message_id LIKE %s", [f"{MARK}%"])

    def _new_ids(self, table: str, old: list[int]) -> dict[int, int]:
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        new = [row[0] for row in self.database.execute(sequence, [table, len(old)])]
        return dict(zip(old, new, strict=True))


def columns_of(database: psycopg.Connection[Any], table: str) -> dict[str, str]:
    """Those that are written: name → PostgreSQL's type."""
    found = database.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    return dict(found.fetchall())


def copying(database: psycopg.Connection[Any], table: str, new: dict[str, str], source: str, like: str) -> str:
    """Into `table` a row for each of `source`: columns as in `new`, all others as in the first row of `like`."""
    names = [name for name in columns_of(database, table) if name != "id" or "id" in new]
    values = ", ".join(new.get(name, f't."{name}"') for name in names)
    return f"""
        INSERT INTO {table} ({", ".join(f'"{name}"' for name in names)})
        SELECT {values} FROM {source}, (SELECT * FROM {table} WHERE {like} ORDER BY id LIMIT 1) t
    """


def _read(database: psycopg.Connection[Any], table: str, column: str, ids: list[int]) -> Written:
    types = columns_of(database, table)
    kind = " AND holder_kind = 'conference'" if column == "holder_id" else ""
    kind = " AND subject_kind = 'conference'" if column == "subject_id" else kind
    names = ", ".join(f'"{name}"' for name in types)
    rows = database.execute(f"SELECT {names} FROM {table} WHERE {column} = ANY(%s){kind} ORDER BY 1", [ids])
    return Written(table, types, [dict(zip(types, row, strict=True)) for row in rows])


def _columns(each: Written, renamed: dict[str, dict[int, int]], later: timedelta, number: int) -> list[list]:
    rows = [_row(each.table, row, renamed, later, f"{MARK}{number}-{place}") for place, row in enumerate(each.rows)]
    return [[row[name] for row in rows] for name in each.types]


def _row(
    table: str, row: dict[str, Any], renamed: dict[str, dict[int, int]], later: timedelta, unique: str
) -> dict[str, Any]:
    new = {name: Jsonb(value) if isinstance(value, dict | list) else value for name, value in row.items()}
    for name in ("start", "end", "occurrence"):
        if row.get(name):
            new[name] = row[name] + later
    if "during" in row:
        new["during"] = Range(row["during"].lower + later, row["during"].upper + later)
    if table in renamed:
        new["id"] = renamed[table][row["id"]]
    column, parent = TABLES[table]
    new[column] = renamed[parent][row[column]]
    if row.get("participant_id"):
        new["participant_id"] = renamed[PARTICIPANT][row["participant_id"]]
    if "edition" in row.get("payload", ()):
        new["payload"] = Jsonb({**row["payload"], "edition": renamed[EDITION][row["payload"]["edition"]]})
    return {**new, **{name: unique[-20:] for name in UNIQUE if name in row}}
