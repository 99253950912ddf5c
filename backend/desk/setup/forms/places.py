"""Sites, meeting rooms, bridges."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.desk.setup import scope
from backend.desk.setup.forms.base import SetupForm
from meetings.sites import services
from meetings.sites.models import Bridge, Platform, Room, Site


class SiteForm(SetupForm):
    layout = (
        ("name", "code"),
        ("unit",),
        ("default_room",),
        ("address", "phone"),
        ("old_names",),
        ("cleared",),
        ("active",),
    )

    class Meta:
        model = Site
        fields = ("name", "code", "unit", "default_room", "address", "phone", "old_names", "cleared", "active")
        help_texts = {
            "name": _("As it stands on the list of sites: UBND tỉnh Lạng Sơn"),
            "code": _("Short, without diacritics or spaces: loc-binh"),
            "default_room": _("Taken when a booking names the site alone."),
            "old_names": _("Names by which people still look for it, separated by semicolons."),
        }

    def narrow(self) -> None:
        self.choose_unit()
        if self.instance.pk:
            self.choices_of("default_room", Room.objects.filter(site=self.instance, active=True))
        else:
            del self.fields["default_room"]  # the first room becomes it

    def store(self, actor: User, now: datetime) -> Site:
        return services.save_site(actor=actor, site=self.instance, now=now)


class RoomForm(SetupForm):
    layout = (("site",), ("name", "capacity"), ("equipment", "platforms"), ("cleared",), ("active",))
    platforms = forms.MultipleChoiceField(
        label=_("Platforms"), choices=Platform.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("What its equipment speaks; none: not known yet."),
    )  # fmt: skip

    class Meta:
        model = Room
        fields = ("site", "name", "capacity", "equipment", "platforms", "cleared", "active")
        help_texts = {"equipment": _("Separated by commas: camera, màn hình lớn, micro không dây")}

    def narrow(self) -> None:
        self.choices_of("site", scope.sites(self.user))
        self.fields["capacity"].widget.attrs["min"] = 1
        if self.instance.pk:
            del self.fields["site"]  # a room stays where it is

    def store(self, actor: User, now: datetime) -> Room:
        return services.save_room(actor=actor, room=self.instance, now=now)


class BridgeForm(SetupForm):
    layout = (("name", "unit"), ("ports", "platforms"), ("gateway",), ("cleared",), ("active",))
    ports = forms.IntegerField(label=_("Ports"), min_value=1, max_value=services.MOST_PORTS)
    platforms = forms.MultipleChoiceField(
        label=_("Platforms"), choices=Platform.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Bridge
        fields = ("name", "unit", "platforms", "gateway", "cleared", "active")
        help_texts = {"gateway": _("Carries calls over from one of its platforms to another, for other bridges too.")}

    def narrow(self) -> None:
        self.choose_unit()
        if self.instance.pk:
            self.initial["ports"] = self.instance.pool.capacity

    def store(self, actor: User, now: datetime) -> Bridge:
        return services.save_bridge(actor=actor, bridge=self.instance, ports=self.cleaned_data["ports"], now=now)
