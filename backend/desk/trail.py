"""The audit trail and refusals in the words of the screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.audit.models import Entry
from backend.audit.queries import history
from backend.common.errors import Problem
from backend.common.periods import VIETNAM
from backend.desk.changes import changes
from backend.desk.words import act_in_words
from meetings.scheduling.models import HOLDER, Conference

REASONED = ("conference.return", "conference.cancel")


@dataclass(frozen=True)
class Line:
    """One line of the history. `changes`: what was and what is, a text for each difference."""

    at: datetime
    actor: str
    act: str
    words: str
    changes: list[str]
    reason: str


def history_of(conference: Conference) -> list[Line]:
    """What happened to the conference, the oldest first; the caller has checked that it may be seen."""
    return [_line(entry, conference.is_secret) for entry in history(HOLDER, conference.pk).order_by("id")]


def _line(entry: Entry, secret: bool) -> Line:
    return Line(
        at=entry.at,
        actor=str(entry.actor) if entry.actor else "",
        act=entry.act,
        words=act_in_words(entry.act),
        changes=changes(entry, secret=secret),
        reason=entry.after.get("reason", "") if entry.act in REASONED and not secret else "",
    )


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
