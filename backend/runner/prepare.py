"""What changes the database and the served files before the service starts, in one Django process:
`python -m backend.runner.prepare APP_ROLE`, as the database's owner. APP_ROLE is empty where the application
itself owns the tables.
"""

import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def main(app_role: str) -> None:
    django.setup()
    collect_static()
    migrate(app_role)
    call_command("seed_demo", demo=settings.DEMO)


def migrate(app_role: str) -> None:
    """Bring the tables to this version, and the application's rights on them."""
    from django.db import connection

    from backend.runner.database import grant

    call_command("migrate", interactive=False, verbosity=1)
    if app_role:
        grant(connection, app_role)


def collect_static() -> None:
    """Only when a file changed: hashing and compressing all of them takes seconds."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    if stamp.exists() and stamp.read_text() == _fingerprint():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(_fingerprint())


def _fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main(*sys.argv[1:])
