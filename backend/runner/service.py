"""The whole service: set up, start in order, watch, stop."""

import http.client
import json
import sys
import threading
import time
import xmlrpc.client
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import psycopg
import redis

from backend.runner import assistant, translations
from backend.runner.commands import CommandFailed, run, tail
from backend.runner.drop import leashed
from backend.runner.embedded import Server
from backend.runner.keys import FIRST_LOGIN
from backend.runner.options import Options, Refused
from backend.runner.place import Place
from backend.runner.ports import require_free
from backend.runner.processes import ASSISTANT, STORES, Process
from backend.runner.progress import say, step, warn
from backend.runner.sockets import forget_socket_folder, socket_folder
from backend.runner.supervision import SUPERVISOR_ID, Program, Supervisor, configuration
from backend.runner.watch import Watch

READY_SECONDS = 60.0
STOP_SECONDS = 90.0
LOGINS = "admin, thuky, lanhdao, kythuat, truc, nhakhach, bep, donvikhac"


class Service:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.place = Place(options)
        self.supervisor = Supervisor(options.data_dir, socket_folder(options.data_dir))
        self.ready = threading.Event()

    def run(self) -> None:
        """Until it is interrupted. Raises Refused, CommandFailed, ServerFailed; nothing is left behind either way."""
        require_free(self.options.host, self.options.port)
        require_given_servers(self.options)
        try:
            self.set_up()
            self.start()
            self.watch()
        finally:
            self.stop()

    def set_up(self) -> None:
        for name in ("log", "media", "mail/tmp", "mail/new", "mail/cur"):
            (self.place.data_dir / name).mkdir(parents=True, exist_ok=True)
            (self.place.data_dir / name).chmod(0o700)
        if self.options.assistant and assistant.SOURCE.joinpath("config.yml").exists():
            threading.Thread(target=self._bring_assistant, daemon=True).start()
        prepare_checkout(self.place)

    def start(self) -> None:
        with step("PostgreSQL and Redis"):
            self._start_stores()
            self.place.make_databases()
        with step("tables, static files, demo data"):
            command = [sys.executable, "-m", "backend.runner.prepare", self.place.application_role]
            run(command, log=self.place.log / "prepare.log", environment=self.place.owner_environment)
        with step("the service"):
            self.supervisor.begin("web")  # first and alone: people wait for it
            self._await(self._answers, READY_SECONDS, "web")
            for process in self.place.processes():
                if process.name not in ("web", *STORES, *ASSISTANT):
                    self.supervisor.begin(process.name)
        self.ready.set()
        say(welcome(self.place))

    def watch(self) -> None:
        """Returns when the supervisor has ended, which only a fault or a kill brings about."""
        watch = Watch(tell=warn, revive=lambda key: self.supervisor.call("startProcess", key, False))
        while self.supervisor.alive():
            with suppress(OSError, xmlrpc.client.Error):  # it is ending, or the program started by itself meanwhile
                watch.look(self.supervisor.states(), time.monotonic())
            time.sleep(1)
        raise CommandFailed(f"The supervisor has ended:\n{tail(self.place.log / 'supervisord.log')}")

    def stop(self) -> None:
        """All but the stores at once, then the stores."""
        if self.supervisor.alive():
            say("Stopping …")
            self._stop_programs()
            self.supervisor.stop(STOP_SECONDS)
        for server in (self.place.postgres, self.place.redis):
            if server:
                forget_socket_folder(server.folder)
        forget_socket_folder(self.place.data_dir)

    def _start_stores(self) -> None:
        servers = {"postgres": self.place.postgres, "redis": self.place.redis}
        for server in servers.values():
            if server:
                server.prepare()
        programs = [self._program(process) for process in self.place.processes()]
        sockets = self.supervisor.socket.parent
        text = configuration(programs, folder=self.place.data_dir, sockets=sockets, log=self.place.log)
        self.supervisor.start(text, self.place.environment)
        self._await(self.supervisor.answers, READY_SECONDS, "supervisord")
        for name, server in servers.items():
            if server:
                self.supervisor.begin(name)
        for name, server in servers.items():
            if server:
                self._await(server.ready, READY_SECONDS, name)

    def _program(self, process: Process) -> Program:
        server: Server | None = {"postgres": self.place.postgres, "redis": self.place.redis}.get(process.name)
        command = [] if server else self.place.command(process)
        extra = self.place.bot_environment() if process.name in ASSISTANT else {}
        return Program(
            name=process.name,
            command=server.command(SUPERVISOR_ID) if server else leashed(command, parent=SUPERVISOR_ID),
            environment={**process.environment, **extra},
            copies=process.copies,
            socket=f"tcp://{self.options.host}:{self.options.port}" if process.shares_port else "",
            stop_signal=server.stop_signal.name.removeprefix("SIG") if server else "TERM",
            stop_seconds=process.stop_seconds,
        )

    def _await(self, done: Callable[[], bool], seconds: float, name: str) -> None:
        """Raises CommandFailed with the end of its log when program `name` fails, or takes too long."""
        end = time.monotonic() + seconds
        while not done():
            failed = self._failed(name)
            if failed or time.monotonic() > end:
                log = self.place.log / f"{failed or name}.log"
                raise CommandFailed(f"{failed or name} did not start; the end of {log}:\n{tail(log)}")
            time.sleep(0.1)

    def _failed(self, name: str) -> str:
        """The name of the first process of program `name` that gave up."""
        if not self.supervisor.alive():
            return "supervisord"
        if not self.supervisor.answers():
            return ""
        states = [state for state in self.supervisor.states() if state.key.startswith(f"{name}:")]
        return next((state.log.stem for state in states if state.state == "FATAL"), "")

    def _answers(self) -> bool:
        return _is_ready(f"{self.options.address}/readyz")

    def _stop_programs(self) -> None:
        names = [process.name for process in self.place.processes() if process.name not in STORES]
        with suppress(OSError, xmlrpc.client.Error):  # then they end with the supervisor
            for name in names:
                self.supervisor.end(name)
            end = time.monotonic() + STOP_SECONDS
            while self._running(names) and time.monotonic() < end:
                time.sleep(0.1)
            for name in names:
                self.supervisor.forget(name)

    def _running(self, names: list[str]) -> bool:
        return any(state.pid for state in self.supervisor.states() if state.key.partition(":")[0] in names)

    def _bring_assistant(self) -> None:
        """In a thread of its own: its packages and its training take minutes the first time."""
        try:
            assistant.prepare(self.place.data_dir / "log" / "assistant.log")
            self.ready.wait()
            with step("the assistant", "half a minute"):
                for name in ASSISTANT:
                    self.supervisor.begin(name)
                self._await(lambda: _responds(self.place.environment["RASA_URL"]), 180, "rasa")
        except (CommandFailed, OSError, xmlrpc.client.Error) as problem:
            warn(f"  ! The service runs without its assistant. {problem}")


