"""The suite brings its own PostgreSQL and Redis; `DATABASE_URL` and `REDIS_URL` point it at others.

One pair of servers for the whole run: the controller starts them and hands their addresses down. Each worker has a
database and a Redis number of its own.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
_servers: list = []


def _start_servers() -> None:
    from backend.runner.embedded import PostgresServer, RedisServer

    folder = Path(tempfile.mkdtemp(prefix="caunoi-test-"))
    if not os.environ.get("DATABASE_URL"):
        postgres = PostgresServer(folder / "postgres", durable=False)
        os.environ["DATABASE_URL"] = postgres.start()
        _servers.append(postgres)
    if not os.environ.get("REDIS_URL"):
        redis = RedisServer(folder / "redis", durable=False)
        os.environ["REDIS_URL"] = redis.start()
        _servers.append(redis)


def _compile_catalogues() -> None:
    from backend.runner.translations import compile_catalogues

    compile_catalogues()


def _environment() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        _start_servers()
        _compile_catalogues()
        os.environ["CAUNOI_TEST_REDIS"] = os.environ["REDIS_URL"]
    number = int(worker.removeprefix("gw") or 0) + 1 if worker else 0
    base = os.environ["CAUNOI_TEST_REDIS"].split("?db=")[0].rstrip("/")
    os.environ["REDIS_URL"] = f"{base}?db={number}" if base.startswith("unix") else f"{base.rsplit('/', 1)[0]}/{number}"
    os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="caunoi-data-"))
    (Path(os.environ["DATA_DIR"]) / "static").mkdir(exist_ok=True)
    os.environ.update(
        SECRET_KEY="test-key-of-the-suite-only-0123456789-abcdefghij",
        FIELD_KEY="m5vq3rSm1rS8nq1gGm2R0yC8VqXQm8iHn3z1w2X5o0E=",
        BOT_SERVICE_KEY="test-bot-key",
        DB_NO_POOL="1",
        LANGUAGE_CODE="en",  # tests read the msgids; those of the catalogue ask for Vietnamese
        EMAIL_URL="smtp://127.0.0.1:9",
        STATIC_STORAGE="django.contrib.staticfiles.storage.StaticFilesStorage",
        DJANGO_SETTINGS_MODULE="backend.config.settings",
        LOGIN_RATE="1000/min",
    )


_environment()


def pytest_unconfigure() -> None:
    for server in reversed(_servers):
        server.stop()
    _servers.clear()
