"""`make check`: every check runs, and all that fail are shown."""

import difflib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from backend.runner import keys, translations
from backend.runner.options import BUILD, CHECKOUT
from backend.runner.progress import say

SCHEMA = CHECKOUT / "backend" / "api-schema.yml"


def failures() -> list[str]:
    """The names of the checks that failed; what they said is printed."""
    checks: dict[str, Callable[[], str]] = {
        "format": lambda: _output("ruff", "format", "--check", "."),
        "lint": lambda: _output("ruff", "check", "."),
        "types": lambda: _output("mypy"),
        "import order": lambda: _output("lint-imports"),
        "migrations": lambda: _django("makemigrations", "--check", "--dry-run"),
        "API schema": _schema_drift,
        "translations": lambda: "\n".join(translations.problems()),
    }
    failed = []
    for name, check in checks.items():
        began = time.monotonic()
        problem = check()
        say(f"  {'✗' if problem else '✓'} {name} ({time.monotonic() - began:.1f} s)")
        if problem:
            say(problem)
            failed.append(name)
    return failed


def write_schema(path: Path) -> str:
    """What went wrong, or nothing."""
    return _django("spectacular", "--lang", "en", "--validate", "--fail-on-warn", "--file", str(path))


def _schema_drift() -> str:
    made = BUILD / "api-schema.yml"
    made.parent.mkdir(exist_ok=True)
    if problem := write_schema(made):
        return problem
    was = SCHEMA.read_text().splitlines() if SCHEMA.exists() else []
    drift = difflib.unified_diff(was, made.read_text().splitlines(), "committed", "generated", lineterm="", n=1)
    lines = list(drift)
    return "\n".join([*lines[:60], "`make schema` writes the file anew."]) if lines else ""


def _output(tool: str, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """What a tool said, if it failed."""
    command = [str(Path(sys.executable).with_name(tool)), *arguments]
    env = {**os.environ, **offline_environment(), **(environment or {})}
    done = subprocess.run(
        command, cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return (done.stdout.strip() or f"{tool} ended with {done.returncode}") if done.returncode else ""


def _django(*arguments: str) -> str:
    return _output("python", "-W", "ignore", "manage.py", *arguments)


def offline_environment() -> dict[str, str]:
    """Settings for commands that need no service: nothing of it can be reached."""
    return {
        "DATABASE_URL": "postgresql://nobody@%2Fnowhere/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DJANGO_SETTINGS_MODULE": "backend.config.settings",
        **{name.upper(): keys.new_key(name) for name in keys.KEPT},
    }
