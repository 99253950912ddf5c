"""Storing many lines of sites at once, by the rules of `services.save_link`, in a constant number of statements."""

from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_address

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import may
from backend.audit.services import record_changes
from backend.common.bulk import check_fields, store
from backend.common.errors import Forbidden, Invalid
from meetings.links.bandwidth import write_pools
from meetings.links.models import AllowedTarget, Link, Node
from meetings.links.services import FACTS
from meetings.links.targets import Allowance, plain

Allowances = dict[int, list[Allowance]]  # by the unit whose lines, and those below, may use them


@transaction.atomic
def save_links(*, actor: User, links: Sequence[Link], now: datetime) -> None:
    """Store lines of sites, new or known; one without an `a` starts at the site's own node.

    Invalid: `bad_fields`, `bad_port`, `target_not_allowed`. Codes and primary lines are unique by constraint.
    """
    stored = Link.objects.select_related("site__unit", "unit").in_bulk([link.pk for link in links if link.pk])
    if not all(may(actor, link.owner, Role.ADMIN) for link in (*links, *stored.values())):
        raise Forbidden("forbidden", _("Only an administrator of this unit may change its set-up."))
    allowed = allowances()
    for link in links:
        check_link(link, allowed)
    _set_ends(links)
    write_pools(links)
    ordered = sorted(links, key=lambda link: link.role == Link.LinkRole.PRIMARY)  # who steps back does so first
    changes = store(ordered, FACTS, lambda link: link.owner.pk)  # never the state: the prober may have a newer one
    record_changes(actor=actor, kind="link", changes=changes, now=now)


def allowances() -> Allowances:
    found: Allowances = {}
    for entry in AllowedTarget.objects.all():
        found.setdefault(entry.unit_id, []).append(entry.allowance())
    return found


def check_link(link: Link, allowed: Allowances) -> None:
    """The rules of one line that need no look at the others."""
    check_fields(link)
    if (link.probe_kind == Link.ProbeKind.ICMP) != (link.probe_port == 0):
        raise Invalid("bad_port", _("ICMP has no port; the other probes need one."), field="probe_port")
    try:
        ip_address(link.probe_host)
    except ValueError:
        return  # a name: checked each time it is resolved
    entries = [entry for unit in link.owner.path for entry in allowed.get(unit, ())]
    if not any(entry.permits(plain(link.probe_host), link.probe_port) for entry in entries):
        text = _("Probes may not talk to %(host)s: first add the address to the list of allowed targets.")
        raise Invalid("target_not_allowed", text % {"host": link.probe_host}, field="probe_host")


def _set_ends(links: Sequence[Link]) -> None:
    """Give every site its own node, and every line without a beginning that of its site."""
    loose = {link.site_id: link.site for link in links if not link.a_id and link.site}
    nodes = {node.site_id: node for node in Node.objects.filter(site__in=loose)}
    new = [Node(kind=Node.Kind.SITE, name=site.name, site=site) for pk, site in loose.items() if pk not in nodes]
    nodes.update({node.site_id: node for node in Node.objects.bulk_create(new)})
    for link in links:
        if not link.a_id:
            link.a = nodes[link.site_id]
