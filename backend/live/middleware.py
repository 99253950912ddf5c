"""A websocket without a signed-in user is closed before any consumer runs."""

from typing import Any

from channels.security.websocket import WebsocketDenier


class SignedInOnly:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict, receive: Any, send: Any) -> Any:
        if not scope["user"].is_authenticated:
            return await WebsocketDenier.as_asgi()(scope, receive, send)
        return await self.app(scope, receive, send)
