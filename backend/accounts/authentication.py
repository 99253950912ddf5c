"""Session cookie with CSRF; answers 401 rather than 403 to somebody who is not signed in."""

from rest_framework.authentication import SessionAuthentication as BaseSessionAuthentication
from rest_framework.request import Request


class SessionAuthentication(BaseSessionAuthentication):
    def authenticate_header(self, request: Request) -> str:
        return "Session"
