"""Conferences: which ones, when, who chairs, who takes part."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Optional

from bot.assistant.actions.api import Refused
from bot.assistant.actions.base import Answer, Dialogue
from bot.assistant.actions.clock import Period, now, whole_day
from bot.assistant.actions.rooms import ask_which_time
from bot.assistant.actions.say import SHOWN, button
from bot.assistant.actions.times import Said, said, times
from bot.assistant.actions.turn import candidates, fold
from bot.vntime import find

AHEAD = timedelta(days=60)  # where a conference is looked for whose day nobody said
PAST = timedelta(days=14)  # and how far back
STANDING = "draft,returned,submitted,approved,live"
ALL = STANDING + ",ended"


@dataclass
class Found:
    """`rows` of the API's list; `by_name`: the user named one, rather than asking for all of a day."""

    rows: "list[dict]" = field(default_factory=list)
    by_name: bool = False
    name: str = ""
    period: Optional[Period] = None
    asked_back: bool = False


async def conferences(
    dialogue: Dialogue,
    intent: str,
    *,
    statuses: str = ALL,
    role: Optional[str] = None,
    within: Optional[Period] = None,
) -> Found:
    """Those that this turn speaks of, as far as the user may see them; `within`: where no time is said, else today."""
    turn = dialogue.turn
    if chosen := turn.chosen("conference"):
        return Found(await _by_ids(dialogue, [int(number) for number in chosen]), by_name=True)
    if turn.code:
        rows = await _list(dialogue, search=turn.code, status=statuses)
        return Found([row for row in rows if row["code"] == turn.code], by_name=True, name=turn.code)
    spoken = [each for each in times(turn, role) if each.kind != "set"]
    if spoken and spoken[0].alternatives:
        ask_which_time(dialogue, spoken[0], intent)
        return Found(asked_back=True)
    period = _period(spoken[0]) if spoken else None
    for entity in turn.all("session"):
        found = await _of_name(dialogue, entity, statuses, period)
        if found is not None:
            return found
        period = period or _period_within(str(entity["value"]))
    if refers_back(dialogue):
        return Found(await _by_ids(dialogue, [dialogue.memory["conference"]]), by_name=True)
    return await _of_period(dialogue, period or within, statuses)


def refers_back(dialogue: Dialogue) -> bool:
    """“hủy cái đó”, “cuộc họp này”."""
    return "conference" in dialogue.memory and dialogue.turn.says("do|nay|vua roi|vua dat|ay|that|it|this one")


async def _of_name(dialogue: Dialogue, entity: dict, statuses: str, period: Optional[Period]) -> Optional[Found]:
    """By its name: of those that the user may see; else by its words. None for “cuộc họp”, “cuộc họp 16h mai”."""
    name = str(entity["value"])
    bare = _without_times(name)
    if not distinctive(bare):
        return None
    known = candidates(entity)[:8]
    rows = [row for row in await _by_ids(dialogue, [c["id"] for c in known]) if row["status"] in statuses]
    for words in () if rows else dict.fromkeys((distinctive(name), distinctive(bare))):
        rows = rows or await _list(dialogue, search=words, status=statuses, from_=(now() - PAST).isoformat())
    inner = period or _period_within(name)
    if inner:
        at_that_time = [row for row in rows if Period.of(row).overlaps(inner)]
        rows = at_that_time or ([] if period else rows)  # “sơ kết quý III” holds a time that tells no day
    return Found(rows, by_name=True, name=name, period=period)


def _period_within(name: str) -> Optional[Period]:
    """“cuộc họp 16h mai”: a name that is a time."""
    found = [said(span.reading.as_dict(details=True), span.text) for span in find(name, now())]
    read = [each for each in found if each is not None and each.kind != "set" and not each.alternatives]
    return _period(read[0]) if read else None


def _without_times(name: str) -> str:
    for span in reversed(find(name, now())):
        name = name[: span.start] + " " + name[span.end :]
    return name


