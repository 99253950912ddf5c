"""The bot's identity: a conversation that the service opened for a signed-in user."""

import secrets

from django.conf import settings
from django.db import models


def unguessable() -> str:
    return secrets.token_urlsafe(24)


class Conversation(models.Model):
    """`key` is Rasa's sender id. Whoever shows it with the service key acts as `user`, with that user's rights.

    `tab` is the browser tab's own mark: a page that is opened in between does not end the conversation. `offered`
    holds the payloads of the buttons that were shown, latest last: no other is accepted.
    """

    key = models.CharField(max_length=64, unique=True, default=unguessable)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations")
    tab = models.CharField(max_length=64, default="", blank=True)
    offered = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "tab"], name="bot_chat_conversation_tab")]
