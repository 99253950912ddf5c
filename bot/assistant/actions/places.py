"""From the names that were said to rooms and sites of our own: found, unclear (then one asks), or unknown."""

import re
from dataclasses import dataclass, field
from typing import Any, Optional

from bot.assistant.actions.base import Dialogue
from bot.assistant.actions.say import button
from bot.assistant.actions.turn import candidates, fold

MOST_CHOICES = 6
ALL_SITES = re.compile(
    r"\b(?:tat ca(?: cac)?|toan bo(?: cac)?|toan|(?:voi|den|toi|cho) cac|all(?: the)?|every)"
    r" (?:diem cau|xa|phuong|thi tran|huyen|tinh|dia phuong|sites?|communes?|districts?)\b"
)
NOUNS = re.compile(r"\b(?:phong|p|hop|hoi truong|ht|room|meeting|hall|the|diem cau|ubnd|site|line)\b")
LEVELS = (
    (r"\b(?:xa|phuong|thi tran|dac khu|communes?)\b", "commune"),
    (r"\b(?:huyen|thanh pho|districts?)\b", "district"),
    (r"\bcac tinh\b", "provincial"),
)


@dataclass
class Places:
    """`rooms` [{id, name, site, site_name, capacity}], `sites` [{id, name}]; `unclear`: a name, its readings."""

    rooms: "list[dict]" = field(default_factory=list)
    sites: "list[dict]" = field(default_factory=list)
    unknown: "list[str]" = field(default_factory=list)
    unclear: "Optional[tuple[dict, list[dict]]]" = None

    def __bool__(self) -> bool:
        return bool(self.rooms or self.sites)


async def places(dialogue: Dialogue, *, many: bool = False) -> Places:
    """What this turn names; with `many` also “tất cả các xã”."""
    found = Places()
    for number in dialogue.turn.chosen("room"):
        found.rooms.append(await room(dialogue, int(number)))
    for number in dialogue.turn.chosen("site"):
        found.sites.append(await dialogue.api.get(f"sites/{int(number)}/"))
    every = ALL_SITES.search(dialogue.turn.folded) if many else None
    for entity in [*dialogue.turn.all("room"), *([] if every else dialogue.turn.all("site"))]:
        await _read(dialogue, entity, found)
    if every:
        found.sites = await _everywhere(dialogue, every.group())
    return found


async def _read(dialogue: Dialogue, entity: dict, found: Places) -> None:
    rows = candidates(entity) or await _searched(dialogue, entity)
    kind = rows[0].get("kind", entity["entity"]) if rows else entity["entity"]
    if len(rows) > 1:
        rows = await _own(dialogue, rows, kind) or rows
    if not rows:
        found.unknown.append(str(entity["value"]))
    elif len(rows) > 1:
        found.unclear = found.unclear or (entity, await _described(dialogue, rows, kind))
    elif kind == "room":
        found.rooms.append(await room(dialogue, rows[0]["id"]))
    else:
        found.sites.append(await dialogue.api.get(f"sites/{rows[0]['id']}/"))


async def _searched(dialogue: Dialogue, entity: dict) -> "list[dict]":
    """What the understanding does not know yet may be there all the same, and a bare name be a room's or a site's."""
    words = " ".join(NOUNS.sub(" ", fold(str(entity["value"]))).split())
    if len(words) < 3:
        return []
    for kind in sorted(("room", "site"), key=lambda kind: kind != entity["entity"]):
        found = (await dialogue.api.get(f"{kind}s/", search=words, page_size=MOST_CHOICES))["results"]
        if found:
            return [{"id": row["id"], "kind": kind, "score": 1.0} for row in found]
    return []


async def _everywhere(dialogue: Dialogue, words: str) -> "list[dict]":
    """“tất cả các xã”, “toàn tỉnh”: every site of that level, or every site."""
    level = next((code for pattern, code in LEVELS if re.search(pattern, words)), "")
    return await dialogue.api.rows("sites/", **({"level": level} if level else {}))


async def _own(dialogue: Dialogue, rows: "list[dict]", kind: str) -> "list[dict]":
    """Of rooms that are called alike, the one in the user's own house."""
    if kind != "room":
        return []
    own = {row["id"] for site in (await dialogue.me())["sites"] for row in await rooms_of(dialogue, site["id"])}
    mine = [row for row in rows if row["id"] in own]
    return mine if len(mine) == 1 else []


async def _described(dialogue: Dialogue, rows: "list[dict]", kind: str) -> "list[dict]":
    """Each candidate with what tells it apart."""
    if kind != "room":
        sites = [await dialogue.api.get(f"sites/{row['id']}/") for row in rows[:MOST_CHOICES]]
        return [{"kind": "site", "id": s["id"], "title": _site_title(s, sites)} for s in sites]
    shown = [await room(dialogue, row["id"]) for row in rows[:MOST_CHOICES]]
    return [{"kind": "room", "id": r["id"], "title": f"{r['name']} ({r['site_name']})"} for r in shown]


def _site_title(site: dict, among: "list[dict]") -> str:
    alike = [other for other in among if other["name"] == site["name"]]
    return f"{site['name']} ({site['unit_name']})" if len(alike) > 1 else site["name"]


async def room(dialogue: Dialogue, number: int) -> "dict[str, Any]":
    return await dialogue.api.get(f"rooms/{number}/")


async def rooms_of(dialogue: Dialogue, site: int) -> "list[dict]":
    return await dialogue.api.rows("rooms/", site=site)


def ask_which(dialogue: Dialogue, found: Places, intent: str, **chosen: str) -> None:
    """Say that a name is unclear, with a button for each reading; `chosen` is kept in the buttons."""
    entity, rows = found.unclear or ({}, [])
    kept = [f"{kind}:{value}" for kind, value in chosen.items()]
    offers = [button(row["title"], intent, choice="|".join([f"{row['kind']}:{row['id']}", *kept])) for row in rows]
    dialogue.say("which_place", offers, name=str(entity.get("value", "")))


def room_title(row: dict) -> str:
    return f"{row['name']} ({row['site_name']})"
