"""`/ws/chat/`: from the browser to the assistant and back, in the frames of the public contract."""

import json
import logging
import time
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backend.accounts.models import User
from bot.chat import services
from bot.chat.assistant import Assistant, Away
from bot.chat.frames import Pace, Refused, Said, read

ENDED = 4401  # signed out, or the account was closed
log = logging.getLogger(__name__)


class ChatConsumer(AsyncWebsocketConsumer):
    """Frames are taken one after the other, so that one message of a connection is on its way at most."""

    async def connect(self) -> None:
        self.pace = Pace()
        self.language = language_of(self.scope)
        self.assistant = Assistant()
        await self._open()
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.assistant.close()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        with translation.override(self.language):
            try:
                self.pace.check(time.monotonic())
                said = read(text_data)
                if await self._alive():
                    await self._answer(said)
                else:
                    await self.close(ENDED)
            except Refused as refusal:
                await self._error(refusal.code, refusal.detail)

    async def _open(self) -> None:
        tab = parse_qs(self.scope["query_string"].decode("latin-1")).get("tab", [""])[0]
        opened = database_sync_to_async(services.open_conversation)
        self.conversation = await opened(user=self.scope["user"], tab=tab, now=timezone.now())

    async def _alive(self) -> bool:
        """Whether this user may go on; after half an hour of silence, in a new conversation."""
        if not await database_sync_to_async(still_signed_in)(self.scope):
            return False
        kept = database_sync_to_async(services.keep_alive)
        if not await kept(conversation=self.conversation, now=timezone.now()):
            await self._open()
        return True

    async def _answer(self, said: Said) -> None:
        if said.payload and not await database_sync_to_async(services.was_offered)(self.conversation, said.payload):
            raise Refused("not_offered", _("This button is no longer on offer. Please write what you would like."))
        try:
            reply = await self.assistant.ask(
                key=self.conversation.key, language=self.language, text=said.text, payload=said.payload
            )
        except Away as away:
            log.warning("assistant away: %s", away)
            await self._error("bot_away", away_text())
            return
        if reply.payloads:
            offers = database_sync_to_async(services.remember_offers)
            await offers(conversation=self.conversation, payloads=reply.payloads)
        await self._send({"type": "reply", "messages": reply.messages, "intent": reply.intent})

    async def _error(self, code: str, detail: str) -> None:
        await self._send({"type": "error", "code": code, "detail": detail})

    async def _send(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(frame, ensure_ascii=False))


def away_text() -> str:
    return _(
        "The assistant is not available at the moment. The pages do all of it too: /conferences/new/ books, "
        "/conferences/ lists the conferences, /lines/ shows the lines, /timeline/ the rooms."
    )


def still_signed_in(scope: dict[str, Any]) -> bool:
    """The account is open, and the session that opened this connection has not been signed out."""
    user, session = scope["user"], scope.get("session")
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        return False
    return session is None or not session.session_key or session.exists(session.session_key)


def language_of(scope: dict[str, Any]) -> str:
    """As the pages choose it: the chosen language, then the browser's; a program gets its account's."""
    request = HttpRequest()
    request.COOKIES = scope.get("cookies", {})
    headers = dict(scope["headers"])
    request.META["HTTP_ACCEPT_LANGUAGE"] = headers.get(b"accept-language", b"").decode("latin-1")
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or request.META["HTTP_ACCEPT_LANGUAGE"]:
        return translation.get_language_from_request(request)
    known = {code for code, _name in settings.LANGUAGES}
    return scope["user"].language if scope["user"].language in known else settings.LANGUAGE_CODE
