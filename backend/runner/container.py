"""Entry point of the backend's containers: `build` while the image is made, `setup` once, else a process of the list.

Each process waits by itself for what it needs: an engine without health checks starts them all at once.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import psycopg

from backend.runner import database, prepare, translations
from backend.runner.keys import DATABASE_URLS

PATIENCE_SECONDS = 300.0


def main(words: list[str]) -> None:
    if words == ["build"]:
        translations.compile_catalogues()
    elif words == ["setup"]:
        setup()
    else:
        if os.environ.get("DATABASE_URL"):
            wait_for("the tables", _tables_are_there)
        os.execvp(words[0], words)  # noqa: S606


def setup() -> None:
    """Roles and databases by the server's admin, the rest by the owner."""
    admin_url = os.environ["DATABASE_ADMIN_URL"]
    urls = database.DatabaseUrls(*(os.environ[name] for name in DATABASE_URLS))
    wait_for("PostgreSQL", lambda: _answers(admin_url))
    database.make(admin_url, urls)
    os.environ.update(DATABASE_URL=urls.owner, DB_NO_POOL="1")
    prepare.main(database.APP)


def wait_for(what: str, there: Callable[[], bool]) -> None:
    """Ends the process when it takes too long; the engine starts it again."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not there():
        if time.monotonic() > end:
            raise SystemExit(f"waited {PATIENCE_SECONDS:.0f} s for {what}")
        time.sleep(1)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _tables_are_there() -> bool:
    """Whether every migration of this version is applied, so that static files are collected too."""
    if not _answers(os.environ["DATABASE_URL"]):  # the application may connect from its first grant on
        return False
    command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--check"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    main(sys.argv[1:])
