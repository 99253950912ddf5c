"""The bot's environment and its trained model, each made again only when its inputs changed."""

import fcntl
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from backend.runner.commands import CommandFailed, run
from backend.runner.options import BUILD, CHECKOUT
from backend.runner.progress import step
from backend.runner.python310 import find_python

RASA_VERSION = "3.6.21"
ENVIRONMENT = CHECKOUT / ".venv-bot"
PYTHON = ENVIRONMENT / "bin" / "python"
SOURCE = CHECKOUT / "bot" / "assistant"
REQUIREMENTS = SOURCE / "requirements.txt"
MODEL = BUILD / "bot" / "caunoi.tar.gz"
NOT_TRAINED = {"__pycache__", ".rasa", "actions", "tests"}
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "PYTHONPATH": str(CHECKOUT)}
TRAIN = ("--config", SOURCE / "config.yml", "--domain", SOURCE / "domain", "--data", SOURCE / "data")


class NoPython(CommandFailed):
    """This machine has no Python 3.10, and none could be fetched."""


def prepare(log: Path) -> None:
    """Environment and model. Raises CommandFailed, of which NoPython is one.

    One at a time in a checkout: a second service that starts meanwhile waits, and finds both made.
    """
    MODEL.parent.mkdir(parents=True, exist_ok=True)
    with MODEL.with_name("lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _prepare(log)


def _prepare(log: Path) -> None:
    if not _stamped(ENVIRONMENT / "installed", wanted := _digest([REQUIREMENTS])):
        with step("the assistant's packages", "two or three minutes, once"):
            _install(log)
        (ENVIRONMENT / "installed").write_text(wanted)
    if not _stamped(MODEL.with_name("trained"), wanted := _digest(_training_inputs())) or not MODEL.exists():
        with step("the assistant's training", "about a minute"):
            train(log)
        MODEL.with_name("trained").write_text(wanted)


def train(log: Path) -> None:
    """A new model in MODEL, whole or not at all: an assistant may be reading the old one. Raises CommandFailed."""
    with tempfile.TemporaryDirectory(dir=MODEL.parent) as folder:
        out = ("--out", folder, "--fixed-model-name", MODEL.name.removesuffix(".tar.gz"))
        run([PYTHON, "-m", "rasa", "train", *TRAIN, *out], log=log, environment=QUIET)
        Path(folder, MODEL.name).replace(MODEL)


def _install(log: Path) -> None:
    python = find_python()
    if python is None:
        raise NoPython("This machine has no Python 3.10, and none could be fetched; with one, the assistant works.")
    run([python, "-m", "venv", "--clear", "--without-pip", ENVIRONMENT], log=log)
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", PYTHON, "install", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "--requirement", REQUIREMENTS], log=log)
    found = subprocess.run(
        [PYTHON, "-c", "from importlib.metadata import version; print(version('rasa'))"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    if found != RASA_VERSION:  # pip on a wrong Python silently brings the Rasa of 2020
        raise CommandFailed(f"Rasa {RASA_VERSION} is needed, and {found or 'none'} was installed.")


def _training_inputs() -> Iterable[Path]:
    folders = (SOURCE, CHECKOUT / "bot" / "vntime")
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if not NOT_TRAINED.intersection(path.relative_to(CHECKOUT).parts))


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(CHECKOUT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamped(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted
