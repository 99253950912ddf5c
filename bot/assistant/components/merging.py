"""One list of entities out of what was read (times, codes) and what was learned (names). Pure: no Rasa."""

from datetime import date
from typing import Any
from unicodedata import combining

from bot.assistant.components.hints import Hints
from bot.assistant.components.resolved import resolved_number, resolved_time
from bot.assistant.components.vocabulary import spelled
from bot.vntime import Span

Entity = dict[str, Any]
# A session called by its hour: "cuộc họp 16h". Alone these nouns tell nothing apart.
BARE = ("cuoc hop", "hoi nghi", "phien hop", "buoi hop", "cuoc", "hoi nghi truc tuyen", "cuoc hop truc tuyen",
        "the meeting",
        "the conference", "meeting", "conference", "hop", "phien", "buoi")  # fmt: skip
NEVER = ("hop", "phien", "buoi", "meeting", "conference", "the meeting", "the conference")  # too common before a time
AFTER_NAMES = ("sang", "luc", "dang", "tu", "vao", "den", "qua", "o", "noi", "may", "thi", "la", "co", "cho", "gom")
LEVELS = ("diem", "cau", "dau", "xa", "phuong", "thi", "tran", "huyen", "tinh", "thanh", "pho", "tp", "ubnd", "uy",
          "ban", "nhan", "dan", "dc", "dac", "khu", "vien", "commune", "district", "the")  # fmt: skip
ENGLISH_NOUNS = ("session", "meeting", "conference", "briefing", "review")
OWN_TIME = ("book_room", "inform", "ask_room_availability")  # here the hour beside the noun is when to hold it
COUNTED = ("attendees", "guest_count", "room_count", "item_count")
TITLE_DAYS = 8  # a stretch as long as this ("tháng 11") belongs to a title and not to an hour


def merged(
    hints: Hints, names: list[tuple[int, int, str]], entities: list[Entity], text: str, intent: str
) -> list[Entity]:
    """`entities`: the times and codes with their meaning. Names give way to codes; a session may swallow its hour."""
    if intent == "out_of_scope":
        return []
    kept = list(entities)
    out: list[Entity] = []
    for span in names:
        name, kept = _fitted(hints, _after_its_time(hints, _shaped(span, intent), kept), kept, text, intent)
        if name:
            out.append(name)
    return sorted(out + _called_by_hour(hints, out, kept, text, intent), key=lambda one: one["start"])


def _shaped(span: tuple[int, int, str], intent: str) -> tuple[int, int, str]:
    """People who sleep here are guests, people who sit here attend."""
    start, end, entity = span
    if entity == "attendees" and intent in ("book_guesthouse", "ask_guesthouse_availability"):
        return start, end, "guest_count"
    if entity == "guest_count" and intent in ("book_room", "ask_room_availability"):
        return start, end, "attendees"
    return span


def _fitted(
    hints: Hints, span: tuple[int, int, str], entities: list[Entity], text: str, intent: str
) -> "tuple[Entity | None, list[Entity]]":
    start, end, entity = span
    resolved: dict[str, Any] = {}
    for other in [one for one in entities if one["start"] < end and start < one["end"]]:
        whole = start <= other["start"] and other["end"] <= end
        if entity == "session" and whole and _is_title(other):
            entities = [one for one in entities if one is not other]
        elif entity == "session" and whole and _by_hour(hints, start, end, other) and intent not in OWN_TIME:
            entities = [one for one in entities if one is not other]
            resolved["time"] = other["resolved"]
        else:
            start, end = _outside(start, end, other)
    start, end = _trimmed(text, *_without_strangers(hints, (start, end, entity)))
    if start >= end or (entity == "session" and not resolved and _bare(hints, start, end)):
        return None, entities
    return _entity(text, start, end, entity, resolved), entities


def _after_its_time(hints: Hints, span: tuple[int, int, str], entities: list[Entity]) -> tuple[int, int, str]:
    """ "the afternoon session" begins with its time."""
    start, end, entity = span
    if entity == "session" and _said(hints, start, end) in ENGLISH_NOUNS:
        return next((one["start"] for one in entities if one["end"] in (start, start - 1)), start), end, entity
    return span


def _without_strangers(hints: Hints, span: tuple[int, int, str]) -> tuple[int, int]:
    """A name ends before a preposition; before a known place only its level is part of the name."""
    start, end, entity = span
    inside = [at for at, token in enumerate(hints.tokens) if start <= token.start < end]
    while entity in ("session", "unit", "room") and len(inside) > 1 and hints.tokens[inside[-1]].fold in AFTER_NAMES:
        inside.pop()
    place = next((at for at in inside if hints.names[at] == "B-place"), None) if entity == "site" else None
    while place is not None and inside[0] < place and not _levels(hints, inside[0], place):
        inside.pop(0)
    return (hints.tokens[inside[0]].start, hints.tokens[inside[-1]].end) if inside else (start, end)


