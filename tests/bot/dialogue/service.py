"""The assistant as it runs: our application on a real port, the action server, and Rasa with the trained model."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from backend.runner import assistant

ROOT = Path(__file__).resolve().parents[3]
PYTHON = assistant.PYTHON
START_S = 240  # fifteen on an idle machine


def require_python() -> None:
    """Skip where the assistant's environment is missing; fail where everything must be there."""
    if PYTHON.exists():
        return
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail("the assistant's environment (.venv-bot) is missing")
    pytest.skip("the assistant's environment (.venv-bot) is missing: `make run` builds it")


def trained(folder: Path) -> Path:
    """The model, trained again only when something of it changed."""
    assistant.prepare(folder / "training.log")
    return assistant.MODEL


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def application(port: int) -> Iterator[str]:
    """Our ASGI application in a thread of this process, so that it uses the test's database."""
    from backend.config.asgi import application as app

    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", lambda: thread.is_alive())
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


class Rasa:
    """Action server and Rasa; `log` tells why when they do not start."""

    def __init__(self, folder: Path, *, model: Path, api_url: str, rasa_key: str, bot_key: str) -> None:
        self.log = folder / "assistant.log"
        self.actions_port, self.port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.model = model
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))},
            **assistant.QUIET,
            "ACTIONS_URL": f"http://127.0.0.1:{self.actions_port}/webhook",
            "SANIC_HOST": "127.0.0.1",
            "API_URL": api_url,
            "RASA_SERVICE_KEY": rasa_key,
            "BOT_SERVICE_KEY": bot_key,
            "RASA_DATABASE_URL": f"sqlite:///{folder}/rasa.db",
        }
        self.processes: dict[str, subprocess.Popen] = {}

    def start(self) -> None:
        """Raises TimeoutError with the log's end; nothing is left running then."""
        try:
            self._start_both()
        except TimeoutError as error:
            self.stop()
            raise TimeoutError(self.log.read_text()[-4000:]) from error

    def _start_both(self) -> None:
        self.start_actions()
        model, port = str(self.model), str(self.port)
        files = ("--endpoints", "bot/assistant/endpoints.yml", "--credentials", "bot/assistant/credentials.yml")
        self._start("rasa", "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", port, "--model", model, *files)
        health = f"{self.url}/webhooks/chat/"
        wait_for(health, lambda: all(process.poll() is None for process in self.processes.values()))

    def start_actions(self) -> None:
        self._start("actions", "-m", "rasa_sdk", "--actions", "bot.assistant.actions", "--port", str(self.actions_port))
        wait_for(f"http://127.0.0.1:{self.actions_port}/health", lambda: self.processes["actions"].poll() is None)

    def _start(self, name: str, *command: str) -> None:
        with self.log.open("a") as log:
            self.processes[name] = subprocess.Popen(
                [PYTHON, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def stop(self, *names: str) -> None:
        for name in names or tuple(self.processes):
            process = self.processes.pop(name)
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(url: str, alive: Any, seconds: float = START_S) -> None:
    """Until something answers there. Raises TimeoutError, at once when it has died."""
    deadline = time.monotonic() + seconds
    with httpx.Client(timeout=2, trust_env=False, verify=False) as client:
        while time.monotonic() < deadline and alive():
            try:
                client.get(url).raise_for_status()
                return
            except httpx.TransportError:
                time.sleep(0.2)
            except httpx.HTTPStatusError as error:
                raise TimeoutError(url) from error
    raise TimeoutError(url)
