"""Units and their successors."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.desk.setup import acts, scope
from backend.desk.setup.forms.base import SetupForm, date_input
from backend.units.models import Unit


class UnitForm(SetupForm):
    layout = (("name", "short_name"), ("kind", "level"), ("parent",), ("code", "old_names"), ("valid_from", "valid_to"))

    class Meta:
        model = Unit
        fields = ("name", "short_name", "kind", "level", "parent", "code", "old_names", "valid_from", "valid_to")
        widgets = {"valid_from": date_input(), "valid_to": date_input()}
        help_texts = {
            "name": _("In full: Xã Tân Thành"),
            "short_name": _("As one says it: Tân Thành. Empty: the name."),
            "old_names": _("Names by which people still look for it, separated by semicolons."),
            "code": _("The administrative code, if there is one."),
            "valid_to": _("The last day; empty while the unit exists."),
        }

    def narrow(self) -> None:
        self.fields["short_name"].required = False
        unit = self.instance
        if unit.pk and unit.parent_id not in self._managed():
            del self.fields["parent"]  # the top of what this administrator has: its place is another's matter
            return
        self.fields["parent"].required = True
        rows = self.choose_unit("parent")
        if unit.pk:
            self.choices_of("parent", rows.exclude(path__contains=[unit.pk]))

    def _managed(self) -> set[int | None]:
        unit = self.instance
        return set(scope.units(self.user).filter(pk=unit.parent_id).values_list("pk", flat=True))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["short_name"] = data.get("short_name") or data.get("name", "")[:100]
        return data

    def store(self, actor: User, now: datetime) -> Unit:
        acts.save_units(actor=actor, units_=[self.instance], now=now)
        return self.instance


class SuccessorForm(forms.Form):
    successor = forms.ModelChoiceField(label=_("Successor"), queryset=Unit.objects.none())
    effective = forms.DateField(label=_("From"), widget=date_input())

    def __init__(self, *args: Any, unit: Unit, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = scope.units(user).exclude(pk=unit.pk).order_by("level__rank", "name")
        self.fields["successor"].queryset = rows  # type: ignore[attr-defined]
