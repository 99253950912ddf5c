"""Everything that is learned from examples, as one thing: the names of a text, then its intent. Pure: no Rasa."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from bot.assistant.components import crf, intent_model
from bot.assistant.components.augment import Example, variants
from bot.assistant.components.hints import Hints, Lexicon, read
from bot.assistant.components.merging import Entity, merged, of_code, of_time
from bot.assistant.components.vocabulary import spelled

KINDS = ("place", "equipment", "item", "room_type")  # lists whose names are known to the field
TRAINED_AT = datetime.fromisoformat("2026-11-18T10:00:00+07:00")  # any: only which words are a time counts
SEED = 20
FIELD, KNOWN = "field.crfsuite", "known.json"


@dataclass(frozen=True)
class Understood:
    ranking: list[tuple[str, float]]
    entities: list[Entity]


@dataclass(frozen=True)
class Understanding:
    lexicon: Lexicon
    known: frozenset[str]
    field: crf.Field
    intents: intent_model.IntentModel

    def of(self, text: str, now: datetime) -> Understood:
        hints = read(text, now, self.lexicon)
        names = self.names(hints)
        ranking = self._ranking(hints, names)
        read_off = [of_time(span) for span in hints.times] + [of_code(*code, text) for code in hints.codes]
        return Understood(ranking, merged(hints, names, _apart(read_off), text, ranking[0][0]))

    def _ranking(self, hints: Hints, names: list[tuple[int, int, str]]) -> list[tuple[str, float]]:
        """Where not a word is known, nothing was asked of us."""
        if names or any(hints.labels) or any(hints.names) or self.known.intersection(spelled(hints.tokens)):
            return self.intents.ranked(intent_model.document(hints, names))
        return [("out_of_scope", 1.0)]

    def names(self, hints: Hints) -> list[tuple[int, int, str]]:
        return crf.spans(hints, self.field.tag(crf.features(hints, self.known)))


def _apart(entities: list[Entity]) -> list[Entity]:
    """Codes first; a time inside a code is none."""
    codes = [one for one in entities if one["entity"] == "booking_code"]
    inside = [one for one in entities if any(c["start"] <= one["start"] < c["end"] for c in codes) and one not in codes]
    return [one for one in entities if one not in inside]


def train(examples: Sequence[Example], lists: Mapping[str, Sequence[str]], folder: Path) -> Understanding:
    """Writes its files to the folder; the same examples give the same bytes."""
    lexicon = Lexicon.of({kind: [*lists.get(kind, ()), *lists.get(f"{kind}_en", ())] for kind in KINDS})
    known = _known(examples, lists, lexicon)
    rows = [(row, read(row.text, TRAINED_AT, lexicon)) for row in variants(examples, lists, copies=2, seed=SEED)]
    hide = Random(SEED)  # noqa: S311 - a repeatable choice
    crf.fit([(crf.features(hints, known, hide), crf.tags(hints, row.spans)) for row, hints in rows], folder / FIELD)
    documents = [
        intent_model.document(hints, [s for s in row.spans if s[2] not in crf.UNLEARNED]) for row, hints in rows
    ]
    intent_model.fit(documents, [row.intent for row, _ in rows]).save(folder)
    stored = {"known": sorted(known), "names": {kind: sorted(names) for kind, names in lexicon.names.items()}}
    (folder / KNOWN).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
    return load(folder)


def _known(examples: Sequence[Example], lists: Mapping[str, Sequence[str]], lexicon: Lexicon) -> frozenset[str]:
    """Words of two examples or more; names of places are no words."""
    texts = [example.text for example in examples] + [name for kind in lists if kind != "place" for name in lists[kind]]
    counts = Counter(word for text in texts for word in set(spelled(read(text, TRAINED_AT, lexicon).tokens)))
    return frozenset(word for word, count in counts.items() if count > 1)


def load(folder: Path) -> Understanding:
    stored: dict[str, Any] = json.loads((folder / KNOWN).read_text(encoding="utf-8"))
    names = {kind: frozenset(map(tuple, listed)) for kind, listed in stored["names"].items()}
    field = crf.Field((folder / FIELD).read_bytes())
    return Understanding(Lexicon(names), frozenset(stored["known"]), field, intent_model.load(folder))
