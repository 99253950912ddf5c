"""Notices programs that do not start, or end again and again, and says so by name with the end of their log."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from backend.runner.commands import tail
from backend.runner.supervision import State

OFTEN = 3  # starts within WINDOW_SECONDS
WINDOW_SECONDS = 60.0
SILENCE_SECONDS = 60.0  # between two words about the same program
REVIVE_SECONDS = 20.0  # until a program that did not start is tried again


@dataclass
class Watch:
    """Is shown every process's state about once a second. `tell` gets the text, `revive` a process's key."""

    tell: Callable[[str], None]
    revive: Callable[[str], None]
    _starts: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=OFTEN)))
    _known: dict[str, int] = field(default_factory=dict)
    _told: dict[str, float] = field(default_factory=dict)
    _fatal: dict[str, float] = field(default_factory=dict)

    def look(self, states: Iterable[State], now: float) -> None:
        """`now`: seconds of a clock that never goes back."""
        for state in states:
            self._note_start(state, now)
            if state.state == "FATAL":
                self._failed(state, "does not start", now)
                if now - self._fatal.setdefault(state.key, now) >= REVIVE_SECONDS:
                    del self._fatal[state.key]
                    self.revive(state.key)

    def _note_start(self, state: State, now: float) -> None:
        if not state.pid or self._known.get(state.key) == state.pid:
            return
        again = state.key in self._known
        self._known[state.key] = state.pid
        starts = self._starts[state.key]
        starts.append(now)
        if len(starts) == OFTEN and now - starts[0] < WINDOW_SECONDS:
            self._failed(state, "ends again and again", now)
        elif again:
            self.tell(f"  ! {_name(state)} ended and was started again; {state.log} says more.")

    def _failed(self, state: State, what: str, now: float) -> None:
        if now - self._told.get(state.key, -SILENCE_SECONDS) >= SILENCE_SECONDS:
            self._told[state.key] = now
            self.tell(f"  ! {_name(state)} {what}; it is tried again. The end of {state.log}:\n{tail(state.log)}")


def _name(state: State) -> str:
    return state.key.rpartition(":")[2]
