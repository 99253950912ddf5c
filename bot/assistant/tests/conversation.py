"""A conversation without Rasa: the actions, an API that answers from a table, forms called as Rasa calls them."""

import asyncio
import json
import os
from typing import Any, Callable, Optional
from urllib.parse import parse_qs, urlsplit

import httpx
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.assistant.actions import api, booking, changing, clock, guesthouse, lines, rooms, talk
from bot.assistant.actions import conferences as sessions
from bot.vntime import parse

NOW = "2026-11-23T08:10:00+07:00"  # a Monday
FORMS = {
    "book_room": booking.BookingForm,
    "cancel_booking": changing.CancelForm,
    "reschedule_booking": changing.MoveForm,
}
ANSWERS = {
    "ask_room_availability": rooms.RoomAvailability,
    "ask_session_schedule": sessions.SessionSchedule,
    "ask_session_sites": sessions.SessionSites,
    "ask_line_status": lines.LineStatus,
    "ask_offline_sites": lines.OfflineSites,
    "ask_guesthouse_availability": guesthouse.GuesthouseAvailability,
    "ask_digest": talk.Digest,
    "inform": talk.FollowUp,
    "nlu_fallback": talk.Fallback,
}


def time(text: str, role: str = "") -> dict:
    entity = {"entity": "time", "value": text, "resolved": parse(text, clock.moment(NOW)).as_dict(details=True)}
    return {**entity, "role": role} if role else entity


def duration(text: str, seconds: int) -> dict:
    return {"entity": "duration", "value": text, "resolved": {"kind": "duration", "seconds": seconds}}


def name(kind: str, text: str, *ids: int) -> dict:
    rows = [{"id": number, "kind": kind, "name": text, "score": 1.0} for number in ids]
    return {"entity": kind, "value": text, "resolved": {"candidates": rows}}


def person(text: str) -> dict:
    return {"entity": "person", "value": text}


def people(text: str, number: int) -> dict:
    return {"entity": "attendees", "value": text, "resolved": {"number": number}}


class Api:
    """`answers`: "GET path" → a document, (status, problem), or a function of what is asked. Keeps that too."""

    def __init__(self, answers: "dict[str, Any]") -> None:
        self.answers = dict(answers)
        self.asked: "list[tuple[str, Any]]" = []
        self.headers: "list[httpx.Headers]" = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        address = urlsplit(str(request.url))
        route = f"{request.method} {address.path.split('/api/v1/')[1]}"
        asked = (
            json.loads(request.content) if request.content else {k: v[0] for k, v in parse_qs(address.query).items()}
        )
        self.asked.append((route, asked))
        self.headers.append(request.headers)
        answer = self.answers.get(route, (404, {"code": "not_found", "detail": "?"}))
        answer = answer(asked) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        status, document = answer if isinstance(answer, tuple) else (200, answer)
        return httpx.Response(status, json=document)

    def posts(self, route: str) -> "list[Any]":
        return [asked for known, asked in self.asked if known == f"POST {route}"]


def page(*rows: dict) -> dict:
    return {"results": list(rows), "next": None, "previous": None}


class Conversation:
    """Says something, and keeps what was answered: `text` (all of it) and `buttons` (title → payload)."""

    def __init__(self, answers: "dict[str, Any]", language: str = "vi") -> None:
        os.environ.update(BOT_NOW=NOW, BOT_SERVICE_KEY="key", API_URL="http://api.test")
        self.api, self.language = Api(answers), language
        self.slots: "dict[str, Any]" = {}
        self.form: Optional[str] = None
        self.events: "list[dict]" = []
        self.text, self.buttons, self.data = "", {}, {}

    def say(self, intent: str, text: str = "", *entities: dict, confidence: float = 0.9, ranking: Any = ()) -> str:
        return asyncio.run(self._say(intent, text, entities, confidence, ranking))

    def press(self, title: str) -> str:
        payload = self.buttons[title]
        intent, _brace, rest = payload[1:].partition("{")
        found = json.loads("{" + rest) if rest else {}
        return asyncio.run(self._say(intent, payload, [{"entity": k, "value": v} for k, v in found.items()], 1.0, ()))

    async def _say(self, intent: str, text: str, entities: Any, confidence: float, ranking: Any) -> str:
        api._clients[asyncio.get_running_loop()] = httpx.AsyncClient(transport=httpx.MockTransport(self.api))
        self.message = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "entities": list(entities),
            "intent_ranking": list(ranking),
        }
        self.events.append({"event": "user", "input_channel": self.language, **self.message})
        self.dispatcher = CollectingDispatcher()
        await self._react(intent)
        said = self.dispatcher.messages
        self.text = "\n".join(message["text"] for message in said)
        self.buttons = {b["title"]: b["payload"] for message in said for b in message["buttons"]}
        self.data = {k: v for message in said for k, v in (message["custom"] or {}).items()}
        return self.text

    async def _react(self, intent: str) -> None:
        """As Rasa does: the active form first; when it rejects, the rule of the intent, then the form again."""
        if self.form:
            if await self._form(FORMS[self.form]):
                return
            self.events.append({"event": "action_execution_rejected", "name": _loop(self.form)})
        if intent in FORMS:
            self.form = intent
            self.events.append({"event": "active_loop", "name": _loop(intent)})
            await self._form(FORMS[intent])
            return
        await self._run(ANSWERS.get(intent, talk.Talk))
        if self.form:
            await self._form(FORMS[self.form])

    async def _form(self, kind: Callable) -> bool:
        events = await self._run(kind)
        if events and self.slots.get("requested_slot") is None:
            self.form = None
        return bool(events)

    async def _run(self, kind: Callable) -> "list[dict]":
        loop = {"name": _loop(self.form)} if self.form else {}
        tracker = Tracker("a conversation", self.slots, self.message, self.events, False, None, loop, "action_listen")
        events = await kind().run(self.dispatcher, tracker, {})
        self.slots.update({event["name"]: event["value"] for event in events if event["event"] == "slot"})
        return events


def _loop(intent: str) -> str:
    return FORMS[intent]().form_name()
