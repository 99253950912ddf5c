"""Whom a meal is for: a delegation or a conference, locked before anything of its meals is written."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.accounts.queries import inside, scope
from backend.common.errors import Forbidden, Invalid
from backend.common.periods import Period
from backend.units.models import Unit
from guesthouse.catering.models import Kitchen, MealService
from guesthouse.catering.queries import kitchens_visible_to
from guesthouse.stays.models import Delegation, Stay
from guesthouse.stays.queries import HOSTS, delegations_visible_to
from guesthouse.stays.rules import days_of
from meetings.scheduling.models import Conference, Status
from meetings.scheduling.queries import conferences_visible_to


@dataclass(frozen=True)
class Party:
    """`unit` receives or convenes; `days` are the local days on which they are here."""

    unit: Unit
    days: Period
    delegation: Delegation | None = None
    conference: Conference | None = None


def party_of(actor: User, delegation_id: int | None, conference_id: int | None) -> Party:
    """The one that is named and visible, its row locked. Invalid names the field."""
    if bool(delegation_id) == bool(conference_id):
        text = _("Name a delegation or a conference, and only one of them.")
        raise Invalid("one_party", text, field="conference" if delegation_id else "delegation")
    if delegation_id:
        if not delegations_visible_to(actor).filter(pk=delegation_id).exists():
            raise Invalid("unknown", _("Not known: %(ids)s.") % {"ids": delegation_id}, field="delegation")
        return _delegation(delegation_id)
    wanted = conference_id or 0
    if not conferences_visible_to(actor).filter(pk=wanted).exists():
        raise Invalid("unknown", _("Not known: %(ids)s.") % {"ids": wanted}, field="conference")
    return _conference(wanted)


def locked_party(meal: MealService) -> Party:
    """The party of `meal`, whatever its state, its row locked."""
    if meal.delegation_id:
        return _delegation(meal.delegation_id, check=False)
    return _conference(meal.conference_id or 0, check=False)


def _delegation(pk: int, check: bool = True) -> Party:
    locked = Delegation.objects.select_for_update(of=("self",), no_key=True)
    delegation = locked.select_related("host_unit").get(pk=pk)
    if check and delegation.status == Delegation.Status.CANCELLED:
        raise Invalid("cancelled", _("This delegation is cancelled."), field="delegation")
    period = Period(delegation.arrival, delegation.departure)
    return Party(delegation.host_unit, days_of(period), delegation=delegation)


def _conference(pk: int, check: bool = True) -> Party:
    """Only an approved conference has meals: what is not certain yet takes nobody's covers."""
    locked = Conference.objects.select_for_update(of=("self",), no_key=True)
    conference = locked.select_related("convening_unit").get(pk=pk)
    if check and conference.status not in (Status.APPROVED, Status.LIVE):
        text = _("Meals can be ordered once the conference is approved; it is “%(status)s”.")
        shown = text % {"status": conference.get_status_display()}
        raise Invalid("not_approved", shown, field="conference")
    period = Period(conference.start, conference.end)
    return Party(conference.convening_unit, days_of(period), conference=conference)


def kitchen_for(actor: User, kitchen_id: int | None, party: Party) -> Kitchen:
    """The named kitchen; by default that of the house where the delegation stays, else the nearest in the tree.

    Raises Forbidden when `actor` may order from none, or not from the named one.
    """
    mine = kitchens_visible_to(actor).filter(inside("unit", scope(actor, *HOSTS)))
    if kitchen_id is not None:
        return _named(actor, kitchen_id, mine.filter(pk=kitchen_id).first())
    houses = set(_houses(party))
    kitchens = sorted(mine, key=lambda k: (k.house_id not in houses, -_shared(k.unit, party.unit), k.pk))
    if not kitchens:
        raise Forbidden("forbidden", _("You may not order from any kitchen."))
    return kitchens[0]


def _named(actor: User, kitchen_id: int, kitchen: Kitchen | None) -> Kitchen:
    if kitchen is None and kitchens_visible_to(actor).filter(pk=kitchen_id).exists():
        raise Forbidden("forbidden", _("You may not order from this kitchen."))
    if kitchen is None:
        raise Invalid("unknown", _("Not known: %(ids)s.") % {"ids": kitchen_id}, field="kitchen")
    return kitchen


def _houses(party: Party) -> list[int]:
    if party.delegation is None:
        return []
    booked = Stay.objects.filter(delegation=party.delegation, status=Stay.Status.BOOKED)
    return list(booked.values_list("guest_room__house_id", flat=True))


def _shared(one: Unit, other: Unit) -> int:
    """How many ancestors the two units share."""
    return len(set(one.path) & set(other.path))
