"""What the user said this time, as the understanding read it."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Optional

from rasa_sdk import Tracker

LANGUAGES = ("vi", "en")


def fold(text: str) -> str:
    """Lower case without diacritics."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


@dataclass(frozen=True)
class Turn:
    """`entities` as the understanding gives them; `choice` is what a button of ours names: ("room", "12")."""

    text: str
    intent: str
    confidence: float
    entities: "tuple[dict, ...]"
    language: str
    ranking: "tuple[dict, ...]" = ()
    choices: "tuple[tuple[str, str], ...]" = ()
    folded: str = field(default="")

    @classmethod
    def of(cls, tracker: Tracker) -> "Turn":
        message = tracker.latest_message
        found = [entity for entity in message.get("entities") or () if entity.get("value")]
        intent = message.get("intent") or {}
        text = message.get("text") or ""
        chosen = [part.split(":", 1) for e in found if e["entity"] == "choice" for part in str(e["value"]).split("|")]
        return cls(
            text=text,
            intent=intent.get("name") or "",
            confidence=intent.get("confidence") or 0.0,
            entities=tuple(entity for entity in found if entity["entity"] != "choice"),
            language=_language(tracker),
            ranking=tuple(message.get("intent_ranking") or ()),
            choices=tuple((kind, value) for kind, value in (part for part in chosen if len(part) == 2)),
            folded="" if text.startswith("/") else fold(text),
        )

    @property
    def pressed(self) -> bool:
        return self.text.startswith("/")

    def all(self, kind: str, role: Optional[str] = None) -> "list[dict]":
        return [e for e in self.entities if e["entity"] == kind and (role is None or e.get("role") == role)]

    def chosen(self, kind: str) -> "list[str]":
        return [value for name, value in self.choices if name == kind]

    def says(self, pattern: str) -> bool:
        """Whether the words hold `pattern` (without diacritics) as whole words."""
        return bool(re.search(rf"\b(?:{pattern})\b", self.folded))

    def number(self, kind: str) -> Optional[int]:
        for entity in self.all(kind):
            value = (entity.get("resolved") or {}).get("number")
            if isinstance(value, int):
                return value
        return None

    @property
    def code(self) -> str:
        for entity in self.all("booking_code"):
            return (entity.get("resolved") or {}).get("code") or str(entity["value"]).upper()
        return ""

    def leftover(self) -> str:
        """The words that belong to no entity and are no filler."""
        text = self.text
        for entity in sorted(self.entities, key=lambda e: -(e.get("start") or 0)):
            if entity.get("end"):
                text = f"{text[: entity['start']]} {text[entity['end'] :]}"
        return " ".join(re.findall(r"\w+", _FILLER.sub(" ", fold(text))))

    def remembering(self, memory: "list[dict]") -> "Turn":
        """This turn with those entities of the last question that it does not name anew."""
        mine = {_group(entity) for entity in self.entities} | {_group({"entity": kind}) for kind, _v in self.choices}
        kept = tuple(entity for entity in memory if _group(entity) not in mine)
        return replace(self, entities=(*self.entities, *kept))


def candidates(entity: dict) -> "list[dict]":
    """The best-scored readings of a name: one when it is clear, several when one must ask, none when unknown."""
    found = (entity.get("resolved") or {}).get("candidates") or []
    best = max((row.get("score", 0) for row in found), default=0)
    return [row for row in found if row.get("score", 0) >= best - 1e-6]


def _language(tracker: Tracker) -> str:
    """The chat names the channel of each message after the user's language."""
    channel = tracker.get_latest_input_channel()
    return channel if channel in LANGUAGES else "vi"


def _group(entity: dict) -> str:
    """A room and a site answer the same question; so do a day and an hour."""
    return {"room": "place", "site": "place", "duration": "time"}.get(entity["entity"], entity["entity"])


_FILLER = re.compile(
    r"\b(?:khong|ko|k|a|ah|oi|da|vang|nham|sua|doi|lai|thanh|la|sang|vao|luc|cho|toi|em|minh|nhe|nhi|dong chi|thi|va"
    r"|ngay|can|hay|con|no|not|to|at|please|it|is|the|of|do)\b"
)
