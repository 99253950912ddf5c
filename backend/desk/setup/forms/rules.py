"""The rules on meetings, and the days on which the office works or not."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.desk.setup import acts
from backend.desk.setup.forms.base import SetupForm, date_input
from backend.units.models import SpecialDay
from meetings.scheduling import gate_services
from meetings.scheduling.gate_models import GateRule
from meetings.scheduling.models import Type


class RuleForm(SetupForm):
    layout = (("check_code", "unit"), ("amount", "severity"), ("article", "effective_from"), ("types",), ("note",))
    types = forms.MultipleChoiceField(
        label=_("Types of meetings"),
        choices=Type.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: for all types."),
    )

    class Meta:
        model = GateRule
        fields = ("check_code", "unit", "amount", "severity", "article", "effective_from", "types", "note")
        widgets = {"effective_from": date_input()}
        help_texts = {
            "unit": _("For what this unit and those below it convene; the nearest unit's rule counts."),
            "amount": _("Working days or hours of work, as the rule says; empty for a rule without a figure."),
            "severity": _("A warning is shown; a block refuses the booking."),
            "article": _("As a remark cites it: Điều 10, Quyết định 45/2018/QĐ-TTg"),
            "effective_from": _("Of two rules for the same, the younger one counts from its day on."),
        }

    def narrow(self) -> None:
        self.choose_unit()

    def store(self, actor: User, now: datetime) -> GateRule:
        gate_services.save_rules(actor=actor, rules=[self.instance], now=now)
        return self.instance


class DayForm(SetupForm):
    layout = (("day", "kind"), ("name", "unit"), ("source",))

    class Meta:
        model = SpecialDay
        fields = ("day", "kind", "name", "unit", "source")
        widgets = {"day": date_input()}
        help_texts = {
            "kind": _("A day off on a weekday, or a weekend day that is worked for it."),
            "name": _("As people read it: Nghỉ bù, Làm bù, Nghỉ Tết"),
            "unit": _("For this unit and those below it."),
            "source": _("The notice that says so, with number and day."),
        }

    def narrow(self) -> None:
        self.choose_unit()

    def store(self, actor: User, now: datetime) -> SpecialDay:
        acts.save_days(actor=actor, days=[self.instance], now=now)
        return self.instance
