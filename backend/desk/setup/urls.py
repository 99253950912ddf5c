"""Addresses of the set-up."""

from django.urls import path
from django.views.decorators.http import require_POST

from backend.desk.setup import bridge_access, extras, pages
from backend.desk.setup.sheets import pages as sheets

post = lambda view: pages.administrators_only(require_POST(view))  # noqa: E731

urlpatterns = [
    path("", pages.index, name="setup"),
    path("units/<int:pk>/successors/", post(extras.add_successor), name="setup-successor"),
    path(
        "units/<int:pk>/successors/<int:succession>/confirm/",
        post(extras.confirm_successor),
        name="setup-successor-confirm",
    ),
    path(
        "units/<int:pk>/successors/<int:succession>/remove/",
        post(extras.remove_successor),
        name="setup-successor-remove",
    ),
    path("accounts/<int:pk>/rights/", post(extras.add_right), name="setup-right"),
    path("accounts/<int:pk>/rights/<int:grant>/remove/", post(extras.take_right), name="setup-right-remove"),
    path("accounts/<int:pk>/password-link/", post(extras.send_password_link), name="setup-password-link"),
    path("bridges/<int:pk>/access/", pages.administrators_only(bridge_access.edit), name="setup-bridge-access"),
    path("<slug:key>/", pages.listing, name="setup-list"),
    path("<slug:key>/list.xlsx", sheets.export, name="setup-export"),
    path("<slug:key>/sheet/", sheets.upload, name="setup-sheet"),
    path("<slug:key>/sheet/<str:token>/", sheets.preview, name="setup-preview"),
    path("<slug:key>/sheet/<str:token>/not-taken.xlsx", sheets.bad_rows, name="setup-not-taken"),
    path("<slug:key>/new/", pages.new, name="setup-new"),
    path("<slug:key>/<int:pk>/", pages.edit, name="setup-edit"),
    path("<slug:key>/<int:pk>/remove/", pages.remove, name="setup-remove"),
]
