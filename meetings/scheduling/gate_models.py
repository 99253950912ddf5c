"""The office's rules on meetings, and the conclusion notices that are still to be issued."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.units.models import Unit


class Check(models.TextChoices):
    """What a rule looks at; `gate_checks.CHECKS` has the questions."""

    EXEMPT = "exempt", _("types that no rule concerns")
    NOTICE = "notice", _("notice before the day, in working days")
    DECIDER = "decider", _("named decider of an unscheduled one")
    LONGEST = "longest", _("longest time, in hours of work")
    DAY_OFF = "day_off", _("held on a working day")
    PAPERS = "papers", _("papers before the day, in working days")
    CHAIR = "chair", _("chair is named")
    ATTENDEES = "attendees", _("participants are named")
    AGENDA = "agenda", _("agenda is written")
    REQUIREMENTS = "requirements", _("what participants have to prepare")
    CONTACT = "contact", _("contact is named")
    CONCLUSION = "conclusion", _("conclusion notice after the end, in working days")


WITH_AMOUNT = (Check.NOTICE, Check.LONGEST, Check.PAPERS, Check.CONCLUSION)
LARGEST_AMOUNT = 200


class GateRule(models.Model):
    """One rule for the conferences that `unit` and what lies below it convene. No `types`: for all types."""

    class Severity(models.TextChoices):
        WARNING = "warning", _("warning")
        BLOCK = "block", _("block")
        OFF = "off", _("not checked")

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="gate_rules", verbose_name=_("unit"))
    check_code = models.CharField(_("rule"), max_length=20, choices=Check.choices)
    types = ArrayField(models.CharField(max_length=20), verbose_name=_("types of meetings"), default=list, blank=True)
    amount = models.PositiveSmallIntegerField(_("figure"), null=True, blank=True)
    severity = models.CharField(_("a breach is"), max_length=10, choices=Severity.choices, default=Severity.WARNING)
    article = models.CharField(_("article"), max_length=200)
    effective_from = models.DateField(_("holds from"))
    note = models.CharField(_("note"), max_length=500, default="", blank=True)

    class Meta:
        ordering = ["check_code", "unit", "types", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "check_code", "types", "effective_from"], name="meetings_scheduling_gaterule_day"
            ),
            models.CheckConstraint(
                condition=Q(check_code__in=WITH_AMOUNT, amount__isnull=False, amount__range=(1, LARGEST_AMOUNT))
                | (~Q(check_code__in=WITH_AMOUNT) & Q(amount__isnull=True)),
                name="meetings_scheduling_gaterule_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_check_code_display()}: {self.amount}" if self.amount else self.get_check_code_display()


class ConclusionNotice(models.Model):
    """The notice that an ended conference owes: open until it is issued with number and day, or `waived` with a reason.

    When it is due is not stored: it follows from the rules and the working days, which the office may correct.
    """

    conference = models.OneToOneField(
        "meetings_scheduling.Conference", on_delete=models.CASCADE, primary_key=True, related_name="conclusion"
    )
    number = models.CharField(max_length=50, default="", blank=True)
    issued_on = models.DateField(null=True, blank=True)
    waived = models.CharField(max_length=300, default="", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["conference"],
                condition=Q(issued_on__isnull=True, waived=""),
                name="scheduling_conclusion_open",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(number="", issued_on__isnull=True) | (~Q(number="") & Q(issued_on__isnull=False)),
                name="meetings_scheduling_conclusionnotice_issued",
            ),
            models.CheckConstraint(
                condition=Q(waived="") | Q(number=""), name="meetings_scheduling_conclusionnotice_one_end"
            ),
        ]
