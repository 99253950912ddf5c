"""A websocket without a session, or from a page that is not ours, is refused before any code of ours runs."""

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connections

from backend.config.asgi import application
from backend.live.consumers import LiveConsumer
from bot.chat.consumers import ChatConsumer
from tests.bot.chat.talk import HERE, cookie_of
from tests.factories import make_level, make_unit, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PATHS = ["/ws/live/", "/ws/chat/"]


@pytest.fixture(autouse=True)
async def _closed() -> AsyncIterator[None]:
    """channels' testing keeps the connection of its thread open; the database could not be dropped."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def cookie() -> bytes:
    """Of a signed-in member of the secretariat."""
    return cookie_of(make_user("thuky", make_unit("Tỉnh", make_level("provincial", 1)), "secretariat"))


@pytest.fixture
def began(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which consumers were called at all."""
    called: list[str] = []

    def noting(name: str):
        async def call(self, scope, receive, send):
            called.append(name)
            await send({"type": "websocket.close"})

        return call

    for consumer in (LiveConsumer, ChatConsumer):
        monkeypatch.setattr(consumer, "__call__", noting(consumer.__name__))
    return called


def socket(path: str, *, origin: bytes | None, cookie: bytes = b"") -> WebsocketCommunicator:
    headers = [(b"host", b"localhost"), (b"cookie", cookie), *([(b"origin", origin)] if origin else [])]
    return WebsocketCommunicator(application, path, headers)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("invented", [b"", b"sessionid=invented"])
async def test_nobody_gets_in_without_a_session(path, invented, cookie, began):
    assert (await socket(path, origin=HERE, cookie=invented).connect())[0] is False
    assert began == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", [b"https://elsewhere.example", b"http://localhost.elsewhere.example", b"null", None])
async def test_a_foreign_page_gets_nothing_by_a_users_session(path, origin, cookie, began):
    assert (await socket(path, origin=origin, cookie=cookie).connect())[0] is False
    assert began == []


@pytest.mark.parametrize("path", PATHS)
async def test_with_both_the_consumer_is_asked(path, cookie, began):
    """The control: nothing else than session and origin keeps the others out."""
    await socket(path, origin=HERE, cookie=cookie).connect()
    assert len(began) == 1
