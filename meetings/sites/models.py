"""Sites, their meeting rooms, endpoints and technicians, and the bridges that join them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import Person
from backend.common.text import folded
from backend.reservations.models import Pool, Resource
from backend.units.models import Unit


class Platform(models.TextChoices):
    """What an endpoint or a bridge speaks: open protocols, and the carriers' own systems."""

    SIP = "sip", "SIP"
    H323 = "h323", "H.323"
    WEBRTC = "webrtc", "WebRTC"
    VIETTEL = "viettel", _("Viettel's system")
    VNPT = "vnpt", _("VNPT's system")
    MOBIFONE = "mobifone", _("MobiFone's system")


class Site(models.Model):
    """A place that takes part in an online conference. `cleared`: what is secret may be held there."""

    name = models.CharField(_("name"), max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sites", verbose_name=_("unit"))
    code = models.SlugField(_("code"), unique=True)
    old_names = models.CharField(_("former names"), max_length=500, default="", blank=True)
    address = models.CharField(_("address"), max_length=300, default="", blank=True)
    phone = models.CharField(_("technician's phone"), max_length=30, default="", blank=True)
    cleared = models.BooleanField(_("cleared for state secrets"), default=False)
    active = models.BooleanField(_("active"), default=True)
    default_room = models.ForeignKey(
        "Room", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("default room")
    )
    folded = folded("name", "code", "old_names")

    class Meta:
        ordering = ["unit__level__rank", "name"]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A meeting room or hall of a site. `platforms`: what its equipment speaks; empty: nobody has said."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=200)
    capacity = models.PositiveIntegerField(_("capacity"))
    equipment = ArrayField(models.CharField(max_length=60), verbose_name=_("equipment"), default=list, blank=True)
    cleared = models.BooleanField(_("checked for state secrets"), default=False)
    platforms = ArrayField(
        models.CharField(max_length=10, choices=Platform.choices), verbose_name=_("platforms"), default=list, blank=True
    )
    active = models.BooleanField(_("active"), default=True)
    resource = models.OneToOneField(Resource, on_delete=models.PROTECT, related_name="meeting_room", editable=False)
    folded = folded("name")

    class Meta:
        ordering = ["site__name", "name"]
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="meetings_sites_room_name")]

    def __str__(self) -> str:
        return self.name


class Bridge(models.Model):
    """What joins the sites: so many ports at once, on some platforms.

    `gateway`: carries calls over from one of its platforms to another bridge's. `out_of_order_since`: it does not work
    now; conferences that stand on it keep standing, and no new one takes it unasked.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, verbose_name=_("unit"))
    platforms = ArrayField(models.CharField(max_length=10, choices=Platform.choices), default=list)
    cleared = models.BooleanField(_("cleared for state secrets"), default=False)
    gateway = models.BooleanField(_("gateway between platforms"), default=False)
    active = models.BooleanField(_("active"), default=True)
    out_of_order_since = models.DateTimeField(_("out of order since"), null=True, blank=True)
    pool = models.OneToOneField(Pool, on_delete=models.PROTECT, related_name="bridge", editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Endpoint(models.Model):
    """The codec or soft client of a site: fixed in `room`, or, without one, carried to where it is needed."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="endpoints", verbose_name=_("site"))
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, null=True, blank=True, related_name="endpoints", verbose_name=_("room")
    )
    name = models.CharField(_("name"), max_length=200)
    platform = models.CharField(_("platform"), max_length=10, choices=Platform.choices, default=Platform.SIP)
    address = models.CharField(_("address"), max_length=253, default="", blank=True)
    active = models.BooleanField(_("active"), default=True)
    resource = models.OneToOneField(Resource, on_delete=models.PROTECT, related_name="endpoint", editable=False)

    class Meta:
        ordering = ["site__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "name"],
                name="meetings_sites_endpoint_name",
                violation_error_message=_("This site has an endpoint of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Technician(models.Model):
    """Who looks after the conferences of a site, one at a time."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="technicians", verbose_name=_("site"))
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="technician", verbose_name=_("person"))
    active = models.BooleanField(_("active"), default=True)
    resource = models.OneToOneField(Resource, on_delete=models.PROTECT, related_name="technician", editable=False)

    class Meta:
        ordering = ["site__name", "person__name"]

    def __str__(self) -> str:
        return self.person.name
