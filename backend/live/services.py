"""Hints that something changed. A hint never carries the record: whoever gets it fetches, and is checked there."""

import logging
from collections.abc import Iterable, Mapping

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from backend.units.models import Unit

GROUP = "live"
log = logging.getLogger(__name__)


def changed(what: str, id: int, unit_ids: Iterable[int]) -> None:
    """After commit, tell everybody whose role covers one of `unit_ids` that `what` (conference, link…) changed."""
    changed_all(what, {id: unit_ids})


def changed_all(what: str, units_of: Mapping[int, Iterable[int]]) -> None:
    """The same for many at once: `units_of` maps each id to its units.

    One query and one publication, whatever their number: each listener compares them with its own scope. A hint that
    cannot be sent is dropped; pages also refresh by themselves.
    """
    units = {id_: set(unit_ids) for id_, unit_ids in units_of.items()}
    if units:
        transaction.on_commit(lambda: _send(what, units))


def _send(what: str, units_of: dict[int, set[int]]) -> None:
    try:
        wanted = set().union(*units_of.values())
        paths = dict(Unit.objects.filter(pk__in=wanted).order_by().values_list("pk", "path"))
        items = [
            [id_, sorted({above for unit in units for above in paths.get(unit, ())})] for id_, units in units_of.items()
        ]
        event = {"type": "changed", "what": what, "items": items}
        async_to_sync(get_channel_layer().group_send)(GROUP, event)
    except Exception:
        log.warning("live hint lost", extra={"what": what}, exc_info=True)
