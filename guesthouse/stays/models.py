"""Houses and their rooms, delegations and their members, and who sleeps where from when to when."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.common.text import folded
from backend.reservations.models import Resource
from backend.units.models import Unit
from meetings.scheduling.models import Conference
from meetings.sites.models import Site

HOLDER = "stay"
RESOURCE_KIND = "guest_room"
MASK = "•••••••••"  # always nine, so that the mask does not tell which kind of number it hides


class House(models.Model):
    """A guesthouse. Its halls are the meeting rooms of `site`, booked as every other meeting room."""

    name = models.CharField(_("name"), max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="houses", verbose_name=_("unit"))
    address = models.CharField(_("address"), max_length=300, default="", blank=True)
    phone = models.CharField(_("phone"), max_length=30, default="", blank=True)
    site = models.OneToOneField(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="house", verbose_name=_("site of its halls")
    )
    active = models.BooleanField(_("active"), default=True)
    folded = folded("name")

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="guesthouse_stays_house_name")]

    def __str__(self) -> str:
        return self.name


class GuestRoom(models.Model):
    """A room to sleep in. It is let whole; `beds` is how many may share it."""

    class Type(models.TextChoices):
        STANDARD = "standard", _("standard room")
        SUPERIOR = "superior", _("superior room")
        SUITE = "suite", _("suite")

    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("guesthouse"))
    floor = models.SmallIntegerField(_("floor"))
    number = models.CharField(_("room number"), max_length=20)
    beds = models.PositiveSmallIntegerField(_("beds"))
    type = models.CharField(_("type"), max_length=20, choices=Type.choices, default=Type.STANDARD)
    features = ArrayField(models.CharField(max_length=60), verbose_name=_("features"), default=list, blank=True)
    active = models.BooleanField(_("active"), default=True)
    resource = models.OneToOneField(Resource, on_delete=models.PROTECT, related_name="guest_room", editable=False)

    class Meta:
        ordering = ["house__name", "floor", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["house", "number"], name="guesthouse_stays_guestroom_number"),
            models.CheckConstraint(condition=Q(beds__gt=0), name="guesthouse_stays_guestroom_beds"),
        ]

    def __str__(self) -> str:
        return self.number


class Delegation(models.Model):
    """A visiting group. `unit`: where it comes from, if known; `host_unit`: who receives it and may see it."""

    class Status(models.TextChoices):
        EXPECTED = "expected", _("expected")
        CANCELLED = "cancelled", _("cancelled")

    name = models.CharField(_("name"), max_length=200)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("comes from")
    )
    host_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="delegations", verbose_name=_("received by")
    )
    conference = models.ForeignKey(
        Conference,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
        verbose_name=_("conference"),
    )
    arrival = models.DateTimeField(_("arrival"))
    departure = models.DateTimeField(_("departure"))
    contact_name = models.CharField(_("contact"), max_length=200, default="", blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=30, default="", blank=True)
    notes = models.TextField(_("notes"), default="", blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.EXPECTED)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    folded = folded("name")

    class Meta:
        ordering = ["arrival", "id"]
        indexes = [
            models.Index(fields=["arrival"], name="stays_delegation_arrival"),
            models.Index(fields=["departure"], name="stays_delegation_departure"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(departure__gt=F("arrival")), name="guesthouse_stays_delegation_period")
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """Somebody of a delegation. The identity number is kept sealed; `services.read_identity` alone opens it."""

    class Role(models.TextChoices):
        HEAD = "head", _("head of delegation")
        DEPUTY = "deputy", _("deputy head")
        MEMBER = "member", _("member")
        DRIVER = "driver", _("driver")
        PRESS = "press", _("press")

    class Gender(models.TextChoices):
        MALE = "male", _("male")
        FEMALE = "female", _("female")

    delegation = models.ForeignKey(Delegation, on_delete=models.CASCADE, related_name="members")
    name = models.CharField(_("full name"), max_length=200)
    position = models.CharField(_("position"), max_length=200, default="", blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    rank = models.PositiveSmallIntegerField(_("protocol rank"), null=True, blank=True, help_text=_("1 is the highest"))
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, default="", blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    diet = models.CharField(_("diet"), max_length=100, default="", blank=True)
    identity_sealed = models.BinaryField(null=True, editable=False)
    identity_tail = models.CharField(max_length=3, default="", editable=False)
    folded = folded("name")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(identity_sealed__isnull=True, identity_tail="")
                | Q(identity_sealed__isnull=False) & ~Q(identity_tail=""),
                name="guesthouse_stays_member_identity",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def identity_masked(self) -> str:
        """The last three digits behind a mask; empty when no number is known."""
        return f"{MASK}{self.identity_tail}" if self.identity_tail else ""


class Stay(models.Model):
    """A delegation has a guest room from `start` to `end` (UTC, [start, end)); `members` share it."""

    class Status(models.TextChoices):
        BOOKED = "booked", _("booked")
        CANCELLED = "cancelled", _("cancelled")

    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="stays")
    guest_room = models.ForeignKey(GuestRoom, on_delete=models.PROTECT, related_name="stays")
    members = models.ManyToManyField(Member, related_name="stays", verbose_name=_("members"))
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("until"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.BOOKED)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["start", "id"]
        indexes = [
            models.Index(fields=["start"], name="stays_stay_start"),
            models.Index(fields=["end"], name="stays_stay_end"),
        ]
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("start")), name="guesthouse_stays_stay_period")]
