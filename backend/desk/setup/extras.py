"""What stands below some forms: successors of a unit, rights of an account, what belongs to a site."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.accounts.services import Right, rights_of
from backend.common.periods import local_date
from backend.desk.pages.common import PageRequest, act
from backend.desk.setup import acts, passwords, scope
from backend.desk.setup.forms.land import SuccessorForm
from backend.desk.setup.forms.people import RightForm
from backend.desk.setup.kinds import Kind
from backend.units.models import Succession, Unit
from backend.units.queries import special_days
from meetings.scheduling.adapters import ADAPTERS
from meetings.scheduling.bridge_models import BridgeSetup


def of(user: User, kind: Kind, row: Any) -> dict[str, Any]:
    parts: dict[str, Callable[[User, Any], dict[str, Any]]] = {
        "units": _unit,
        "accounts": _account,
        "sites": _site,
        "bridges": _bridge,
    }
    return parts[kind.key](user, row) if kind.key in parts else {}


def of_list(user: User, kind: Kind) -> dict[str, Any]:
    """Below the list of working days: the days of this year and the next that are not as their weekday says."""
    if kind.key != "days":
        return {}
    today = local_date(timezone.now())
    path = next(iter(scope.units(user).filter(pk__in=scope.roots(user)).values_list("path", flat=True)), [])
    first, last = date(today.year, 1, 1), date(today.year + 1, 12, 31)
    return {"known_days": special_days(first, last, path, get_language() or "vi")}


def _unit(user: User, unit: Unit) -> dict[str, Any]:
    rows = Succession.objects.filter(predecessor=unit).select_related("successor").order_by("successor__name")
    initial = {"effective": unit.valid_to or local_date(timezone.now())}
    return {
        "successions": rows,
        "predecessors": Succession.objects.filter(successor=unit).select_related("predecessor"),
        "successor_form": SuccessorForm(unit=unit, user=user, initial=initial, auto_id="successor-%s"),
    }


def _account(user: User, account: User) -> dict[str, Any]:
    return {
        "grants": account.grants.select_related("unit").order_by("role", "unit__name"),
        "right_form": RightForm(user=user, auto_id="right-%s"),
        "address": passwords.address_of(account),
        "last_mail": passwords.last_mail(account),
    }


def _site(user: User, site: Any) -> dict[str, Any]:
    return {"rooms": scope.rooms(user).filter(site=site), "site_lines": scope.lines(user).filter(site=site)}


def _bridge(user: User, bridge: Any) -> dict[str, Any]:
    setup = BridgeSetup.objects.filter(bridge=bridge).first()
    if setup is None:
        return {}
    address = setup.settings.get("url") or setup.settings.get("sip") or setup.settings.get("h323", "")
    return {"adapter": ADAPTERS[setup.adapter], "address": address}


# --- what their buttons do; `pages` has let administrators alone through


def add_successor(request: PageRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(scope.units(request.user), pk=pk)
    form = SuccessorForm(request.POST, unit=unit, user=request.user)
    if not form.is_valid():
        messages.error(request, _("Choose the successor and the day."))
        return HttpResponseRedirect(_page("units", pk))
    return act(request, _page("units", pk), _("The successor is noted."), acts.set_successor, predecessor=unit,
               **form.cleaned_data)  # fmt: skip


def confirm_successor(request: PageRequest, pk: int, succession: int) -> HttpResponse:
    row = _succession(request, pk, succession)
    return act(request, _page("units", pk), _("Confirmed."), acts.set_successor, predecessor=row.predecessor,
               successor=row.successor, effective=row.effective)  # fmt: skip


def remove_successor(request: PageRequest, pk: int, succession: int) -> HttpResponse:
    row = _succession(request, pk, succession)
    return act(request, _page("units", pk), _("Taken off."), acts.remove_successor, succession=row)


def _succession(request: PageRequest, pk: int, succession: int) -> Succession:
    unit = get_object_or_404(scope.units(request.user), pk=pk)
    return get_object_or_404(
        Succession.objects.select_related("predecessor", "successor"), pk=succession, predecessor=unit
    )


def add_right(request: PageRequest, pk: int) -> HttpResponse:
    form = RightForm(request.POST, user=request.user)
    account = _managed(request, pk)
    if not form.is_valid():
        messages.error(request, _("Choose a role and a unit inside what you administer."))
        return HttpResponseRedirect(_page("accounts", pk))
    right = (form.cleaned_data["role"], form.cleaned_data["unit"].pk)
    return _set_rights(request, account, rights_of([account])[pk] | {right}, _("The right is given."))


def take_right(request: PageRequest, pk: int, grant: int) -> HttpResponse:
    account = _managed(request, pk)
    row = get_object_or_404(account.grants, pk=grant)
    left = rights_of([account])[pk] - {(row.role, row.unit_id)}
    return _set_rights(request, account, left, _("The right is taken away."))


def send_password_link(request: PageRequest, pk: int) -> HttpResponse:
    done = _("The link is on its way.")
    return act(request, _page("accounts", pk), done, acts.send_password_link, account=_managed(request, pk))


def _managed(request: PageRequest, pk: int) -> User:
    return get_object_or_404(scope.accounts(request.user), pk=pk)


def _set_rights(request: PageRequest, account: User, rights: set[Right], done: str) -> HttpResponse:
    return act(request, _page("accounts", account.pk), done, acts.set_rights, account=account, rights=rights)


def _page(key: str, pk: int) -> str:
    return reverse("setup-edit", args=[key, pk])
