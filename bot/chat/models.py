"""The bot's identity: a conversation that the service opened for a signed-in user."""

import secrets

from django.conf import settings
from django.db import models


def unguessable() -> str:
    return secrets.token_urlsafe(24)


class Conversation(models.Model):
    """`key` is Rasa's sender id. Whoever shows it with the service key acts as `user`, with that user's rights."""

    key = models.CharField(max_length=64, unique=True, default=unguessable)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
