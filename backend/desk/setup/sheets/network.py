"""Lines of sites. Trunks are few, and come by form alone."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.common.errors import Invalid
from backend.common.text import fold
from backend.desk.setup import scope
from backend.desk.setup.sheets import cells
from backend.desk.setup.sheets.cells import Column
from backend.desk.setup.sheets.names import Names
from backend.desk.setup.sheets.places import SiteNames
from backend.desk.setup.sheets.plan import NUMBER, CellBad, Sheet
from meetings.links.bulk import allowances, check_link, save_links
from meetings.links.models import Link, Node

Role, Network, Probe = Link.LinkRole, Link.Network, Link.ProbeKind


class LineSheet(Sheet):
    title = _("Lines")

    def __init__(self, user: User) -> None:
        super().__init__(user)
        self.sites = SiteNames(user)
        self.nodes = Names(Node.objects.filter(site=None).order_by("pk"), (lambda node: [node.name],), str)
        self._known = list(scope.lines(user).filter(site__isnull=False).order_by("site__name", "code", "pk"))
        self._by_code = {link.code: link for link in self._known}
        self._codes = dict(Link.objects.values_list("code", "pk"))
        primaries = Link.objects.filter(role=Role.PRIMARY, active=True, site__isnull=False)
        self._primary = dict(primaries.values_list("site_id", "code"))
        self._allowed = allowances()
        self.columns = (
            NUMBER,
            Column(
                "site",
                _("Site"),
                cells.named(self.sites),
                lambda k: self.sites.show(k.site),
                required=True,
                note=_("Name or code of a site that you administer."),
            ),
            Column(
                "code",
                _("Code"),
                cells.text(40),
                cells.shown("code"),
                required=True,
                note=_("A short name: loc-binh-1"),
            ),
            Column(
                "role",
                _("Role"),
                cells.choice(Role.choices, Role.PRIMARY),
                cells.show_choice("role", Role.choices),
                words=cells.labels(Role.choices),
            ),
            Column("carrier", _("Carrier"), cells.text(60), cells.shown("carrier"), required=True),
            Column(
                "network",
                _("Network"),
                cells.choice(Network.choices),
                cells.show_choice("network", Network.choices),
                required=True,
                words=cells.labels(Network.choices),
            ),
            Column(
                "capacity_mbps",
                _("Capacity, Mbit/s"),
                cells.whole(1, 1_000_000),
                cells.shown("capacity_mbps"),
                required=True,
            ),
            Column(
                "b",
                _("Ends at"),
                cells.named(self.nodes),
                lambda k: k.b.name,
                required=True,
                note=_("The point of the network where it ends."),
            ),
            Column(
                "probe_kind",
                _("Kind of probe"),
                cells.choice(Probe.choices),
                cells.show_choice("probe_kind", Probe.choices),
                required=True,
                words=cells.labels(Probe.choices),
            ),
            Column("probe_host", _("Probed address"), cells.text(253), cells.shown("probe_host"), required=True),
            Column(
                "probe_port",
                _("Probed port"),
                cells.whole(0, 65535, 0),
                cells.shown("probe_port"),
                note=_("0 for ICMP"),
            ),
            Column(
                "interval_s",
                _("Seconds between rounds"),
                cells.whole(1, 32767),
                cells.shown("interval_s"),
                note=_("empty: as the office has set for all lines"),
            ),
            cells.flag("cleared", _("Protected for state secrets"), False),
            cells.flag("active", _("Active"), True),
        )

    def rows(self) -> Sequence[Link]:
        return self._known

    def find(self, values: dict[str, Any]) -> Link | None:
        if link := self.by_number(values):
            return link
        code = values["code"]
        if code in self._codes and code not in self._by_code:
            raise CellBad("code", _t("Another line has this code."))
        return self._by_code.get(code)

    def build(self, row: Link | None, values: dict[str, Any]) -> Link:
        link = row or Link()
        if row is not None and "site" in values and values["site"].pk != row.site_id:
            link.a = None  # type: ignore[assignment]  # it begins at the other site now
        for name in set(values) - {"pk"}:
            setattr(link, name, values[name])
        return link

    def check(self, row: Link) -> None:
        check_link(row, self._allowed)
        if self._codes.get(row.code, row.pk) != row.pk:
            raise Invalid("code_taken", _t("Another line has this code."), field="code")
        self._check_primary(row)

    def _check_primary(self, row: Link) -> None:
        if row.role != Role.PRIMARY or not row.active:
            return
        site = row.site_id or 0
        if fold(self._primary.setdefault(site, row.code)) != fold(row.code):
            text = _t("This site has a primary line already: make one of them the second.")
            raise Invalid("second_primary", text, field="role")

    def key(self, row: Link) -> Hashable:
        return row.code

    def save(self, rows: list[Link], now: datetime) -> None:
        save_links(actor=self.user, links=rows, now=now)
