"""`make compose-test`: build and start docker-compose.yml with the engine that is there, book once, see one mail, stop.

By hand, not in the suite. COMPOSE names another command than the first that is found, with options.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from backend.runner.keys import write_env_files
from backend.runner.options import BUILD, CHECKOUT
from backend.runner.ports import free_port
from backend.runner.progress import say, step

ENGINES = (("docker", "compose"), ("podman-compose",), ("podman", "compose"))
PATIENCE_SECONDS = 600


def main() -> None:
    engine = find_engine()
    port = free_port(taken=set())
    secrets = BUILD / "compose"
    write_env_files(secrets)
    environment = {**os.environ, "SECRETS": str(secrets), "PORT": str(port), "DEMO": "2020"}

    def compose(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
        command = [*engine, "--project-name", "caunoi-test", "--profile", "demo", *words]
        return subprocess.run(command, cwd=CHECKOUT, env=environment, text=True, check=True, **options)

    say(f"With {' '.join(engine)}, on port {port}")
    try:
        with step("images", "some minutes the first time"):
            compose("build", stdout=sys.stderr)
        with step("containers"):
            compose("up", "--detach", stdout=sys.stderr)
        book_once(f"http://localhost:{port}", lambda: mails(compose))
    except AssertionError:
        compose("logs", "--tail", "10", stdout=sys.stderr)
        raise
    finally:
        with step("stop"):
            compose("down", "--volumes", stdout=sys.stderr)


def find_engine() -> tuple[str, ...]:
    if given := os.environ.get("COMPOSE"):
        return tuple(shlex.split(given))
    for engine in ENGINES:
        if shutil.which(engine[0]) and not subprocess.run([*engine, "version"], capture_output=True).returncode:
            return engine
    raise SystemExit("Neither Docker's compose nor Podman's was found.")


def book_once(address: str, mails_so_far: Callable[[], int]) -> None:
    with step("ready"):
        wait_for(lambda: ready(address, "status"))
    with step("one booking, one mail"):
        client = signed_in(address)
        (site,) = client.get("sites/", params={"search": "cao loc", "level": "district"}).json()["results"]
        start = (datetime.now(UTC) + timedelta(days=60)).replace(hour=2, minute=0, second=0, microsecond=0)
        answer = client.post(
            "conferences/",
            json={
                "title": "Họp giao ban",
                "type": "briefing",
                "start": start.isoformat(),
                "end": (start + timedelta(hours=1)).isoformat(),
                "sites": [site["id"]],
                "chair": "Trần Thị Minh Họa",
                "participants": [{"name": "Nguyễn Văn Thí Dụ", "email": "thi-du@caunoi.example"}],
            },
        )
        assert (answer.status_code, answer.json().get("status")) == (201, "approved"), answer.text
        wait_for(lambda: mails_so_far() >= 1)
    with step("the assistant"):
        wait_for(lambda: ready(address, "bot"))


def signed_in(address: str) -> httpx.Client:
    client = httpx.Client(base_url=f"{address}/api/v1/", timeout=30)
    token = client.post("auth/token/", json={"username": "thuky", "password": "demo"}).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def ready(address: str, what: str) -> bool:
    try:
        return bool(httpx.get(f"{address}/readyz", timeout=10).json()[what] == "ready")
    except (httpx.HTTPError, json.JSONDecodeError):
        return False


def mails(compose: Callable[..., subprocess.CompletedProcess[str]]) -> int:
    """How many messages lie in the sink for our participant."""
    command = ("exec", "-T", "mailsink", "grep", "-rl", "thi-du@caunoi.example", "/data/mail/new")
    try:
        return len(compose(*command, capture_output=True).stdout.splitlines())
    except subprocess.CalledProcessError:
        return 0


def wait_for(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(2)


if __name__ == "__main__":
    main()
