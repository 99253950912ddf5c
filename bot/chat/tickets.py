"""Short-lived tickets by which a program opens a websocket: `?token=` names the user, once signed by us."""

from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from django.core import signing

from backend.accounts.models import User

SALT = "websocket-ticket"
LIFETIME_S = 60


def issue(user: User) -> str:
    """A ticket that opens a websocket as `user` within 60 seconds."""
    return signing.dumps(user.pk, salt=SALT)


def _user(ticket: str) -> User | None:
    try:
        pk = signing.loads(ticket, salt=SALT, max_age=LIFETIME_S)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()


class TicketMiddleware:
    """Signs in the holder of a valid ticket; everybody else stays who the session says they are."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict, receive: Any, send: Any) -> Any:
        ticket = parse_qs(scope["query_string"].decode("latin-1")).get("token")
        if ticket:
            user = await database_sync_to_async(_user)(ticket[0])
            if user is not None:
                scope = {**scope, "user": user}
        return await self.app(scope, receive, send)
