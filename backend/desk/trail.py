"""The audit trail and refusals in the words of the screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.audit.models import Entry
from backend.common.errors import Problem
from backend.common.periods import VIETNAM

WORDS = {
    "conference.create": _("booked"),
    "conference.submit": _("put up for approval"),
    "conference.approve": _("approved"),
    "conference.return": _("returned"),
    "conference.cancel": _("cancelled"),
    "conference.change": _("changed"),
    "conference.reschedule": _("moved"),
    "conference.reveal": _("read the secret content"),
    "conference.access": _("access data entered"),
    "conference.bridge": _("moved to another bridge"),
    "conference.link_stop": _("stopped a personal link"),
    "conference.link_renew": _("gave a new personal link"),
    "conference.live": _("began"),
    "conference.ended": _("ended"),
    "conference.conclude": _("conclusion notice noted"),
    "conference.no_conclusion": _("noted that no conclusion notice is needed"),
    "invitation.send": _("invitations written"),
    "invitation.update": _("new invitations written"),
    "invitation.cancel": _("cancellations written"),
}


@dataclass(frozen=True)
class Line:
    """One line of the history. `moved`: old and new period in local time, where it changed."""

    at: datetime
    actor: str
    words: Any
    reason: str
    moved: tuple[datetime, datetime, datetime, datetime] | None


def in_words(entry: Entry) -> Line:
    return Line(
        at=entry.at,
        actor=str(entry.actor) if entry.actor else "",
        words=WORDS.get(entry.act, entry.act),
        reason=entry.after.get("reason", ""),
        moved=_moved(entry),
    )


def _moved(entry: Entry) -> tuple[datetime, datetime, datetime, datetime] | None:
    keys = ("start", "end")
    if not all(key in entry.before for key in keys) or all(entry.before[k] == entry.after.get(k) for k in keys):
        return None
    texts = [entry.before["start"], entry.before["end"], entry.after["start"], entry.after["end"]]
    first, second, third, fourth = (datetime.fromisoformat(text).astimezone(VIETNAM) for text in texts)
    return first, second, third, fourth


KINDS = {
    "endpoint": _("endpoint"),
    "technician": _("technician"),
    "line": _("line"),
    "trunk": _("trunk line"),
}


def local(problem: Problem) -> dict[str, Any]:
    """A Conflict with its times in Viet Nam's hours, at most 20 conflicts of it."""
    return findings(problem.extra, problem.detail)


def findings(found: dict[str, Any], detail: Any) -> dict[str, Any]:
    """What stands in the way and what is offered instead, for the screen; offered rooms by the room they replace."""

    def period(row: dict) -> dict[str, Any]:
        moments = {key: datetime.fromisoformat(row[key]).astimezone(VIETNAM) for key in ("start", "end")}
        return {**row, **moments, "word": KINDS.get(row.get("kind", ""), "")}

    conflicts = found["conflicts"]
    return {
        "detail": detail,
        "conflicts": [period(row) for row in conflicts[:20]],
        "more": max(0, len(conflicts) - 20),
        "alternatives": [period(row) for row in found["alternatives"]],
        "other_rooms": found.get("other_rooms", ()),
        "rooms": _swaps(found.get("rooms", ()), conflicts),
        "bridges": found.get("bridges", ()),
    }


def _swaps(offers: Iterable[dict[str, Any]], conflicts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Offers by the room they stand for, which is named where there are several."""
    names = {row["resource"]: row["name"] for row in conflicts if row["kind"] == "room"}
    swaps: dict[int, list[dict[str, Any]]] = {}
    for offer in offers:
        swaps.setdefault(offer["instead_of"], []).append(offer)
    several = len(swaps) > 1
    return [{"instead": names.get(room, "") if several else "", "offers": those} for room, those in swaps.items()]
