"""Bridges as adapters see them: how one is reached, the meeting that a conference has on it, who joins by which link.

What gives entry (keys, passwords, PINs) is stored sealed (`backend.common.sealing`), never logged, never audited.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.sites.models import Bridge


class BridgeSetup(models.Model):
    """Which adapter speaks to the bridge. `sealed`: its secrets as sealed JSON; `settings`: what everybody may read."""

    bridge = models.OneToOneField(Bridge, on_delete=models.CASCADE, primary_key=True, related_name="setup")
    adapter = models.CharField(_("kind"), max_length=20)
    settings = models.JSONField(default=dict)
    sealed = models.BinaryField(editable=False)


class BridgeMeeting(models.Model):
    """A conference's meeting on its bridge. `key` names it there, stays through every edit and cannot be guessed.

    `sealed`: what people dial or type, as sealed JSON. `made_at` is empty until the bridge has it.
    """

    conference = models.OneToOneField(
        "meetings_scheduling.Conference", on_delete=models.CASCADE, primary_key=True, related_name="bridge_meeting"
    )
    bridge = models.ForeignKey(Bridge, on_delete=models.PROTECT, related_name="meetings")
    key = models.CharField(max_length=60, unique=True)
    sealed = models.BinaryField(editable=False)
    made_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)


class JoinLink(models.Model):
    """One participant's own way in. A stopped link stays, so that nobody can be given the same one again."""

    conference = models.ForeignKey(
        "meetings_scheduling.Conference", on_delete=models.CASCADE, related_name="join_links"
    )
    participant = models.ForeignKey(
        "meetings_scheduling.Participant", on_delete=models.CASCADE, related_name="join_links"
    )
    token = models.CharField(max_length=60, unique=True)
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(stopped_at__isnull=True),
                name="meetings_scheduling_joinlink_one_that_works",
            )
        ]
