"""The whole service, started as an operator starts it, and ended in every way that an operator or a fault ends it."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from backend.runner.options import CHECKOUT
from backend.runner.ports import is_free

pytestmark = pytest.mark.timeout(180)


class Running:
    """`make run` in a child process, and what it said."""

    def __init__(self, data_dir: Path, port: int, **environment: str) -> None:
        given = {"DATA_DIR": str(data_dir), "PORT": str(port), "DEMO": "0", "ASSISTANT": "0", "COVERAGE_PROCESS": ""}
        inherited = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "PYENV_ROOT")}
        self.port = port
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "backend.runner"],
            cwd=CHECKOUT,
            env={**inherited, **given, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.said.append(line.rstrip())

    def wait_for(self, text: str, seconds: float = 90) -> None:
        wait_until(lambda: any(text in line for line in self.said) or self.process.poll() is not None, seconds)
        assert any(text in line for line in self.said), "\n".join(self.said)

    def end(self) -> str:
        """What it said, once it has ended."""
        self.process.wait(timeout=60)
        self._reader.join(timeout=10)
        self.process.stdout.close()
        return "\n".join(self.said)

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def named(self, word: str) -> psutil.Process:
        return next(p for p in self.descendants() if word in " ".join(p.cmdline()))

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body


def wait_until(done: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


class Operator:
    """Keeps one service running for the tests of this file; starts it again after a test that ended it.

    All use one folder, so each start after a kill finds what the kill left.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.running: Running | None = None

    def service(self) -> Running:
        if self.running is None or self.running.process.poll() is not None:
            self.running = Running(self.data_dir, free_port())
            self.running.wait_for("Ctrl-C stops it.")
        return self.running

    def leave(self) -> None:
        if self.running and self.running.process.poll() is None:
            self.running.process.send_signal(signal.SIGINT)
            self.running.end()


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    operator = Operator(tmp_path_factory.mktemp("service"))
    yield operator
    operator.leave()


@pytest.fixture
def service(operator: Operator) -> Running:
    return operator.service()


@pytest.fixture
def data_dir(operator: Operator) -> Path:
    return operator.data_dir


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def nothing_remains(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=60)
    assert [process.cmdline() for process in alive] == []


def test_a_second_start_is_refused_with_a_clear_word(service: Running, data_dir: Path, tmp_path: Path):
    said = Running(data_dir, service.port + 1).end()
    assert said == (
        f"{data_dir} is in use: Cầu Nối runs at http://localhost:{service.port}; stop it there with Ctrl-C"
        f" (process {service.process.pid})."
    )
    other = Running(tmp_path, service.port)
    assert other.end().splitlines()[-1] == (
        f"Another program listens on 127.0.0.1:{service.port}; end it, or choose another PORT."
    )
    assert other.process.returncode == 1


def test_a_killed_process_is_started_again(service: Running):
    worker = service.named("celery -A backend.config worker")
    worker.kill()
    service.wait_for("worker ended and was started again")
    assert service.named("celery -A backend.config worker").pid != worker.pid


def test_no_port_is_open_but_the_one_of_the_web(service: Running):
    ports = {c.laddr.port for p in service.descendants() for c in p.net_connections("tcp") if c.status == "LISTEN"}
    kept = json.loads((Path(service.named("supervisord").cmdline()[-1]).parent / "ports.json").read_text())
    assert ports == {service.port, kept["mail"]}


def test_secrets_are_for_their_owner_alone(service: Running, data_dir: Path):
    secret_files = [
        *(data_dir / "secrets").iterdir(),
        data_dir / "supervisord.conf",
        data_dir / "postgres" / "password",
    ]
    assert [path for path in secret_files if path.stat().st_mode & 0o077] == []
    words = {path.read_text() for path in (data_dir / "secrets").iterdir()}
    shown = [value for p in service.descendants() for value in p.environ().values()] + [
        word for p in service.descendants() for word in p.cmdline()
    ]
    assert [value for value in shown if value in words] == []


def test_nothing_remains_of_a_killed_runner(service: Running):
    everything = service.descendants()
    service.process.kill()
    service.end()
    nothing_remains(everything)
    assert is_free("127.0.0.1", service.port) is True


def test_nothing_remains_of_a_killed_supervisor(service: Running):
    everything = service.descendants()
    service.named("supervisord").kill()
    assert re.search(r"^The supervisor has ended:", service.end(), re.M)
    assert service.process.returncode == 1
    nothing_remains(everything)


def test_ctrl_c_stops_everything_in_good_order(service: Running, data_dir: Path):
    status, body = service.get("/readyz")
    assert (status, json.loads(body)["status"]) == (200, "ready")
    everything = service.descendants()
    service.process.send_signal(signal.SIGINT)
    assert service.end().endswith("Stopping …\nStopped.")
    assert service.process.returncode == 0
    nothing_remains(everything)
    assert "database system is shut down" in (data_dir / "log" / "postgres.log").read_text().splitlines()[-1]
