"""Session cookie with CSRF; answers 401 rather than 403 to somebody who is not signed in. And who that is."""

from typing import cast

from rest_framework.authentication import SessionAuthentication as BaseSessionAuthentication
from rest_framework.request import Request

from backend.accounts.models import User


class SessionAuthentication(BaseSessionAuthentication):
    def authenticate_header(self, request: Request) -> str:
        return "Session"


def caller(request: Request) -> User:
    """Who calls an endpoint that lets nobody in but signed-in users."""
    return cast(User, request.user)
