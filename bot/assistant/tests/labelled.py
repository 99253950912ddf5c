"""Reads the held-out utterances, written as text with [words](entity:role), into the form that the score takes."""

import re
from pathlib import Path
from typing import Any, Dict

HELD_OUT = Path(__file__).with_name("heldout.txt")
LABEL = re.compile(r"\[([^\]]+)\]\((\w+)(?::(\w+))?\)")


def held_out() -> Dict[str, Any]:
    utterances, intent, style = [], "", ""
    for line in HELD_OUT.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            intent = line[3:]
        elif line.startswith("-- "):
            style = line[3:]
        elif line and not line.startswith("#"):
            utterances.append({"intent": intent, "style": style, **labelled(line)})
    return {"utterances": utterances}


def labelled(line: str) -> Dict[str, Any]:
    text, entities, at = "", [], 0  # type: str, List[Dict[str, Any]], int
    for match in LABEL.finditer(line):
        text += line[at : match.start()]
        entity = {"entity": match[2], "value": match[1], "start": len(text), "end": len(text) + len(match[1])}
        entities.append({**entity, "role": match[3]} if match[3] else entity)
        text += match[1]
        at = match.end()
    return {"text": text + line[at:], "entities": entities}
