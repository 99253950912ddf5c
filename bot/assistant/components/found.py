"""Names of the gazetteer that stand in a text and that nothing else has claimed. Pure: no Rasa, no network."""

from typing import Any

from bot.assistant.components.names import Index, noun
from bot.assistant.components.vocabulary import meant
from bot.vntime.text import tokens

LONGEST = 9  # tokens of a name
SHORTEST = 2  # syllables of a name without its noun that is looked for: "lộc bình", not "bình"


def found_names(index: Index, text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entities for whole names, the longest first; a piece of an entity that is there already is not looked at."""
    found = tokens(text)
    full = meant(found)
    spellings = index.spellings
    out: list[dict[str, Any]] = []
    at = 0
    while at < len(found):
        size = next(
            (n for n in range(min(LONGEST, len(found) - at), 0, -1) if _is_name(full[at : at + n], spellings)), 0
        )
        if size and not _claimed(entities, found[at].start, found[at + size - 1].end):
            start, end = found[at].start, found[at + size - 1].end
            kind = spellings[" ".join(full[at : at + size])]
            out.append({"entity": kind, "value": text[start:end], "start": start, "end": end})
        at += size or 1
    return out


def _is_name(words: list[str], spellings: dict[str, str]) -> bool:
    said = " ".join(words)
    return said in spellings and (
        len(words) > SHORTEST or (len(words) == SHORTEST and not noun(said)) or bool(noun(said))
    )


def _claimed(entities: list[dict[str, Any]], start: int, end: int) -> bool:
    return any(one["start"] < end and start < one["end"] for one in entities)
