"""What every action shares: the turn, the words, the API, and a plain answer when something fails."""

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.assistant.actions.api import Api, Refused, Silent
from bot.assistant.actions.say import Say
from bot.assistant.actions.turn import Turn

SECONDS = 4.0  # the chat waits five
SURE = 0.9  # then a question is what it sounds like
log = logging.getLogger(__name__)


class Dialogue:
    """One turn of a conversation: who speaks, what was said, how to answer, what is remembered."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.turn = Turn.of(tracker)
        self.say = Say(dispatcher, self.turn.language)
        self.api = Api(tracker.sender_id, self.turn.language)
        self.tracker = tracker
        self.memory: "dict[str, Any]" = dict(tracker.get_slot("memory") or {})

    async def me(self) -> "dict[str, Any]":
        """Who the user is: asked once in a conversation."""
        if "me" not in self.memory:
            self.memory["me"] = await self.api.get("chat/me/")
        return self.memory["me"]

    def refuse(self, refusal: Refused) -> None:
        """In our words where we know better what to do next, else in the API's own."""
        if self.say.knows(f"refused_{refusal.code}"):
            self.say(f"refused_{refusal.code}", detail=refusal.detail)
        else:
            self.say("refused", detail=refusal.detail)


class Answer(Action, ABC):
    """One question, answered with live data. What was asked stays in mind for the next, shorter one."""

    remembers = True

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict) -> "list[dict]":
        dialogue = Dialogue(dispatcher, tracker)
        asked = _meant(self, dialogue)
        if asked.remembers:
            dialogue.turn = recalled(dialogue)
            dialogue.memory["question"] = asked.name()
            dialogue.memory["entities"] = list(dialogue.turn.entities)
        await guarded(dialogue, asked.answer(dialogue))
        return [SlotSet("memory", dialogue.memory)]

    @abstractmethod
    async def answer(self, dialogue: Dialogue) -> None:
        """Say it."""


def _meant(heard: Answer, dialogue: Dialogue) -> Answer:
    """“còn phòng 2 thì sao?” asks the last question again, whatever question it sounds like by itself."""
    turn, last = dialogue.turn, dialogue.memory.get("question")
    unsure = turn.intent == "inform" or turn.confidence < SURE
    if last and unsure and not turn.pressed and (turn.intent == "inform" or continues(turn)):
        return next((kind() for kind in Answer.__subclasses__() if kind.remembers and kind().name() == last), heard)
    return heard


def continues(turn: Turn) -> bool:
    """Whether the words go on with what was asked before: “còn phòng nào trống?” does not."""
    if not turn.entities:
        return False
    if turn.says("^(?:the|vay|what about|how about)|thi sao"):
        return True
    return turn.says("^con") and bool(turn.all("room") or turn.all("site") or not turn.leftover())


def recalled(dialogue: Dialogue) -> Turn:
    """The turn with what it leaves unsaid, where it goes on with the last question."""
    turn = dialogue.turn
    goes_on = turn.intent == "inform" or (not turn.pressed and continues(turn))
    return turn.remembering(dialogue.memory.get("entities", [])) if goes_on else turn


async def guarded(dialogue: Dialogue, work: Any) -> None:
    """Whatever happens, the user gets a sentence within the time that the chat waits. No text of theirs is logged."""
    try:
        await asyncio.wait_for(work, SECONDS)
    except Refused as refusal:
        dialogue.refuse(refusal)
    except (Silent, asyncio.TimeoutError) as error:
        log.warning("no answer from the API: %s", error)
        dialogue.say("slow")
    except Exception:
        log.exception("an action failed")
        dialogue.say("failed")
