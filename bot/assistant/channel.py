"""The one way into Rasa: `POST /webhooks/chat/message`, on loopback, for whoever shows the service key.

In: {conversation, language, text} for typed words, or {conversation, language, payload} for a button of ours. The chat
has checked who speaks and which buttons were offered. Out: {messages: [{text, buttons, data}], intent: {…}}.
"""

import hmac
import logging
from typing import Any, Awaitable, Callable, Dict, List, Text

from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

LANGUAGES = ("vi", "en")
log = logging.getLogger(__name__)

# Rasa checks each answer of the action server against a JSON schema, which took half of its time. The server is ours.
RemoteAction._validate_action_result = lambda self, result: True  # type: ignore[method-assign]


class Answer(OutputChannel):
    """Collects what is said in one turn. Its name is the user's language: it chooses the variant of a response."""

    def __init__(self, language: Text) -> None:
        self.language = language
        self.messages: List[Dict[Text, Any]] = []

    def name(self) -> Text:  # type: ignore[override]
        return self.language

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        self.messages.append(
            {
                "text": message.get("text") or "",
                "buttons": [{"title": b["title"], "payload": b["payload"]} for b in message.get("buttons") or ()],
                "data": message.get("custom") or {},
            }
        )


class ChatInput(InputChannel):
    def __init__(self, service_key: Text) -> None:
        if not service_key:
            raise ValueError("the chat channel needs a service key")
        self.service_key = service_key

    @classmethod
    def name(cls) -> Text:
        return "chat"

    @classmethod
    def from_credentials(cls, credentials: Dict[Text, Any]) -> "ChatInput":
        return cls(str((credentials or {}).get("service_key") or ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        chat = Blueprint("chat", __name__)

        @chat.get("/")
        async def health(request: Request) -> HTTPResponse:
            """Rasa serves even when its model could not be loaded."""
            ready = request.app.ctx.agent is not None and request.app.ctx.agent.is_ready()
            return response.json({"status": "ready" if ready else "no model"}, status=200 if ready else 503)

        @chat.post("/message")
        async def message(request: Request) -> HTTPResponse:
            if not self._knows(request):
                return response.json({"error": "not for you"}, status=401)
            try:
                said = _message(request.json)
            except (KeyError, TypeError, ValueError):
                return response.json({"error": "not a message"}, status=400)
            return await _answer(request.app.ctx.agent, said, on_new_message)

        return chat

    def _knows(self, request: Request) -> bool:
        shown = request.headers.get("X-Service-Key") or ""
        return hmac.compare_digest(shown.encode(), self.service_key.encode())


def _message(body: Dict[Text, Any]) -> UserMessage:
    """Typed words never begin with a slash: that is how Rasa knows a button's payload."""
    text, payload, conversation = str(body.get("text") or ""), str(body.get("payload") or ""), str(body["conversation"])
    language = body.get("language") if body.get("language") in LANGUAGES else LANGUAGES[0]
    words = payload if payload.startswith("/") else text.strip().lstrip("/ ")
    if not words or not conversation:
        raise ValueError("nothing said")
    return UserMessage(words, Answer(language), conversation, input_channel=language)


async def _answer(agent: Any, said: UserMessage, handle: Callable[[UserMessage], Awaitable[Any]]) -> HTTPResponse:
    """Parse first, because the answer names the intent; then let Rasa handle what was parsed."""
    try:
        said.parse_data = await agent.processor.parse_message(said)
        await handle(said)
    except Exception as error:  # the text of a message is in no log
        log.error("a message failed: %s", type(error).__name__)
        return response.json({"error": "failed"}, status=500)
    intent = said.parse_data["intent"]
    heard = {"name": intent.get("name") or "", "confidence": float(intent.get("confidence") or 0)}
    return response.json({"messages": said.output_channel.messages, "intent": heard})
