"""What the operator sees: one line per step, with its time; of a slow one also that it began."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SLOW_SECONDS = 1.5


def say(text: str) -> None:
    print(text, flush=True)


def warn(text: str) -> None:
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(name: str, note: str = "") -> Iterator[None]:
    """`✓ name (1.2 s)` when it is done; `… name: note` before, when it takes its time."""
    began = time.monotonic()
    slow = threading.Timer(SLOW_SECONDS, say, [f"  … {name}{': ' + note if note else ''}"])
    slow.daemon = True
    slow.start()
    try:
        yield
    finally:
        slow.cancel()
    say(f"  ✓ {name} ({time.monotonic() - began:.1f} s)")
