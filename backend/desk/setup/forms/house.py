"""Guesthouses, their rooms, kitchens."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.desk.setup import scope
from backend.desk.setup.forms.base import SetupForm
from guesthouse.catering.models import Kitchen
from guesthouse.catering.services import save_kitchen
from guesthouse.stays.houses import save_guest_room, save_house
from guesthouse.stays.models import GuestRoom, House


class HouseForm(SetupForm):
    layout = (("name", "unit"), ("address", "phone"), ("site",), ("active",))

    class Meta:
        model = House
        fields = ("name", "unit", "address", "phone", "site", "active")
        help_texts = {"site": _("Its halls are booked as the meeting rooms of this site.")}

    def narrow(self) -> None:
        self.choose_unit()
        self.choices_of("site", scope.sites(self.user))

    def store(self, actor: User, now: datetime) -> House:
        return save_house(actor=actor, house=self.instance, now=now)


class GuestRoomForm(SetupForm):
    layout = (("house",), ("number", "floor"), ("beds", "type"), ("features",), ("active",))

    class Meta:
        model = GuestRoom
        fields = ("house", "number", "floor", "beds", "type", "features", "active")
        help_texts = {"features": _("Separated by commas: bàn làm việc, phòng yên tĩnh")}

    def narrow(self) -> None:
        self.choices_of("house", scope.houses(self.user))
        self.fields["beds"].min_value = 1  # type: ignore[attr-defined]
        self.fields["beds"].widget.attrs["min"] = 1

    def clean_beds(self) -> int:
        if self.cleaned_data["beds"] < 1:
            raise forms.ValidationError(_("A guest room has at least one bed."))
        return self.cleaned_data["beds"]

    def store(self, actor: User, now: datetime) -> GuestRoom:
        return save_guest_room(actor=actor, room=self.instance, now=now)


class KitchenForm(SetupForm):
    layout = (("name", "unit"), ("house", "covers"), ("active",))
    covers = forms.IntegerField(label=_("Covers at once"), min_value=1, max_value=100_000)

    class Meta:
        model = Kitchen
        fields = ("name", "unit", "house", "active")

    def narrow(self) -> None:
        self.choose_unit()
        self.choices_of("house", scope.houses(self.user))
        if self.instance.pk:
            self.initial["covers"] = self.instance.pool.capacity

    def store(self, actor: User, now: datetime) -> Kitchen:
        return save_kitchen(actor=actor, kitchen=self.instance, covers=self.cleaned_data["covers"], now=now)
