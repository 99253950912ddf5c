"""Sites, meeting rooms, endpoints, technicians, bridges."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.desk.setup import scope
from backend.desk.setup.forms.base import SetupForm
from meetings.sites import crew, services
from meetings.sites.models import Bridge, Endpoint, Platform, Room, Site, Technician


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


class EndpointForm(SetupForm):
    layout = (("site", "room"), ("name", "platform"), ("address",), ("active",))

    class Meta:
        model = Endpoint
        fields = ("site", "room", "name", "platform", "address", "active")
        help_texts = {"room": _("Empty for one that is carried to where it is needed.")}

    def narrow(self) -> None:
        self.choices_of("site", scope.sites(self.user))
        rooms = scope.rooms(self.user).filter(active=True).order_by("site__name", "name")
        self.choices_of("room", rooms)
        self.fields["room"].label_from_instance = lambda room: f"{room.site.name}: {room.name}"  # type: ignore[attr-defined]

    def store(self, actor: User, now: datetime) -> Endpoint:
        return crew.save_endpoint(actor=actor, endpoint=self.instance, now=now)


class TechnicianForm(SetupForm):
    layout = (("site", "person"), ("active",))

    class Meta:
        model = Technician
        fields = ("site", "person", "active")

    def narrow(self) -> None:
        self.choices_of("site", scope.sites(self.user))
        self.choices_of("person", scope.people(self.user).order_by("unit__name", "name"))
        self.fields["person"].label_from_instance = lambda one: f"{one.name}, {one.unit.name}"  # type: ignore[attr-defined]

    def store(self, actor: User, now: datetime) -> Technician:
        return crew.save_technician(actor=actor, technician=self.instance, now=now)


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
