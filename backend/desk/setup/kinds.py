"""What can be set up: one entry a kind, with its rows, its form and what its list shows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.desk.setup import scope
from backend.desk.setup.forms import house, land, network, people, places, rules
from backend.desk.setup.forms.base import SetupForm
from meetings.links.models import Link
from meetings.scheduling.gate_models import Check, GateRule
from meetings.scheduling.models import Type

ORGANISATION, CONFERENCES, GUESTS = _("Organisation"), _("Online conferences"), _("Guesthouse")
Shown = Callable[[Any], Any]


@dataclass(frozen=True)
class Kind:
    """`key` stands in the address, `subject` in the trail, `section` over its tile on the first page.

    `columns`: heading and value of each cell behind the name. `words`: columns that a search looks through, folded or
    not. `active`: the field that says whether a row is in use.
    """

    key: str
    subject: str
    section: Any
    title: Any
    one: Any
    about: Any
    icon: str
    rows: Callable[[User], QuerySet]
    form: type[SetupForm]
    columns: tuple[tuple[Any, Shown], ...]
    words: tuple[str, ...]
    order: tuple[str, ...] = ("name", "pk")
    active: str = "active"
    has_sheet: bool = False


def _rights(account: User) -> str:
    return "; ".join(f"{grant.get_role_display()}: {grant.unit.name}" for grant in account.grants.all())


def _probe(link: Link) -> str:
    port = f":{link.probe_port}" if link.probe_port else ""
    return f"{link.probe_kind.upper()} {link.probe_host}{port}"


def _types(rule: GateRule) -> str:
    labels = dict(Type.choices)
    return ", ".join(str(labels[value]) for value in rule.types) or str(_("all types"))


def _breach(rule: GateRule) -> str:
    """Of a rule that nobody can break: nothing, or that it is switched off."""
    unbreakable = rule.check_code in (Check.EXEMPT, Check.CONCLUSION) and rule.severity != GateRule.Severity.OFF
    return "" if unbreakable else rule.get_severity_display()


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "units", "unit", ORGANISATION, _("Units"), _("New unit"),
            _("The tree of organisations: who belongs to whom, since when, and who took over."), "landmark",
            scope.units, land.UnitForm,
            ((_("Level"), lambda u: u.level), (_("Belongs to"), lambda u: u.parent or ""),
             (_("Code"), lambda u: u.code)),
            ("folded",), ("level__rank", "name", "pk"), active="valid_to", has_sheet=True,
        ),
        Kind(
            "sites", "site", CONFERENCES, _("Sites"), _("New site"),
            _("Places that take part in online conferences."), "map-pin",
            scope.sites, places.SiteForm,
            ((_("Unit"), lambda s: s.unit), (_("Code"), lambda s: s.code),
             (_("Default room"), lambda s: s.default_room or _("none yet"))),
            ("folded", "unit__folded"), ("unit__level__rank", "name", "pk"), has_sheet=True,
        ),
        Kind(
            "rooms", "room", CONFERENCES, _("Meeting rooms"), _("New meeting room"),
            _("Rooms and halls of the sites, with their seats and equipment."), "presentation",
            scope.rooms, places.RoomForm,
            ((_("Site"), lambda r: r.site), (_("Seats"), lambda r: r.capacity),
             (_("Equipment"), lambda r: ", ".join(r.equipment))),
            ("folded", "site__folded"), ("site__unit__level__rank", "site__name", "name", "pk"), has_sheet=True,
        ),
        Kind(
            "endpoints", "endpoint", CONFERENCES, _("Endpoints"), _("New endpoint"),
            _("Codecs and soft clients: those fixed in a room, and those that are carried."), "monitor",
            scope.endpoints, places.EndpointForm,
            ((_("Site"), lambda e: e.site), (_("Room"), lambda e: e.room or _("carried")),
             (_("Platform"), lambda e: e.get_platform_display()), (_("Address"), lambda e: e.address)),
            ("name", "address", "site__folded"), ("site__name", "name", "pk"),
        ),
        Kind(
            "technicians", "technician", CONFERENCES, _("Technicians"), _("New technician"),
            _("Who looks after the conferences of a site; one conference at a time takes one of them."), "user-check",
            scope.technicians, places.TechnicianForm,
            ((_("Site"), lambda t: t.site), (_("Phone"), lambda t: t.person.phone)),
            ("person__folded", "site__folded"), ("site__name", "person__name", "pk"),
        ),
        Kind(
            "bridges", "bridge", CONFERENCES, _("Bridges"), _("New bridge"),
            _("What joins the sites, and how many ports it has."), "server",
            scope.bridges, places.BridgeForm,
            ((_("Unit"), lambda b: b.unit), (_("Ports"), lambda b: b.pool.capacity)),
            ("name",),
        ),
        Kind(
            "nodes", "node", CONFERENCES, _("Points of the network"), _("New point of the network"),
            _("Exchanges and cores at which lines end; all administrators share them."), "radio-tower",
            scope.nodes, network.NodeForm, ((_("Kind"), lambda n: n.get_kind_display()),), ("name",), active="",
        ),
        Kind(
            "targets", "allowed_target", CONFERENCES, _("Allowed targets"), _("New allowed target"),
            _("The addresses to which the probes of the lines may send; everything else is refused."), "shield-check",
            scope.targets, network.TargetForm, ((_("Unit"), lambda t: t.unit),), ("network",),
            ("unit__name", "network", "pk"), active="",
        ),
        Kind(
            "lines", "link", CONFERENCES, _("Lines"), _("New line"),
            _("The lines of each site, their carriers, and how each is probed."), "network",
            scope.lines, network.LinkForm,
            ((_("Site"), lambda k: k.site or k.unit), (_("Role"), lambda k: k.get_role_display()),
             (_("Carrier"), lambda k: k.carrier), (_("Network"), lambda k: k.get_network_display()),
             (_("Probe"), _probe)),
            ("code", "site__folded", "carrier"), ("code", "pk"), has_sheet=True,
        ),
        Kind(
            "rules", "gate_rule", CONFERENCES, _("Rules on meetings"), _("New rule on meetings"),
            _("What a booking is held to, by type of meeting and from which day on; a breach warns or blocks."),
            "file-text", scope.rules, rules.RuleForm,
            ((_("Types of meetings"), _types), (_("A breach is"), _breach),
             (_("Article"), lambda r: r.article), (_("From"), lambda r: f"{r.effective_from:%d/%m/%Y}"),
             (_("Unit"), lambda r: r.unit)),
            ("article", "note", "unit__folded"), ("check_code", "unit__name", "-effective_from", "pk"), active="",
        ),
        Kind(
            "days", "special_day", ORGANISATION, _("Working days"), _("New day off or working day"),
            _("Tết as it is settled, days off in lieu, Saturdays that are worked; public holidays are known already."),
            "calendar-days", scope.days, rules.DayForm,
            ((_("Kind"), lambda d: d.get_kind_display()), (_("Unit"), lambda d: d.unit),
             (_("Source"), lambda d: d.source)),
            ("name", "source", "unit__folded"), ("-day", "pk"), active="", has_sheet=True,
        ),
        Kind(
            "people", "person", ORGANISATION, _("People"), _("New person"),
            _("The directory: who can be invited, and how they are reached."), "users-round",
            scope.people, people.PersonForm,
            ((_("Position"), lambda p: p.position), (_("Unit"), lambda p: p.unit), (_("E-mail"), lambda p: p.email),
             (_("Phone"), lambda p: p.phone)),
            ("folded", "email", "phone", "unit__folded"), has_sheet=True,
        ),
        Kind(
            "groups", "group", ORGANISATION, _("Groups"), _("New group"),
            _("Lists of people that are invited as one."), "list",
            lambda user: scope.groups(user).annotate(size=Count("people")), people.GroupForm,
            ((_("Unit"), lambda g: g.unit), (_("People"), lambda g: g.size)),
            ("name", "unit__folded"), active="", has_sheet=True,
        ),
        Kind(
            "accounts", "account", ORGANISATION, _("Accounts"), _("New account"),
            _("Who logs in, and with which rights over which units."), "key-round",
            lambda user: scope.accounts(user).prefetch_related("grants__unit"), people.AccountForm,
            ((_("Person"), lambda u: u.person or u.first_name), (_("Rights"), _rights)),
            ("username", "person__folded", "email"), ("username",), active="is_active", has_sheet=True,
        ),
        Kind(
            "houses", "house", GUESTS, _("Guesthouses"), _("New guesthouse"),
            _("Houses in which guests stay."), "building-2",
            scope.houses, house.HouseForm,
            ((_("Unit"), lambda h: h.unit), (_("Phone"), lambda h: h.phone)), ("folded",),
        ),
        Kind(
            "guest-rooms", "guest_room", GUESTS, _("Guest rooms"), _("New guest room"),
            _("Rooms to sleep in, by floor, with their beds."), "bed-double",
            scope.guest_rooms, house.GuestRoomForm,
            ((_("Guesthouse"), lambda r: r.house), (_("Floor"), lambda r: r.floor), (_("Beds"), lambda r: r.beds),
             (_("Type"), lambda r: r.get_type_display())),
            ("number", "house__folded"), ("house__name", "floor", "number", "pk"),
        ),
        Kind(
            "kitchens", "kitchen", GUESTS, _("Kitchens"), _("New kitchen"),
            _("What cooks for guests, and how many covers it serves at once."), "chef-hat",
            scope.kitchens, house.KitchenForm,
            ((_("Unit"), lambda k: k.unit), (_("Covers at once"), lambda k: k.pool.capacity)), ("name",),
        ),
    )
}  # fmt: skip
