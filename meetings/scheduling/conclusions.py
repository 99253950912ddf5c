"""After the end: the conclusion notice that a conference owes, issued with number and day, or waived with a reason.

The clock starts in the act that ends the conference. Decision 45/2018/QĐ-TTg asks for it within five working days.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import may
from backend.audit.services import record
from backend.common.errors import Conflict, Forbidden, Invalid
from backend.common.periods import local_date
from backend.live.services import changed as hint
from meetings.scheduling.gate_models import ConclusionNotice
from meetings.scheduling.gate_queries import gate_of
from meetings.scheduling.models import HOLDER, Conference, Status


def start_clock(conference: Conference) -> None:
    """To be called by whatever ends a conference; nothing happens where no notice is asked for."""
    if gate_of(conference.convening_unit).conclusion_due(conference.type, conference.end):
        ConclusionNotice.objects.get_or_create(conference=conference)


@transaction.atomic
def issue(*, actor: User, conference: Conference, number: str, issued_on: date, now: datetime) -> ConclusionNotice:
    """Note the notice's number and its local day; a wrong entry is corrected by another one.

    Invalid (`number_missing`, `before_end`, `in_the_future`), Conflict (`wrong_state`) before the conference ended.
    """
    notice = _locked(actor, conference)
    if not number:
        raise Invalid("number_missing", _("Write the number of the notice, such as 45/TB-VPUBND."), field="number")
    if issued_on < local_date(conference.end):
        raise Invalid("before_end", _("The notice cannot be older than the end of the conference."), field="issued_on")
    if issued_on > local_date(now):
        raise Invalid("in_the_future", _("That day has not come yet."), field="issued_on")
    return _write(actor, notice, "conclude", now, number=number, issued_on=issued_on)


@transaction.atomic
def waive(*, actor: User, conference: Conference, reason: str, now: datetime) -> ConclusionNotice:
    """Note that no notice is needed, and why. Invalid (`reason_missing`), Conflict (`wrong_state`, `issued`)."""
    notice = _locked(actor, conference)
    if not reason:
        raise Invalid("reason_missing", _("Write why no notice is needed."), field="reason")
    if notice.number:
        raise Conflict("issued", _("The notice is issued already."))
    return _write(actor, notice, "no_conclusion", now, waived=reason)


def _locked(actor: User, conference: Conference) -> ConclusionNotice:
    """The conference's row is the lock, so that two clerks follow one another."""
    held = Conference.objects.select_for_update(of=("self",)).select_related("convening_unit").get(pk=conference.pk)
    if not may(actor, held.convening_unit, Role.SECRETARIAT, Role.LEADER):
        raise Forbidden("forbidden", _("Only the convening unit issues the conclusion notice."))
    if held.status != Status.ENDED:
        raise Conflict("wrong_state", _("The conference has not ended; only then there is something to conclude."))
    return ConclusionNotice.objects.filter(conference=held).first() or ConclusionNotice(conference=held)


def _write(
    actor: User,
    notice: ConclusionNotice,
    act: str,
    now: datetime,
    number: str = "",
    issued_on: date | None = None,
    waived: str = "",
) -> ConclusionNotice:
    before = _facts(notice)
    notice.number, notice.issued_on, notice.waived = number, issued_on, waived
    notice.recorded_by, notice.recorded_at = actor, now
    notice.save()
    conference = notice.conference
    record(
        actor=actor, act=f"conference.{act}", subject_kind=HOLDER, subject_id=conference.pk,
        unit_id=conference.convening_unit_id, before=before, after=_facts(notice), now=now,
    )  # fmt: skip
    hint(HOLDER, conference.pk, [conference.convening_unit_id])
    return notice


def _facts(notice: ConclusionNotice) -> dict[str, str]:
    issued = notice.issued_on.isoformat() if notice.issued_on else ""
    facts = {
        "number": notice.number,
        "issued_on": issued,
        "reason": "" if notice.conference.is_secret else notice.waived,
    }
    return {key: value for key, value in facts.items() if value}
