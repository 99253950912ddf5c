"""Out of one file comes what went into it; a bad file changes nothing."""

import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from backend.runner import cli
from backend.runner.backup import NotABackup, opened
from backend.runner.database import APP, grant
from backend.runner.lock import locked
from backend.runner.options import Options, Refused, from_environment
from backend.runner.place import Place

KEPT_KEYS = ("secret_key", "field_key", "bot_service_key", "rasa_service_key")


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DEMO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "office"))
    monkeypatch.setenv("DEMO", "0")
    return monkeypatch


@pytest.fixture
def office(environment: pytest.MonkeyPatch) -> Place:
    """A stopped service that somebody has worked with."""
    with working(from_environment()) as place, psycopg.connect(place.databases.owner) as connection:
        connection.execute("CREATE TABLE django_migrations (id bigserial PRIMARY KEY, name text)")
        connection.execute("CREATE TABLE backend_audit_entry (id bigserial PRIMARY KEY, act text)")
        connection.execute("INSERT INTO backend_audit_entry (act) VALUES ('SET transaction_timeout'), ('đặt phòng')")
        grant(connection, APP)
    (place.data_dir / "media" / "letters").mkdir(parents=True)
    (place.data_dir / "media" / "letters" / "giấy mời.pdf").write_bytes(b"%PDF")
    return place


@contextmanager
def working(options: Options) -> Iterator[Place]:
    """The same office once more, with its database running."""
    place = Place(options)  # a new start may put the sockets elsewhere
    with cli._running_database(place):
        yield place


def acts(place: Place) -> list[str]:
    with working(place.options) as again, psycopg.connect(again.databases.app) as connection:
        return [act for (act,) in connection.execute("SELECT act FROM backend_audit_entry ORDER BY id").fetchall()]


def keys_of(place: Place) -> list[str]:
    return [(place.data_dir / "secrets" / name).read_text() for name in KEPT_KEYS]


def test_a_backup_restored_elsewhere_holds_the_same(office: Place, tmp_path: Path, environment: pytest.MonkeyPatch):
    cli.backup(str(tmp_path / "saved.tar"))
    assert stat.S_IMODE((tmp_path / "saved.tar").stat().st_mode) == 0o600
    environment.setenv("DATA_DIR", str(tmp_path / "elsewhere"))
    environment.delenv("DEMO")
    cli.restore(str(tmp_path / "saved.tar"))
    elsewhere = Place(from_environment())
    assert elsewhere.options.demo == "0"
    assert acts(elsewhere) == ["SET transaction_timeout", "đặt phòng"]
    assert keys_of(elsewhere) == keys_of(office)
    assert (elsewhere.data_dir / "media" / "letters" / "giấy mời.pdf").read_bytes() == b"%PDF"
    assert (elsewhere.data_dir / "backups").exists() is False


def test_the_application_still_cannot_change_the_restored_audit(office: Place, tmp_path: Path):
    cli.backup(str(tmp_path / "saved.tar"))
    cli.restore(str(tmp_path / "saved.tar"))
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with working(office.options) as again, psycopg.connect(again.databases.app) as connection, refused:
        connection.execute("DELETE FROM backend_audit_entry")


def test_what_a_restore_replaces_is_saved_first(office: Place, tmp_path: Path):
    cli.backup(str(tmp_path / "saved.tar"))
    with working(office.options) as again, psycopg.connect(again.databases.app) as connection:
        connection.execute("INSERT INTO backend_audit_entry (act) VALUES ('later')")
    (office.data_dir / "media" / "later").write_text("x")
    cli.restore(str(tmp_path / "saved.tar"))
    assert acts(office) == ["SET transaction_timeout", "đặt phòng"]
    assert (office.data_dir / "media" / "later").exists() is False
    (before,) = (office.data_dir / "backups").glob("before-restore-*.tar")
    cli.restore(str(before))
    assert acts(office) == ["SET transaction_timeout", "đặt phòng", "later"]
    assert (office.data_dir / "media" / "later").read_text() == "x"


def test_a_restore_beside_a_running_service_is_refused(office: Place, tmp_path: Path):
    cli.backup(str(tmp_path / "saved.tar"))
    with locked(office.data_dir, "Cầu Nối runs"), pytest.raises(Refused, match="is in use: Cầu Nối runs"):
        cli.restore(str(tmp_path / "saved.tar"))


def test_a_backup_is_made_while_the_database_works(office: Place, tmp_path: Path):
    with locked(office.data_dir, "Cầu Nối runs"), working(office.options):
        cli.backup(str(tmp_path / "saved.tar"))
    with opened(tmp_path / "saved.tar", tmp_path) as found:
        assert found.facts["demo"] == "0"


def test_a_damaged_file_changes_nothing(office: Place, tmp_path: Path):
    cli.backup(str(tmp_path / "saved.tar"))
    whole = (tmp_path / "saved.tar").read_bytes()
    with tarfile.open(tmp_path / "saved.tar") as tar:
        place_of_dump = tar.getmember("database.dump").offset_data
    damaged = tmp_path / "damaged.tar"
    for bytes_ in (
        whole[:place_of_dump] + b"?" + whole[place_of_dump + 1 :],
        whole[: len(whole) // 2],
        b"not a backup",
    ):
        damaged.write_bytes(bytes_)
        with pytest.raises(NotABackup):
            cli.restore(str(damaged))
    assert acts(office) == ["SET transaction_timeout", "đặt phòng"]


def test_an_empty_folder_has_nothing_to_save(environment: pytest.MonkeyPatch, tmp_path: Path):
    with pytest.raises(Refused, match="There is nothing to save"):
        cli.backup(str(tmp_path / "saved.tar"))
