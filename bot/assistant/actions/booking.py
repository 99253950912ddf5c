"""Booking a room, or a conference over sites."""

import re
from datetime import timedelta
from typing import Any

from bot.assistant.actions.api import Refused
from bot.assistant.actions.base import Dialogue
from bot.assistant.actions.booking_draft import (
    capital,
    keep_wish,
    nearest,
    notes_of,
    person_title,
    places_of,
    renames,
    rooms_and_sites,
    title_of,
    type_of,
    wish_of,
    without_address,
)
from bot.assistant.actions.clock import CLOSES, OPENS, Period, at, moment, now
from bot.assistant.actions.conferences import remember, url
from bot.assistant.actions.forms import Form, Stop, Turned
from bot.assistant.actions.places import ask_which, places, rooms_of
from bot.assistant.actions.rooms import ask_which_time
from bot.assistant.actions.say import button
from bot.assistant.actions.times import Said, Wish, minutes, times
from bot.assistant.actions.turn import fold

INTENT = "book_room"
SEARCH_DAYS = 7


class BookingForm(Form):
    prefix = "booking_"
    intent = INTENT
    slots = ("place", "day", "start", "end", "title", "chair", "confirmed")
    keeps = ("run", "minutes", "notes", "offers")
    free_text = frozenset({"title", "chair"})

    def name(self) -> str:
        return "validate_booking_form"

    # --- listening

    async def understand(self, turn: Turned) -> None:
        draft, said = turn.draft, turn.said
        if not turn.requested and not (await turn.dialogue.me())["may_book"]:
            turn.dialogue.say("may_not_book", data={"url": "/conferences/"})
            raise Stop
        if turn.requested in self.free_text and turn.is_text:
            await self._free_text(turn)
            return
        if title := title_of(said):
            draft["title"] = title
        if renames(said):
            return  # what stands in the new title is no other hour and no other room
        await self._place(turn)
        self._time(turn)
        for entity in said.all("person"):
            if turn.requested == "chair" or said.says("chu tri|chair(?:ed|s)?"):
                await self._chair(turn, str(entity["value"]))
        for number in said.chosen("person"):
            person = await turn.dialogue.api.get(f"people/{int(number)}/")
            draft["chair"] = {"person": person["id"], "name": person_title(person)}
        for name in said.chosen("name"):
            draft["chair"] = {"person": None, "name": name}
        draft["notes"] = notes_of(said) or draft["notes"]

    async def _free_text(self, turn: Turned) -> None:
        text = turn.said.text.strip(" .,;:")
        if turn.requested == "title":
            turn.draft["title"] = capital(text)
        else:
            await self._chair(turn, text)

    async def _place(self, turn: Turned) -> None:
        found = await places(turn.dialogue, many=True)
        if found.unclear:
            ask_which(turn.dialogue, found, INTENT)
            turn.asked = True
        elif found.unknown:
            turn.dialogue.say("unknown_place", name=found.unknown[0])
        if found:
            turn.draft["place"] = places_of(found, turn.draft["place"], turn.said.says("them|ca|also|add"))

    def _time(self, turn: Turned) -> None:
        """Hours without a day fall on the day that was agreed; two readings are asked back, never guessed."""
        draft = turn.draft
        wish = wish_of(draft)
        said = times(turn.said, "to") or times(turn.said)
        for each in said:
            if each.alternatives:
                ask_which_time(turn.dialogue, each, INTENT)
                turn.asked = True
                return
            if each.kind == "set":
                turn.dialogue.say("no_series", data={"url": "/conferences/new/"})
            else:
                wish = wish.with_said(each, asked_end=turn.requested == "end")
        wish = wish.with_minutes(minutes(turn.said))
        if wish != wish_of(draft):
            draft["offers"] = None
            keep_wish(draft, wish)

    async def _chair(self, turn: Turned, text: str) -> None:
        """Somebody of the directory where exactly one is meant; which one, where several are; else the name as said."""
        dialogue, name = turn.dialogue, without_address(text)
        if fold(name) in ("toi", "minh", "em", "me", "i"):
            me = await dialogue.me()
            turn.draft["chair"] = {"person": me["person"], "name": me["name"]}
            return
        people = (await dialogue.api.get("people/", search=name, page_size=7))["results"]
        exact = [person for person in people if fold(name) in (fold(person["name"]), fold(person["position"]))]
        people = exact if len(exact) == 1 else people
        if len(people) == 1:
            turn.draft["chair"] = {"person": people[0]["id"], "name": person_title(people[0])}
        elif people:
            offers = [button(person_title(p), INTENT, choice=f"person:{p['id']}") for p in people[:6]]
            as_said = button(dialogue.say.text("as_said", name=name), INTENT, choice=f"name:{capital(name)}")
            dialogue.say("which_person", [*offers, as_said], name=name)
            turn.asked = True
            turn.draft["chair"] = None
        else:
            turn.draft["chair"] = {"person": None, "name": capital(name)}

    # --- looking, before asking on

    async def check(self, turn: Turned) -> None:
        draft, period = turn.draft, wish_of(turn.draft).period
        if draft["start"] and moment(draft["start"]) < now() - timedelta(minutes=15):
            turn.dialogue.say("in_the_past", when=turn.dialogue.say.clock(moment(draft["start"])))
            keep_wish(draft, Wish(minutes=wish_of(draft).minutes))
        elif draft["end"] and draft["start"] and period is None:
            turn.dialogue.say("end_before_start")
            draft["end"] = None
        elif period and draft["place"]:
            await self._look(turn, period)

    async def _look(self, turn: Turned, period: Period) -> None:
        """Refused now rather than after the summary; the service looks again when it books."""
        dialogue, asked = turn.dialogue, rooms_and_sites(turn.draft["place"])
        length = int(period.length.total_seconds() // 60)
        if length > 24 * 60:
            return
        exact = {"from": period.start.isoformat(), "to": period.end.isoformat(), "minutes": length, **asked}
        answer = await dialogue.api.post("free-slots/", exact)
        if answer["slots"]:
            return
        until = at(period.start.date() + timedelta(days=SEARCH_DAYS), CLOSES)
        begin = max(now(), at(period.start.date(), OPENS))
        wide = {**exact, "from": begin.isoformat(), "to": until.isoformat()}
        free = (await dialogue.api.post("free-slots/", wide))["slots"]
        offers = nearest([Period.of(slot) for slot in free], period)
        names = dialogue.say.join([row["name"] for row in answer["busiest"]], 3)
        self._offer(turn, offers, dialogue.say.text("place_taken", names=names, when=dialogue.say.when(period)))

    def _offer(self, turn: Turned, offers: "list[Period]", why: str) -> None:
        """Say why not, and ask for another hour among those that are free."""
        say, draft = turn.dialogue.say, turn.draft
        length = draft["minutes"] or wish_of(draft).minutes
        draft["offers"] = [Said("interval", start=o.start, end=o.end).choice for o in offers]
        keep_wish(draft, Wish(wish_of(draft).first, wish_of(draft).last, minutes=length))
        draft["minutes"] = None
        buttons = [_offer_button(turn.dialogue, offer) for offer in offers]
        say.lines([why, say.text("other_hours" if offers else "no_other_hours")], buttons)
        turn.asked = True

    # --- asking

    async def ask(self, turn: Turned) -> None:
        await getattr(self, f"_ask_{turn.wanted}")(turn, turn.dialogue.say)

    async def _ask_place(self, turn: Turned, say: Any) -> None:
        sites = (await turn.dialogue.me())["sites"]
        rows = [row for site in sites[:3] for row in await rooms_of(turn.dialogue, site["id"])]
        say("ask_booking_place", [button(row["name"], INTENT, choice=f"room:{row['id']}") for row in rows[:6]])

    async def _ask_day(self, turn: Turned, say: Any) -> None:
        today = now().date()
        days = [day for day in (today + timedelta(days=n) for n in range(7)) if day.weekday() < 5]
        say("ask_booking_day", [button(say.day(day), INTENT, choice=f"day:{day}") for day in days[:4]])

    async def _ask_start(self, turn: Turned, say: Any) -> None:
        wish = wish_of(turn.draft)
        offers = [Period(*map(moment, choice.split(":", 1)[1].split("/"))) for choice in turn.draft["offers"] or []]
        if offers:
            say("ask_booking_start_again", [_offer_button(turn.dialogue, offer) for offer in offers])
            return
        window = wish.window or Period(at(wish.first, OPENS), at(wish.first, CLOSES))
        free = await self._free(turn, window)
        part = [_offer_button(turn.dialogue, wish.window)] if wish.window and free == [wish.window] else []
        hours = ", ".join(say.hours(gap) for gap in free) or say.text("nothing")
        say("ask_booking_start", part, day=say.day(wish.first), free=hours)

    async def _free(self, turn: Turned, window: Period) -> "list[Period]":
        begin = max(window.start, now())
        if begin >= window.end:
            return []
        asked = {"from": begin.isoformat(), "to": window.end.isoformat(), "minutes": 30}
        answer = await turn.dialogue.api.post("free-slots/", {**asked, **rooms_and_sites(turn.draft["place"])})
        return [Period.of(slot) for slot in answer["slots"]]

    async def _ask_end(self, turn: Turned, say: Any) -> None:
        start = moment(turn.draft["start"])
        ends = [(length, start + timedelta(minutes=length)) for length in (60, 90, 120)]
        offers = [button(f"{end:%H:%M}", INTENT, choice=f"minutes:{length}") for length, end in ends]
        say("ask_booking_end", offers, start=f"{start:%H:%M}", day=say.day(start.date()))

    async def _ask_title(self, turn: Turned, say: Any) -> None:
        say("ask_booking_title")

    async def _ask_chair(self, turn: Turned, say: Any) -> None:
        me = await turn.dialogue.me()
        mine = [button(say.text("i_chair"), INTENT, choice=f"person:{me['person']}")] if me["person"] else []
        say("ask_booking_chair", mine)

    async def _ask_confirmed(self, turn: Turned, say: Any) -> None:
        draft = turn.draft
        period = wish_of(draft).period
        kind = say.text(f"type_{type_of(draft['title'])}")
        lines = [
            say.text("booking_summary"),
            say.text("summary_title", title=draft["title"], type=kind),
            say.text("summary_when", when=say.when(period)),
            *_place_lines(turn.dialogue, draft["place"]),
            say.text("summary_chair", chair=draft["chair"]["name"]),
            say.text("summary_notes", notes=draft["notes"]) if draft["notes"] else "",
            _too_small(turn),
            say.text("without_diacritics") if say.language == "vi" and draft["title"].isascii() else "",
            say.text("summary_question"),
        ]
        say.lines(lines, say.yes_no(mark=self.mark(draft)))

    # --- writing

    async def write(self, turn: Turned, *, key: str) -> None:
        draft, say = turn.draft, turn.dialogue.say
        period = wish_of(draft).period
        body = {
            "title": draft["title"],
            "type": type_of(draft["title"]),
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "chair": draft["chair"]["person"] or draft["chair"]["name"],
            "notes": draft["notes"] or "",
            **rooms_and_sites(draft["place"]),
        }
        made = await turn.dialogue.api.post("conferences/", body, key=f"chat-{key}")
        remember(turn.dialogue, made)
        held = say.clock(moment(made["hold_until"])) if made.get("hold_until") else ""
        text = "booked" if made["status"] == "approved" else "submitted"
        say(
            text,
            data={"url": url(made)},
            code=made["code"],
            when=say.when(Period.of(made)),
            title=made["title"],
            held=held,
        )

    async def refused(self, turn: Turned, refusal: Refused) -> None:
        """Taken meanwhile: the hours that are free instead; wrong hours: asked again; everything else ends it."""
        if refusal.code == "conflict":
            offers = [Period.of(row) for row in refusal.problem.get("alternatives") or []]
            self._offer(turn, offers, _why(turn.dialogue, refusal))
            return
        turn.dialogue.refuse(refusal)
        if refusal.code in ("in_the_past", "end_before_start", "too_long"):
            keep_wish(turn.draft, Wish())
            return
        raise Stop


def _place_lines(dialogue: Dialogue, place: dict) -> "list[str]":
    say = dialogue.say
    rooms = [say.text("summary_room", room=row["title"]) for row in place["rooms"]]
    if not place["sites"]:
        return rooms
    names = say.join([row["title"] for row in place["sites"]])
    if len(place["sites"]) == 1:
        return [*rooms, say.text("summary_site", name=names)]
    return [*rooms, say.text("summary_sites", count=len(place["sites"]), names=names)]


def _offer_button(dialogue: Dialogue, offer: Period) -> dict:
    return button(dialogue.say.when(offer), INTENT, choice=Said("interval", start=offer.start, end=offer.end).choice)


def _why(dialogue: Dialogue, refusal: Refused) -> str:
    """What stands in the way, and whose it is as far as the user may see it."""
    say, rows = dialogue.say, refusal.problem.get("conflicts") or []
    lines = [
        say.text("clash", name=r["name"], when=say.when(Period.of(r)), holder=r["held_by"] or say.text("not_named"))
        for r in rows[:5]
    ]
    return "\n".join([say.text("taken_meanwhile"), *lines])


def _too_small(turn: Turned) -> str:
    seats = [row["seats"] for row in turn.draft["place"]["rooms"]]
    people = re.match(r"\d+", turn.draft["notes"] or "")
    if len(seats) == 1 and people and int(people.group()) > seats[0]:
        return turn.dialogue.say.text("too_small", seats=seats[0])
    return ""
