"""Kitchens with their covers, and the meals that are ordered from them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.reservations.models import Pool
from backend.units.models import Unit
from guesthouse.stays.models import Delegation, House
from meetings.scheduling.models import Conference

HOLDER = "meal"
POOL_KIND = "covers"


class Kitchen(models.Model):
    """What cooks: its pool holds how many covers it can serve at once."""

    name = models.CharField(_("name"), max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="kitchens", verbose_name=_("unit"))
    house = models.ForeignKey(
        House, on_delete=models.PROTECT, null=True, blank=True, related_name="kitchens", verbose_name=_("guesthouse")
    )
    active = models.BooleanField(_("active"), default=True)
    pool = models.OneToOneField(Pool, on_delete=models.PROTECT, related_name="kitchen", editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="guesthouse_catering_kitchen_name")]

    def __str__(self) -> str:
        return self.name


class MealService(models.Model):
    """One meal or tea break for a delegation or a conference. Times UTC, [start, end).

    `to_check`: what it belongs to has moved and the meal could not follow; a person has to look.
    """

    class Kind(models.TextChoices):
        BREAKFAST = "breakfast", _("breakfast")
        LUNCH = "lunch", _("lunch")
        DINNER = "dinner", _("dinner")
        TEA_BREAK = "tea_break", _("tea break")
        BANQUET = "banquet", _("banquet")

    class Status(models.TextChoices):
        ORDERED = "ordered", _("ordered")
        CANCELLED = "cancelled", _("cancelled")

    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, null=True, blank=True, related_name="meals", verbose_name=_("delegation")
    )
    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, null=True, blank=True, related_name="meals", verbose_name=_("conference")
    )
    kitchen = models.ForeignKey(Kitchen, on_delete=models.PROTECT, related_name="meals", verbose_name=_("kitchen"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    servings = models.PositiveIntegerField(_("servings"))
    menu = models.TextField(_("menu"), default="", blank=True)
    diets = models.JSONField(_("diets"), default=dict, blank=True, help_text=_("Diet and how many of the servings"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ORDERED)
    to_check = models.BooleanField(_("to be checked"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["start", "id"]
        indexes = [models.Index(fields=["start"], name="catering_mealservice_start")]
        constraints = [
            models.CheckConstraint(
                condition=Q(delegation__isnull=False, conference__isnull=True)
                | Q(delegation__isnull=True, conference__isnull=False),
                name="guesthouse_catering_mealservice_one_party",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="guesthouse_catering_mealservice_period"),
            models.CheckConstraint(condition=Q(servings__gt=0), name="guesthouse_catering_mealservice_servings"),
        ]