def distinctive(name: str) -> str:
    """What tells a conference apart: “cuộc họp giao ban tuần” → “giao ban tuan”; “cuộc họp” → nothing."""
    return " ".join(_COMMON.sub(" ", fold(name)).split())


_COMMON = re.compile(
    r"\b(?:cuoc|buoi|hop|hoi nghi|lich|cac|nhung|gi|nao|do|nay|hom|truc tuyen|the|meetings?|conferences?|sessions?)\b"
)


async def _by_ids(dialogue: Dialogue, ids: "list[int]") -> "list[dict]":
    """Those that the user may see."""
    rows = []
    for number in dict.fromkeys(ids):
        try:
            rows.append(await dialogue.api.get(f"conferences/{number}/"))
        except Refused as refusal:
            if refusal.status != 404:
                raise
    return rows


async def _of_period(dialogue: Dialogue, period: Optional[Period], statuses: str) -> Found:
    """All of a day; the one at that hour, where an hour was said. Today without any time."""
    period = period or whole_day(now().date())
    rows = await _list(dialogue, from_=period.start.isoformat(), to=period.end.isoformat(), status=statuses)
    for site in [c["id"] for entity in dialogue.turn.all("site") for c in candidates(entity)[:1]]:
        here = await _list(dialogue, from_=period.start.isoformat(), to=period.end.isoformat(), site=site)
        rows = [row for row in rows if row["id"] in {other["id"] for other in here}]
    return Found(rows, period=period)


async def _list(dialogue: Dialogue, **asked: object) -> "list[dict]":
    return await dialogue.api.rows("conferences/", **asked)


def _period(each: Said) -> Period:
    if each.first and each.last:
        return Period(whole_day(each.first).start, whole_day(each.last).end)
    start = each.start or (whole_day(each.end.date()).start if each.end else now())
    if each.end:
        return Period(start, each.end)
    return Period(start, start + timedelta(minutes=1) if each.kind == "instant" else whole_day(start.date()).end)


class SessionSchedule(Answer):
    def name(self) -> str:
        return "action_ask_session_schedule"

    async def answer(self, dialogue: Dialogue) -> None:
        found = await conferences(dialogue, "ask_session_schedule")
        if found.asked_back:
            return
        rows = _chaired(dialogue, found.rows)
        if len(rows) == 1 and (found.by_name or _asks_for_one(dialogue)):
            await one(dialogue, rows[0])
        elif rows and found.by_name:
            which(dialogue, rows, "ask_session_schedule")
        elif rows:
            several(dialogue, rows, found)
        else:
            nothing_found(dialogue, found)


class SessionSites(Answer):
    def name(self) -> str:
        return "action_ask_session_sites"

    async def answer(self, dialogue: Dialogue) -> None:
        found = await conferences(dialogue, "ask_session_sites")
        if found.asked_back:
            return
        if len(found.rows) > 1:
            which(dialogue, found.rows, "ask_session_sites")
        elif found.rows:
            await self._sites(dialogue, found.rows[0])
        else:
            nothing_found(dialogue, found)

    async def _sites(self, dialogue: Dialogue, row: dict) -> None:
        say, conference = dialogue.say, await full(dialogue, row)
        places = conference["sites"]
        names = [place["site_name"] for place in places if place["site"] != conference["host_site"]]
        lines = [
            say.text(
                "session_sites", title=conference["title"], when=say.when(Period.of(conference)), count=len(places)
            ),
            say.text("host_site", name=conference["host_site_name"]),
        ]
        if names:
            lines.append(say.text("other_sites", names=say.join(names, 30)))
        people = len(conference["participants"])
        lines.append(say.text("participants", count=people) if people else "")
        remember(dialogue, conference)
        say.lines(lines, data={"url": url(conference)})


