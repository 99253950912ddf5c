"""Supervisor (supervisord) starts, watches, restarts and stops every process; we write its configuration and talk to it
over a Unix socket. Every process ends with it, even when it is killed.
"""

import os
import signal
import subprocess
import sys
import xmlrpc.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from backend.runner.drop import leashed
from backend.runner.options import CHECKOUT

START_SECONDS = 4  # a process that lives so long has started
SUPERVISOR_ID = "$SUPERVISOR_ID"  # supervisord's process id, in the environment of what it starts
TRIES = 3  # in a row, before it is told that a program does not start


@dataclass(frozen=True, kw_only=True)
class Program:
    """One process, or several copies that share one listening socket."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    copies: int = 1
    socket: str = ""  # tcp://host:port
    stop_signal: str = "TERM"
    stop_seconds: int = 15


@dataclass(frozen=True)
class State:
    """What Supervisor says of one process. `group:name` is its key; states are STOPPED, STARTING, RUNNING, BACKOFF,
    STOPPING, EXITED, FATAL, UNKNOWN."""

    key: str
    state: str
    pid: int
    log: Path


def configuration(programs: Sequence[Program], *, folder: Path, sockets: Path, log: Path) -> str:
    """supervisord.conf. Nothing starts by itself: the runner knows the order."""
    sections: dict[str, dict[str, str]] = {
        "supervisord": {
            "nodaemon": "true",
            "silent": "true",
            "logfile": str(log / "supervisord.log"),
            "logfile_backups": "3",
            "pidfile": str(folder / "supervisord.pid"),
            "childlogdir": str(log),
            "directory": str(CHECKOUT),
            **({"user": "root"} if os.geteuid() == 0 else {}),
        },
        "unix_http_server": {"file": str(sockets / "supervisor.sock"), "chmod": "0700"},
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
    }
    for priority, program in enumerate(programs, start=1):  # they stop in the opposite order
        kind = "fcgi-program" if program.socket else "program"
        sections[f"{kind}:{program.name}"] = _section(program, priority, log)
    return "\n".join(_lines(sections))


def _section(program: Program, priority: int, log: Path) -> dict[str, str]:
    several = program.copies > 1
    log_name = f"{program.name}-%(process_num)d.log" if several else f"{program.name}.log"
    return {
        "command": " ".join(_quoted(word) for word in program.command),
        **({"socket": program.socket} if program.socket else {}),
        **({"process_name": "%(program_name)s-%(process_num)d", "numprocs": str(program.copies)} if several else {}),
        "environment": ",".join(f'{key}="{value}"' for key, value in program.environment.items()).replace("%", "%%"),
        "priority": str(priority),
        "autostart": "false",
        "autorestart": "true",
        "startsecs": str(START_SECONDS),
        "startretries": str(TRIES),
        "stopsignal": program.stop_signal,
        "stopwaitsecs": str(program.stop_seconds),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": f"{str(log).replace('%', '%%')}/{log_name}",
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": "3",
    }


def _quoted(value: str) -> str:
    """Supervisor reads words as a shell does, and expands %."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def _lines(sections: Mapping[str, Mapping[str, str]]) -> list[str]:
    lines = []
    for name, values in sections.items():
        lines += [f"[{name}]", *(f"{key}={value}" for key, value in values.items() if value), ""]
    return lines


class Supervisor:
    """One supervisord, a child of this process."""

    def __init__(self, folder: Path, sockets: Path) -> None:
        self.configuration = folder / "supervisord.conf"
        self.socket = sockets / "supervisor.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, configuration: str, environment: Mapping[str, str]) -> None:
        self.configuration.touch(mode=0o600)
        self.configuration.chmod(0o600)
        self.configuration.write_text(configuration, encoding="utf-8")
        command = [sys.executable, "-m", "supervisor.supervisord", "--configuration", str(self.configuration)]
        self.process = subprocess.Popen(
            # its own end stops everything in good order
            leashed(["sh", "-c", 'export SUPERVISOR_ID=$$; exec "$@"', "sh", *command], death_signal="TERM"),
            env=dict(environment),
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def call(self, method: str, *arguments: Any) -> Any:
        """A method of Supervisor's API, namespace `supervisor`. Raises OSError, xmlrpc.client.Fault."""
        transport = SupervisorTransport(serverurl=f"unix://{self.socket}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)

    def answers(self) -> bool:
        try:
            return bool(self.call("getState"))
        except (OSError, xmlrpc.client.Error):
            return False

    def begin(self, name: str) -> None:
        """Start a program, all of its copies, and do not wait."""
        self.call("startProcessGroup", name, False)

    def end(self, name: str) -> None:
        self.call("stopProcessGroup", name, False)

    def forget(self, name: str) -> None:
        """Of a program that has ended: supervisord would spend a second on each when it stops."""
        self.call("removeProcessGroup", name)

    def states(self) -> list[State]:
        return [
            State(f"{row['group']}:{row['name']}", row["statename"], row["pid"], Path(row["logfile"]))
            for row in self.call("getAllProcessInfo")
        ]

    def stop(self, seconds: float) -> None:
        """Stop everything; kill what does not."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()  # every child of it gets its own signal
            self.process.wait()
