"""What all pages share."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from backend.accounts.models import User
from backend.common.errors import Problem
from backend.common.periods import local_date
from meetings.scheduling.models import Conference
from meetings.scheduling.queries import conferences_visible_to

View = Callable[..., HttpResponse]


class PageRequest(HttpRequest):
    """A request of somebody who is signed in; for the type checker alone."""

    user: User
    htmx: HtmxDetails


def signed_in(view: View) -> View:
    """Only for people with an account; others are led to the login page and back."""
    return login_required(view)


def visible_conference(request: PageRequest, pk: Any) -> Conference:
    return get_object_or_404(conferences_visible_to(request.user), pk=pk)


def conference_page(pk: int) -> str:
    return reverse("conference", args=[pk])


def asked_day(request: PageRequest, name: str = "day") -> date:
    """The local day of the query string; today when absent or unreadable."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return local_date(timezone.now())


def add_problem(form: forms.BaseForm, problem: Problem, names: dict[str, str]) -> None:
    """Show a service's refusal at the field it names; `names` maps the service's fields to the form's."""
    shown = False
    for field, texts in problem.errors.items():
        head = field.split(".")[0]
        target = names.get(head, head)
        for text in texts:
            form.add_error(target if target in form.fields else None, str(text))
            shown = True
    if not shown:
        form.add_error(None, str(problem.detail))


def act(request: PageRequest, back_to: str, done: str, service: Callable[..., Any], **values: Any) -> HttpResponse:
    """Run one service for a button, say how it went, and show the page again."""
    try:
        service(actor=request.user, now=timezone.now(), **values)
    except Problem as problem:
        messages.error(request, str(problem.detail))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(back_to)


def post_only(view: View) -> View:
    @wraps(view)
    def wrapped(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        return view(request, *args, **kwargs)

    return signed_in(wrapped)
