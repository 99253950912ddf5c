"""The navigation that a user's roles give."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from backend.accounts.models import Role
from backend.accounts.queries import has_role

MEETING = (Role.ADMIN, Role.SECRETARIAT, Role.LEADER, Role.TECHNICIAN, Role.DUTY_ENGINEER)
HOUSE = (Role.ADMIN, Role.SECRETARIAT, Role.LEADER, Role.GUESTHOUSE, Role.KITCHEN)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For base.html: `nav` [{url, label, icon, active}], and whether the user books conferences."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": [], "office": settings.OFFICE}
    entries = [
        ("today", _("Today"), "layout-dashboard", ()),
        ("conference-new", _("Book a conference"), "calendar-plus", (Role.SECRETARIAT, Role.LEADER)),
        ("conferences", _("Conferences"), "video", MEETING),
        ("conclusions", _("Conclusion notices"), "file-text", (Role.SECRETARIAT, Role.LEADER)),
        ("timeline", _("Rooms by hour"), "calendar-range", MEETING),
        ("bridges", _("Bridges"), "server", MEETING),
        ("lines", _("Lines"), "network", MEETING),
        ("guesthouse", _("Guesthouse"), "bed-double", HOUSE),
        ("outbox", _("Mail and outbox"), "mail", (Role.ADMIN, Role.SECRETARIAT)),
        ("setup", _("Set-up"), "settings", (Role.ADMIN,)),
    ]
    nav = [_entry(*e[:3]) for e in entries if (not e[3] or has_role(user, *e[3])) and _exists(e[0])]
    best = max((entry["url"] for entry in nav if request.path.startswith(entry["url"])), key=len, default="")
    for entry in nav:
        entry["active"] = entry["url"] == best and (best != "/" or request.path == "/")
    return {"nav": nav, "office": settings.OFFICE, "can_book": has_role(user, Role.SECRETARIAT, Role.LEADER)}


def _exists(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def _entry(name: str, label: str, icon: str) -> dict[str, Any]:
    return {"url": reverse(name), "label": label, "icon": icon}
