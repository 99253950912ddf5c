"""A bridge has died: its coming conferences go to others, each by the ordinary change, so everybody is told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.accounts.queries import may
from backend.audit.services import record
from backend.common.errors import Forbidden, Problem
from meetings.scheduling import services
from meetings.scheduling.models import HOLDER, Conference
from meetings.scheduling.proposals import coming_on, for_conferences
from meetings.scheduling.queries import conferences_visible_to
from meetings.sites.models import Bridge


@dataclass(frozen=True)
class Moved:
    """What became of one conference: the bridge that it stands on now, or why it stayed."""

    conference: Conference
    bridge: str = ""
    why: str = ""


def move_away(*, actor: User, bridge: Bridge, conference_ids: Sequence[int] = (), now: datetime) -> list[Moved]:
    """Move the bridge's coming conferences, or those named, to the best other one; each for itself, in its order.

    Without names only those move that lose nobody by it. One that cannot move says why and holds up no other.
    Forbidden when the actor books for none of them.
    """
    rows = coming_on(bridge, conferences_visible_to(actor), now)
    found = list(rows.filter(pk__in=conference_ids) if conference_ids else rows)
    own = [c for c in found if may(actor, c.convening_unit, *services.BOOKERS)]
    if found and not own:
        raise Forbidden("forbidden", _("Only the convening unit may change this conference."))
    return [_move(actor, bridge, conference, bool(conference_ids), now) for conference in own]


def _move(actor: User, old: Bridge, conference: Conference, named: bool, now: datetime) -> Moved:
    best = for_conferences(actor, [conference], now)[conference.pk].best
    if best is None:
        return Moved(conference, why=_("No other bridge that may be used has enough free ports then."))
    if best.cut and not named:
        sites = ", ".join(place.site_name for place in best.cut[:5])
        text = _("%(bridge)s does not reach %(sites)s.")
        return Moved(conference, why=text % {"bridge": best.bridge.name, "sites": sites})
    try:
        with transaction.atomic():
            services.change(
                actor=actor,
                conference=conference,
                edit=lambda standing: replace(standing, bridge_id=best.bridge.bridge_id),
                now=now,
            )
            record(actor=actor, act="conference.bridge", subject_kind=HOLDER, subject_id=conference.pk,
                   unit_id=conference.convening_unit_id, before={"bridge": old.name},
                   after={"bridge": best.bridge.name}, now=now)  # fmt: skip
    except Problem as problem:
        return Moved(conference, why=str(problem.detail))
    return Moved(conference, bridge=best.bridge.name)