def _levels(hints: Hints, first: int, place: int) -> bool:
    return all(token.fold in LEVELS or not token.letters for token in hints.tokens[first:place])


def _outside(start: int, end: int, other: Entity) -> tuple[int, int]:
    """The longer piece of the span that the other entity leaves."""
    left, right = (start, min(end, other["start"])), (max(start, other["end"]), end)
    return left if left[1] - left[0] >= right[1] - right[0] else right


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or combining(text[end - 1])):
        end -= 1
    return start, end


def _is_title(entity: Entity) -> bool:
    found = entity.get("resolved", {})
    if entity["entity"] != "time" or found.get("kind") != "date":
        return False
    return (date.fromisoformat(found["end"]) - date.fromisoformat(found["start"])).days >= TITLE_DAYS


def _said(hints: Hints, start: int, end: int) -> str:
    full = spelled(hints.tokens)
    return " ".join(word for word, token in zip(full, hints.tokens, strict=True) if start <= token.start < end)


def _bare(hints: Hints, start: int, end: int) -> bool:
    return _said(hints, start, end) in BARE


def _by_hour(hints: Hints, start: int, end: int, time: Entity) -> bool:
    return _bare(hints, start, time["start"]) or _said(hints, time["end"], end) in ENGLISH_NOUNS


def _called_by_hour(hints: Hints, names: list[Entity], entities: list[Entity], text: str, intent: str) -> list[Entity]:
    """A bare noun right before a time makes a session of it: "hội nghị sáng mai"."""
    out: list[Entity] = []
    for other in entities:
        begin = _noun_before(hints, names, other["start"]) if _may_name(other, intent) else None
        stop = _noun_after(hints, names, other["end"]) if begin is None and _may_name(other, intent) else None
        if begin is None and stop is None:
            out.append(other)
        else:
            whole = (other["start"] if begin is None else begin, stop or other["end"])
            out.append(_entity(text, *whole, "session", {"time": other["resolved"]}))
    return out


def _may_name(entity: Entity, intent: str) -> bool:
    moved = entity.get("role") == "to" or entity.get("resolved", {}).get("kind") in ("set", "interval_open")
    return entity["entity"] == "time" and not moved and intent not in OWN_TIME and not _is_title(entity)


def _noun_before(hints: Hints, names: list[Entity], start: int) -> int | None:
    before = [at for at, token in enumerate(hints.tokens) if token.end <= start]
    for size in (4, 3, 2, 1):
        first = before[-size] if len(before) >= size else None
        if first is None:
            continue
        begin, stop = hints.tokens[first].start, hints.tokens[before[-1]].end
        said = _said(hints, begin, stop)
        if said in BARE and said not in NEVER and not _taken(names, begin, stop) and not _asking(hints, first):
            return begin
    return None


def _noun_after(hints: Hints, names: list[Entity], end: int) -> int | None:
    """ "the afternoon session" """
    token = next((token for token in hints.tokens if token.start >= end), None)
    if token and token.fold in ENGLISH_NOUNS and not _taken(names, token.start, token.end):
        return token.end
    return None


def _taken(names: list[Entity], start: int, end: int) -> bool:
    return any(one["start"] < end and start < one["end"] for one in names)


def _asking(hints: Hints, at: int) -> bool:
    """ "những cuộc họp chiều nay", "mấy cuộc" ask for all of them."""
    before = hints.tokens[at - 1].fold if at else ""
    return before in ("nhung", "may", "nhieu", "cac", "bn", "co", "lich")


def _entity(text: str, start: int, end: int, entity: str, resolved: dict[str, Any]) -> Entity:
    value = text[start:end]
    found: Entity = {"entity": entity, "value": value, "start": start, "end": end}
    if entity in COUNTED:
        resolved = resolved_number(value) or {}
    return {**found, "resolved": resolved} if resolved else found


def of_time(span: Span) -> Entity:
    name = "duration" if span.reading.kind == "duration" else "time"
    found: Entity = {"entity": name, "value": span.text, "start": span.start, "end": span.end}
    if span.role:
        found["role"] = span.role
    return {**found, "resolved": resolved_time(span.reading)}


def of_code(start: int, end: int, code: str, text: str) -> Entity:
    return {"entity": "booking_code", "value": text[start:end], "start": start, "end": end, "resolved": {"code": code}}