def require_given_servers(options: Options) -> None:
    """Raises Refused for a server that the operator names and that does not answer."""
    try:
        for url in filter(None, (options.database_url, options.database_owner_url)):
            psycopg.connect(url, connect_timeout=5).close()
        if options.redis_url:
            with redis.Redis.from_url(options.redis_url, socket_connect_timeout=5) as client:
                client.ping()
    except (psycopg.Error, redis.RedisError) as problem:
        raise Refused(f"A server that was named does not answer: {problem}") from problem


def prepare_checkout(place: Place) -> None:
    """What the checkout needs once and for every data folder."""
    with step("front-end packages"):
        run([sys.executable, "-m", "backend.frontend"], log=place.log / "frontend.log")
    with step("translations"):
        translations.compile_catalogues()


def welcome(place: Place) -> str:
    lines = ["", f"Cầu Nối is ready: {place.options.shown_address}"]
    if place.options.demo == "0":
        lines.append(f"The office is empty at first: log in as admin; first password: {place.secrets / FIRST_LOGIN}")
    else:
        lines.append(f"Demo {place.options.demo}; log in as {LOGINS}; password: demo")
    return "\n".join([*lines, "Ctrl-C stops it.", ""])


def _responds(url: str) -> bool:
    try:
        _get(url)
    except OSError:
        return False
    return True


def _is_ready(url: str) -> bool:
    try:
        return bool(json.loads(_get(url))["status"] == "ready")
    except (OSError, ValueError):
        return False


def _get(url: str) -> bytes:
    """Raises OSError."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=5)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().read()
    except http.client.HTTPException as problem:
        raise OSError(str(problem)) from problem
    finally:
        connection.close()
