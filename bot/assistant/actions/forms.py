"""What the three forms share. A form asks only for what is missing, can be corrected, and writes after “agree” alone.

One call of the action server does a form's whole turn: it reads what was said, checks it, and asks for what is
missing. Rasa keeps the slots, says when the form is active, and lets another question be answered in between.
"""

import hashlib
import json
import re
import uuid
from abc import ABC, abstractmethod
from typing import Any, Optional

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT, FormValidationAction

from bot.assistant.actions.api import Refused, Silent
from bot.assistant.actions.base import Dialogue, guarded
from bot.assistant.actions.turn import Turn

STARTS = {"book_room", "cancel_booking", "reschedule_booking"}
QUESTIONS = frozenset(
    (
        "ask_room_availability", "ask_session_schedule", "ask_session_sites", "ask_line_status", "ask_offline_sites",
        "ask_guesthouse_availability", "ask_readiness", "ask_at_risk", "ask_what_if", "ask_digest", "book_guesthouse",
        "order_catering", "confirm_readiness", "approve_request", "name_delegate", "subscribe", "help", "handoff",
        "greet", "thank", "goodbye",
    )
)  # fmt: skip
ASKS = r"khong|ko|nao|may|dau|ai|gi|sao|chua|bao nhieu|the nao|what|who|when|which|how|where"
CERTAIN = 0.8
AGREED = 0.7
PLAIN_WORDS = re.compile(r"(?:[^\W\d_]+[\s,.!…]*){1,8}")  # what agrees is a few words: no code, no number
RESUME = "resume"  # in the memory: the form that is taken up again


class Stop(Exception):
    """The form ends here; whatever was to be said has been said."""


class Turned:
    """One turn of a form: the dialogue, the draft that grows, and the slot that was asked for before."""

    def __init__(self, dialogue: Dialogue, draft: "dict[str, Any]", requested: str) -> None:
        self.dialogue, self.draft, self.requested = dialogue, draft, requested
        self.said: Turn = dialogue.turn
        self.wanted: Optional[str] = None
        self.ended = self.asked = False

    @property
    def stops(self) -> bool:
        """“không”, “thôi”, “hủy đi” with nothing else said."""
        says_no = self.said.intent in ("deny", "cancel_booking") and not self.said.entities and not self.said.choices
        return says_no and bool(self.requested)

    @property
    def is_text(self) -> bool:
        """Words that may be a title, a name or a reason: neither a button, nor a bare “đồng ý”, nor only hours."""
        agrees = self.said.intent == "affirm" and self.said.confidence >= CERTAIN
        return not self.said.pressed and not agrees and bool(self.said.leftover() or self.said.all("person"))

    def agrees(self, mark: str) -> bool:
        """A word that agrees, and nothing else; or the button under exactly this summary."""
        if self.said.pressed:
            return self.said.intent == "affirm" and self.said.chosen("confirm") == [mark]
        agreed = self.said.intent == "affirm" and self.said.confidence >= AGREED
        return agreed and not self.said.entities and bool(PLAIN_WORDS.fullmatch(self.said.text))


