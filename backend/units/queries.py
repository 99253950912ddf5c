"""Reading the tree and the figures."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from backend.common.errors import Invalid
from backend.common.text import fold
from backend.units.models import Figure, Succession, Unit


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
