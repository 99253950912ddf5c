"""The pages of the set-up: the way through, the list of each kind, one form a row; for administrators alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.accounts.models import Role
from backend.accounts.queries import has_role
from backend.common.errors import Problem
from backend.common.periods import local_date
from backend.common.text import fold
from backend.desk.pages.common import PageRequest, add_problem, signed_in
from backend.desk.setup import acts, extras, scope, steps
from backend.desk.setup.forms.base import SetupForm
from backend.desk.setup.kinds import CONFERENCES, GUESTS, KINDS, ORGANISATION, Kind

PAGE = 40


def administrators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whom the set-up is visible; the address's `key` becomes the Kind."""

    @signed_in
    @wraps(view)
    def wrapped(request: PageRequest, *args: Any, key: str | None = None, **kwargs: Any) -> HttpResponse:
        if not has_role(request.user, Role.ADMIN) or (key is not None and key not in KINDS):
            raise Http404
        return view(request, *args, **kwargs) if key is None else view(request, KINDS[key], *args, **kwargs)

    return wrapped


@administrators_only
def index(request: PageRequest) -> HttpResponse:
    counted = steps.counts(request.user)
    way = steps.first_steps(request.user, counted)
    sections = [
        (title, [{"kind": kind, "count": counted[key]} for key, kind in KINDS.items() if kind.section is title])
        for title in (ORGANISATION, CONFERENCES, GUESTS)
    ]
    left = steps.next_step(way)
    context = {"steps": way, "next": left, "sections": sections, "done": sum(step.done for step in way)}
    return render(request, "desk/setup/index.html", context)


@administrators_only
def listing(request: PageRequest, kind: Kind) -> HttpResponse:
    search, everything = request.GET.get("search", "").strip()[:100], request.GET.get("all", "") == "1"
    rows = matching(kind, kind.rows(request.user), search).order_by(*kind.order)
    if not everything:
        rows = in_use(kind, rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "page": page,
        "lines": [_line(kind, row) for row in page],
        "search": search,
        "everything": everything,
        **extras.of_list(request.user, kind),
    }
    template = "desk/setup/list_rows.html" if request.htmx else "desk/setup/list.html"
    return render(request, template, context)


def matching(kind: Kind, rows: QuerySet, search: str) -> QuerySet:
    """Rows that hold every word in one of the kind's columns; folded columns do not mind diacritics."""
    for typed, word in zip(search.split(), fold(search).split(), strict=False):
        found = Q()
        for column in kind.words:
            found |= Q(**{f"{column}__contains": word}) if "folded" in column else Q(**{f"{column}__icontains": typed})
        rows = rows.filter(found)
    return rows


def in_use(kind: Kind, rows: QuerySet) -> QuerySet:
    if kind.active == "valid_to":
        return rows.filter(Q(valid_to=None) | Q(valid_to__gte=local_date(timezone.now())))
    return rows.filter(**{kind.active: True}) if kind.active else rows


def _line(kind: Kind, row: Any) -> dict[str, Any]:
    used = True
    if kind.active == "valid_to":
        used = row.valid_to is None or row.valid_to >= local_date(timezone.now())
    elif kind.active:
        used = getattr(row, kind.active)
    return {"row": row, "cells": [(title, show(row)) for title, show in kind.columns], "used": used}


@administrators_only
def new(request: PageRequest, kind: Kind) -> HttpResponse:
    """An empty form; the query string may fill fields in: ?site=3."""
    if request.method != "POST":
        return _form_page(request, kind, kind.form(user=request.user, initial=request.GET.dict()))
    form = kind.form(request.POST, user=request.user)
    if (row := _stored(request, form)) is None:
        return _form_page(request, kind, form, status=422)
    messages.success(request, _("Stored: %(name)s.") % {"name": row})
    if "again" in request.POST:
        return HttpResponseRedirect(reverse("setup-new", args=[kind.key]))
    return HttpResponseRedirect(reverse("setup-list", args=[kind.key]))


@administrators_only
def edit(request: PageRequest, kind: Kind, pk: int) -> HttpResponse:
    row = get_object_or_404(kind.rows(request.user), pk=pk)
    if request.method != "POST":
        return _form_page(request, kind, kind.form(instance=row, user=request.user), row)
    name = str(row)
    form = kind.form(request.POST, instance=row, user=request.user)
    if _stored(request, form) is None:
        return _form_page(request, kind, form, row, name=name, status=422)
    messages.success(request, _("Stored: %(name)s.") % {"name": row})
    return HttpResponseRedirect(reverse("setup-list", args=[kind.key]))


def _stored(request: PageRequest, form: SetupForm) -> Any:
    """The row, once the service has taken it; None, and the form says why, when it has not."""
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            return form.store(request.user, timezone.now())
    except Problem as problem:
        add_problem(form, problem, {})
    except IntegrityError:
        form.add_error(None, _("Somebody stored something alike at the same moment. Look at the list, then try again."))
    return None


def _form_page(
    request: PageRequest, kind: Kind, form: SetupForm, row: Any = None, name: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "kind": kind,
        "form": form,
        "row": row,
        "name": name or (str(row) if row else ""),
        "in_use": acts.in_use(row) if row else False,
        **(extras.of(request.user, kind, row) if row else {}),
    }
    return render(request, "desk/setup/form.html", context, status=status)


@administrators_only
def remove(request: PageRequest, kind: Kind, pk: int) -> HttpResponse:
    """Delete, or take out of use what something hangs on."""
    row = get_object_or_404(kind.rows(request.user), pk=pk)
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    name = str(row)
    try:
        gone = acts.remove(actor=request.user, row=row, unit=scope.owner(row), kind=kind.subject, now=timezone.now())
    except Problem as problem:
        messages.error(request, str(problem.detail))
        return HttpResponseRedirect(reverse("setup-edit", args=[kind.key, pk]))
    done = _("Deleted: %(name)s.") if gone else _("No longer in use: %(name)s. Its history stays.")
    messages.success(request, done % {"name": name})
    return HttpResponseRedirect(reverse("setup-list", args=[kind.key]))
