"""Scores the trained bot on labelled utterances: `python -m bot.assistant.score FILE --model MODEL`.

The file is JSON: {"utterances": [{text, intent, style, entities: [{entity, value, start, end}]}], "counts_as": {…}};
offsets are characters of `text`, end exclusive. The last line printed is one JSON object.

`intent_accuracy` judges the intent that the bot found likeliest, even where it would ask back; `answered` is the share
at which it would not, `right_when_answered` how many of those are right. Out of scope is recalled when the bot says so
or asks back. An entity is right with the same kind and span (`entity_f1`), or with an overlap (`…_relaxed`).
"""

import argparse
import asyncio
import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Tuple

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
Span = Tuple[str, int, int]


@dataclass
class Tally:
    """Counts of one style, or of all."""

    total: int = 0
    right: int = 0
    answered: int = 0
    right_answered: int = 0
    strange: int = 0
    strange_found: int = 0
    exact: List[int] = field(default_factory=lambda: [0, 0, 0])  # found and meant, found only, meant only
    relaxed: List[int] = field(default_factory=lambda: [0, 0, 0])

    def add(self, meant: Dict[str, Any], found: Dict[str, Any], counts_as: Dict[str, str]) -> None:
        intent = counts_as.get(meant["intent"], meant["intent"])
        right = counts_as.get(likeliest(found), likeliest(found)) == intent
        asks_back = found["intent"]["name"] == FALLBACK
        self.total += 1
        self.right += right
        self.answered += not asks_back
        self.right_answered += right and not asks_back
        self.strange += intent == OUT_OF_SCOPE
        self.strange_found += intent == OUT_OF_SCOPE and (right or asks_back)
        wanted, given = _spans(meant.get("entities", [])), _spans(found["entities"])
        _count(self.exact, wanted, given, lambda one, other: one == other)
        _count(self.relaxed, wanted, given, _overlap)

    def figures(self) -> Dict[str, Any]:
        return {
            "intent_accuracy": _share(self.right, self.total),
            "entity_f1": _f1(self.exact),
            "entity_f1_relaxed": _f1(self.relaxed),
            "answered": _share(self.answered, self.total),
            "right_when_answered": _share(self.right_answered, self.answered),
            "n": self.total,
        }


def likeliest(found: Dict[str, Any]) -> str:
    """The first intent of the ranking that is not "ask back"."""
    names = [one["name"] for one in found.get("intent_ranking", []) if one["name"] != FALLBACK]
    return str(names[0] if names else found["intent"]["name"])


def _spans(entities: List[Dict[str, Any]]) -> List[Span]:
    return [(one["entity"], one["start"], one["end"]) for one in entities]


def _overlap(one: Span, other: Span) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _count(counts: List[int], wanted: List[Span], given: List[Span], same: Any) -> None:
    """Each span answers to one at most."""
    left = list(given)
    for one in wanted:
        match = next((other for other in left if same(one, other)), None)
        if match is None:
            counts[2] += 1
        else:
            left.remove(match)
            counts[0] += 1
    counts[1] += len(left)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _f1(counts: List[int]) -> float:
    both, found_only, meant_only = counts
    total = 2 * both + found_only + meant_only
    return round(2 * both / total, 4) if total else 1.0


def score(document: Dict[str, Any], found: List[Dict[str, Any]]) -> Dict[str, Any]:
    """The figures for the utterances of `document` and what the bot read in each."""
    counts_as = document.get("counts_as", {})
    everything, styles = Tally(), defaultdict(Tally)  # type: ignore[var-annotated]
    for meant, read in zip(document["utterances"], found):  # noqa: B905 - both are of one length
        everything.add(meant, read, counts_as)
        styles[meant.get("style", "")].add(meant, read, counts_as)
    figures = everything.figures()
    recall = _share(everything.strange_found, everything.strange) if everything.strange else None
    return {
        **figures,
        "out_of_scope_recall": recall,
        "styles": {name: styles[name].figures() for name in sorted(styles)},
    }


def read_all(model: Path, texts: List[str]) -> List[Dict[str, Any]]:
    """What the trained bot makes of each text, as its channel hands them over: without leading slashes."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))

    async def read() -> List[Dict[str, Any]]:
        return [await agent.parse_message(text.lstrip("/ ")) for text in texts]

    return [_shifted(one, text) for one, text in zip(asyncio.run(read()), texts)]  # noqa: B905 - of one length


def _shifted(found: Dict[str, Any], text: str) -> Dict[str, Any]:
    """Offsets of the text as it was given."""
    by = len(text) - len(text.lstrip("/ ")) + (len(text.lstrip("/ ")) - len(text.lstrip("/ ").lstrip()))
    for entity in found["entities"]:
        entity["start"] += by
        entity["end"] += by
    return found


def _table(figures: Dict[str, Any]) -> str:
    rows = [("all", figures), *figures["styles"].items()]
    lines = [f"{'':16}{'n':>5}{'intent':>9}{'entities':>10}{'relaxed':>9}"]
    lines += [
        f"{name:16}{row['n']:5}{row['intent_accuracy']:9.3f}{row['entity_f1']:10.3f}{row['entity_f1_relaxed']:9.3f}"
        for name, row in rows
    ]
    return "\n".join(lines)


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bot.assistant.score")
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--model", type=Path, required=True)
    given = arguments.parse_args()
    document = json.loads(given.file.read_text(encoding="utf-8"))
    found = read_all(given.model, [one["text"] for one in document["utterances"]])
    figures = score(document, found)
    sys.stdout.write(f"{_table(figures)}\n{json.dumps(figures, ensure_ascii=False)}\n")


if __name__ == "__main__":
    main()
