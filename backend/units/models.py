"""The tree of organisations, their levels as data, and the office's effective-dated figures."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.common.text import folded


class Level(models.Model):
    """A level of government. How many there are, and their names, is data of the deployment."""

    code = models.SlugField(unique=True)
    rank = models.SmallIntegerField(unique=True, help_text="0 is the highest")
    name_vi = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    authority = models.CharField(max_length=100, default="", blank=True, help_text="what governs a unit of this level")

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.name_vi


class Unit(models.Model):
    """An organisation that convenes or is invited. `path` holds the ids of its ancestors and its own."""

    class Kind(models.TextChoices):
        AREA = "area", _("administrative unit")
        BODY = "body", _("body")

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=100)
    old_names = models.CharField(_("former names"), max_length=500, default="", blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.AREA)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="units", verbose_name=_("level"))
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    path = ArrayField(models.BigIntegerField(), default=list, editable=False)
    code = models.CharField(_("code"), max_length=20, default="", blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    folded = folded("name", "short_name", "old_names")

    class Meta:
        ordering = ["level__rank", "name"]
        indexes = [GinIndex(fields=["path"], name="backend_units_unit_path")]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                condition=~Q(code=""),
                name="backend_units_unit_code",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="backend_units_unit_validity"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def authority(self) -> str:
        """Who invites in the unit's name: of an area what governs it ("UBND tỉnh Lạng Sơn"), a body itself."""
        governs = self.level.authority if self.kind == self.Kind.AREA else ""
        return f"{governs} {self.name[:1].lower()}{self.name[1:]}" if governs else self.name


class Succession(models.Model):
    """`successor` took over from `predecessor`. Derived from codes until the office confirms or corrects it."""

    predecessor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="inheritances")
    effective = models.DateField()
    derived = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="backend_units_succession_pair"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="backend_units_succession_other"),
        ]


class Figure(models.Model):
    """A rule's number, with the day from which it holds, its source and a note: the office changes it, not the code."""

    key = models.CharField(max_length=100)
    value = models.JSONField()
    effective_from = models.DateField()
    source = models.CharField(max_length=300)
    note = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        ordering = ["key", "effective_from"]
        constraints = [models.UniqueConstraint(fields=["key", "effective_from"], name="backend_units_figure_day")]


class SpecialDay(models.Model):
    """A day on which `unit` and what lies below it work, or do not, against the calendar: Tết, a swapped day."""

    class Kind(models.TextChoices):
        OFF = "off", _("day off")
        WORKED = "worked", _("working day")

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="special_days", verbose_name=_("unit"))
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    source = models.CharField(_("source"), max_length=300, default="", blank=True)

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="backend_units_specialday_day")]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
