"""Opening conversations, and keeping them alive while they are used."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from backend.accounts.models import User
from bot.chat.models import Conversation

IDLE = timedelta(minutes=30)  # then the bot has forgotten what was spoken of
OFFERS_KEPT = 200
TAB_CHARS = 64


@transaction.atomic
def open_conversation(*, user: User, tab: str, now: datetime) -> Conversation:
    """The living conversation of this user's tab, or a new one. Conversations that have ended are deleted."""
    tab = tab[:TAB_CHARS]
    mine = Conversation.objects.filter(user=user)
    mine.filter(expires_at__lte=now).delete()
    found = mine.filter(tab=tab).order_by("-expires_at").first() if tab else None
    if found is None:
        return Conversation.objects.create(user=user, tab=tab, created_at=now, expires_at=now + IDLE)
    return found


def keep_alive(*, conversation: Conversation, now: datetime) -> bool:
    """Whether it still lives; then it lives on for another half hour. False too when the account was closed."""
    living = Conversation.objects.filter(pk=conversation.pk, expires_at__gt=now, user__is_active=True)
    return bool(living.update(expires_at=now + IDLE))


@transaction.atomic
def remember_offers(*, conversation: Conversation, payloads: Iterable[str]) -> None:
    """From now on these buttons may be pressed, besides those of before."""
    row = Conversation.objects.select_for_update().get(pk=conversation.pk)
    new = list(dict.fromkeys(payloads))
    row.offered = [*(old for old in row.offered if old not in new), *new][-OFFERS_KEPT:]
    row.save(update_fields=["offered"])


def was_offered(conversation: Conversation, payload: str) -> bool:
    return Conversation.objects.filter(pk=conversation.pk, offered__contains=[payload]).exists()
