"""`python -m backend.runner [run|setup|check|schema|score FILE|backup [FILE]|restore FILE]`; without a word: run.

It may be called by a bare Python 3.11 or newer: then the Makefile first makes the environment `.venv`.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

CHECKOUT = Path(__file__).resolve().parents[2]
PYTHON = CHECKOUT / ".venv" / "bin" / "python"


def enter_environment() -> None:
    """Go on in `.venv`; make it first where it is missing."""
    if sys.version_info < (3, 11):  # noqa: UP036  (a bare Python may call)
        raise SystemExit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if Path(sys.prefix) != CHECKOUT / ".venv":
        if done := subprocess.run(["make", "--silent", "environment"], cwd=CHECKOUT, check=False).returncode:
            raise SystemExit(done)
        os.chdir(CHECKOUT)
        os.execv(PYTHON, [str(PYTHON), "-m", "backend.runner", *sys.argv[1:]])  # noqa: S606


def interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it is stopping already
    raise KeyboardInterrupt


if __name__ == "__main__":
    enter_environment()
    from backend.runner.cli import main

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    sys.exit(main(sys.argv[1:]))
