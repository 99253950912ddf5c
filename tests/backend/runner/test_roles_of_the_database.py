"""Owner, application, Rasa: three roles, none of which can do another's work."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from backend.runner import database
from backend.runner.embedded import PostgresServer
from backend.runner.options import from_environment
from backend.runner.place import Place

PASSWORDS = {"owner_password": "o'%/@", "app_password": "a", "rasa_password": "r"}
AUDIT = "CREATE TABLE backend_audit_entry (id bigserial PRIMARY KEY, act text)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    server = PostgresServer(tmp_path_factory.mktemp("roles"), durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def urls(server: PostgresServer) -> database.DatabaseUrls:
    urls = database.in_our_server(server.url(), database="caunoi", passwords=PASSWORDS)
    for _again in range(2):
        database.make(server.url(), urls)
    with psycopg.connect(urls.owner) as owner:
        owner.execute(AUDIT)
        owner.execute("CREATE TABLE room (id bigserial PRIMARY KEY, name text)")
        database.grant(owner, database.APP)
    return urls


def test_the_application_adds_to_the_audit_and_changes_nothing_in_it(urls: database.DatabaseUrls):
    with psycopg.connect(urls.app, autocommit=True) as app:
        app.execute("INSERT INTO backend_audit_entry (act) VALUES ('approve')")
        for act in ("UPDATE backend_audit_entry SET act = ''", "DELETE FROM backend_audit_entry", "TRUNCATE room"):
            with pytest.raises(InsufficientPrivilege):
                app.execute(act)
        app.execute("INSERT INTO room (name) VALUES ('A')")
        app.execute("UPDATE room SET name = 'B'")
        app.execute("DELETE FROM room")
        with pytest.raises(InsufficientPrivilege):
            app.execute("CREATE TABLE other (id int)")


def test_rasa_has_a_database_of_its_own_and_sees_no_other(urls: database.DatabaseUrls):
    with psycopg.connect(urls.rasa) as rasa:
        rasa.execute("CREATE TABLE events (id int)")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(database.in_database(urls.rasa, "caunoi"))
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(database.in_database(urls.app, database.RASA))


def test_a_given_owner_makes_the_same_roles_as_far_as_it_may(server: PostgresServer):
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE office LOGIN CREATEROLE CREATEDB PASSWORD 'x'")
        admin.execute("CREATE DATABASE office OWNER office")
    office = server.url("office", password="x", database="office")
    for _again in range(2):
        made = database.in_given_server(office, passwords=PASSWORDS)
    assert made.owner == office
    with psycopg.connect(made.app) as app, psycopg.connect(made.rasa) as rasa:
        assert (app.info.user, app.info.dbname) == ("office_app", "office")
        assert (rasa.info.user, rasa.info.dbname) == ("office_rasa", "office_rasa")
        rasa.execute("CREATE TABLE events (id int)")


def test_a_given_role_without_rights_is_owner_and_application_in_one(server: PostgresServer, tmp_path: Path):
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE plain LOGIN PASSWORD 'x'")
        admin.execute("CREATE DATABASE plain OWNER plain")
    plain = server.url("plain", password="x", database="plain")
    place = Place(from_environment({"DATA_DIR": str(tmp_path), "DATABASE_URL": plain}))
    assert place.databases == database.DatabaseUrls(plain, plain, "")
    assert place.application_role == ""
    assert place.bot_environment()["RASA_DATABASE_URL"] == f"sqlite:///{tmp_path}/rasa.db"


def test_a_given_owner_and_a_given_application_stay_what_they_are(server: PostgresServer, tmp_path: Path):
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE clerk LOGIN PASSWORD 'x'")
    owner = server.url(database="caunoi")
    clerk = server.url("clerk", password="x", database="caunoi")
    given = {"DATA_DIR": str(tmp_path), "DATABASE_URL": clerk, "DATABASE_OWNER_URL": owner}
    place = Place(from_environment(given))
    assert (place.databases.owner, place.databases.app, place.application_role) == (owner, clerk, "clerk")
