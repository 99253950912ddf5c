"""Everything the office would miss, in one file: the database, the media, the keys that read them.

Not in it: Redis (nothing that PostgreSQL cannot rebuild), Rasa's conversations, the demo's mail sink, logs.
A restore replaces what is there, which is first saved beside the other backups; the database changes wholly or not
at all.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from backend.runner import database, keys
from backend.runner.drop import leashed
from backend.runner.embedded import postgres_binary
from backend.runner.options import Refused
from backend.runner.place import Place

DUMP = "database.dump"
FACTS = "facts.json"
FORM = 1  # of the file; a later one may add members
PLAIN = ("--no-owner", "--no-privileges")
VARIABLES = {"dbname": "PGDATABASE"}  # the others are PG and their name
HEAD_LINES = 30  # of a script, before its first table
NOT_IN_15 = b"SET transaction_timeout"  # what PostgreSQL 18's tools say and 15 does not understand


class NotABackup(Refused):
    """The file is not one of ours, or not whole."""


def make_backup(place: Place, file: Path | None = None) -> Path:
    """The database first, then the media: a file that the dump names exists, for none is ever overwritten."""
    file = file or place.data_dir / "backups" / f"caunoi-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    with tempfile.TemporaryDirectory(dir=file.parent) as work, tarfile.open(new, "w") as tar:
        dump = Path(work) / DUMP
        _dump(place.databases.owner, dump)
        _add(tar, FACTS, json.dumps(_facts(place, dump)).encode())
        tar.add(dump, DUMP)
        for name in keys.KEPT:
            tar.add(place.secrets / name, f"secrets/{name}")
        if (place.data_dir / "media").exists():
            tar.add(place.data_dir / "media", "media")
    with new.open("rb") as written:
        os.fsync(written.fileno())
    return new.replace(file)


def _facts(place: Place, dump: Path) -> dict[str, object]:
    with psycopg.connect(place.databases.owner) as connection:
        row = connection.execute("SELECT count(*), max(id) FROM django_migrations").fetchone()
    return {
        "form": FORM,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "demo": place.options.demo,
        "migrations": row[0] if row else 0,
        "sha256": _digest(dump),
    }


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def _dump(url: str, path: Path) -> None:
    """One snapshot, while people work."""
    _tool("pg_dump", "--format=custom", *PLAIN, f"--file={path}", url=url)


@dataclass(frozen=True)
class Opened:
    """A backup that was found whole, unpacked."""

    folder: Path
    facts: dict[str, object]


@contextmanager
def opened(file: Path, work: Path) -> Iterator[Opened]:
    """Raises NotABackup before anything is touched."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        try:
            with tarfile.open(file) as tar:
                tar.extractall(folder, filter="data")
            facts = json.loads((Path(folder) / FACTS).read_text())
        except (OSError, tarfile.TarError, ValueError) as problem:
            raise NotABackup(f"{file} is not a backup that can be read: {problem}") from problem
        missing = [name for name in keys.KEPT if not (Path(folder) / "secrets" / name).is_file()]
        if facts.get("form") != FORM or missing or facts.get("sha256") != _digest(Path(folder) / DUMP):
            raise NotABackup(f"{file} is damaged or of another form; nothing was changed.")
        yield Opened(Path(folder), facts)


def restore(place: Place, backup: Opened) -> Path | None:
    """Put the backup in the place of what is there; the file in which that was saved, if there was any.

    The caller holds the data folder, and the database answers.
    """
    saved = None
    if _in_use(place.databases.owner):
        name = f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
        saved = make_backup(place, place.data_dir / "backups" / name)
    _load(place, backup.folder / DUMP)
    for name in keys.KEPT:
        keys.write_private(place.secrets / name, (backup.folder / "secrets" / name).read_text())
    _replace_media(place.data_dir / "media", backup.folder / "media")
    return saved


def _in_use(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL").fetchone()
    return bool(row and row[0])


def _load(place: Place, dump: Path) -> None:
    """In one transaction: an error leaves the old tables as they were."""
    script = dump.with_suffix(".sql")
    _tool("pg_restore", *PLAIN, f"--file={script}", str(dump))
    ready = dump.with_name("ready.sql")
    with script.open("rb") as said, ready.open("wb") as out:
        out.write(b"DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n")
        out.writelines(line for line in islice(said, HEAD_LINES) if not line.startswith(NOT_IN_15))
        shutil.copyfileobj(said, out)
    options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    _tool("psql", *options, f"--file={ready}", url=place.databases.owner)
    if role := place.application_role:
        with psycopg.connect(place.databases.owner) as connection:
            database.grant(connection, role)


def _replace_media(media: Path, new: Path) -> None:
    old = media.with_name("media.old")
    shutil.rmtree(old, ignore_errors=True)
    if media.exists():
        media.rename(old)
    if new.exists():
        shutil.copytree(new, media)
    else:
        media.mkdir()
    shutil.rmtree(old, ignore_errors=True)


def _tool(name: str, *arguments: str, url: str = "") -> None:
    """One of PostgreSQL's tools; the URL's words go by environment, which others cannot read. Raises Refused."""
    named = conninfo_to_dict(url) if url else {}
    environment = {VARIABLES.get(key, f"PG{key.upper()}"): str(value) for key, value in named.items()}
    command = leashed([str(postgres_binary(name)), *arguments], death_signal="TERM")
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, check=False)
    if done.returncode:
        raise Refused(f"{name} failed:\n{done.stderr.decode(errors='replace').strip()}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
