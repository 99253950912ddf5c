"""People, groups and accounts."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import Group, Person, Role, User
from backend.accounts.queries import people_visible_to
from backend.desk.setup import acts, scope
from backend.desk.setup.forms.base import SetupForm
from backend.units.models import Unit

ROLES = [("", "---------"), *Role.choices]


class PersonForm(SetupForm):
    layout = (("name", "position"), ("unit",), ("email", "phone"), ("active",))

    class Meta:
        model = Person
        fields = ("name", "position", "unit", "email", "phone", "active")
        help_texts = {
            "email": _("Invitations go there. Empty: the office calls."),
            "phone": _("With an e-mail address or a phone number, or both."),
        }

    def narrow(self) -> None:
        self.choose_unit()

    def store(self, actor: User, now: datetime) -> Person:
        acts.save_people(actor=actor, people=[self.instance], now=now)
        return self.instance


class GroupForm(SetupForm):
    layout = (("name", "unit"),)

    class Meta:
        model = Group
        fields = ("name", "unit", "people")
        widgets = {"people": forms.CheckboxSelectMultiple}

    def narrow(self) -> None:
        self.choose_unit()
        people = people_visible_to(self.user).order_by("unit__level__rank", "unit__name", "name")
        self.choices_of("people", people)

    def chosen(self) -> set[str]:
        return {str(getattr(value, "pk", value)) for value in self["people"].value() or []}

    def store(self, actor: User, now: datetime) -> Group:
        acts.save_group(actor=actor, group=self.instance, people=self.cleaned_data["people"], now=now)
        return self.instance


class AccountForm(SetupForm):
    layout = (("username", "person"), ("email", "language"), ("role", "unit"), ("cleared",), ("is_active",))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    unit = forms.ModelChoiceField(label=_("over this unit and all below it"), queryset=Unit.objects.none())

    class Meta:
        model = User
        fields = ("username", "person", "email", "language", "cleared", "is_active")
        labels = {"username": _("Account name"), "email": _("E-mail"), "is_active": _("May log in")}
        help_texts = {
            "username": _("Letters, digits and @ . + - _ without spaces."),
            "email": _("For the password link; empty: the person's own address."),
            "is_active": "",
        }

    def narrow(self) -> None:
        self.fields["person"].label_from_instance = lambda person: f"{person.name} ({person.unit.name})"  # type: ignore[attr-defined]
        people = scope.people(self.user).filter(active=True)
        self.choices_of("person", people.filter(user=None) | people.filter(user=self.instance.pk))
        if self.instance.pk:
            del self.fields["role"], self.fields["unit"]  # given and taken below the form
        else:
            self.choices_of("unit", scope.units_today(self.user).order_by("level__rank", "name"))
            del self.fields["is_active"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        person = data.get("person")
        if not self.instance.pk and not data.get("email") and not (person and person.email):
            self.add_error("email", _("The link to set a password needs an address."))
        return data

    def store(self, actor: User, now: datetime) -> User:
        data = self.cleaned_data
        rights = None if self.instance.pk else {(data["role"], data["unit"].pk)}
        acts.save_accounts(actor=actor, wanted=[(self.instance, rights)], now=now)
        return self.instance


class RightForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    unit = forms.ModelChoiceField(label=_("over this unit and all below it"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = scope.units_today(user).order_by("level__rank", "name")  # type: ignore[attr-defined]
