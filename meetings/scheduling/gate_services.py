"""Holding conferences to the rules, and keeping the rules."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.accounts.services import require_admin
from backend.audit.services import record_changes
from backend.common.bulk import check_fields, store
from backend.common.errors import Invalid
from backend.common.periods import Period, local_date
from backend.units.models import Unit
from meetings.scheduling.gate import Remark, blocks
from meetings.scheduling.gate_models import LARGEST_AMOUNT, WITH_AMOUNT, GateRule
from meetings.scheduling.gate_queries import facts_of, facts_of_stored, gate_of
from meetings.scheduling.models import Conference, Status, Type
from meetings.scheduling.rules import HOLDING, Request

RULE_FACTS = ("unit_id", "check_code", "types", "amount", "severity", "article", "effective_from", "note")


def hold(*, request: Request, unit: Unit, draft: bool, now: datetime) -> list[Remark]:
    """What the gate says of `request`. Invalid (`gate`) when the office forbids it, unless it is a draft."""
    remarks = gate_of(unit).remarks(facts_of(request), now)
    _refuse([] if draft else blocks(remarks), remarks)
    return remarks


def hold_dates(*, request: Request, unit: Unit, periods: Iterable[Period], now: datetime) -> None:
    """Of a series: Invalid (`gate`) at the first date that the office forbids. Two statements for all dates."""
    gate = gate_of(unit)
    for period in periods:
        remarks = gate.remarks(facts_of(replace(request, start=period.start, end=period.end)), now)
        _refuse(blocks(remarks), remarks)


def hold_stored(*, conference: Conference, now: datetime) -> None:
    """Before a conference is put up or approved: Invalid (`gate`) when the office forbids it.

    Of an approved one the invitations leave today.
    """
    remarks = gate_of(conference.convening_unit).remarks(facts_of_stored(conference), now)
    _refuse(blocks(remarks), remarks)
    if _is_told(conference):
        conference.announced_on = local_date(now)


def hold_change(*, conference: Conference, old: Request, new: Request, unit: Unit, now: datetime) -> None:
    """Before a change: Invalid (`gate`) for what it newly breaks. Another hour is announced anew."""
    gate = gate_of(unit)
    anew = _is_told(conference) and (new.start, new.end) != (old.start, old.end)
    announced = local_date(now) if anew else conference.announced_on
    remarks = gate.remarks(facts_of(new, announced), now)
    before = gate.remarks(facts_of(old, conference.announced_on), now)
    _refuse(blocks(remarks, before) if conference.status in HOLDING else [], remarks)
    conference.announced_on = announced


def _is_told(conference: Conference) -> bool:
    """A date of a series is told of by its clock, when it is near."""
    return conference.status == Status.APPROVED and not conference.announce_later


def _refuse(found: Sequence[Remark], remarks: Iterable[Remark]) -> None:
    if not found:
        return
    errors: dict[str, list] = {}
    for remark in found:
        errors.setdefault(remark.field, []).append(f"{remark.text} ({remark.article})")
    text = _("The rules on meetings forbid this: %(texts)s") % {"texts": " ".join(remark.text for remark in found)}
    raise Invalid("gate", text, errors=errors, remarks=[asdict(remark) for remark in remarks])


@transaction.atomic
def save_rules(*, actor: User, rules: Sequence[GateRule], now: datetime) -> None:
    """Store rules of units that `actor` administers. Invalid: `amount`, `bad_types`, `bad_fields`."""
    stored = GateRule.objects.select_related("unit").in_bulk([rule.pk for rule in rules if rule.pk])
    require_admin(actor, [rule.unit for rule in (*rules, *stored.values())])
    for rule in rules:
        check_rule(rule)
    record_changes(actor=actor, kind="gate_rule", changes=store(rules, RULE_FACTS, lambda r: r.unit_id), now=now)


def check_rule(rule: GateRule) -> None:
    check_fields(rule)
    if not set(rule.types) <= set(Type.values):
        raise Invalid("bad_types", _("There is no such type of meeting."), field="types")
    rule.types = [value for value in Type.values if value in rule.types]
    if rule.check_code in WITH_AMOUNT and not 1 <= (rule.amount or 0) <= LARGEST_AMOUNT:
        text = _("Write a whole number between 1 and %(most)d.") % {"most": LARGEST_AMOUNT}
        raise Invalid("amount", text, field="amount")
    if rule.check_code not in WITH_AMOUNT and rule.amount is not None:
        raise Invalid("amount", _("This rule has no figure: leave it empty."), field="amount")
