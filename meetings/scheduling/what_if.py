"""The same as a booking or a move, as a question: what would stand in the way, and what would not. Writes nothing."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.accounts.queries import may
from backend.common.errors import Forbidden
from backend.reservations.claims import Holder
from backend.reservations.queries import NOBODY, in_the_way, overrun
from meetings.scheduling import needs, refusals, rules, services
from meetings.scheduling.models import HOLDER, Conference
from meetings.scheduling.rules import Request


def booked(*, actor: User, request: Request, now: datetime, standing: Conference | None = None) -> dict[str, Any]:
    """`free`, and the `conflicts`, `alternatives`, `rooms` and `bridges` of a refusal. Raises what `book` raises.

    `standing`: the conference that would be changed into it; what that holds is in nobody's way.
    """
    if standing:
        _require_booker(actor, standing)
    return _asked(actor, request, Holder(HOLDER, standing.pk) if standing else NOBODY, now)


def moved(*, actor: User, conference: Conference, start: datetime, end: datetime, now: datetime) -> dict[str, Any]:
    """The same for a conference that stands, at other hours; what it holds itself is in nobody's way.

    Nothing secret of it is read. Forbidden for whoever may not move it.
    """
    _require_booker(actor, conference)
    places = list(conference.places.all())
    request = Request(
        title="",
        type=conference.type,
        start=start,
        end=end,
        site_ids=tuple(dict.fromkeys(place.site_id for place in places)),
        room_ids=tuple(place.room_id for place in places),
        secrecy=conference.secrecy,
        convening_unit_id=conference.convening_unit_id,
        host_site_id=conference.host_site_id,
        bridge_id=conference.bridge_id or 0,
    )
    return _asked(actor, request, Holder(HOLDER, conference.pk), now)


def _asked(actor: User, request: Request, holder: Holder, now: datetime) -> dict[str, Any]:
    period = rules.period(request.start, request.end, now)
    plan = services.plan_for(actor, request)
    wanted = needs.of(plan, period, holder, now, secret=request.secrecy != "none")
    clashes, _expired = in_the_way(wanted.resources, now, holder)
    clashes += overrun(wanted.pools, now, holder)
    if not clashes:
        return {"free": True, "conflicts": [], "alternatives": [], "rooms": [], "bridges": []}
    return {"free": False, **refusals.findings(actor, wanted, clashes, now)}


def _require_booker(actor: User, conference: Conference) -> None:
    if not may(actor, conference.convening_unit, *services.BOOKERS):
        raise Forbidden("forbidden", _("Only the convening unit may change this conference."))
