"""`make run` and the image install requirements.txt alone: the service imports nothing that only the tests bring."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions

from backend.runner.options import CHECKOUT

PARTS = ("backend", "meetings", "guesthouse", "bot/chat", "bot/vntime")
PINNED = re.compile(r"^([\w.-]+)==", re.M)
IMPORT_WITHOUT = """
import importlib, sys

hidden, modules = (words.split() for words in sys.argv[1:])

class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Hide())
import django
django.setup()
for module in modules:
    importlib.import_module(module)
from backend.config.celery import app
app.connection_for_read().get_transport_cls()
"""


def test_everything_is_imported_without_the_packages_of_the_tests():
    done = import_without(not_pinned_in("requirements.txt"), modules())
    assert (done.returncode, done.stderr) == (0, "")


def test_a_package_that_is_missing_would_be_noticed():
    done = import_without(["packaging"], [])  # only Celery's broker takes it, and late
    assert done.stderr.splitlines()[-1] == "ModuleNotFoundError: packaging"


def not_pinned_in(file: str) -> list[str]:
    """The installed packages, by the names that are imported, that the file does not bring."""
    pinned = {plain(name) for name in PINNED.findall((CHECKOUT / file).read_text())}
    installed = packages_distributions().items()
    return [package for package, bringers in installed if pinned.isdisjoint(map(plain, bringers))]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def import_without(hidden: list[str], names: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", IMPORT_WITHOUT, " ".join(hidden), " ".join(names)]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)


def modules() -> list[str]:
    files = [path.relative_to(CHECKOUT) for part in PARTS for path in (CHECKOUT / part).rglob("*.py")]
    return [".".join(path.with_suffix("").parts) for path in files if path.stem not in ("__init__", "__main__")]
