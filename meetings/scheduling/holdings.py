"""What a conference holds of the ledger now, in names: for its page."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models.functions import Coalesce

from backend.common.periods import Period
from backend.reservations.models import Hold, Reservation
from meetings.links.bandwidth import TRUNK_KIND
from meetings.scheduling.models import HOLDER, Conference
from meetings.sites.crew import ENDPOINT_KIND, TECHNICIAN_KIND


@dataclass(frozen=True)
class Holdings:
    """`during`: its hours with the margins, where there are any; endpoints and technicians by site; Mbit/s by trunk."""

    during: Period | None = None
    helpers: dict[int, list[str]] = field(default_factory=dict)
    trunks: list[tuple[str, Decimal]] = field(default_factory=list)


def holdings(conference: Conference) -> Holdings:
    """Three statements."""
    mine = {"holder_kind": HOLDER, "holder_id": conference.pk}
    first = Reservation.objects.filter(**mine).values_list("during", flat=True).first()
    if first is None:
        return Holdings()
    held = Period(first.lower, first.upper)
    helpers: dict[int, list[str]] = {}
    crew = Reservation.objects.filter(**mine, resource__kind__in=[ENDPOINT_KIND, TECHNICIAN_KIND])
    place = Coalesce("resource__endpoint__site_id", "resource__technician__site_id")
    names = crew.order_by("resource__kind", "resource__name").annotate(place=place)
    for site, name in names.values_list("place", "resource__name"):
        helpers.setdefault(site, []).append(name)
    trunks = Hold.objects.filter(**mine, pool__kind=TRUNK_KIND).order_by("pool__name")
    return Holdings(
        during=held if held != Period(conference.start, conference.end) else None,
        helpers=helpers,
        trunks=[(name, Decimal(kbps) / 1000) for name, kbps in trunks.values_list("pool__name", "amount")],
    )
