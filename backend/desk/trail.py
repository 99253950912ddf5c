"""The audit trail and refusals in the words of the screen."""

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


def local(problem: Problem) -> dict[str, Any]:
    """A Conflict with its times in Viet Nam's hours, at most 20 conflicts of it."""

    def period(row: dict) -> dict[str, Any]:
        moments = {key: datetime.fromisoformat(row[key]).astimezone(VIETNAM) for key in ("start", "end")}
        return {**row, **moments}

    conflicts = problem.extra["conflicts"]
    return {
        "detail": problem.detail,
        "conflicts": [period(row) for row in conflicts[:20]],
        "more": max(0, len(conflicts) - 20),
        "alternatives": [period(row) for row in problem.extra["alternatives"]],
        "other_rooms": problem.extra.get("other_rooms", ()),
    }
