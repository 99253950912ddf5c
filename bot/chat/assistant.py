"""The assistant behind the chat: one HTTP call to our own channel of Rasa, within five seconds or not at all."""

import asyncio
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import httpx
from django.conf import settings

SECONDS = 4.8  # so that the person has an answer, or an apology, within five
_clients: "WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient]" = WeakKeyDictionary()


class Away(Exception):
    """The assistant is absent, too slow, or answered with something that is no answer."""


@dataclass(frozen=True)
class Reply:
    """`messages`: [{text, buttons: [{title, payload}], data}]; `intent`: {name, confidence}."""

    messages: list[dict[str, Any]]
    intent: dict[str, Any]

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for message in self.messages for button in message["buttons"]]


async def ask(*, key: str, language: str, text: str = "", payload: str = "") -> Reply:
    """What the assistant answers to typed `text`, or to a button's `payload`. Raises Away."""
    if not settings.RASA_URL:
        raise Away("no address")
    body = {"conversation": key, "language": language, "text": text, "payload": payload}
    headers = {"X-Service-Key": settings.RASA_SERVICE_KEY}
    try:
        async with asyncio.timeout(SECONDS):
            response = await _client().post(f"{settings.RASA_URL}/webhooks/chat/message", json=body, headers=headers)
        response.raise_for_status()
        return _reply(response.json())
    except (httpx.HTTPError, TimeoutError, ValueError, KeyError, TypeError) as error:
        raise Away(type(error).__name__) from error


def _client() -> httpx.AsyncClient:
    """One for each event loop, so that its connections stay open between messages."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = httpx.AsyncClient(timeout=SECONDS, trust_env=False)
    return _clients[loop]


def _reply(document: dict[str, Any]) -> Reply:
    """Only what the contract names. Silence is no answer."""
    intent = document["intent"]
    messages = [_message(message) for message in document["messages"]]
    if not messages:
        raise ValueError("no messages")
    return Reply(messages, {"name": str(intent["name"]), "confidence": float(intent["confidence"])})


def _message(message: dict[str, Any]) -> dict[str, Any]:
    buttons = [{"title": str(b["title"]), "payload": str(b["payload"])} for b in message.get("buttons") or ()]
    return {"text": str(message.get("text") or ""), "buttons": buttons, "data": message.get("data") or {}}
