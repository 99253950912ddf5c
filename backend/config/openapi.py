"""What the OpenAPI file cannot find out by itself: how callers show who they are."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object


class Session(OpenApiAuthenticationExtension):
    target_class = "backend.accounts.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class Conversation(OpenApiAuthenticationExtension):
    target_class = "bot.chat.authentication.ConversationAuthentication"
    name = ["botKey", "conversation"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return [{"type": "apiKey", "in": "header", "name": name} for name in ("X-Bot-Key", "X-Conversation")]


class Token(OpenApiAuthenticationExtension):
    target_class = "backend.accounts.authentication.TokenAuthentication"
    name = "token"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return build_bearer_security_scheme_object("Authorization", "Bearer")
