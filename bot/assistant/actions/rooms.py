"""Is a room free, and until when."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Optional

from bot.assistant.actions.base import Answer, Dialogue
from bot.assistant.actions.clock import Period, gaps, now, office_day, whole_day
from bot.assistant.actions.places import ask_which, places
from bot.assistant.actions.say import SHOWN, button
from bot.assistant.actions.times import Said, minutes, times
from bot.assistant.actions.turn import fold

HOUR = timedelta(hours=1)
INSTANT = timedelta(minutes=1)  # “now”


class RoomAvailability(Answer):
    def name(self) -> str:
        return "action_ask_room_availability"

    async def answer(self, dialogue: Dialogue) -> None:
        found = await places(dialogue)
        if found.unclear:
            ask_which(dialogue, found, "ask_room_availability", **_kept(dialogue))
            return
        if found.unknown:
            await _unknown(dialogue, found.unknown[0])
            return
        asked = await _asked(dialogue)
        if asked is None:
            return
        wanted = {row["id"] for row in found.rooms}
        sites = list(dict.fromkeys(row["site"] for row in found.rooms)) or [row["id"] for row in found.sites]
        if not sites:
            sites = [site["id"] for site in (await dialogue.me())["sites"]]
        rows = [row for site in sites for row in await room_days(dialogue, asked.start.date(), site)]
        if wanted:
            await self._of_one(dialogue, [row for row in rows if row["room"] in wanted], rows, asked)
        else:
            self._of_many(dialogue, suitable(dialogue, rows), asked)

    async def _of_one(self, dialogue: Dialogue, wanted: "list[dict]", rows: "list[dict]", asked: Period) -> None:
        for row in wanted:
            others = [o for o in suitable(dialogue, rows) if o["room"] != row["room"] and is_free(o, asked)]
            lines, buttons = one_room(dialogue, row, asked, others)
            dialogue.say.lines(lines, buttons)

    def _of_many(self, dialogue: Dialogue, rows: "list[dict]", asked: Period) -> None:
        say = dialogue.say
        free = [row for row in rows if is_free(row, asked)]
        if not free:
            say("no_room_free", when=_when(dialogue, asked))
            return
        lines = [say.text("rooms_free", count=len(free), when=_when(dialogue, asked))]
        lines += [_listed(dialogue, row, asked) for row in free[:SHOWN]]
        if len(free) > SHOWN:
            lines.append(say.text("more_on_page", n=len(free) - SHOWN))
        say.lines(lines, [book_button(dialogue, row, asked) for row in free[:3]], {"url": _timeline(asked)})


async def room_days(dialogue: Dialogue, day: date, site: int) -> "list[dict]":
    """Each room of a site with its busy periods of that day."""
    return (await dialogue.api.get("availability/", date=day.isoformat(), site=site))["results"]


def busy(row: dict) -> "list[Period]":
    return [Period.of(taken) for taken in row["busy"]]


def is_whole_day(asked: Period) -> bool:
    return asked.length >= timedelta(hours=20)


def is_free(row: dict, asked: Period) -> bool:
    """For a whole day: whether there is an hour left."""
    if is_whole_day(asked):
        return bool(gaps(busy(row), office_day(asked.start.date()), HOUR))
    return not any(taken.overlaps(asked) for taken in busy(row))


def suitable(dialogue: Dialogue, rows: "Iterable[dict]") -> "list[dict]":
    """Those that hold as many people as were named, and have the things that were named."""
    seats = dialogue.turn.number("attendees") or 0
    things = [fold(str(entity["value"])) for entity in dialogue.turn.all("equipment")]
    return [
        row
        for row in rows
        if row["capacity"] >= seats
        and all(any(thing in fold(have) or fold(have) in thing for have in row["equipment"]) for thing in things)
    ]


def one_room(dialogue: Dialogue, row: dict, asked: Period, others: "list[dict]") -> "tuple[list[str], list[dict]]":
    """Free, and until when; or taken, by what as far as the user may see it, and what is free instead."""
    say, name = dialogue.say, f"{row['name']} ({row['site_name']})"
    taken = [(Period.of(each), each.get("held_by")) for each in row["busy"]]
    free = gaps([period for period, _holder in taken], office_day(asked.start.date()))
    free_text = ", ".join(say.hours(gap) for gap in free) or say.text("nothing")
    if is_whole_day(asked):
        day = say.day(asked.start.date())
        if not taken:
            return [say.text("room_free_all_day", room=name, day=day)], [book_button(dialogue, row, asked)]
        lines = [say.text("room_day", room=name, day=day, free=free_text), *(_taken(dialogue, *each) for each in taken)]
        return lines, [book_button(dialogue, row, asked)] if free else []
    in_the_way = [each for each in taken if each[0].overlaps(asked)]
    if in_the_way:
        lines = [say.text("room_taken", room=name, when=say.when(asked)), *(_taken(dialogue, *e) for e in in_the_way)]
        lines.append(say.text("room_free_hours", day=say.day(asked.start.date()), free=free_text))
        if others:
            lines.append(say.text("other_rooms", names=say.join([o["name"] for o in others], 5)))
        return lines, [book_button(dialogue, other, asked) for other in others[:3]]
    until = min((period.start for period, _holder in taken if period.start >= asked.end), default=None)
    text = say.text("room_free", room=name, when=_when(dialogue, asked))
    text += " " + (say.text("free_until", hour=f"{until:%H:%M}") if until else say.text("free_rest_of_day"))
    return [text], [book_button(dialogue, row, asked)]


def _when(dialogue: Dialogue, asked: Period) -> str:
    if asked.length == INSTANT:
        return dialogue.say.text("right_now")
    return dialogue.say.day(asked.start.date()) if is_whole_day(asked) else dialogue.say.when(asked)


def _taken(dialogue: Dialogue, period: Period, holder: Optional[str]) -> str:
    return dialogue.say.text("taken", hours=dialogue.say.hours(period), holder=holder or dialogue.say.text("not_named"))


def book_button(dialogue: Dialogue, row: dict, asked: Period) -> dict:
    """Start booking this room, at that time where hours were said."""
    kept = (
        f"day:{asked.start.date()}"
        if is_whole_day(asked)
        else Said("interval", start=asked.start, end=asked.end).choice
    )
    choice = f"room:{row['room']}" if asked.length == INSTANT else f"room:{row['room']}|{kept}"
    return button(dialogue.say.text("book_room", room=row["name"]), "book_room", choice=choice)


def _listed(dialogue: Dialogue, row: dict, asked: Period) -> str:
    say = dialogue.say
    text = say.text("room_listed", room=row["name"], site=row["site_name"], seats=row["capacity"])
    if is_whole_day(asked) and row["busy"]:
        text += ": " + ", ".join(say.hours(gap) for gap in gaps(busy(row), office_day(asked.start.date())))
    return text


async def _asked(dialogue: Dialogue) -> Optional[Period]:
    """The period in question: now, an hour, a part of a day, a day. None when that had to be asked back."""
    said = times(dialogue.turn)
    if not said:
        begin = now()
        return Period(begin, begin + (timedelta(minutes=minutes(dialogue.turn) or 0) or INSTANT))
    first = said[0]
    if first.alternatives:
        ask_which_time(dialogue, first, "ask_room_availability")
        return None
    if first.kind == "date" and first.first and first.last:
        if first.last > first.first:
            ask_which_day(dialogue, first, "ask_room_availability")
            return None
        return _with_hours(said[1:], first.first) or whole_day(first.first)
    return _hours(first, minutes(dialogue.turn))


def _with_hours(said: "list[Said]", day: date) -> Optional[Period]:
    """Hours that were said apart from their day."""
    for each in said:
        if each.start and each.end:
            shift = day - each.start.date()
            return Period(each.start + shift, each.end + shift)
    return None


def _hours(each: Said, length: Optional[int]) -> Period:
    if each.start and each.end:
        begun = each.part and each.start < now() < each.end  # “chiều nay”, said at three
        return Period(now() if begun else each.start, each.end)
    if each.start and each.kind == "instant":
        return Period(each.start, each.start + timedelta(minutes=length or 60))
    if each.start:
        return Period(each.start, max(office_day(each.start.date()).end, each.start + HOUR))
    end = each.end or now() + HOUR
    return Period(min(max(now(), office_day(end.date()).start), end - HOUR), end)


def ask_which_time(dialogue: Dialogue, each: Said, intent: str, **chosen: str) -> None:
    """Two readings: nobody guesses."""
    readings = [each, *each.alternatives]
    dialogue.say("which_time", [_time_button(dialogue, r, intent, chosen) for r in readings[:4]], text=each.text)


def _time_button(dialogue: Dialogue, each: Said, intent: str, chosen: "dict[str, str]") -> dict:
    say = dialogue.say
    if each.first and each.last:
        title = say.day(each.first) if each.first == each.last else f"{say.day(each.first)} – {say.day(each.last)}"
    elif each.start and each.end:
        title = say.when(Period(each.start, each.end))
    else:
        edge = each.start or each.end or now()
        title = f"{edge:%H:%M} {say.day(edge.date())}"
    kept = [f"{kind}:{value}" for kind, value in chosen.items()]
    return button(title, intent, choice="|".join([each.choice, *kept]))


def ask_which_day(dialogue: Dialogue, each: Said, intent: str) -> None:
    days = [each.first + timedelta(days=n) for n in range((each.last - each.first).days + 1)][:7]
    kept = [f"room:{entity_id}" for entity_id in _room_ids(dialogue)]
    offers = [
        button(dialogue.say.day(day), intent, choice="|".join([f"day:{day}", *kept]))
        for day in days
        if day >= now().date()
    ]
    dialogue.say("which_day", offers)


def _room_ids(dialogue: Dialogue) -> "list[int]":
    from bot.assistant.actions.turn import candidates

    rows = [candidates(entity) for entity in dialogue.turn.all("room")]
    return [found[0]["id"] for found in rows if len(found) == 1]


def _kept(dialogue: Dialogue) -> "dict[str, str]":
    """The time of the question, for the buttons that ask back."""
    said = [each for each in times(dialogue.turn) if not each.alternatives and each.kind != "set"]
    return dict([said[0].choice.split(":", 1)]) if said else {}


async def _unknown(dialogue: Dialogue, name: str) -> None:
    sites = (await dialogue.me())["sites"]
    rows = [row for site in sites for row in await dialogue.api.rows("rooms/", site=site["id"])]
    offers = [button(row["name"], "ask_room_availability", choice=f"room:{row['id']}") for row in rows[:5]]
    dialogue.say("unknown_place", offers, name=name)


def _timeline(asked: Period) -> str:
    return f"/timeline/?day={asked.start.date()}"
