"""The whole service in a child process, started as an operator starts it: with a port and a data folder of its own.

Nothing of it outlives `running()`: it is ended by SIGINT, and what remained is named.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil

from backend.runner.options import CHECKOUT, from_environment
from backend.runner.place import Place

KEEP_ALIVE_S = 3  # uvicorn's is 5
KEPT = ("PATH", "HOME", "LANG", "PYENV_ROOT")  # of this process's environment: nothing of the suite's own settings


class Answer:
    """Status, headers and body of one HTTP answer."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """A program with a bearer token on one kept connection."""

    def __init__(self, port: int, token: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token, self.used = token, time.monotonic()
        self.headers = {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, body: Any) -> Answer:
        return self._ask("POST", path, json.dumps(body))

    def all(self, path: str) -> list[dict]:
        """Every row of a list, whatever its pages."""
        rows: list[dict] = []
        while path:
            page = self.get(path).json()
            rows += page["results"]
            path = (page["next"] or "").removeprefix(f"http://127.0.0.1:{self.connection.port}")
        return rows

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        if time.monotonic() - self.used > KEEP_ALIVE_S:
            self.connection.close()  # the server has given it up by now; it opens anew by itself
        self.used = time.monotonic()
        self.connection.request(method, path, body, self.headers)
        return Answer(self.connection.getresponse())


class Service:
    """`make run` in a child process, and what it said."""

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir, self.port = data_dir, free_port()
        inherited = {key: value for key, value in os.environ.items() if key in KEPT}
        given = {"DATA_DIR": str(data_dir), "PORT": str(self.port), "LOG_LEVEL": "WARNING", **environment}
        self.environment = {**inherited, **given}
        self.said: list[str] = []
        self.clients: list[Client] = []
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "backend.runner", "run"],
            cwd=CHECKOUT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # a Ctrl-C at the tests is not meant for it
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def place(self) -> Place:
        return Place(from_environment(self.environment))

    def wait_for(self, text: str, seconds: float) -> float:
        """Until it says so; answers after how many seconds of its life that was."""
        wait_until(lambda: any(text in line for line in self.said) or self.process.poll() is not None, seconds)
        assert any(text in line for line in self.said), "\n".join(self.said)
        return time.monotonic() - self.began

    def state_of(self, dependency: str) -> str:
        """Of `/readyz`; empty while nobody answers."""
        try:
            return str(self.client().get("/readyz").json()[dependency])
        except (OSError, http.client.HTTPException):
            return ""

    def wait_for_assistant(self, seconds: float = 300) -> float:
        """Until it can be talked to, after a training where one is due; answers as `wait_for`."""

        def without() -> list[str]:
            return [line for line in self.said if "without its assistant" in line]

        wait_until(lambda: self.state_of("bot") == "ready" or without() != [], seconds)
        assert without() == []
        return time.monotonic() - self.began

    def client(self, token: str = "") -> Client:
        """One for all whom nobody knows, and one for each token; closed when the service ends."""
        known = next((client for client in self.clients if client.token == token), None)
        if known is None:
            known = Client(self.port, token)
            self.clients.append(known)
        return known

    def log_in(self, username: str, password: str = "demo") -> Client:
        answer = self.client().post("/api/v1/auth/token/", {"username": username, "password": password})
        assert answer.status == 200, answer.body
        return self.client(answer.json()["token"])

    def manage(self, *words: str) -> str:
        """What `manage.py` says in the service's own environment."""
        command = [sys.executable, "manage.py", *words]
        environment = {**self.environment, **self.place.environment, "DB_NO_POOL": "1"}
        done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def named(self, word: str) -> list[psutil.Process]:
        return [process for process in self.descendants() if word in _command(process)]

    def end(self) -> None:
        """Ctrl-C; AssertionError names what outlived it."""
        for client in self.clients:
            client.connection.close()
        everything = self.descendants() if self.process.poll() is None else []
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(timeout=10)
        if self.process.stdout:
            self.process.stdout.close()
        _gone, alive = psutil.wait_procs(everything, timeout=30)
        assert [process.cmdline() for process in alive] == [], "something outlived the service"
        assert self.process.returncode == 0, "\n".join(self.said)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip())


def _command(process: psutil.Process) -> str:
    """Empty for one that has just ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@contextmanager
def running(**environment: str) -> Iterator[Service]:
    """A service that answers; `environment` as for `make run`. Its data folder lives as long as it does."""
    data_dir = Path(tempfile.mkdtemp(prefix="caunoi-"))
    service = Service(data_dir, **environment)
    try:
        service.wait_for("Ctrl-C stops it.", 180)
        yield service
    finally:
        service.end()
        shutil.rmtree(data_dir)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)
