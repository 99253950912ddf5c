"""A refusal that helps: what stands in the way, by whom as far as the caller may see it, and which hours are free."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.errors import Conflict
from backend.common.periods import Period
from backend.reservations import hours
from backend.reservations.claims import Clash, Holder
from backend.reservations.queries import holders_at, overrun
from backend.reservations.services import Taken
from meetings.links.bandwidth import LINE_KIND, TRUNK_KIND
from meetings.scheduling import offers, rules
from meetings.scheduling.models import HOLDER
from meetings.scheduling.needs import Needs
from meetings.scheduling.queries import conferences_visible_to

SHOWN_HOLDERS = 3


@contextmanager
def in_words(actor: User, needs: Needs, now: datetime) -> Iterator[None]:
    """Turn Taken into the Conflict that the API answers. The caller's transaction ends with it: nothing stays."""
    try:
        yield
    except Taken as taken:
        clashes = taken.clashes
        if not any(clash.holder is None for clash in clashes):  # rooms were looked at first
            clashes = [*clashes, *overrun(needs.pools, now, needs.holder)]
        raise refusal(actor, needs, clashes, now) from taken


def refusal(actor: User, needs: Needs, clashes: Sequence[Clash], now: datetime) -> Conflict:
    found = findings(actor, needs, clashes, now)
    names = ", ".join(dict.fromkeys(conflict["name"] for conflict in found["conflicts"][:3]))
    detail = _("Not free at that time: %(names)s. Nothing was booked.") % {"names": names}
    return Conflict("conflict", detail, **found)


def findings(actor: User, needs: Needs, clashes: Sequence[Clash], now: datetime) -> dict[str, Any]:
    """What stands in the way, the hours that fit, and at the same hour other rooms and bridges that do."""
    return {
        "conflicts": describe(actor, needs, needs.telling(clashes), now),
        "alternatives": other_hours(needs, now),
        "rooms": offers.rooms_instead(actor, needs, clashes, now),
        "bridges": offers.bridges_instead(actor, needs, clashes, now),
    }


def other_hours(needs: Needs, now: datetime) -> list[dict[str, str]]:
    windows = rules.search_windows(needs.period, now)
    found = hours.alternatives(
        needs.fixed,
        needs.pools,
        needs.period,
        windows,
        now,
        choices=needs.choices,
        margins=needs.terms.margins,
        besides=needs.holder,
    )
    return [_hours(period) for period in found]


def _hours(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def describe(actor: User, needs: Needs, clashes: Sequence[Clash], now: datetime) -> list[dict[str, Any]]:
    """Clashes in the public form. `resource` is the id of the room, endpoint, technician,
    bridge or line; `held_by` null where not visible.

    Of a pool `start` is the binding minute and `held_by` those that hold it then. `left`: ports; `left_mbps`: Mbit/s.
    """
    pools = holders_at([(clash.id, clash.start) for clash in clashes if clash.holder is None], now)
    holders = [[clash.holder] if clash.holder else pools.get(clash.id, []) for clash in clashes]
    names = holder_names(actor, {h.id for each in holders for h in each if h.kind == HOLDER})
    return [_conflict(clash, needs, _held_by(by, names)) for clash, by in zip(clashes, holders, strict=True)]


def _held_by(holders: Iterable[Holder], names: dict[int, str]) -> str | None:
    known = [names[holder.id] for holder in holders if holder.kind == HOLDER and holder.id in names]
    return "; ".join(known[:SHOWN_HOLDERS]) + (" …" if len(known) > SHOWN_HOLDERS else "") if known else None


def _conflict(clash: Clash, needs: Needs, held_by: str | None) -> dict[str, Any]:
    public_id, name = needs.public(clash)
    document: dict[str, Any] = {
        "kind": clash.kind,
        "resource": public_id,
        "name": name,
        "start": clash.start.isoformat(),
        "end": clash.end.isoformat(),
        "held_by": held_by,
    }
    if clash.kind in (LINE_KIND, TRUNK_KIND):
        document["left_mbps"] = (clash.left or 0) / 1000
    elif clash.left is not None:
        document["left"] = clash.left
    return document


def holder_names(actor: User, conference_ids: set[int]) -> dict[int, str]:
    """Code and title of those conferences that `actor` may see."""
    if not conference_ids:
        return {}
    rows = conferences_visible_to(actor).filter(pk__in=conference_ids).order_by()
    return {pk: f"{code} · {title}" for pk, code, title in rows.values_list("pk", "code", "title")}
