"""What the office sets up: nodes, lines, and where their probes may send. `recording` writes what was measured."""

from dataclasses import asdict
from datetime import datetime
from ipaddress import ip_network
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import has_role, may
from backend.audit.services import record
from backend.common.errors import Forbidden, Invalid
from backend.units.models import Unit
from meetings.links.bandwidth import write_pools
from meetings.links.models import AllowedTarget, Link, Node, SimulatedLine
from meetings.links.simulator import Behaviour
from meetings.links.targets import plain
from meetings.sites.models import Site

FACTS = (
    "code", "site_id", "unit_id", "a_id", "b_id", "carrier", "network", "capacity_mbps", "role", "cleared", "active",
    "probe_kind", "probe_host", "probe_port", "interval_s", "pool_id",
)  # fmt: skip


@transaction.atomic
def save_link(*, actor: User, link: Link, now: datetime) -> Link:
    """Store a line that is new or changed; a site's line without an `a` starts at the site's own node.

    Invalid: `bad_link` with the fields that are wrong, `target_not_allowed`.
    """
    stored = Link.objects.select_related("site__unit", "unit").get(pk=link.pk) if link.pk else None
    _require_admin(actor, link.owner)
    if stored:
        _require_admin(actor, stored.owner)  # nobody takes another unit's line over
    if link.site and not link.a_id:
        link.a = site_node(link.site)
    _check_link(link)
    before = _facts(stored) if stored else {}
    write_pools([link])
    link.save(update_fields=FACTS if before else None)  # never the state: the prober may have written a newer one
    record(
        actor=actor, act="link.change" if before else "link.create", subject_kind="link", subject_id=link.pk,
        unit_id=link.owner.pk, before=before, after=_facts(link), now=now,
    )  # fmt: skip
    return link


def site_node(site: Site) -> Node:
    return Node.objects.get_or_create(site=site, defaults={"kind": Node.Kind.SITE, "name": site.name})[0]


def _check_link(link: Link) -> None:
    _full_clean(link, "bad_link", _("The line is not complete."))
    try:
        address = plain(link.probe_host)
    except ValueError:
        return  # a name: checked each time it is resolved
    allowed = AllowedTarget.objects.filter(unit__in=link.owner.path)
    if not any(entry.allowance().permits(address, link.probe_port) for entry in allowed):
        detail = _("Probes may not talk to %(host)s: first add the address to the list of allowed targets.")
        raise Invalid("target_not_allowed", detail % {"host": link.probe_host}, field="probe_host")


def _facts(link: Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in FACTS}


@transaction.atomic
def save_node(*, actor: User, node: Node, now: datetime) -> Node:
    """Store a node of the network that is no site (sites get theirs with their first line)."""
    if not has_role(actor, Role.ADMIN):
        raise Forbidden("forbidden", _("Only an administrator may change the network."))
    _full_clean(node, "bad_node", _("The node is not complete."))
    act = "node.change" if node.pk else "node.create"
    node.save()
    after = {"kind": node.kind, "name": node.name}
    record(actor=actor, act=act, subject_kind="node", subject_id=node.pk, after=after, now=now)
    return node


@transaction.atomic
def allow_target(
    *, actor: User, unit: Unit, network: str, first_port: int = 1, last_port: int = 65535, now: datetime
) -> AllowedTarget:
    """Let the probes of `unit`'s lines, and of those below it, talk to `network` on these ports (inclusive)."""
    _require_admin(actor, unit)
    try:
        tidy = str(ip_network(network.strip()))
    except ValueError as error:
        detail = _("Write a network such as 10.20.0.0/16, or an address.")
        raise Invalid("bad_network", detail, field="network") from error
    entry = AllowedTarget(unit=unit, network=tidy, first_port=first_port, last_port=last_port)
    _full_clean(entry, "bad_target", _("The allowed target is not right."))
    entry.save()
    _record_target(actor, "target.allow", entry, now)
    return entry


@transaction.atomic
def forbid_target(*, actor: User, entry: AllowedTarget, now: datetime) -> None:
    """Take an entry off the list; lines that lean on it turn unknown."""
    _require_admin(actor, entry.unit)
    _record_target(actor, "target.forbid", entry, now)
    entry.delete()


def _record_target(actor: User, act: str, entry: AllowedTarget, now: datetime) -> None:
    record(
        actor=actor, act=act, subject_kind="allowed_target", subject_id=entry.pk, unit_id=entry.unit_id,
        after={"target": str(entry)}, now=now,
    )  # fmt: skip


def _require_admin(actor: User, unit: Unit | None) -> None:
    if not may(actor, unit, Role.ADMIN):
        raise Forbidden("forbidden", _("Only an administrator of this unit may change its set-up."))


def _full_clean(row: Link | Node | AllowedTarget, code: str, detail: str) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        errors = {"body" if field == "__all__" else field: texts for field, texts in error.message_dict.items()}
        raise Invalid(code, detail, errors=errors) from error


def simulate(*, link: Link, behaviour: Behaviour) -> None:
    """Let the simulator play `behaviour` at the line's address from now on. Invalid for a line that is real."""
    if not link.probe_host.startswith("127."):
        raise Invalid("not_simulated", _("This line is real: nothing can be played on it."), field="link")
    SimulatedLine.objects.update_or_create(link=link, defaults=asdict(behaviour))
