"""Bearer token, or session cookie with CSRF; 401 rather than 403 to somebody who is not signed in. And who that is."""

from typing import cast

from django.utils import timezone
from knox.auth import TokenAuthentication as BaseTokenAuthentication
from knox.models import AuthToken
from rest_framework.authentication import SessionAuthentication as BaseSessionAuthentication
from rest_framework.request import Request

from backend.accounts.models import User


class TokenAuthentication(BaseTokenAuthentication):
    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        """Whether it has run out. The base looks at every token of the user, at every call; ours go at sign-in."""
        return bool(auth_token.expiry <= timezone.now())


class SessionAuthentication(BaseSessionAuthentication):
    def authenticate_header(self, request: Request) -> str:
        return "Session"


def caller(request: Request) -> User:
    """Who calls an endpoint that lets nobody in but signed-in users."""
    return cast(User, request.user)
