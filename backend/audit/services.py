"""Writing the trail, in the transaction of the act itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from backend.accounts.models import User
from backend.audit.models import Entry
from backend.common.bulk import Change


class Facts(NamedTuple):
    """What one of many subjects was before an act and is after it; plain JSON values, as in `record`."""

    subject_id: int
    unit_id: int | None
    before: dict[str, Any]
    after: dict[str, Any]


def record(
    *,
    actor: User | None,
    act: str,
    subject_kind: str,
    subject_id: int,
    unit_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    now: datetime,
) -> None:
    """One entry. `before` and `after` hold plain JSON values, and never what is secret or personal."""
    Entry.objects.create(
        at=now,
        actor=actor,
        act=act,
        subject_kind=subject_kind,
        subject_id=subject_id,
        unit_id=unit_id,
        before=before or {},
        after=after or {},
    )


def record_all(*, actor: User | None, act: str, subject_kind: str, facts: Iterable[Facts], now: datetime) -> None:
    """One entry for each subject of one act, in one statement."""
    Entry.objects.bulk_create(
        Entry(
            at=now,
            actor=actor,
            act=act,
            subject_kind=subject_kind,
            subject_id=each.subject_id,
            unit_id=each.unit_id,
            before=each.before,
            after=each.after,
        )
        for each in facts
    )


def record_changes(*, actor: User | None, kind: str, changes: Iterable[Change], now: datetime) -> None:
    """One entry for each change, `<kind>.create` or `<kind>.change`, in one statement."""
    Entry.objects.bulk_create(
        Entry(
            at=now,
            actor=actor,
            act=f"{kind}.{'change' if change.before else 'create'}",
            subject_kind=kind,
            subject_id=change.row.pk,
            unit_id=change.unit_id,
            before=change.before,
            after=change.after,
        )
        for change in changes
    )
