"""The held-out utterances as other fingers type them: without diacritics, decomposed, as raw Telex keys."""

import unicodedata
from typing import Any, Callable, Dict

TONES = {"\u0300": "f", "\u0301": "s", "\u0303": "x", "\u0309": "r", "\u0323": "j"}
SIGNS = {"\u0302": None, "\u0306": "w", "\u031b": "w"}  # None: the vowel once more


def stripped(text: str) -> str:
    found = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in found if not unicodedata.combining(c))


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def telex(text: str) -> str:
    return " ".join(_keys(word) for word in text.split(" "))


def _keys(word: str) -> str:
    keys, tone = "", ""
    for char in unicodedata.normalize("NFD", word.replace("đ", "dd").replace("Đ", "DD")):
        if char in TONES:
            tone = TONES[char]
        elif char in SIGNS:
            keys += SIGNS[char] or keys[-1].lower()
        else:
            if tone and not char.isalpha():
                keys, tone = keys + tone, ""
            keys += char
    return keys + tone


def retyped(utterance: Dict[str, Any], how: Callable[[str], str]) -> Dict[str, Any]:
    """The same utterance with its labels where they stand now."""
    text, entities, at = "", [], 0
    for entity in utterance["entities"]:
        text += how(utterance["text"][at : entity["start"]])
        value = how(utterance["text"][entity["start"] : entity["end"]])
        entities.append({**entity, "value": value, "start": len(text), "end": len(text) + len(value)})
        text += value
        at = entity["end"]
    return {**utterance, "text": text + how(utterance["text"][at:]), "entities": entities}
