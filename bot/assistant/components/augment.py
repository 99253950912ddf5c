"""Training examples with other names in them: what stands around a name is learned, not the name. Pure: no Rasa."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

KEEP = 0.25  # how often a value stays as written
ENGLISH = frozenset(
    ("the", "for", "is", "are", "of", "at", "please", "what", "which", "who", "when", "we", "book", "my", "from", "me")
)
LEVELS = ("điểm cầu", "xã", "phường", "UBND xã", "huyện", "ĐC", "", "", "")


@dataclass(frozen=True)
class Example:
    text: str
    intent: str
    spans: tuple[tuple[int, int, str], ...]  # start, end, entity


Names = Mapping[str, Sequence[str]]


def variants(examples: Sequence[Example], names: Names, copies: int, seed: int) -> Iterator[Example]:
    """Every example, then `copies` of each that has names, with names from the lists; the same for the same seed. Lists
    called "…_en" serve the English examples."""
    chosen = random.Random(seed)  # noqa: S311 - a repeatable choice
    for example in examples:
        yield example
        for _ in range(copies if example.spans else 0):
            yield _lowered(_swapped(example, names, chosen), chosen)


def _swapped(example: Example, names: Names, chosen: random.Random) -> Example:
    text, spans, at = "", [], 0
    for start, end, entity in example.spans:
        text += example.text[at:start]
        kind = f"{entity}_en" if english(example.text) and f"{entity}_en" in names else entity
        value = _value(example.text[start:end], kind, names, chosen)
        spans.append((len(text), len(text) + len(value), entity))
        text += value
        at = end
    return Example(text + example.text[at:], example.intent, tuple(spans))


def _value(said: str, entity: str, names: Names, chosen: random.Random) -> str:
    if chosen.random() < KEEP:
        return said
    if entity == "site" and names.get("place"):
        return f"{chosen.choice(LEVELS)} {chosen.choice(names['place'])}".strip()
    if entity == "site_en" and names.get("place"):
        return chosen.choice(names["place"])
    if entity in ("attendees", "guest_count", "room_count", "item_count"):
        return _number(said, chosen)
    return chosen.choice(names[entity]) if names.get(entity) else said


def english(text: str) -> bool:
    words = set(text.lower().replace("'", " ").split())
    return text.isascii() and bool(words & ENGLISH)


def _number(said: str, chosen: random.Random) -> str:
    digits = "".join(c for c in said if c.isdigit())
    return (
        said.replace(digits, str(chosen.choice((2, 3, 5, 6, 9, 11, 16, 18, 22, 28, 45, 70, 120)))) if digits else said
    )


def _lowered(example: Example, chosen: random.Random) -> Example:
    """Half of the writers never use capitals."""
    return Example(example.text.lower(), example.intent, example.spans) if chosen.random() < 0.5 else example
