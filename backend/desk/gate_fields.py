"""What the rules on meetings ask of the booking form, and what they say of it while it is being filled in."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.common.periods import VIETNAM
from backend.common.text import nfc
from meetings.scheduling.gate import Remark
from meetings.scheduling.gate_checks import Facts
from meetings.scheduling.gate_queries import gate_of
from meetings.scheduling.models import Conference, Secrecy
from meetings.scheduling.rules import Request


class GateFields(forms.Form):
    """The fields that only the rules look at."""

    unscheduled = forms.BooleanField(label=_("Unscheduled (called at short notice)"), required=False)
    decided_by = forms.CharField(label=_("Decided by"), max_length=200, required=False)
    contact = forms.CharField(
        label=_("Contact"), max_length=200, required=False, help_text=_("Name and phone number, as on the invitation.")
    )
    papers_on = forms.DateField(
        label=_("Papers are sent on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def for_the_gate(self) -> dict[str, Any]:
        """The fields of `rules.Request` that stand here."""
        data = self.cleaned_data
        return {
            "unscheduled": data["unscheduled"],
            "decided_by": nfc(data["decided_by"]),
            "contact": nfc(data["contact"]),
            "papers_on": data["papers_on"],
        }


def initial(request: Request) -> dict[str, Any]:
    return {name: getattr(request, name) for name in GateFields.base_fields}


def remarks(form: GateFields, conference: Conference | None, now: datetime) -> list[Remark]:
    """What the rules say of a validated form, be it half empty; `conference`: the one that it changes."""
    data = form.cleaned_data
    unit, facts = data.get("convening_unit"), _facts(data)
    if unit is None or facts is None or facts.start >= facts.end:
        return []
    if conference and (conference.start, conference.end) == (facts.start, facts.end):
        facts = replace(facts, announced=conference.announced_on)
    return gate_of(unit).remarks(facts, now)


def _facts(data: dict[str, Any]) -> Facts | None:
    """None as long as type or hours are missing."""
    if not all(data.get(name) for name in ("type", "day", "start_time", "end_time")):
        return None
    return Facts(
        type=data["type"],
        start=datetime.combine(data["day"], data["start_time"], VIETNAM),
        end=datetime.combine(data.get("last_day") or data["day"], data["end_time"], VIETNAM),
        chair=bool(data.get("chair") or data.get("chair_name")),
        attendees=any(data.get(name) for name in ("people", "groups", "other_guests")),
        agenda=bool(data.get("agenda_points")),
        requirements=bool(data.get("notes")),
        contact=bool(data.get("contact")),
        unscheduled=data.get("unscheduled", False),
        decided_by=bool(data.get("decided_by")),
        papers_on=data.get("papers_on"),
        secret=data.get("secrecy") != Secrecy.NONE,
    )
