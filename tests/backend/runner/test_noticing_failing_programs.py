"""A program that keeps failing is told by name, with the end of its log, and tried again."""

from pathlib import Path

import pytest

from backend.runner.supervision import State
from backend.runner.watch import REVIVE_SECONDS, SILENCE_SECONDS, Watch


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "worker.log"
    path.write_text("Traceback\nNoRouteToHost\n")
    return path


class Seen:
    def __init__(self) -> None:
        self.told: list[str] = []
        self.revived: list[str] = []
        self.watch = Watch(tell=self.told.append, revive=self.revived.append)


def state(name: str, pid: int, log: Path) -> State:
    return State("worker:worker", name, pid, log)


def test_one_restart_is_one_line(log: Path):
    seen = Seen()
    for second, pid in enumerate([10, 10, 11, 11]):
        seen.watch.look([state("RUNNING", pid, log)], now=second)
    assert seen.told == [f"  ! worker ended and was started again; {log} says more."]


def test_one_that_ends_again_and_again_is_shown_with_its_log_once_a_minute(log: Path):
    seen = Seen()
    for second, pid in enumerate(range(10, 15)):
        seen.watch.look([state("RUNNING", pid, log)], now=second)
    assert seen.told[1:] == [
        f"  ! worker ends again and again; it is tried again. The end of {log}:\n    Traceback\n    NoRouteToHost"
    ]


def test_one_that_does_not_start_is_told_and_tried_again_later(log: Path):
    seen = Seen()
    for second in (0, 1, REVIVE_SECONDS, SILENCE_SECONDS):
        seen.watch.look([state("FATAL", 0, log)], now=second)
    assert (
        seen.told
        == [f"  ! worker does not start; it is tried again. The end of {log}:\n    Traceback\n    NoRouteToHost"] * 2
    )
    assert seen.revived == ["worker:worker"]


def test_a_steady_service_is_silent(log: Path):
    seen = Seen()
    for second in range(5):
        seen.watch.look([state("STARTING", 10, log) if second == 0 else state("RUNNING", 10, log)], now=second)
    assert seen.told == []
