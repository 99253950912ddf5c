"""Runs one command of the set-up; its output goes to a log, of which the end is shown when it fails."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from backend.runner.drop import leashed
from backend.runner.options import CHECKOUT


class CommandFailed(RuntimeError):
    """A step of the set-up failed; the message ends with what it said."""


def run(command: Sequence[str | Path], *, log: Path, environment: Mapping[str, str] | None = None) -> None:
    """Raises CommandFailed. The command ends when this process does."""
    words = [str(word) for word in command]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        began = out.tell()
        done = subprocess.run(
            leashed(words, death_signal="TERM"),
            env={**os.environ, **(environment or {})},
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is the runner's alone
            check=False,
        )
    if done.returncode:
        raise CommandFailed(f"{' '.join(words[:6])} … ended with {done.returncode}:\n{tail(log, since=began)}")


def tail(log: Path, lines: int = 20, since: int = 0) -> str:
    """The last lines of a log, indented."""
    if not log.exists():
        return "    (it said nothing)"
    with log.open("rb") as file:
        file.seek(max(since, log.stat().st_size - 64 * 1024))
        said = file.read().decode(errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in said) or "    (it said nothing)"
