"""pyenv's Python 3.10, then each one on the PATH that really runs; else the bot stays away."""

import os
import stat
import sys
from pathlib import Path

import pytest

from backend.runner import assistant, python310


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Python 3.10."""
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(python310, "BUILD", tmp_path / "build")
    return tmp_path


def test_pyenv_comes_first(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYENV_ROOT", str(machine / "pyenv"))
    script(machine / "bin" / "python3.10", "echo 3.10")
    newest = script(machine / "pyenv" / "versions" / "3.10.13" / "bin" / "python3.10", "echo 3.10")
    script(machine / "pyenv" / "versions" / "3.11.7" / "bin" / "python3.10", "echo 3.11")
    assert python310.find_python(download=False) == newest


def test_a_shim_that_refuses_is_passed_over(machine: Path, monkeypatch: pytest.MonkeyPatch):
    script(machine / "bin" / "python3.10", "echo 'pyenv: python3.10: command not found' >&2; exit 127")
    good = script(machine / "usr" / "python3.10", "echo 3.10")
    monkeypatch.setenv("PATH", os.pathsep.join([str(machine / "bin"), str(machine / "usr")]))
    assert python310.find_python(download=False) == good


def test_another_version_under_that_name_is_passed_over(machine: Path):
    (machine / "bin").mkdir()
    (machine / "bin" / "python3.10").symlink_to(sys.executable)
    assert python310.find_python(download=False) is None


def test_uv_brings_one_where_the_machine_has_none(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", str(machine / "venv" / "python"))
    place = '"$UV_PYTHON_INSTALL_DIR/cpython-3.10.19-linux/bin"'
    make = f"mkdir -p {place}; printf '#!/bin/sh\\necho 3.10\\n' > {place}/python3.10; chmod +x {place}/python3.10"
    script(machine / "venv" / "uv", f"PATH=/usr/bin:/bin; {make}")
    found = machine / "build" / "python" / "cpython-3.10.19-linux" / "bin" / "python3.10"
    assert python310.find_python() == found
    assert python310.find_python(download=False) == found


def test_without_one_the_bot_says_that_it_stays_away(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", str(machine / "venv" / "python"))
    monkeypatch.setattr(assistant, "ENVIRONMENT", machine / "venv-bot")
    with pytest.raises(assistant.NoPython, match=r"no Python 3\.10"):
        assistant.prepare(machine / "log")
