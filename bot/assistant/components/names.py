"""Which record a name means: folded, without its noun, exact before fuzzy. Pure: no Rasa, no network."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from bot.assistant.components.vocabulary import meant
from bot.vntime.text import tokens

KINDS = ("room", "site", "unit", "guesthouse", "session")
NOUNS = (
    "phong hop truc tuyen", "phong hop", "phong so", "phong", "hoi truong", "diem cau", "dau cau", "uy ban nhan dan",
    "ubnd", "xa", "phuong", "thi tran", "dac khu", "huyen", "thanh pho", "tp", "tinh", "nha khach", "khach san", "doan",
    "hoi nghi", "cuoc hop", "buoi hop", "phien hop", "hop", "the",
)  # fmt: skip
CLOSE = 0.84  # likeness from which a misspelt name counts
MOST = 6


@dataclass(frozen=True)
class Named:
    id: int
    kind: str
    name: str
    spelling: str  # this spelling of it, folded and spelled out
    core: str  # without the noun


@dataclass(frozen=True)
class Index:
    """Every spelling of every name."""

    rows: tuple[Named, ...]

    @classmethod
    def of(cls, document: Mapping[str, Sequence[Mapping[str, object]]]) -> "Index":
        """From the gazetteer's document: kind → [{id, name, names?}]; other kinds are passed over. ValueError."""
        if not isinstance(document, Mapping):
            raise ValueError("no gazetteer")
        rows = []
        for kind in KINDS:
            for record in document.get(kind) or ():
                spellings = [record["name"], *(record.get("names") or ())]  # type: ignore[misc]
                for spelling in dict.fromkeys(map(folded, map(str, spellings))):
                    if spelling:
                        rows.append(Named(int(str(record["id"])), kind, str(record["name"]), spelling, core(spelling)))
        return cls(tuple(rows))

    @cached_property
    def _by_core(self) -> dict[str, list[Named]]:
        out: dict[str, list[Named]] = {}
        for row in self.rows:
            out.setdefault(row.core, []).append(row)
        return out

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Each spelling, and each core of two syllables or more, with its kind; the kinds in their order."""
        out: dict[str, str] = {}
        for row in self.rows:
            out.setdefault(row.spelling, row.kind)
            if " " in row.core:
                out.setdefault(row.core, row.kind)
        return out

    def candidates(self, kind: str, said: str) -> list[dict[str, object]]:
        """[{id, kind, name, score}], best first; score 1 for the name as it is, less without its noun or misspelt.
        A site may be called like a unit and the other way round."""
        spelling = folded(said)
        kinds = {"site": ("site", "unit"), "unit": ("unit", "site"), "room": ("room", "guesthouse")}.get(kind, (kind,))
        scored = [(self._score(row, spelling, kinds), row) for row in self._near(spelling, kinds)]
        best: dict[tuple[str, int], tuple[float, Named]] = {}
        for score, row in scored:
            if score > best.get((row.kind, row.id), (0.0, row))[0]:
                best[row.kind, row.id] = score, row
        ranked = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].kind != kind, pair[1].name))
        same = [pair for pair in ranked if pair[1].kind == ranked[0][1].kind and pair[0] > ranked[0][0] - 0.1]
        return [{"id": r.id, "kind": r.kind, "name": r.name, "score": round(s, 2)} for s, r in same[:MOST]]

    def _near(self, spelling: str, kinds: tuple[str, ...]) -> list[Named]:
        exact = [row for row in self._by_core.get(core(spelling), ()) if row.kind in kinds]
        return exact or [row for row in self.rows if row.kind in kinds and _likeness(core(spelling), row.core) >= CLOSE]

    def _score(self, row: Named, spelling: str, kinds: tuple[str, ...]) -> float:
        own = 0.0 if row.kind == kinds[0] else 0.02
        if row.spelling == spelling:
            return 1.0 - own
        if row.core == core(spelling):
            contradiction = noun(spelling) and noun(row.spelling) and noun(spelling) != noun(row.spelling)
            return (0.85 if contradiction and noun(spelling) in LEVELS else 0.95) - own
        return 0.9 * _likeness(core(spelling), row.core) - own


LEVELS = ("xa", "phuong", "huyen", "thi tran", "thanh pho", "tinh", "dac khu")


def folded(name: str) -> str:
    found = tokens(name)
    return " ".join(word for word, token in zip(meant(found), found, strict=True) if token.letters or token.number)


def noun(spelling: str) -> str:
    return next((word for word in NOUNS if spelling.startswith(word + " ")), "")


def core(spelling: str) -> str:
    """The name without its nouns, but never nothing: "hội trường" stays."""
    while (first := noun(spelling)) and not re.fullmatch(r"\w", spelling):
        spelling = spelling[len(first) + 1 :]
    return spelling


def _likeness(one: str, other: str) -> float:
    """Numbers must agree: room 301 is not room 302."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other) or abs(len(one) - len(other)) > 4 or len(one) < 4:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= CLOSE else 0.0
