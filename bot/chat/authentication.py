"""The action server shows its service key and the conversation; our API answers as the conversation's user."""

import hmac

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from backend.accounts.models import User
from bot.chat.models import Conversation


class ConversationAuthentication(BaseAuthentication):
    """Headers `X-Bot-Key` and `X-Conversation`. `request.auth` is the conversation."""

    def authenticate(self, request: Request) -> tuple[User, Conversation] | None:
        if not shows_service_key(request):
            return None
        row = (
            Conversation.objects.select_related("user")
            .filter(key=request.headers.get("X-Conversation", ""), expires_at__gt=timezone.now(), user__is_active=True)
            .first()
        )
        if row is None:
            raise AuthenticationFailed(_("This conversation has ended."))
        return row.user, row

    def authenticate_header(self, request: Request) -> str:
        return "Conversation"


def shows_service_key(request: Request) -> bool:
    """False without a key; raises AuthenticationFailed when it is wrong."""
    shown = request.headers.get("X-Bot-Key")
    if shown is None:
        return False
    if not hmac.compare_digest(shown.encode(), settings.BOT_SERVICE_KEY.encode()):
        raise AuthenticationFailed(_("The service key is wrong."))
    return True


class ServiceOnly(BasePermission):
    """For the assistant itself, without a person: the service key and nothing else."""

    def has_permission(self, request: Request, view: object) -> bool:
        if not shows_service_key(request):
            raise NotAuthenticated
        return True