def _asks_for_one(dialogue: Dialogue) -> bool:
    return dialogue.turn.says("may gio|luc nao|khi nao|bao gio|ai|chu tri|o dau|phong nao|who|when|what time|where")


def _chaired(dialogue: Dialogue, rows: "list[dict]") -> "list[dict]":
    """“lịch họp của Chủ tịch hôm nay”: those that this person chairs, when any does."""
    for entity in dialogue.turn.all("person"):
        wanted = fold(str(entity["value"]))
        rows = [row for row in rows if wanted in fold(row["chair"]) or fold(row["chair"]) in wanted] or rows
    return rows


async def full(dialogue: Dialogue, row: dict) -> dict:
    return row if "sites" in row else await dialogue.api.get(f"conferences/{row['id']}/")


async def one(dialogue: Dialogue, row: dict) -> None:
    """Time, chair, place and state of one conference."""
    say, conference = dialogue.say, await full(dialogue, row)
    places = conference["sites"]
    rooms = [f"{place['room_name']} ({place['site_name']})" for place in places]
    lines = [
        say.text("session_head", title=conference["title"], code=conference["code"]),
        say.text("session_when", when=say.when(Period.of(conference))),
        say.text("session_chair", chair=conference["chair"] or say.text("not_named")),
        say.text("session_room", room=rooms[0])
        if len(rooms) == 1
        else say.text("session_place", host=conference["host_site_name"], count=len(places)),
        say.text("session_status", status=say.text(f"status_{conference['status']}")),
    ]
    remember(dialogue, conference)
    say.lines(lines, data={"url": url(conference)})


def several(dialogue: Dialogue, rows: "list[dict]", found: Found) -> None:
    """All of a day or a period, one line each."""
    say, period = dialogue.say, found.period or whole_day(now().date())
    one_day = period.length <= timedelta(days=1)
    lines = [say.text("sessions", count=len(rows), when=_period_name(dialogue, period))]
    for row in rows[:SHOWN]:
        when = say.hours(Period.of(row)) if one_day else say.when(Period.of(row))
        status = (
            "" if row["status"] == "approved" else say.text("in_brackets", text=say.text(f"status_{row['status']}"))
        )
        lines.append(say.text("session_line", when=when, title=row["title"], chair=row["chair"] or "…", status=status))
    if len(rows) > SHOWN:
        lines.append(say.text("more_on_page", n=len(rows) - SHOWN))
    say.lines(lines, data={"url": "/conferences/"})


def which(dialogue: Dialogue, rows: "list[dict]", intent: str, **chosen: str) -> None:
    say = dialogue.say
    kept = [f"{kind}:{value}" for kind, value in chosen.items()]
    offers = [
        button(
            say.text("session_choice", title=row["title"], when=say.when(Period.of(row))),
            intent,
            choice="|".join([f"conference:{row['id']}", *kept]),
        )
        for row in sorted(rows, key=lambda row: row["start"])[:6]
    ]
    say("which_session", offers)


def nothing_found(dialogue: Dialogue, found: Found) -> None:
    say = dialogue.say
    if found.by_name:
        say("session_unknown", name=found.name, data={"url": "/conferences/"})
    else:
        say("no_sessions", when=_period_name(dialogue, found.period or whole_day(now().date())))


def _period_name(dialogue: Dialogue, period: Period) -> str:
    say, last = dialogue.say, (period.end - timedelta(minutes=1)).date()
    if period == whole_day(period.start.date()):
        return say.text("today", day=say.day(last)) if last == now().date() else say.day(last)
    if period.start.date() == last:
        return f"{period.start:%H:%M} {say.day(last)}" if period.length <= timedelta(minutes=1) else say.when(period)
    return f"{say.day(period.start.date())} – {say.day(last)}"


def remember(dialogue: Dialogue, conference: dict) -> None:
    """“Hủy cái đó” means this one."""
    dialogue.memory["conference"] = conference["id"]


def url(conference: dict) -> str:
    return f"/conferences/{conference['id']}/"
