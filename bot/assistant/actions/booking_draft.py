"""The shapes of a booking's draft, as Rasa keeps them in slots, and what is read into them."""

import re
from datetime import date
from typing import Any, Optional

from bot.assistant.actions.clock import Period, at, moment
from bot.assistant.actions.conferences import distinctive
from bot.assistant.actions.places import Places, room_title
from bot.assistant.actions.times import Wish
from bot.assistant.actions.turn import Turn, fold

# words of a title → the kind of meeting (the names of Decision 45/2018/QĐ-TTg)
TYPES = (
    ("giao ban", "briefing"),
    ("so ket|tong ket", "review"),
    ("tap huan|boi duong", "training"),
    ("chuyen de", "thematic"),
    ("phien hop ubnd|phien hop uy ban", "committee_session"),
    ("tiep cong dan", "reception"),
    ("hop bao", "press"),
    ("le (?:ky ket|trao|khai|ky niem|cong bo)", "ceremony"),
    ("tham muu|tu van", "advisory"),
    ("phoi hop", "coordination"),
)


def wish_of(draft: "dict[str, Any]") -> Wish:
    day = draft["day"] or {}
    window = Period(*(moment(edge) for edge in day["window"])) if day.get("window") else None
    return Wish(
        first=date.fromisoformat(day["first"]) if day else None,
        last=date.fromisoformat(day["last"]) if day else None,
        start=moment(draft["start"]) if draft["start"] else None,
        end=moment(draft["end"]) if draft["end"] else None,
        minutes=draft["minutes"],
        window=window,
    )


def keep_wish(draft: "dict[str, Any]", wish: Wish) -> None:
    window = [wish.window.start.isoformat(), wish.window.end.isoformat()] if wish.window else None
    days = {"first": str(wish.first), "last": str(wish.last), "window": window}
    draft["day"] = days if wish.first else None
    draft["start"] = wish.start.isoformat() if wish.start else None
    draft["end"] = wish.end.isoformat() if wish.end else None
    draft["minutes"] = wish.minutes


def nearest(free: "list[Period]", wanted: Period, most: int = 3) -> "list[Period]":
    """Periods as long as `wanted` inside the free ones, one for each gap: at the wished hour or next to it."""
    fitting = []
    for gap in free:
        wished = at(gap.start.date(), wanted.start.timetz().replace(tzinfo=None))
        start = max(gap.start, min(wished, gap.end - wanted.length))
        fitting.append(Period(start, start + wanted.length))
    return sorted(sorted(fitting, key=lambda period: abs(period.start - wanted.start))[:most])


def places_of(found: Places, old: "Optional[dict]", adds: bool) -> dict:
    rooms = [{"id": row["id"], "title": room_title(row), "seats": row["capacity"]} for row in found.rooms]
    sites = [{"id": row["id"], "title": row["name"]} for row in found.sites]
    if adds and old:
        rooms, sites = [*old["rooms"], *rooms], [*old["sites"], *sites]
    housed = {row["site"] for row in found.rooms}
    unique_rooms = list({row["id"]: row for row in rooms}.values())
    unique_sites = list({row["id"]: row for row in sites if row["id"] not in housed}.values())
    return {
        "rooms": unique_rooms,
        "sites": unique_sites,
        "housed": sorted({*housed, *((old or {}).get("housed", []) if adds else [])}),
    }


def rooms_and_sites(place: dict) -> "dict[str, list[int]]":
    """As the API takes them: where sites are named too, the sites of the rooms are among them."""
    rooms, sites = [row["id"] for row in place["rooms"]], [row["id"] for row in place["sites"]]
    if sites:
        sites = list(dict.fromkeys([*place["housed"], *sites]))
    return {"rooms": rooms, "sites": sites}


RENAMES = re.compile(r"(?:tên|tiêu đề|nội dung|title)(?: cuộc họp)?(?: là| thành|:| is| to)\s+(.+)", re.I)


def renames(said: Turn) -> bool:
    return not said.pressed and bool(RENAMES.search(said.text))


def title_of(said: Turn) -> str:
    """What the meeting is called, where the words say so."""
    match = None if said.pressed else RENAMES.search(said.text)
    if match:
        return capital(match.group(1).strip(' ."“”'))
    for entity in said.all("session"):
        if distinctive(str(entity["value"])):
            return capital(str(entity["value"]).strip(' ."“”'))
    return ""


def notes_of(said: Turn) -> str:
    """What was said of people and things, for whoever prepares the room."""
    words = [str(entity["value"]) for kind in ("attendees", "equipment") for entity in said.all(kind)]
    return "; ".join(words)


def type_of(title: str) -> str:
    words = fold(title)
    return next((kind for pattern, kind in TYPES if re.search(rf"\b(?:{pattern})\b", words)), "working")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def person_title(person: dict) -> str:
    return f"{person['name']}, {person['position']}" if person["position"] else person["name"]


def without_address(text: str) -> str:
    """“đồng chí Hạnh chủ trì” → “Hạnh”."""
    text = re.sub(r"^(?:là |do )?(?:đồng chí|đ/c|dc|ông|bà|anh|chị|mr\.?|ms\.?)\s+", "", text.strip(), flags=re.I)
    return re.sub(r"\s+(?:chủ trì|chu tri|chairs)\b.*$", "", text, flags=re.I).strip()
