import asyncio
import logging
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error

from meetings.links import queries
from meetings.links.management.processes import run_until_stopped
from meetings.links.prober import in_database
from meetings.links.simulator import Simulator

READ_S = 0.5  # how soon a changed script is played
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Answer for the demo's sites on loopback addresses, as `cut_line` says, until SIGTERM."

    def handle(self, **options: Any) -> None:
        run_until_stopped(play)


async def play(stop: asyncio.Event) -> None:
    simulator = Simulator()
    while not stop.is_set():
        try:
            await simulator.play(await in_database(queries.simulated))
        except Error as error:
            log.warning("the script cannot be read; playing the last one: %s", error)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), READ_S)
    simulator.close()
