"""How a bridge is reached: choose the kind, fill in what it asks for. Secrets go in and never come out."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.common.errors import Problem
from backend.desk.pages.common import PageRequest, add_problem
from backend.desk.setup import scope
from backend.desk.setup.forms.bridge_access import AccessForm
from meetings.scheduling.access import kept_secrets
from meetings.scheduling.adapters import ADAPTERS
from meetings.scheduling.adapters.base import Adapter
from meetings.scheduling.bridge_models import BridgeSetup
from meetings.scheduling.bridging import save_setup
from meetings.sites.models import Bridge


def edit(request: PageRequest, pk: int) -> HttpResponse:
    """`?kind=` chooses another adapter than the one that stands; `pages` has let administrators alone through."""
    bridge = get_object_or_404(scope.bridges(request.user), pk=pk)
    setup = BridgeSetup.objects.filter(bridge=bridge).first()
    adapter = ADAPTERS.get(request.GET.get("kind", setup.adapter if setup else ""))
    if adapter is None:
        return _page(request, bridge, setup, None, None)
    same = setup if setup and setup.adapter == adapter.key else None
    stored = kept_secrets(same) if same else set()
    if request.method != "POST":
        return _page(request, bridge, setup, adapter, AccessForm(
            fields=adapter.fields, stored=stored, initial=same.settings if same else {}))  # fmt: skip
    form = AccessForm(request.POST, fields=adapter.fields, stored=stored)
    if not form.is_valid():
        return _page(request, bridge, setup, adapter, form, status=422)
    values: dict[str, Any] = form.cleaned_data
    try:
        save_setup(actor=request.user, bridge=bridge, adapter=adapter.key, values=values, now=timezone.now())
    except Problem as problem:
        add_problem(form, problem, {})
        return _page(request, bridge, setup, adapter, form, status=422)
    messages.success(request, _("Stored: %(name)s.") % {"name": bridge})
    return HttpResponseRedirect(reverse("setup-edit", args=["bridges", bridge.pk]))


def _page(
    request: PageRequest,
    bridge: Bridge,
    setup: BridgeSetup | None,
    adapter: Adapter | None,
    form: AccessForm | None,
    status: int = 200,
) -> HttpResponse:
    context = {"bridge": bridge, "setup": setup, "adapter": adapter, "adapters": ADAPTERS.values(), "form": form}
    return render(request, "desk/setup/bridge_access.html", context, status=status)
