"""The network between the sites: nodes, the lines between them, what was measured on each."""

from ipaddress import ip_network

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.reservations.models import Pool
from backend.units.models import Unit
from meetings.links.rules import State
from meetings.links.targets import Allowance
from meetings.sites.models import Site

is_host = RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z.:_-]*\Z|^::[0-9A-Fa-f:.]+\Z", _("Write a host name or an address."))


class Node(models.Model):
    """A point of the network. A site's own node carries the site."""

    class Kind(models.TextChoices):
        SITE = "site", _("site")
        POP = "pop", _("point of presence")
        RING = "ring", _("ring")
        CORE = "core", _("core")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    site = models.OneToOneField(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="node", verbose_name=_("site")
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], condition=Q(site=None), name="meetings_links_node_name"),
            models.CheckConstraint(condition=Q(kind="site") ^ Q(site=None), name="meetings_links_node_site"),
        ]

    def __str__(self) -> str:
        return self.name


class Link(models.Model):
    """One line of one carrier between two nodes, and its present state.

    A site's line has `site`; a trunk, which many sites share, has the `unit` that looks after it instead. `a` is the
    end nearer to the site. `pool` is its bandwidth in kbit/s, which conferences share. `state` is what the last round
    left: it may be stale, so read `shown` of the queries.
    """

    class Network(models.TextChoices):
        TSLCD1 = "tslcd1", _("government network, level I")
        TSLCD2 = "tslcd2", _("government network, level II")
        INTERNET = "internet", _("Internet, FTTH")
        LEASED = "leased", _("leased line")
        MOBILE = "mobile", _("4G")

    class LinkRole(models.TextChoices):
        PRIMARY = "primary", _("primary line")
        SECOND = "second", _("second line")

    class ProbeKind(models.TextChoices):
        ICMP = "icmp", _("ICMP echo")
        TCP = "tcp", _("TCP connection")
        SIP = "sip", _("SIP OPTIONS over UDP")

    code = models.CharField(_("code"), max_length=40, unique=True)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="links", verbose_name=_("site")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="trunks", verbose_name=_("responsible unit")
    )
    a = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", verbose_name=_("from"))
    b = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", verbose_name=_("to"))
    carrier = models.CharField(_("carrier"), max_length=60)
    network = models.CharField(_("network"), max_length=10, choices=Network.choices)
    capacity_mbps = models.PositiveIntegerField(_("capacity, Mbit/s"), validators=[MinValueValidator(1)])
    role = models.CharField(_("role"), max_length=10, choices=LinkRole.choices, default=LinkRole.PRIMARY)
    cleared = models.BooleanField(_("protected for state secrets"), default=False)
    active = models.BooleanField(_("active"), default=True)
    pool = models.OneToOneField(
        Pool, on_delete=models.PROTECT, null=True, blank=True, related_name="link", editable=False
    )

    probe_kind = models.CharField(_("kind of probe"), max_length=10, choices=ProbeKind.choices)
    probe_host = models.CharField(_("probed address"), max_length=253, validators=[is_host])
    probe_port = models.PositiveIntegerField(
        _("probed port"), default=0, validators=[MaxValueValidator(65535)], help_text=_("0 for ICMP")
    )
    interval_s = models.PositiveSmallIntegerField(
        _("seconds between rounds"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("empty: as the office has set for all lines"),
    )

    state = models.CharField(max_length=10, choices=State.choices, default=State.UNKNOWN, editable=False)
    since = models.DateTimeField(null=True, editable=False)
    measured_at = models.DateTimeField(null=True, editable=False)
    rtt_ms = models.FloatField(null=True, editable=False)
    jitter_ms = models.FloatField(null=True, editable=False)
    loss = models.FloatField(null=True, editable=False)
    memory = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(role="primary", active=True),
                name="meetings_links_link_primary",
                violation_error_message=_("This site has a primary line already: make one of them the second."),
            ),
            models.CheckConstraint(
                condition=Q(site=None) ^ Q(unit=None),
                name="meetings_links_link_owner",
                violation_error_message=_("A line belongs to a site, or, as a trunk, to a unit; not to both."),
            ),
            models.CheckConstraint(
                condition=~Q(a=F("b")),
                name="meetings_links_link_ends",
                violation_error_message=_("A line joins two different nodes."),
            ),
            models.CheckConstraint(condition=Q(capacity_mbps__gte=1), name="meetings_links_link_capacity"),
            models.CheckConstraint(condition=Q(interval_s__gte=1), name="meetings_links_link_interval"),
            models.CheckConstraint(
                condition=Q(probe_kind="icmp", probe_port=0)
                | (~Q(probe_kind="icmp") & Q(probe_port__gte=1, probe_port__lte=65535)),
                name="meetings_links_link_port",
                violation_error_message=_("ICMP has no port; the other probes need one."),
            ),
            models.CheckConstraint(
                condition=Q(state="unknown") | Q(state__in=["up", "degraded", "down"], measured_at__isnull=False),
                name="meetings_links_link_state",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def owner(self) -> Unit:
        """The unit whose line it is."""
        return self.site.unit if self.site else self.unit  # type: ignore[return-value]


class AllowedTarget(models.Model):
    """Where probes for the lines of `unit`, and of the units below it, may send: a network and a range of ports."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="allowed_targets", verbose_name=_("unit"))
    network = models.CharField(_("network"), max_length=43, help_text=_("such as 10.20.0.0/16; one address is /32"))
    first_port = models.PositiveIntegerField(_("first port"), default=1)
    last_port = models.PositiveIntegerField(_("last port"), default=65535)

    class Meta:
        ordering = ["unit", "network"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "network", "first_port", "last_port"], name="meetings_links_allowedtarget_once"
            ),
            models.CheckConstraint(
                condition=Q(first_port__gte=1, last_port__gte=F("first_port"), last_port__lte=65535),
                name="meetings_links_allowedtarget_ports",
                violation_error_message=_("Ports go from 1 to 65535, the first before the last."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network}:{self.first_port}-{self.last_port}"

    def allowance(self) -> Allowance:
        return Allowance(ip_network(self.network), self.first_port, self.last_port)


class Sample(models.Model):
    """One round of one line: packets sent and lost, round trip and jitter in ms, and the state it left."""

    pk = models.CompositePrimaryKey("link_id", "at")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="samples", db_index=False)
    at = models.DateTimeField()
    sent = models.PositiveSmallIntegerField()
    lost = models.PositiveSmallIntegerField()
    rtt_ms = models.FloatField(null=True)
    jitter_ms = models.FloatField(null=True)
    state = models.CharField(max_length=10, choices=State.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sent__gte=1, lost__lte=F("sent")), name="meetings_links_sample_counts")
        ]


class SimulatedLine(models.Model):
    """What the demo's simulator plays at a line's loopback address; without a row the endpoint answers at once."""

    link = models.OneToOneField(Link, on_delete=models.CASCADE, primary_key=True, related_name="simulated")
    delay_ms = models.FloatField(default=0)
    jitter_ms = models.FloatField(default=0)
    loss = models.FloatField(default=0)
    silent = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delay_ms__gte=0, jitter_ms__gte=0, loss__gte=0, loss__lte=1),
                name="meetings_links_simulatedline_ranges",
            )
        ]
