"""One form for what any adapter of bridges asks for, made from its list of fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.common.text import nfc
from meetings.scheduling.adapters.base import Field


class AccessForm(forms.Form):
    """`stored`: names of secrets that are there already; left empty, they stay."""

    def __init__(self, *args: Any, fields: tuple[Field, ...], stored: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in fields:
            self.fields[field.name] = _form_field(field, field.name in stored)

    def clean(self) -> dict[str, Any]:
        return {name: nfc(value) for name, value in (super().clean() or {}).items()}


def _form_field(field: Field, stored: bool) -> forms.Field:
    shared = {"label": field.label, "required": field.required and not stored, "help_text": field.help}
    if field.choices:
        return forms.ChoiceField(choices=field.choices, **shared)
    if not field.secret:
        return forms.CharField(max_length=500, **shared)
    if stored:
        shared["help_text"] = _("It is stored and not shown. Leave it empty to keep it.")
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(max_length=500, widget=widget, **shared)
