"""Which tokens are a room, a unit, a session…: a conditional random field over folded tokens. Pure: no Rasa."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pycrfsuite

from bot.assistant.components.hints import Hints, is_number
from bot.assistant.components.vocabulary import spelled

Features = list[str]
UNKNOWN = 0.35  # how often training hides which names are known
UNLEARNED = ("time", "duration", "booking_code")
PARAMETERS = {"c1": 0.05, "c2": 0.05, "max_iterations": 120, "feature.possible_transitions": True}


def features(hints: Hints, known: frozenset[str] | None = None, hide: Random | None = None) -> list[Features]:
    """One list a token. `known`: the words that are features by themselves; a rarer one is only its shape."""
    full = spelled(hints.tokens)
    hidden = hide is not None and hide.random() < UNKNOWN
    basic = [_basic(hints, full, at, known, hidden) for at in range(len(full))]
    return [_window(basic, at) for at in range(len(basic))]


def _basic(hints: Hints, full: list[str], at: int, known: frozenset[str] | None, hidden: bool) -> dict[str, str]:
    token = hints.tokens[at]
    word = full[at] if known is None or full[at] in known else "?"
    return {
        "w": "#" if token.number else word,
        "s": _shape(hints, at),
        "t": hints.labels[at],
        "k": "" if hidden else hints.names[at],
        "n": "n" if is_number(token) else "",
    }


def _shape(hints: Hints, at: int) -> str:
    token = hints.tokens[at]
    if token.number:
        return f"#{min(len(token.fold), 4)}" + ("g" if token.glued else "")
    if not token.letters:
        return token.fold
    return ("C" if token.capital else "c") + ("1" if len(token.fold) == 1 else "") + ("g" if token.glued else "")


def _window(basic: list[dict[str, str]], at: int) -> Features:
    out = ["bias"]
    for offset in range(-3, 4):
        place = at + offset
        if not 0 <= place < len(basic):
            out.append(f"{offset}:edge")
            continue
        names = ("w", "s", "t", "k", "n") if abs(offset) < 3 else ("w", "t")
        out += [f"{offset}{name}={basic[place][name]}" for name in names if basic[place][name]]
    for first, second in ((-2, -1), (-1, 0), (0, 1), (1, 2)):
        if at + first >= 0 and at + second < len(basic):
            out.append(f"{first}{second}ww={basic[at + first]['w']}|{basic[at + second]['w']}")
    if 0 < at < len(basic) - 1:
        out.append(f"www={basic[at - 1]['w']}|{basic[at]['w']}|{basic[at + 1]['w']}")
    return out


def tags(hints: Hints, spans: Sequence[tuple[int, int, str]]) -> list[str]:
    """B- and I- tags of the spans (start, end, entity)."""
    out = ["O"] * len(hints.tokens)
    for start, end, entity in spans:
        inside = (
            []
            if entity in UNLEARNED
            else [at for at, token in enumerate(hints.tokens) if start <= token.start and token.end <= end]
        )
        for at in inside:
            out[at] = f"{'B' if at == inside[0] else 'I'}-{entity}"
    return out


def spans(hints: Hints, found: Sequence[str]) -> list[tuple[int, int, str]]:
    out: list[tuple[int, int, str]] = []
    for at, tag in enumerate(found):
        token = hints.tokens[at]
        if tag.startswith("I-") and out and out[-1][2] == tag[2:] and found[at - 1] != "O":
            out[-1] = (out[-1][0], token.end, tag[2:])
        elif tag != "O":
            out.append((token.start, token.end, tag[2:]))
    return out


def fit(rows: Sequence[tuple[list[Features], list[str]]], path: Path) -> None:
    """Writes the trained model to `path`; the same rows give the same bytes."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=PARAMETERS, verbose=False)
    for row, labels in rows:
        trainer.append(row, labels)
    trainer.train(str(path))


class Field:
    """A trained field, held in memory; crfsuite reads the bytes where they lie, so they must live as long."""

    def __init__(self, model: bytes) -> None:
        self._model = model
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._model)

    def tag(self, row: list[Features]) -> list[str]:
        found: list[str] = self._tagger.tag(row)
        return found
