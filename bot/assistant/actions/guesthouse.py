"""Vacancies of the guesthouse."""

from collections import Counter
from datetime import date, timedelta

from bot.assistant.actions.base import Answer, Dialogue
from bot.assistant.actions.clock import now
from bot.assistant.actions.rooms import ask_which_time
from bot.assistant.actions.times import Said, minutes, times
from bot.assistant.actions.turn import candidates


class GuesthouseAvailability(Answer):
    def name(self) -> str:
        return "action_ask_guesthouse_availability"

    async def answer(self, dialogue: Dialogue) -> None:
        said = [each for each in times(dialogue.turn) if each.kind != "set"]
        if said and said[0].alternatives:
            ask_which_time(dialogue, said[0], "ask_guesthouse_availability")
            return
        first, last = nights(said, minutes(dialogue.turn))
        asked = {"from_": first.isoformat(), "to": last.isoformat(), "free": "true"}
        houses = [row["id"] for entity in dialogue.turn.all("guesthouse") for row in candidates(entity)[:1]]
        rooms = await dialogue.api.rows("guest-rooms/", **asked, **({"house": houses[0]} if houses else {}))
        self._tell(dialogue, rooms, first, last)

    def _tell(self, dialogue: Dialogue, rooms: "list[dict]", first: date, last: date) -> None:
        say, when = dialogue.say, _when(dialogue, first, last)
        if not rooms:
            say("guesthouse_full", when=when, data={"url": "/guesthouse/"})
            return
        lines = [say.text("guesthouse_free", when=when, count=len(rooms), beds=sum(row["beds"] for row in rooms))]
        kinds = Counter((row["house_name"], row["beds"]) for row in rooms)
        lines += [say.text("guesthouse_kind", house=h, beds=b, count=n) for (h, b), n in sorted(kinds.items())]
        wanted = dialogue.turn.number("room_count"), dialogue.turn.number("guest_count")
        if wanted[0]:
            lines.append(say.text("enough" if len(rooms) >= wanted[0] else "not_enough", asked=wanted[0]))
        elif wanted[1]:
            beds = sum(row["beds"] for row in rooms)
            lines.append(say.text("enough_beds" if beds >= wanted[1] else "not_enough_beds", asked=wanted[1]))
        say.lines(lines, data={"url": f"/guesthouse/?day={first}"})


def nights(said: "list[Said]", length: "int | None") -> "tuple[date, date]":
    """Arrival and departure: tonight by default, one night unless more was said."""
    first = now().date()
    last = None
    if said:
        first = said[0].first or (said[0].start or said[0].end or now()).date()
        end = said[0].last or (said[0].end.date() if said[0].end else None)
        last = end if end and end > first else None
    for other in said[1:]:
        last = last or (other.last or (other.start or other.end or now()).date())
    count = max(1, (length or 0) // (24 * 60))
    return first, last if last and last > first else first + timedelta(days=count)


def _when(dialogue: Dialogue, first: date, last: date) -> str:
    say, count = dialogue.say, (last - first).days
    return say.text("nights", first=say.day(first), last=say.day(last), count=count)