class Form(FormValidationAction, ABC):
    """`slots` in the order in which they are asked for, the confirmation last; `keeps` are not asked for."""

    prefix = ""
    intent = ""
    slots: "tuple[str, ...]" = ()
    keeps: "tuple[str, ...]" = ("run",)
    free_text: "frozenset[str]" = frozenset()

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> "list[dict]":
        dialogue = Dialogue(dispatcher, tracker)
        began, between = _began(tracker, self.form_name()), _answered_between(tracker, self.form_name())
        if began and dialogue.memory.pop(RESUME, "") == self.form_name():
            began, between = False, True  # it was left for another form, which has ended by now
        requested = "" if began else (tracker.get_slot(REQUESTED_SLOT) or "").removeprefix(self.prefix)
        if not (began or between) and self._is_for_others(dialogue.turn, requested):
            return []  # nothing of ours: Rasa rejects the form, and a rule answers
        draft = {n: None if began else tracker.get_slot(self.prefix + n) for n in (*self.slots, *self.keeps)}
        turn = Turned(dialogue, draft, requested)
        await guarded(dialogue, self._turn(turn, listens=not between))
        return self._events(turn)

    async def _turn(self, turn: Turned, *, listens: bool) -> None:
        turn.draft["run"] = turn.draft["run"] or uuid.uuid4().hex
        try:
            if listens:
                await self._listen(turn)
            else:
                turn.dialogue.say(f"{self.prefix}back")
            turn.wanted = next((name for name in self.slots if turn.draft[name] is None), None)
            if turn.wanted and not turn.asked:
                await self.ask(turn)
        except Stop:
            turn.ended = True

    async def _listen(self, turn: Turned) -> None:
        if turn.stops:
            turn.dialogue.say(f"{self.prefix}stopped")
            raise Stop
        before = self._facts(turn.draft)
        await self.understand(turn)
        if self._facts(turn.draft) != before:
            await self.check(turn)
        elif turn.requested == "confirmed" and turn.agrees(self.mark(turn.draft)):
            await self._write(turn)
        elif turn.requested and not turn.asked:
            turn.dialogue.say("form_not_understood")

    async def _write(self, turn: Turned) -> None:
        """The one place where anything is written. Not knowing whether it was, the same key may try again."""
        mark = self.mark(turn.draft)
        try:
            await self.write(turn, key=mark)
        except Silent:
            turn.dialogue.say("not_sure", turn.dialogue.say.yes_no(mark=mark))
            turn.asked = True
            return
        except Refused as refusal:
            await self.refused(turn, refusal)
            return
        raise Stop

    def mark(self, draft: "dict[str, Any]") -> str:
        """Names exactly what is agreed to: the key that makes a second “agree” harmless."""
        return hashlib.sha256(json.dumps([draft["run"], self._facts(draft)]).encode()).hexdigest()[:16]

    def _facts(self, draft: "dict[str, Any]") -> str:
        return json.dumps({name: draft[name] for name in draft if name != "run"}, sort_keys=True)

    def _events(self, turn: Turned) -> "list[dict]":
        """When something broke before the question was reached, the form waits where it was."""
        draft = dict.fromkeys(turn.draft) if turn.ended else turn.draft
        wanted = None if turn.ended else turn.wanted or turn.requested or self.slots[0]
        return [
            *(SlotSet(self.prefix + name, value) for name, value in draft.items()),
            SlotSet("memory", turn.dialogue.memory),
            SlotSet(REQUESTED_SLOT, wanted and self.prefix + wanted),
        ]

    def _is_for_others(self, said: Turn, requested: str) -> bool:
        """Something else is asked or begun meanwhile. Where any words are an answer, only a clear question is one."""
        if said.intent == "reschedule_booking" and requested == "confirmed" and not said.code:
            return False  # “đổi sang 3 giờ chiều” means what was just summed up
        if said.intent in STARTS - {self.intent}:
            return bool(said.all("session") or said.code or (said.intent == "book_room" and said.entities))
        if said.intent not in QUESTIONS:
            return False
        if requested in self.free_text and not said.pressed:
            is_question = requested != "title" or said.text.endswith("?") or said.says(ASKS)
            return is_question and said.confidence >= CERTAIN and said.intent.startswith(("ask_", "help", "handoff"))
        return True

    @abstractmethod
    async def understand(self, turn: Turned) -> None:
        """Put what was said into the draft; raise Stop when there is nothing to go on with."""

    async def check(self, turn: Turned) -> None:
        """Look, before asking on, whether what is known by now can be."""

    @abstractmethod
    async def ask(self, turn: Turned) -> None:
        """Ask for `turn.wanted`; for the confirmation, say exactly what will be done."""

    @abstractmethod
    async def write(self, turn: Turned, *, key: str) -> None:
        """Do it."""

    async def refused(self, turn: Turned, refusal: Refused) -> None:
        turn.dialogue.refuse(refusal)
        raise Stop


def _since_user(tracker: Tracker) -> "list[dict]":
    events: "list[dict]" = []
    for event in reversed(tracker.events):
        if event["event"] == "user":
            break
        events.append(event)
    return events


def _began(tracker: Tracker, form: str) -> bool:
    """Whether this turn opened the form: then nothing of an earlier one counts."""
    return any(event["event"] == "active_loop" and event["name"] == form for event in _since_user(tracker))


def _answered_between(tracker: Tracker, form: str) -> bool:
    """Whether another question was just answered: the words of this turn are not for the form."""
    return any(e["event"] == "action_execution_rejected" and e["name"] == form for e in _since_user(tracker))
