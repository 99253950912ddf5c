"""The audit trail and refusals in the words of the screen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
