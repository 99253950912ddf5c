"""What has been sent to whom about a conference: enough to tell the next mail's numbers, and what an older one said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.invitations.rules import NEEDS_ACTION
from meetings.scheduling.models import Conference, Participant


class CalendarObject(models.Model):
    """The conference in people's calendars. `uid` and `sender_name` never change once the first mail has left.

    `stamp` is the newest edition's DTSTAMP and only rises; `cancelled_at` is when everybody was told that it is off.
    """

    conference = models.OneToOneField(Conference, on_delete=models.CASCADE, related_name="calendar_object")
    uid = models.CharField(max_length=200, unique=True)
    sender_name = models.CharField(max_length=200)
    stamp = models.DateTimeField()
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)


class Edition(models.Model):
    """What everybody was told at `stamp`. A mail in the outbox names its edition, and says what was true then."""

    calendar = models.ForeignKey(CalendarObject, on_delete=models.CASCADE, related_name="editions")
    stamp = models.DateTimeField()
    facts = models.JSONField()

    class Meta:
        ordering = ["stamp"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "stamp"], name="meetings_invitations_edition_stamp"),
        ]


class Invitation(models.Model):
    """One mailbox and what it was last told. `key` is its address without regard to case.

    `organizer` is the ORGANIZER of every mail to it, and holds `token`, by which an answer will be known.
    """

    calendar = models.ForeignKey(CalendarObject, on_delete=models.CASCADE, related_name="invitations")
    participant = models.ForeignKey(
        Participant, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations"
    )
    key = models.CharField(max_length=320)
    address = models.CharField(_("e-mail"), max_length=320)
    token = models.CharField(max_length=40, unique=True)
    organizer = models.CharField(max_length=320)
    name = models.CharField(_("name"), max_length=200)
    position = models.CharField(_("position"), max_length=200, default="", blank=True)
    role = models.CharField(_("role"), max_length=10)
    language = models.CharField(max_length=5)
    place = models.CharField(_("place"), max_length=500, default="", blank=True)
    room = models.CharField(max_length=200, default="", blank=True)
    room_key = models.CharField(max_length=40, default="", blank=True)
    sequence = models.PositiveIntegerField()
    stamp = models.DateTimeField()
    partstat = models.CharField(_("answer"), max_length=20, default=NEEDS_ACTION)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "key"], name="meetings_invitations_invitation_mailbox"),
            models.CheckConstraint(condition=~Q(address=""), name="meetings_invitations_invitation_address"),
        ]

    @property
    def order_key(self) -> str:
        """What keeps this mailbox's mails of this conference in order."""
        return f"invitation:{self.token}"
