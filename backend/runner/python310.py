"""A Python 3.10 that really runs: Rasa 3.6 runs on nothing newer."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from backend.runner.options import BUILD

VERSION = "3.10"
PROBE = "import ssl, sys, venv; print('%d.%d' % sys.version_info[:2])"


def find_python(*, download: bool = True) -> Path | None:
    """pyenv's, then each one on the PATH (pyenv's shim may stand there and refuse), then uv's own download."""
    for candidate in _on_this_machine():
        if _runs(candidate):
            return candidate
    return _downloaded() if download else None


def _on_this_machine() -> Iterator[Path]:
    if root := os.environ.get("PYENV_ROOT"):
        yield from sorted(Path(root).glob(f"versions/{VERSION}.*/bin/python{VERSION}"), reverse=True)
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if (path := Path(folder or ".") / f"python{VERSION}").is_file():
            yield path
    yield from sorted((BUILD / "python").glob(f"cpython-{VERSION}.*/bin/python{VERSION}"), reverse=True)


def _runs(python: Path) -> bool:
    try:
        done = subprocess.run([python, "-c", PROBE], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() == VERSION


def _downloaded() -> Path | None:
    """Into build/python: nothing outside the checkout is touched."""
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists() and shutil.which("uv") is None:
        return None
    place = {"UV_PYTHON_INSTALL_DIR": str(BUILD / "python"), "UV_PYTHON_INSTALL_BIN": "0", "UV_NO_CACHE": "1"}
    command = [str(uv if uv.exists() else "uv"), "python", "install", "--no-bin", VERSION]
    try:
        subprocess.run(command, env={**os.environ, **place}, capture_output=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        return None
    found = sorted((BUILD / "python").glob(f"cpython-{VERSION}.*/bin/python{VERSION}"))
    return next((path for path in found if _runs(path)), None)
