"""Everything that needs no data: greetings, help, and honest short answers of what is done on a page."""

from collections.abc import Iterable

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.assistant.actions.base import Answer, Dialogue
from bot.assistant.actions.conferences import conferences, nothing_found, several
from bot.assistant.actions.forms import RESUME, Form
from bot.assistant.actions.lines import overview
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
    """“3 giờ chiều”, “phòng Kỳ Cùng” when nothing was asked before."""

    remembers = False

    def name(self) -> str:
        return "action_follow_up"

    async def answer(self, dialogue: Dialogue) -> None:
        dialogue.say("not_understood", _offers(dialogue, OFFERED))


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


class FormEnded(Answer):
    """What was to be said has been said; a form that was left for this one is taken up again."""

    remembers = False

    def name(self) -> str:
        return "action_form_ended"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> "list[dict]":
        left = next((form() for form in Form.__subclasses__() if _is_open(form(), tracker)), None)
        if left is None:
            return []
        memory = {**(tracker.get_slot("memory") or {}), RESUME: left.form_name()}
        return [SlotSet("memory", memory), FollowupAction(left.form_name())]

    async def answer(self, dialogue: Dialogue) -> None:
        """Nothing."""


def _is_open(form: Form, tracker: Tracker) -> bool:
    """Whether it was begun and neither ended nor stopped."""
    return bool(tracker.get_slot(f"{form.prefix}run"))
