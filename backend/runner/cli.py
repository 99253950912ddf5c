"""The words of `python -m backend.runner`."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from backend.runner import assistant, check
from backend.runner.backup import make_backup, opened
from backend.runner.backup import restore as restore_backup
from backend.runner.commands import CommandFailed
from backend.runner.embedded import ServerFailed
from backend.runner.keys import write_env_files
from backend.runner.lock import locked
from backend.runner.options import CHECKOUT, Refused, from_environment, keep_demo
from backend.runner.place import Place
from backend.runner.progress import say, step, warn
from backend.runner.service import Service, prepare_checkout

PR_SET_PDEATHSIG = 1


def main(words: Sequence[str]) -> int:
    name, *rest = words or ["run"]
    try:
        COMMANDS[name](*rest)
    except (Refused, CommandFailed, ServerFailed) as problem:
        warn(str(problem))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def run() -> None:
    if "MAKELEVEL" in os.environ:  # a killed `make` does not tell its children
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    options = from_environment()
    with locked(options.data_dir, f"Cầu Nối runs at {options.shown_address}; stop it there with Ctrl-C"):
        keep_demo(options)
        say(f"Cầu Nối, data in {options.data_dir}")
        Service(options).run()


def backup(file: str = "") -> None:
    """Whether the service runs or not."""
    place = Place(from_environment())
    if place.postgres and not place.postgres.data.exists():
        raise Refused(f"There is nothing to save in {place.data_dir}.")
    with _answering(place), step("backup"):
        made = make_backup(place, Path(file).absolute() if file else None)
    say(f"{made}  ({made.stat().st_size / 1e6:.1f} MB; it holds the keys too: keep it where only you can read it)")


def restore(file: str) -> None:
    options = from_environment()
    options.data_dir.mkdir(parents=True, exist_ok=True)
    with locked(options.data_dir, "a restore is running"), opened(Path(file), options.data_dir) as found:
        place = Place(replace(options, demo=str(found.facts["demo"])))
        with _running_database(place), step("restore"):
            saved = restore_backup(place, found)
        keep_demo(place.options)
    if saved:
        say(f"What was there before: {saved}")
    say(f"Restored what was saved at {found.facts['made_at']}; `make run` starts it.")


@contextmanager
def _answering(place: Place) -> Iterator[None]:
    """The database of a running service, else one that runs meanwhile."""
    if place.postgres is None or place.postgres.ready():
        yield
    else:
        with locked(place.data_dir, "a backup is being made"), _running_database(place):
            yield


@contextmanager
def _running_database(place: Place) -> Iterator[None]:
    if place.postgres is None:
        yield
        return
    place.postgres.start()
    try:
        place.make_databases()
        yield
    finally:
        place.postgres.stop()


def setup() -> None:
    """What the tests need of the checkout; without a Python 3.10 the bot's tests cannot run."""
    place = Place(from_environment())
    place.log.mkdir(parents=True, exist_ok=True)
    prepare_checkout(place)
    if (assistant.SOURCE / "config.yml").exists():
        try:
            assistant.prepare(place.log / "assistant.log")
        except assistant.NoPython as problem:
            warn(f"  ! {problem}")


def write_secrets(folder: str) -> None:
    """The *.env files that docker-compose.yml reads."""
    write_env_files(Path(folder))
    say(f"{folder}: keys and passwords; keep a copy where only you can read it")


def check_everything() -> None:
    """Raises CommandFailed, after all checks."""
    if failed := check.failures():
        raise CommandFailed(f"Failed: {', '.join(failed)}.")


def write_schema() -> None:
    if problem := check.write_schema(check.SCHEMA):
        raise CommandFailed(problem)


def score(file: str) -> None:
    """Prints the score of the trained bot; its last line is one JSON object."""
    setup()
    command = [str(assistant.PYTHON), *["-m", "bot.assistant.score", "--model"], str(assistant.MODEL)]
    command.append(str(Path(file).resolve()))
    done = subprocess.run(command, cwd=CHECKOUT, env={**os.environ, **assistant.QUIET}, check=False)
    if done.returncode:
        raise CommandFailed("The score could not be computed; the reason stands above.")


COMMANDS: dict[str, Callable[..., None]] = {
    "run": run,
    "setup": setup,
    "secrets": write_secrets,
    "backup": backup,
    "restore": restore,
    "check": check_everything,
    "schema": write_schema,
    "score": score,
}
