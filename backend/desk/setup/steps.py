"""The first steps of an office, from the tree of its units to its first conference."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.accounts.models import Role, User
from backend.accounts.queries import has_role
from backend.desk.setup import scope
from backend.desk.setup.kinds import KINDS
from meetings.scheduling.models import Conference


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    count: int
    done: bool
    url: str
    action: str
    optional: bool = False
    sheet: str = ""


TEXTS: dict[str, Any] = {
    "units": gettext_lazy("Your province or ministry, its bodies, and the places below it. A sheet is quickest."),
    "sites": gettext_lazy("Each place that takes part in online conferences belongs to a unit."),
    "rooms": gettext_lazy("Each site needs one room at least; the first becomes its default room."),
    "bridges": gettext_lazy("Without a bridge, conferences over several sites are booked without video ports."),
    "nodes": gettext_lazy("Where the lines of the sites end."),
    "targets": gettext_lazy("Probes send to no address that is not listed here."),
    "lines": gettext_lazy("Each line is measured from the moment it is stored."),
    "people": gettext_lazy("Chairs and participants, with an e-mail address or a phone number."),
    "accounts": gettext_lazy("At least one account of the secretariat; its owner gets a link to set a password."),
}
OPTIONAL = {"bridges"}
ORDER = ("units", "sites", "rooms", "bridges", "nodes", "targets", "lines", "people", "accounts")


def counts(user: User) -> dict[str, int]:
    """How many rows of each kind the user administers."""
    return {key: kind.rows(user).order_by().count() for key, kind in KINDS.items()}


def first_steps(user: User, counted: dict[str, int]) -> list[Step]:
    """In their order; every step says how many there are, and leads to where one makes the next."""
    own = {"units": len(scope.roots(user)), "accounts": 1}  # what an empty office begins with
    steps = [_step(key, counted[key], counted[key] > own.get(key, 0)) for key in ORDER]
    return [*steps, _conference(user)]


def _step(key: str, count: int, done: bool) -> Step:
    kind = KINDS[key]
    url = reverse("setup-list" if done else "setup-new", args=[key])
    sheet = reverse("setup-sheet", args=[key]) if kind.has_sheet else ""
    return Step(str(kind.title), str(TEXTS[key]), count, done, url, str(kind.one), key in OPTIONAL, sheet)


def _conference(user: User) -> Step:
    count = Conference.objects.filter(convening_unit__path__overlap=scope.roots(user)).count()
    books = has_role(user, Role.SECRETARIAT, Role.LEADER)
    text = _("Book it yourself.") if books else _("The secretariat logs in with its new account and books it.")
    url = reverse("conference-new" if books else "conferences")
    action = _("Book a conference") if books else _("Conferences")
    return Step(_("First conference"), text, count, count > 0, url, action)


def next_step(steps: list[Step]) -> Step | None:
    return next((step for step in steps if not step.done and not step.optional), None)
