"""Roles and databases: the owner migrates; the application may not change the audit; Rasa has a database of its own."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

OWNER, APP, RASA = "caunoi_owner", "caunoi_app", "caunoi_rasa"
UNTOUCHED = ("backend_audit_%", "django_migrations")  # LIKE patterns: the application adds rows, and changes none


def with_role(url: str, user: str, password: str, database: str | None = None) -> str:
    """The same server for another role, in another database."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    other = urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{place}"))
    return in_database(other, database) if database else other


def in_database(url: str, database: str) -> str:
    """The same role in another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


class DatabaseUrls(NamedTuple):
    owner: str
    app: str
    rasa: str  # empty: none could be made


def in_our_server(admin_url: str, *, database: str, passwords: Mapping[str, str]) -> DatabaseUrls:
    """Of the PostgreSQL that the runner starts; `make` makes what they name. `passwords`: by the keys' names."""
    return DatabaseUrls(
        with_role(admin_url, OWNER, passwords["owner_password"], database),
        with_role(admin_url, APP, passwords["app_password"], database),
        with_role(admin_url, RASA, passwords["rasa_password"], RASA),
    )


def make(admin_url: str, urls: DatabaseUrls) -> None:
    """The roles and databases that the URLs name, once."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for url in urls:
            named = conninfo_to_dict(url)
            _ensure_role(connection, str(named["user"]), str(named["password"]))
        for url in (urls.owner, urls.rasa):
            named = conninfo_to_dict(url)
            _ensure_database(connection, str(named["dbname"]), str(named["user"]))


def in_given_server(url: str, *, owner_url: str = "", passwords: Mapping[str, str]) -> DatabaseUrls:
    """In a server that the operator names: as much of the same as its roles may make.

    `url` is the application's role where `owner_url` stands beside it; else it is the owner, and the application
    gets a role of its own if the owner may create roles.
    """
    with psycopg.connect(owner_url or url, autocommit=True) as connection:
        database = connection.info.dbname
        may_create_roles, may_create_databases = connection.execute(
            "SELECT rolcreaterole OR rolsuper, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone() or (False, False)
        app_url, rasa_url = url, ""
        if may_create_roles and not owner_url:
            _ensure_role(connection, f"{database}_app", passwords["app_password"])
            app_url = with_role(url, f"{database}_app", passwords["app_password"])
        if may_create_roles and may_create_databases:
            rasa = f"{database}_rasa"
            _ensure_role(connection, rasa, passwords["rasa_password"])
            _ensure_database(connection, rasa, owner=None)
            rasa_url = with_role(owner_url or url, rasa, passwords["rasa_password"], rasa)
    if rasa_url:
        _give_schema(in_database(owner_url or url, rasa), rasa)
    return DatabaseUrls(owner_url or url, app_url, rasa_url)


def _give_schema(url: str, role: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(sql.Identifier(role)))
        connection.execute(sql.SQL("GRANT ALL ON DATABASE {} TO {}").format(sql.Identifier(role), sql.Identifier(role)))


def _ensure_role(connection: psycopg.Connection[Any], role: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), sql.Literal(password))
    )


def _ensure_database(connection: psycopg.Connection[Any], name: str, owner: str | None) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    database = sql.Identifier(name)
    owned = sql.SQL("OWNER {}").format(sql.Identifier(owner)) if owner else sql.SQL("")
    connection.execute(sql.SQL("CREATE DATABASE {} {}").format(database, owned))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))


def grant(connection: Any, app: str = APP) -> None:
    """The application's rights in the owner's database; after every migration. `connection`: psycopg's or Django's."""
    role = sql.Identifier(app)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (database,) = cursor.fetchone()
        for statement in (
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), role),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(role),
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role),
        ):
            cursor.execute(statement.as_string())
        patterns = " OR ".join(["tablename LIKE %s"] * len(UNTOUCHED))
        cursor.execute(f"SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND ({patterns})", [*UNTOUCHED])
        for (table,) in cursor.fetchall():
            statement = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), role)
            cursor.execute(statement.as_string())
