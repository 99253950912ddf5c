"""PostgreSQL and Redis come with the service: on a bare machine, as root or not, wherever the checkout lies."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from backend.runner.embedded import PostgresServer, RedisServer, ServerFailed

LONG = "x" * 100  # a path that no socket can have


@pytest.fixture
def postgres(tmp_path: Path):
    server = PostgresServer(tmp_path / "postgres", durable=False)
    yield server
    server.stop()


def test_postgres_starts_without_a_port(postgres: PostgresServer):
    with psycopg.connect(postgres.start()) as connection:
        rows = connection.execute("SELECT lower('ĐƯỜNG TRUYỀN'), current_setting('TimeZone')").fetchall()
    assert rows == [("đường truyền", "UTC")]
    assert psutil.Process(postgres.process.pid).net_connections("tcp") == []


def test_postgres_is_not_run_by_root(postgres: PostgresServer):
    postgres.start()
    uids = psutil.Process(postgres.process.pid).uids()
    assert (0 in uids) is False
    assert uids.real == postgres.data.stat().st_uid


def test_postgres_starts_where_its_account_cannot_go_and_no_socket_fits(tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = PostgresServer(closed / LONG / "postgres", durable=False)
    try:
        with psycopg.connect(server.start()) as connection:
            assert connection.execute("SELECT 1").fetchall() == [(1,)]
        sockets = server.sockets
        assert sockets.parent == Path("/tmp")
    finally:
        server.stop()
    assert sockets.exists() is False


def test_postgres_starts_again_after_a_power_cut(postgres: PostgresServer):
    postgres.durable = True
    with psycopg.connect(postgres.start(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        postgres.process.kill()
        postgres.process.wait()
    lock = postgres.data / "postmaster.pid"
    lock.write_text(lock.read_text().replace(str(postgres.process.pid), str(os.getpid()), 1))  # an id in use by now
    with psycopg.connect(postgres.start()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchall() == [(0,)]


def test_a_cluster_that_was_cut_off_half_is_made_anew(postgres: PostgresServer):
    (postgres.folder / "data.new").mkdir(parents=True)
    (postgres.folder / "data.new" / "PG_VERSION").write_text("18\n")
    postgres.start()
    assert postgres.ready() is True


def test_a_server_that_cannot_start_says_why(postgres: PostgresServer):
    postgres.prepare()
    (postgres.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ServerFailed, match='unrecognized configuration parameter "no_such_setting"'):
        postgres.start()


def test_its_password_is_for_its_owner_only(postgres: PostgresServer):
    url = postgres.start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(url.split(":")[2].split("@")[0], "guess"))
    assert (postgres.folder / "password").stat().st_mode & 0o077 == 0


def test_redis_keeps_what_it_was_told_through_a_kill(tmp_path: Path):
    server = RedisServer(tmp_path / "redis")
    client = redis.Redis.from_url(server.start())
    try:
        client.set("kept", "1")
        client.config_set("appendfsync", "always")
        client.set("kept", "2")
        server.process.kill()
        server.process.wait()
        server.start()
        assert client.get("kept") == b"2"
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    finally:
        client.close()
        server.stop()


def test_both_end_with_their_parent(tmp_path: Path):
    code = (
        "import sys, time; from pathlib import Path; from backend.runner.embedded import *\n"
        f"servers = [PostgresServer(Path('{tmp_path}/p'), durable=False), RedisServer(Path('{tmp_path}/r'))]\n"
        "[s.start() for s in servers]; print(*[s.process.pid for s in servers], flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    children = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
    everything = [p for child in children for p in (child, *child.children(recursive=True))]
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    _, alive = psutil.wait_procs(everything, timeout=20)
    assert alive == []
