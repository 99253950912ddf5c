"""One way in: an empty database becomes a demo, or an office that can begin. What is there stays as it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from backend.desk.demo.crew import write_crew
from backend.desk.demo.figures import write_figures
from backend.desk.demo.guesthouse import write_guesthouse
from backend.desk.demo.guests import write_guests
from backend.desk.demo.land import is_planted, write_centre, write_land, write_levels
from backend.desk.demo.meetings import write_meetings
from backend.desk.demo.network import write_network
from backend.desk.demo.people import write_accounts, write_admin, write_groups, write_people
from backend.desk.demo.places import write_places
from backend.desk.demo.rules import write_rules
from backend.units.models import Unit

DEMOS = ("2020", "2025", "0")
EMPTY = "0"


class OtherData(Exception):
    """The database holds something else than the demo that was asked for."""


@dataclass(frozen=True)
class Planted:
    """What was new: the first account, the demo itself, conferences and guests of the days that come."""

    admin: bool
    demo: bool
    conferences: int = 0
    delegations: int = 0


@transaction.atomic
def plant(*, demo: str, admin_password: str, now: datetime) -> Planted:
    """Write levels, figures, rules and the account `admin`; unless `demo` is "0", also the demo, once, and coming days.

    A second run on the same day changes nothing. Raises OtherData, and then nothing is written.
    """
    levels = write_levels()
    write_figures()
    centre = write_centre(levels)
    write_rules(centre)
    admin = write_admin(centre, admin_password)
    if demo == EMPTY:
        return Planted(admin is not None, demo=False)
    fresh = not is_planted(demo)
    if fresh:
        _require_empty(centre)
        land = write_land(demo, levels, centre)
        sites = write_places(land)
        write_network(land, sites)
        write_guesthouse(land)
        people = write_people(land)
        write_groups(land, people)
        write_accounts(land, sites, people)
        write_crew(land, sites, people)
    meetings, guests = write_meetings(now), write_guests(now)
    return Planted(admin is not None, demo=fresh, conferences=len(meetings), delegations=len(guests))


def _require_empty(centre: Unit) -> None:
    if Unit.objects.exclude(pk=centre.pk).exists():
        raise OtherData("This database holds other units already; a demo needs an empty one.")
