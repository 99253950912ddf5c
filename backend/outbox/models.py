"""What the world shall know, written in the transaction of the act and delivered by a worker."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.units.models import Unit


class Message(models.Model):
    """One message to one recipient. Messages with the same `order_key` leave one after another."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("e-mail")
        BRIDGE = "bridge", _("bridge call")

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.MAIL)
    kind = models.CharField(max_length=40, help_text="names the renderer")
    order_key = models.CharField(max_length=200)
    recipient = models.CharField(_("recipient"), max_length=320)
    subject = models.CharField(_("subject"), max_length=300, help_text="for people; never secret")
    payload = models.JSONField(default=dict)
    body = models.BinaryField(null=True, help_text="rendered at the first try and kept, so that a repetition is equal")
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, default=None, editable=False)
    error = models.CharField(max_length=500, default="", blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)
    subject_kind = models.CharField(max_length=30, default="", blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=["pending", "sending"]),
                name="backend_outbox_message_due",
            ),
            models.Index(fields=["order_key", "id"], name="backend_outbox_message_order"),
            models.Index(fields=["subject_kind", "subject_id"], name="backend_outbox_message_about"),
        ]
