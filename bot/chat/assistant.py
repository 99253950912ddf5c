"""The assistant behind the chat: one HTTP call to our own channel of Rasa, within five seconds or not at all."""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

SECONDS = 4.8  # so that the person has an answer, or an apology, within five
TLS = ssl.create_default_context()  # made once: it takes longer than a whole answer


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


class Assistant:
    """One chat's line to Rasa; it stays open between messages."""

    def __init__(self) -> None:
        self.client = httpx.AsyncClient(timeout=SECONDS, trust_env=False, verify=TLS)

    async def ask(self, *, key: str, language: str, text: str = "", payload: str = "") -> Reply:
        """What the assistant answers to typed `text`, or to a button's `payload`. Raises Away."""
        if not settings.RASA_URL:
            raise Away("no address")
        url = f"{settings.RASA_URL}/webhooks/chat/message"
        body = {"conversation": key, "language": language, "text": text, "payload": payload}
        try:
            async with asyncio.timeout(SECONDS):
                response = await self.client.post(url, json=body, headers={"X-Service-Key": settings.RASA_SERVICE_KEY})
            response.raise_for_status()
            return _reply(response.json())
        except (httpx.HTTPError, TimeoutError, ValueError, KeyError, TypeError) as error:
            raise Away(type(error).__name__) from error

    async def close(self) -> None:
        await self.client.aclose()


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
