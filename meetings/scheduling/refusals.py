"""A refusal that helps: what stands in the way, by whom as far as the caller may see it, and which hours are free."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.errors import Conflict
from backend.common.periods import Period
from backend.reservations import queries as ledger_queries
from backend.reservations.claims import Clash
from backend.reservations.services import Taken
from meetings.scheduling import rules
from meetings.scheduling.models import HOLDER
from meetings.scheduling.places import Plan
from meetings.scheduling.queries import conferences_visible_to


@contextmanager
def in_words(actor: User, plan: Plan, period: Period, now: datetime) -> Iterator[None]:
    """Turn Taken into the Conflict that the API answers. The caller's transaction ends with it: nothing stays."""
    try:
        yield
    except Taken as taken:
        raise refusal(actor, plan, period, taken.clashes, now) from taken


def refusal(actor: User, plan: Plan, period: Period, clashes: list[Clash], now: datetime) -> Conflict:
    conflicts = describe(actor, plan, clashes)
    windows = rules.search_windows(period, now)
    others = ledger_queries.alternatives(plan.claims(period), plan.pool_claims(period), period, windows, now)
    names = ", ".join(dict.fromkeys(conflict["name"] for conflict in conflicts[:3]))
    detail = _("Not free at that time: %(names)s. Nothing was booked.") % {"names": names}
    return Conflict(
        "conflict",
        detail,
        conflicts=conflicts,
        alternatives=[{"start": p.start.isoformat(), "end": p.end.isoformat()} for p in others],
    )


def describe(actor: User, plan: Plan, clashes: list[Clash]) -> list[dict[str, Any]]:
    """Clashes in the public form. `resource` is the id of the room or bridge; `held_by` is null where not visible."""
    names = holder_names(actor, {clash.holder.id for clash in clashes if clash.holder and clash.holder.kind == HOLDER})
    rooms = {room.resource_id: room for room in plan.rooms}
    return [_conflict(clash, rooms, names, plan) for clash in clashes]


def _conflict(clash: Clash, rooms: dict, names: dict[int, str], plan: Plan) -> dict[str, Any]:
    room = rooms.get(clash.id) if clash.kind == "room" else None
    document: dict[str, Any] = {
        "kind": clash.kind,
        "resource": room.room_id if room else (plan.bridge.pk if plan.bridge else clash.id),
        "name": f"{room.room_name} ({room.site_name})" if room else clash.name,
        "start": clash.start.isoformat(),
        "end": clash.end.isoformat(),
        "held_by": names.get(clash.holder.id) if clash.holder and clash.holder.kind == HOLDER else None,
    }
    if clash.left is not None:
        document["left"] = clash.left
    return document


def holder_names(actor: User, conference_ids: set[int]) -> dict[int, str]:
    """Code and title of those conferences that `actor` may see."""
    if not conference_ids:
        return {}
    rows = conferences_visible_to(actor).filter(pk__in=conference_ids).order_by()
    return {pk: f"{code} · {title}" for pk, code, title in rows.values_list("pk", "code", "title")}
