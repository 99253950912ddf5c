"""What a person or a program reads when nothing fits, or something broke."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from backend.common.api import json_problem


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/api/"):
        return json_problem(request, 404, "not_found", _("There is nothing here that you may see."))
    return defaults.page_not_found(request, exception, template_name="errors/404.html")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return defaults.permission_denied(request, exception, template_name="errors/403.html")


def no_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from elsewhere, or lay open for too long."""
    return render(request, "errors/csrf.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return json_problem(
            request, 500, "failed", _("Something broke on our side. It has been noted; try again later.")
        )
    return defaults.server_error(request, template_name="errors/500.html")
