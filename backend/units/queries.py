"""Reading the tree and the figures."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from backend.common.errors import Invalid
from backend.common.text import fold
from backend.units.days import WorkingDays, public_days
from backend.units.models import Figure, SpecialDay, Succession, Unit

_DAYS = "SELECT unit_id, day, kind FROM backend_units_specialday WHERE unit_id = ANY(%s)"


def valid_on(day: date) -> Q:
    """Units that exist on `day`."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))


def units_matching(text: str) -> QuerySet[Unit]:
    """Units whose name, short name or former name holds every word of `text`; diacritics do not count.

    Abolished units are found too, and through them their successors.
    """
    words = Q()
    for word in fold(text).split():
        words &= Q(folded__contains=word)
    return Unit.objects.filter(words).select_related("level")


def with_successors(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """`units` and those that took over from them."""
    inherited = Succession.objects.filter(successor=OuterRef("pk"), predecessor__in=units.values("pk"))
    return Unit.objects.filter(Q(pk__in=units.values("pk")) | Exists(inherited)).select_related("level")


def within(*roots: int) -> Q:
    """Units inside the subtrees of `roots`."""
    return Q(path__overlap=list(roots))


def figure(key: str, *, on: date) -> Any:
    """The value of `key` that holds on the local day `on`. Invalid when the office has set none."""
    return figures([key], on=on)[0]


def figures(keys: Sequence[str], *, on: date) -> list[Any]:
    """The values of `keys`, in their order, as `figure` gives them; one statement."""
    rows = Figure.objects.filter(key__in=keys, effective_from__lte=on).order_by("key", "-effective_from")
    found = dict(rows.distinct("key").values_list("key", "value"))
    for key in keys:
        if key not in found:
            raise Invalid("figure_missing", _("The office has not set “%(key)s” for this day.") % {"key": key})
    return [found[key] for key in keys]


def working_days(path: Sequence[int]) -> WorkingDays:
    """The working days of the unit whose `path` this is: its own word before that of the units above it."""
    return working_days_of([path])[0]


def working_days_of(paths: Sequence[Sequence[int]]) -> list[WorkingDays]:
    """One for each path, from one statement."""
    with connection.cursor() as cursor:  # each booking asks: composing the statement would take longer than asking
        cursor.execute(_DAYS, [list({unit for path in paths for unit in path})])
        rows = cursor.fetchall()
    return [WorkingDays(_own(path, rows)) for path in paths]


def _own(path: Sequence[int], rows: Iterable[tuple[int, date, str]]) -> dict[date, bool]:
    depth = {unit: number for number, unit in enumerate(path)}
    inside = sorted((row for row in rows if row[0] in depth), key=lambda row: depth[row[0]])
    return {day: kind == SpecialDay.Kind.WORKED for _unit, day, kind in inside}


def special_days(first: date, last: date, path: Sequence[int], language: str) -> list[dict[str, Any]]:
    """`day`, whether one `works`, and its `name`, of each day in [first, last] that is not as its weekday says."""
    own = SpecialDay.objects.filter(unit__in=path, day__range=(first, last)).order_by("unit__path__len")
    names, swapped = dict(own.values_list("day", "name")), _("worked in exchange for a day off")
    return [
        {"day": day, "works": works, "name": names.get(day) or public_days(day.year, language).get(day) or swapped}
        for day, works in working_days(path).unusual(first, last)
    ]
