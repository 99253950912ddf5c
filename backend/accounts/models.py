"""Who signs in, with which role over which part of the tree; and the directory of people."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.common.text import folded
from backend.units.models import Unit


class Person(models.Model):
    """Somebody who can be invited. Without an e-mail address the office reaches them by phone."""

    name = models.CharField(_("full name"), max_length=200)
    position = models.CharField(_("position"), max_length=200, default="", blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people", verbose_name=_("unit"))
    email = models.EmailField(_("e-mail"), default="", blank=True)
    phone = models.CharField(_("phone"), max_length=30, default="", blank=True)
    active = models.BooleanField(_("active"), default=True)
    folded = folded("name", "position")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="backend_accounts_person_reachable")
        ]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """A list of people that is invited as one."""

    name = models.CharField(_("name"), max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="groups", verbose_name=_("unit"))
    people = models.ManyToManyField(Person, related_name="groups", verbose_name=_("people"), blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="backend_accounts_group_name")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """An account. Its rights come from its grants alone. `cleared` may read what is secret inside its scope."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="user")
    language = models.CharField(_("language"), max_length=5, default="vi")
    cleared = models.BooleanField(_("cleared for state secrets"), default=False)

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Role(models.TextChoices):
    ADMIN = "admin", _("administrator")
    SECRETARIAT = "secretariat", _("secretariat")
    LEADER = "leader", _("leader")
    TECHNICIAN = "technician", _("technician")
    DUTY_ENGINEER = "duty_engineer", _("duty engineer")
    GUESTHOUSE = "guesthouse", _("guesthouse")
    KITCHEN = "kitchen", _("kitchen")


class Grant(models.Model):
    """`user` has `role` over `unit` and everything below it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants", verbose_name=_("unit"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role", "unit"], name="backend_accounts_grant_once")]


class IdempotencyKey(models.Model):
    """What a POST with an Idempotency-Key answered, so that its repetition is answered alike and done once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="backend_accounts_idempotency_once")]
