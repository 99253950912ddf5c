"""Rehearsals: a test session before a conference, over all or some of its rooms, with a result for each."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from meetings.scheduling.models import Conference
from meetings.sites.models import Room, Site

HOLDER = "rehearsal"


class Rehearsal(models.Model):
    """Times UTC, [start, end), before its conference. `unplaced` holds nothing: its hours are those it had."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        UNPLACED = "unplaced", _("needs another hour")
        CANCELLED = "cancelled", _("cancelled")

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="rehearsals")
    start = models.DateTimeField()
    end = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    note = models.CharField(max_length=500, default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="meetings_readiness_rehearsal_period")
        ]

    def __str__(self) -> str:
        return f"{self.conference_id} {self.start:%Y-%m-%d %H:%M}"


class Result(models.TextChoices):
    OPEN = "", _("not known yet")
    PASS = "pass", _("good")
    FAIL = "fail", _("not good")


def _result() -> models.CharField:
    return models.CharField(max_length=4, choices=Result.choices, default=Result.OPEN, blank=True)


class SiteCheck(models.Model):
    """What the rehearsal showed of one site's room; who said so and when."""

    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="checks")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="+")
    picture = _result()
    sound = _result()
    line = _result()
    note = models.CharField(max_length=500, default="", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rehearsal", "room"], name="meetings_readiness_sitecheck_room"),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True, recorded_by__isnull=True, picture="", sound="", line="")
                | Q(recorded_at__isnull=False, recorded_by__isnull=False),
                name="meetings_readiness_sitecheck_recorded",
            ),
        ]

    @property
    def results(self) -> tuple[str, str, str]:
        return self.picture, self.sound, self.line

    @property
    def outcome(self) -> str:
        """Failed when anything failed; good when all is; else not yet known."""
        if Result.FAIL in self.results:
            return Result.FAIL
        return Result.PASS if all(result == Result.PASS for result in self.results) else Result.OPEN
