"""The prober: one asyncio process that measures every line once per interval.

Each line has its own moment within the interval, so that packets leave evenly. Measuring never waits for the database:
rounds are collected and written in batches by another task, and wait in memory while the database is away.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from math import ceil
from typing import Any

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from meetings.links import queries
from meetings.links.probes import PROBES
from meetings.links.queries import Job
from meetings.links.recording import Measurement, record_round
from meetings.links.targets import TargetRefused, resolve

RELOAD_S = 5  # how soon a new or changed line is noticed
WRITE_S = 0.5
AT_ONCE = 500  # bursts, each of which holds a socket
WAITING = 200_000  # rounds kept while the database is away
SPREAD = 0.6180339887498949  # multiples of the golden ratio fill the interval evenly, however many lines there are
AWAY = (OperationalError, InterfaceError)
log = logging.getLogger(__name__)


class Prober:
    def __init__(self) -> None:
        self.watchers: dict[Job, asyncio.Task] = {}
        self.results: list[Measurement] = []
        self.troubles: dict[int, str] = {}
        self.room = asyncio.Semaphore(AT_ONCE)

    async def run(self, stop: asyncio.Event) -> None:
        """Measure until `stop` is set; then write what is known and return."""
        log.info("prober started")
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.every(RELOAD_S, self.reload, stop))
                tasks.create_task(self.every(WRITE_S, self.write, stop))
        finally:
            await self.follow(set())
        await self.write()
        log.info("prober stopped")

    async def every(self, seconds: float, act: Callable, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await act()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    async def reload(self) -> None:
        """Start on lines that are new, leave those that are gone; keep on as before while the database is away."""
        try:
            wanted = set(await in_database(queries.jobs, timezone.now()))
        except Exception:
            log.exception("lines could not be read; measuring %d as before", len(self.watchers))
        else:
            await self.follow(wanted)

    async def follow(self, wanted: set[Job]) -> None:
        gone = [self.watchers.pop(job) for job in self.watchers.keys() - wanted]
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        for job in wanted - self.watchers.keys():
            self.watchers[job] = asyncio.create_task(self.watch(job))

    async def watch(self, job: Job) -> None:
        clock = asyncio.get_running_loop().time
        due = moment(job, clock())
        while True:
            await asyncio.sleep(due - clock())
            async with self.room:
                await self.measure(job)
            due += job.interval_s * max(1, ceil((clock() - due) / job.interval_s))

    async def measure(self, job: Job) -> None:
        """One round. What keeps us from measuring says nothing about the line: it is logged, the line goes stale."""
        try:
            target = await resolve(job.host, job.port, job.allowed)
            samples = await PROBES[job.kind](target, count=job.packets, interval=job.gap_s, timeout=job.timeout_s)
        except (TargetRefused, OSError) as error:
            self.trouble(job, f"{type(error).__name__}: {error}")
        except Exception:  # a fault of ours in one round must not end the watch
            log.exception("line %s: round failed", job.link_id)
        else:
            self.trouble(job, "")
            self.results.append(Measurement(job.link_id, timezone.now(), tuple(samples)))

    def trouble(self, job: Job, text: str) -> None:
        """Say once what is wrong, and once that it is over."""
        if text != self.troubles.get(job.link_id, ""):
            log.warning("line %s: %s", job.link_id, text or "measured again")
            self.troubles[job.link_id] = text

    async def write(self) -> None:
        batch, self.results = self.results, []
        if not batch:
            return
        try:
            await in_database(partial(record_round, results=batch, now=timezone.now()))
        except AWAY as error:
            log.warning("%d rounds wait for the database: %s", len(batch), error)
            self.results = (batch + self.results)[-WAITING:]
        except Exception:
            log.exception("%d rounds could not be stored and are dropped", len(batch))


def moment(job: Job, now: float) -> float:
    """When, from `now` on the loop's clock, the line's own moment comes next."""
    return now + (job.link_id * SPREAD % 1 * job.interval_s - now) % job.interval_s


async def in_database(act: Callable, *arguments: Any) -> Any:
    return await sync_to_async(_on_own_connection)(act, *arguments)


def _on_own_connection(act: Callable, *arguments: Any) -> Any:
    """Drops the connection after use or failure: after a restart of the database the next call gets a living one."""
    try:
        return act(*arguments)
    finally:
        close_old_connections()
