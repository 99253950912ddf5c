"""The rules on meetings that an office starts with."""

from backend.units.models import Unit
from meetings.scheduling.gate_defaults import DEFAULTS
from meetings.scheduling.gate_models import GateRule


def write_rules(centre: Unit) -> None:
    """Those whose subject has no rule yet; what the office has made of the others stays as it is."""
    known = set(GateRule.objects.values_list("check_code", flat=True))
    GateRule.objects.bulk_create(GateRule(unit=centre, **row) for row in DEFAULTS if row["check_code"] not in known)
