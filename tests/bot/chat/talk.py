"""A socket of a signed-in person, and a stand-in for the assistant that says what the test wants."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from backend.config.asgi import application

HERE = b"http://localhost"


class StandIn(ThreadingHTTPServer):
    """Answers each message with `answer`, and keeps what it was asked, with the headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: Any = says("Vâng ạ.")
        self.status = 200
        self.asked: list[dict] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({**body, "path": self.path, "key": self.headers["X-Service-Key"]})
        answer = json.dumps(self.server.answer).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass


def says(text: str, *payloads: str) -> dict:
    buttons = [{"title": payload, "payload": payload} for payload in payloads]
    return {"messages": [{"text": text, "buttons": buttons}], "intent": {"name": "greet", "confidence": 0.9}}


@contextmanager
def stand_in() -> Iterator[StandIn]:
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def cookie_of(user: object) -> bytes:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode()


def socket(
    cookie: bytes = b"", path: str = "/ws/chat/", origin: bytes | None = HERE, language: bytes = b"en"
) -> WebsocketCommunicator:
    headers = [(b"host", b"localhost"), (b"cookie", cookie), (b"accept-language", language)]
    return WebsocketCommunicator(application, path, [*headers, *([(b"origin", origin)] if origin else [])])


async def open_as(user: object, **how: Any) -> WebsocketCommunicator:
    chat = socket(await sync_to_async(cookie_of)(user), **how)
    assert (await chat.connect())[0]
    return chat


async def ask(chat: WebsocketCommunicator, text: str) -> dict:
    await chat.send_json_to({"type": "message", "text": text})
    return await chat.receive_json_from(timeout=10)


async def press(chat: WebsocketCommunicator, payload: str) -> dict:
    await chat.send_json_to({"type": "button", "payload": payload})
    return await chat.receive_json_from(timeout=10)
