"""Hints that something changed. A hint never carries the record: whoever gets it fetches, and is checked there."""

import logging
from collections.abc import Iterable

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from backend.units.models import Unit

GROUP = "live"
log = logging.getLogger(__name__)


def changed(what: str, id: int, unit_ids: Iterable[int]) -> None:
    """After commit, tell everybody whose role covers one of `unit_ids` that `what` (conference, link…) changed.

    One publication, whatever the number of units: each listener compares them with its own scope. A hint that
    cannot be sent is dropped; pages also refresh by themselves.
    """
    units = set(unit_ids)
    transaction.on_commit(lambda: _send(what, id, units))


def _send(what: str, id: int, units: set[int]) -> None:
    try:
        paths = Unit.objects.filter(pk__in=units).values_list("path", flat=True)
        covered = sorted({unit for path in paths for unit in path})
        event = {"type": "changed", "what": what, "id": id, "units": covered}
        async_to_sync(get_channel_layer().group_send)(GROUP, event)
    except Exception:
        log.warning("live hint lost", extra={"what": what}, exc_info=True)
