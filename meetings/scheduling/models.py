"""Conferences. What is secret lives in a table of its own: whatever reads `Conference.title` shows the mask."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import Person
from backend.common.text import folded
from backend.units.models import Unit
from meetings.scheduling.bridge_models import BridgeMeeting, BridgeSetup, JoinLink
from meetings.scheduling.gate import Remark
from meetings.scheduling.gate_models import Check, ConclusionNotice, GateRule
from meetings.sites.models import Bridge, Room, Site

# models of this part that have a module of their own
__all__ = ["BridgeMeeting", "BridgeSetup", "Check", "ConclusionNotice", "GateRule", "JoinLink"]

HOLDER = "conference"


class Type(models.TextChoices):
    """Kinds of meetings of Decision 45/2018/QĐ-TTg, and those that it exempts."""

    BRIEFING = "briefing", _("briefing")
    WORKING = "working", _("working meeting")
    ADVISORY = "advisory", _("advisory meeting")
    COORDINATION = "coordination", _("co-ordination meeting")
    REVIEW = "review", _("review conference")
    THEMATIC = "thematic", _("thematic conference")
    TRAINING = "training", _("training")
    COMMITTEE_SESSION = "committee_session", _("session of the People's Committee")
    CEREMONY = "ceremony", _("ceremony")
    RECEPTION = "reception", _("citizen reception")
    PRESS = "press", _("press conference")
    INTERNATIONAL = "international", _("international meeting")


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")
    LIVE = "live", _("live")
    ENDED = "ended", _("ended")
    CANCELLED = "cancelled", _("cancelled")


class Secrecy(models.TextChoices):
    NONE = "none", _("not secret")
    SECRET = "secret", _("secret")
    TOP_SECRET = "top_secret", _("top secret")
    ULTRA_SECRET = "ultra_secret", _("ultra secret")


_OF_A_SERIES = Q(series__isnull=False, occurrence__isnull=False) | Q(series__isnull=True, occurrence__isnull=True)


class Conference(models.Model):
    """One session over one or many sites. Times UTC, [start, end). `bridge` is empty without video.

    `announced_on`: the local day on which the invitations to these hours left.
    """

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=300)
    type = models.CharField(_("type"), max_length=20, choices=Type.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    secrecy = models.CharField(_("secrecy"), max_length=15, choices=Secrecy.choices, default=Secrecy.NONE)
    convening_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="conferences")
    host_site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="hosted")
    chair_name = models.CharField(_("chair"), max_length=200)
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    bridge = models.ForeignKey(Bridge, on_delete=models.PROTECT, null=True, blank=True)
    notes = models.TextField(_("notes"), default="", blank=True)
    unscheduled = models.BooleanField(_("unscheduled"), default=False)
    decided_by = models.CharField(_("decided by"), max_length=200, default="", blank=True)
    contact = models.CharField(_("contact"), max_length=200, default="", blank=True)
    papers_on = models.DateField(_("papers are sent on"), null=True, blank=True)
    announced_on = models.DateField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    hold_until = models.DateTimeField(null=True, blank=True)
    series = models.ForeignKey("Series", on_delete=models.PROTECT, null=True, blank=True, related_name="occurrences")
    occurrence = models.DateTimeField(null=True, blank=True, help_text="the start that the series' rule gives")
    announce_later = models.BooleanField(default=False, help_text="told to nobody until it is near")
    reason = models.CharField(max_length=500, default="", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    folded = folded("title", "code")
    remarks: Sequence[Remark] = ()  # of the gate, on the answer of the act that asked it

    class Meta:
        ordering = ["start", "id"]
        indexes = [
            models.Index(fields=["start"], name="scheduling_conference_start"),
            models.Index(fields=["status", "end"], name="scheduling_conference_due"),
            models.Index(fields=["start"], name="scheduling_conference_later", condition=Q(announce_later=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="meetings_scheduling_conference_period"),
            models.CheckConstraint(
                condition=~Q(status=Status.SUBMITTED) | Q(hold_until__isnull=False),
                name="meetings_scheduling_conference_hold",
            ),
            models.CheckConstraint(
                condition=_OF_A_SERIES,
                name="meetings_scheduling_conference_occurrence",
            ),
            models.UniqueConstraint(
                fields=["series", "occurrence"],
                deferrable=models.Deferrable.IMMEDIATE,  # a whole series moves in one statement
                name="meetings_scheduling_conference_occurrence_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_secret(self) -> bool:
        return self.secrecy != Secrecy.NONE


class Series(models.Model):
    """Conferences by one rule, each a conference of its own. Its dates are counted in Viet Nam's wall time.

    `rule` is an RRULE value (RFC 5545 section 3.3.10); `first_day` and `clock` its DTSTART. `exceptions` were asked
    for; `skipped` were taken when it was booked.
    """

    class Policy(models.TextChoices):
        REFUSE = "refuse", _("book nothing unless every date is free")
        SKIP = "skip", _("leave out the dates that are taken")
        SHIFT = "shift", _("move them to the nearest free hour")

    rule = models.CharField(max_length=200)
    first_day = models.DateField()
    clock = models.TimeField()
    exceptions = ArrayField(models.DateField(), default=list)
    skipped = ArrayField(models.DateField(), default=list)
    policy = models.CharField(max_length=10, choices=Policy.choices)
    convening_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.rule


class ConferenceSecret(models.Model):
    """Title and content of a secret conference; read by `services.reveal` alone."""

    conference = models.OneToOneField(Conference, on_delete=models.CASCADE, primary_key=True, related_name="secret")
    title = models.CharField(max_length=300)
    notes = models.TextField(default="", blank=True)
    agenda = models.JSONField(default=list)


class ConferenceSite(models.Model):
    """A site takes part, from this room."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="places")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="places")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="places")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "room"], name="meetings_scheduling_conferencesite_room")
        ]


class Participant(models.Model):
    """Who is invited, with what was known when they were: a later change of the directory does not rewrite it."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        HEAD = "head", _("head of unit")
        MEMBER = "member", _("member")
        GUEST = "guest", _("guest")
        OBSERVER = "observer", _("observer")

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=200, default="", blank=True)
    unit_name = models.CharField(max_length=200, default="", blank=True)
    email = models.EmailField(default="", blank=True)
    phone = models.CharField(max_length=30, default="", blank=True)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""), name="meetings_scheduling_participant_reachable"
            ),
            models.UniqueConstraint(
                fields=["conference"], condition=Q(role="chair"), name="meetings_scheduling_participant_one_chair"
            ),
            models.UniqueConstraint(
                fields=["conference", "person"],
                condition=Q(person__isnull=False),
                name="meetings_scheduling_participant_person",
            ),
        ]


class AgendaItem(models.Model):
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="agenda")
    start = models.DateTimeField()
    end = models.DateTimeField()
    title = models.CharField(max_length=300)

    class Meta:
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="meetings_scheduling_agendaitem_period")
        ]
