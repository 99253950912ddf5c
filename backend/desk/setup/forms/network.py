"""Points of the network, lines, and what their probes may talk to."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.desk.setup import scope
from backend.desk.setup.forms.base import SetupForm
from meetings.links import services
from meetings.links.models import AllowedTarget, Link, Node


class NodeForm(SetupForm):
    layout = (("name", "kind"),)

    class Meta:
        model = Node
        fields = ("name", "kind")

    def narrow(self) -> None:
        self.fields["kind"].choices = [c for c in Node.Kind.choices if c[0] != Node.Kind.SITE]  # type: ignore[attr-defined]

    def store(self, actor: User, now: datetime) -> Node:
        return services.save_node(actor=actor, node=self.instance, now=now)


class LinkForm(SetupForm):
    layout = (
        ("code", "role"),
        ("site", "unit"),
        ("a", "b"),
        ("carrier", "network"),
        ("capacity_mbps", "interval_s"),
        ("probe_kind",),
        ("probe_host", "probe_port"),
        ("cleared",),
        ("active",),
    )

    class Meta:
        model = Link
        fields = (
            "code", "role", "site", "unit", "a", "b", "carrier", "network", "capacity_mbps", "interval_s",
            "probe_kind", "probe_host", "probe_port", "cleared", "active",
        )  # fmt: skip
        help_texts = {
            "code": _("A short name: loc-binh-1"),
            "site": _("Whose line it is; empty for a trunk that several sites share."),
            "unit": _("Only for a trunk: who looks after it."),
            "a": _("Empty for a site's line: it begins at the site."),
            "b": _("The point of the network where it ends."),
        }

    def narrow(self) -> None:
        self.choices_of("site", scope.sites(self.user))
        self.choose_unit()
        ends = scope.ends(self.user)
        self.choices_of("a", ends)
        self.choices_of("b", ends)
        self.fields["a"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("probe_kind") == Link.ProbeKind.ICMP:
            data["probe_port"] = 0
        if not data.get("a") and not data.get("site"):
            self.add_error("a", _("A trunk needs both ends."))
        return data

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"a"}  # type: ignore[misc]

    def store(self, actor: User, now: datetime) -> Link:
        return services.save_link(actor=actor, link=self.instance, now=now)


class TargetForm(SetupForm):
    layout = (("unit", "network"), ("first_port", "last_port"))

    class Meta:
        model = AllowedTarget
        fields = ("unit", "network", "first_port", "last_port")

    def narrow(self) -> None:
        self.choose_unit()

    def store(self, actor: User, now: datetime) -> AllowedTarget:
        """A changed entry is a new one: the trail tells what was allowed until now."""
        data = self.cleaned_data
        if self.instance.pk:
            old = AllowedTarget.objects.select_related("unit").get(pk=self.instance.pk)
            services.forbid_target(actor=actor, entry=old, now=now)
        return services.allow_target(actor=actor, now=now, **{name: data[name] for row in self.layout for name in row})
