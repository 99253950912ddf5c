"""One service per data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.runner.options import Refused


@contextmanager
def locked(data_dir: Path, holder: str) -> Iterator[None]:
    """Hold the folder; the kernel lets go when this process ends, however it ends.

    `holder` says who holds it, for the next one. Raises Refused.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Refused(f"{data_dir} is in use: {file.read().strip() or 'another process works in it'}.") from None
        file.truncate(0)
        file.write(f"{holder} (process {os.getpid()})")
        file.flush()
        yield
        file.truncate(0)
