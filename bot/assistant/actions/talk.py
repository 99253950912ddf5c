"""Everything that needs no data: greetings, help, and honest short answers of what is done on a page."""

from collections.abc import Iterable

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.assistant.actions.base import Answer, Dialogue
from bot.assistant.actions.conferences import SessionSchedule, SessionSites, conferences, nothing_found, several
from bot.assistant.actions.guesthouse import GuesthouseAvailability
from bot.assistant.actions.lines import LineStatus, OfflineSites, overview
from bot.assistant.actions.rooms import RoomAvailability
from bot.assistant.actions.say import button

PAGES = {
    "ask_readiness": "/conferences/",
    "confirm_readiness": "/conferences/",
    "ask_at_risk": "/lines/",
    "ask_what_if": "/timeline/",
    "approve_request": "/conferences/?status=submitted",
    "name_delegate": "/conferences/",
    "subscribe": "/lines/",
    "book_guesthouse": "/guesthouse/",
    "order_catering": "/guesthouse/",
}
OFFERED = ("ask_room_availability", "book_room", "ask_session_schedule", "ask_line_status", "ask_offline_sites")
KNOWN = {*OFFERED, "ask_session_sites", "ask_guesthouse_availability", "cancel_booking", "reschedule_booking"}


class Talk(Answer):
    """Says what stands for the intent in the domain."""

    remembers = False

    def name(self) -> str:
        return "action_talk"

    async def answer(self, dialogue: Dialogue) -> None:
        intent = dialogue.turn.intent
        offers = _offers(dialogue, OFFERED) if intent in ("greet", "help", "out_of_scope", "affirm", "deny") else []
        data = {"url": PAGES[intent]} if intent in PAGES else None
        dialogue.say(intent if dialogue.say.knows(intent) else "help", offers, data)


class Fallback(Answer):
    """What was not understood is never a dead end: the nearest things it may have meant, as buttons."""

    remembers = False

    def name(self) -> str:
        return "action_fallback"

    async def answer(self, dialogue: Dialogue) -> None:
        near = [
            row["name"] for row in dialogue.turn.ranking if row["name"] in KNOWN and row.get("confidence", 0) > 0.05
        ]
        most = list(dict.fromkeys([*near[:3], *OFFERED]))[: 3 if near else len(OFFERED)]
        dialogue.say("not_understood", _offers(dialogue, most))


def _offers(dialogue: Dialogue, intents: Iterable[str]) -> "list[dict]":
    return [button(dialogue.say.text(f"can_{intent}"), intent) for intent in intents]


class FollowUp(Answer):
    """“3 giờ chiều”, “phòng Kỳ Cùng” with nothing asked: the last question again, with this."""

    remembers = False

    def name(self) -> str:
        return "action_follow_up"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> "list[dict]":
        asked = (tracker.get_slot("memory") or {}).get("question")
        again = next((kind for kind in AGAIN if kind().name() == asked), None)
        if again is not None:
            return await again().run(dispatcher, tracker, domain)
        return await super().run(dispatcher, tracker, domain)

    async def answer(self, dialogue: Dialogue) -> None:
        dialogue.say("not_understood", _offers(dialogue, OFFERED))


AGAIN = (RoomAvailability, SessionSchedule, SessionSites, LineStatus, OfflineSites, GuesthouseAvailability)


class Digest(Answer):
    """Today in short: the conferences, then the lines."""

    def name(self) -> str:
        return "action_ask_digest"

    async def answer(self, dialogue: Dialogue) -> None:
        today = await conferences(dialogue, "ask_digest")
        if today.rows:
            several(dialogue, today.rows, today)
        elif not today.asked_back:
            nothing_found(dialogue, today)
        await overview(dialogue, set())


class Quiet(Answer):
    """Ends a form: what was to be said has been said."""

    remembers = False

    def name(self) -> str:
        return "action_form_ended"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> "list[dict]":
        return []

    async def answer(self, dialogue: Dialogue) -> None:
        """Nothing."""
