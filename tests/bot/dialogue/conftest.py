"""The planted demo, the application, the action server and Rasa: started once for a module, and gone after it."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from websockets.sync.client import ClientConnection, connect

from backend.accounts.models import User
from backend.desk.demo.planting import plant
from bot.chat import frames
from tests.bot.dialogue import service

RASA_KEY = "what the chat shows Rasa"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[service.Rasa]:
    service.require_python()
    folder = tmp_path_factory.mktemp("assistant")
    model = service.trained(folder)
    with django_db_blocker.unblock():
        plant(demo="2020", admin_password="demo", now=timezone.now())
        with service.application(service.free_port()) as api:
            rasa = service.Rasa(folder, model=model, api_url=api, rasa_key=RASA_KEY, bot_key=settings.BOT_SERVICE_KEY)
            rasa.start()
            yield rasa
            rasa.stop()
        call_command("flush", interactive=False, verbosity=0)


def committed(act: Callable) -> Any:
    """Do it in a connection of its own, so that the application sees it: a test's own writes never leave the test."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        return other.submit(run).result()


class Chat:
    """A person at the chat: `say` and `press` give the whole text of the answer; `frame` is the answer itself."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frame: dict = {}
        self.buttons: dict[str, str] = {}

    def say(self, text: str) -> str:
        return self._send({"type": "message", "text": text})

    def press(self, title: str) -> str:
        return self._send({"type": "button", "payload": self.buttons[title]})

    def _send(self, frame: dict) -> str:
        self.socket.send(json.dumps(frame))
        self.frame = json.loads(self.socket.recv(10))
        messages = self.frame.get("messages", [])
        self.buttons = {b["title"]: b["payload"] for message in messages for b in message["buttons"]}
        return "\n".join(message["text"] for message in messages)

    @property
    def data(self) -> dict:
        return {name: value for message in self.frame["messages"] for name, value in message["data"].items()}


@pytest.fixture
def chat(assistant, settings, monkeypatch) -> Callable:
    """`with chat("thuky") as talk:` A test speaks faster than a person may."""
    monkeypatch.setattr(frames, "MESSAGES", 100)
    settings.RASA_URL, settings.RASA_SERVICE_KEY = assistant.url, RASA_KEY
    api = assistant.environment["API_URL"]

    @contextmanager
    def open_chat(username: str, language: str = "vi") -> Iterator[Chat]:
        client = Client()
        committed(lambda: client.force_login(User.objects.get(username=username)))
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        headers = {"Cookie": cookie, "Accept-Language": language}
        with connect(f"{api.replace('http', 'ws', 1)}/ws/chat/", origin=api, additional_headers=headers) as socket:
            yield Chat(socket)

    return open_chat
