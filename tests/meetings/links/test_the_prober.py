"""The prober against endpoints that really answer, late, sometimes or never; with the database there and away."""

import asyncio
import logging
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from ipaddress import ip_network
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from meetings.links import prober as module
from meetings.links.models import Link, Sample, SimulatedLine
from meetings.links.prober import Prober, in_database, moment
from meetings.links.queries import Job, simulated
from meetings.links.rules import State
from meetings.links.services import simulate
from meetings.links.signals import line_changed
from meetings.links.simulator import Behaviour, Simulator
from meetings.links.targets import Allowance
from tests.factories import make_world
from tests.meetings.links.factories import allow, make_figures, make_line

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 20


@pytest.fixture(autouse=True)
def _prompt(monkeypatch):
    monkeypatch.setattr(module, "RELOAD_S", 0.2)
    monkeypatch.setattr(module, "WRITE_S", 0.05)


@pytest.fixture
def world():
    make_figures(
        line_probing={"interval_s": 1, "packets": 10, "gap_s": 0.01, "timeout_s": 0.15, "stale_rounds": 60},
        line_quality={"rtt_ms": [20, 60, 120], "window": 3},
    )
    made = make_world(localities=4)
    allow(made.province)
    return made


def free_port(host):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((host, 0))
        return sock.getsockname()[1]


def sip_line(site, code, number, **values):
    host = f"127.77.1.{number}"
    return make_line(site, code, probe_host=host, probe_port=free_port(host), **values)


@contextmanager
def hearing():
    """A queue of (code, state) as lines change; the signal comes from the thread that writes."""
    loop, heard = asyncio.get_running_loop(), asyncio.Queue()

    def hear(sender, changes, now, **other):
        codes = dict(Link.objects.values_list("pk", "code"))
        for change in changes:
            loop.call_soon_threadsafe(heard.put_nowait, (codes[change.link_id], change.after))

    line_changed.connect(hear)
    try:
        yield heard
    finally:
        line_changed.disconnect(hear)


async def reach(heard, wanted):
    """Wait until every line of `wanted` last changed to the state it names."""
    states = {}
    async with asyncio.timeout(PATIENCE_S):
        while not wanted.items() <= states.items():
            code, state = await heard.get()
            states[code] = state


@asynccontextmanager
async def measuring(simulator=None):
    simulator, stop, prober = simulator or Simulator(random.Random(7)), asyncio.Event(), Prober()
    await simulator.play(await in_database(simulated))
    task = asyncio.create_task(prober.run(stop))
    with hearing() as heard:
        try:
            yield prober, simulator, heard
        finally:
            stop.set()
            await task
            simulator.close()


async def test_slow_lossy_and_dead_lines_are_told_apart(world):
    def lines():
        plays = {
            "prompt": Behaviour(),
            "slow": Behaviour(delay_ms=90),
            "lossy": Behaviour(loss=0.5),
            "dead": Behaviour(silent=True),
        }
        for number, (code, behaviour) in enumerate(plays.items(), 2):
            simulate(link=sip_line(world.sites[number], code, number), behaviour=behaviour)

    await in_database(lines)
    states = {"prompt": State.UP, "slow": State.DEGRADED, "lossy": State.DEGRADED, "dead": State.DOWN}
    async with measuring() as (_, _, heard):
        await reach(heard, states)
    found = {link.code: link for link in await in_database(lambda: list(Link.objects.all()))}
    assert {code: State(link.state) for code, link in found.items()} == states
    assert (found["prompt"].loss, found["slow"].loss, found["dead"].loss) == (0.0, 0.0, 1.0)
    assert found["prompt"].rtt_ms < 60 < 90 <= found["slow"].rtt_ms
    assert found["dead"].rtt_ms is None
    lost, sent = await in_database(
        lambda: [
            sum(Sample.objects.filter(link__code="lossy").values_list(name, flat=True)) for name in ("lost", "sent")
        ]
    )
    assert 0 < lost < sent


async def test_a_cut_line_is_down_within_two_rounds_and_up_again_once_mended(world):
    link = await in_database(sip_line, world.sites[2], "LS-01", 2)
    async with measuring() as (_, simulator, heard):
        await reach(heard, {"LS-01": State.UP})
        await in_database(call_command, "cut_line", "LS-01")
        await simulator.play(await in_database(simulated))
        await reach(heard, {"LS-01": State.DOWN})
        await in_database(lambda: call_command("cut_line", "LS-01", restore=True))
        await simulator.play(await in_database(simulated))
        await reach(heard, {"LS-01": State.UP})
    rounds = await in_database(lambda: list(Sample.objects.order_by("at").values_list("sent", "lost", "state")))
    states = [state for *_, state in rounds]
    down = states.index("down")
    assert [(sent == lost, state) for sent, lost, state in rounds[down - 1 : down + 1]] == [
        (True, "up"),
        (True, "down"),
    ]
    assert {lost for _, lost, _ in rounds[: down - 2]} <= {0}
    assert rounds[-1] == (10, 0, "up")
    assert await in_database(lambda: Link.objects.get(pk=link.pk).state) == "up"


async def test_a_new_line_is_noticed_and_one_out_of_use_is_left(world):
    first = await in_database(sip_line, world.sites[2], "A", 2)
    async with measuring() as (prober, simulator, heard):
        await reach(heard, {"A": State.UP})
        await in_database(lambda: Link.objects.filter(pk=first.pk).update(active=False))
        second = await in_database(sip_line, world.sites[3], "B", 3)
        await simulator.play(await in_database(simulated))
        await reach(heard, {"B": State.UP})
        assert {job.link_id for job in prober.watchers} == {second.pk}


async def test_rounds_wait_while_the_database_is_away(world, caplog):
    await in_database(sip_line, world.sites[2], "A", 2)
    caplog.set_level(logging.WARNING)
    async with measuring() as (prober, _, heard):
        await reach(heard, {"A": State.UP})
        await asyncio.to_thread(shut_the_database, True)
        try:
            async with asyncio.timeout(PATIENCE_S):
                while len(prober.results) < 2:
                    await asyncio.sleep(0.05)
            held = [result.at for result in prober.results]
        finally:
            await asyncio.to_thread(shut_the_database, False)
        async with asyncio.timeout(PATIENCE_S):
            while set(held) & {result.at for result in prober.results}:
                await asyncio.sleep(0.05)
    assert any(" rounds wait for the database" in each.message for each in caplog.records)
    assert any(each.message == "lines could not be read; measuring 1 as before" for each in caplog.records)
    stored = await in_database(lambda: set(Sample.objects.values_list("at", flat=True)))
    assert set(held) <= stored
    assert prober.results == []


def shut_the_database(shut):
    """Refuse new connections and end the present ones but the test's own; what a restart looks like from outside."""
    given = connection.get_connection_params()
    parameters = {name: given[name] for name in ("host", "port", "user", "password") if given.get(name)}
    statement = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
        sql.Identifier(given["dbname"]), sql.SQL("false" if shut else "true")
    )
    with psycopg.connect(**parameters, dbname="postgres", autocommit=True) as admin:
        admin.execute(statement)
    connection.close()


async def test_a_target_that_is_not_listed_gets_no_packet_and_stays_unknown(world, caplog):
    canary = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    canary.bind(("127.78.0.1", 0))
    canary.setblocking(False)
    await in_database(
        lambda: make_line(world.sites[2], "evil", probe_host="127.78.0.1", probe_port=canary.getsockname()[1])
    )
    await in_database(sip_line, world.sites[3], "B", 3)
    async with measuring() as (prober, _, heard):
        await reach(heard, {"B": State.UP})
        async with asyncio.timeout(PATIENCE_S):
            while not prober.troubles:
                await asyncio.sleep(0.05)
    with pytest.raises(BlockingIOError):
        canary.recv(1)
    canary.close()
    assert await in_database(lambda: Link.objects.get(code="evil").state) == "unknown"
    said = [each.message for each in caplog.records if "not on the allow-list" in each.message]
    assert len(said) == 1


async def test_a_round_that_this_machine_cannot_make_says_nothing_about_the_line(monkeypatch):
    async def broken(target, **burst):
        raise PermissionError("no ICMP here")

    monkeypatch.setitem(module.PROBES, "icmp", broken)
    prober = Prober()
    job = Job(1, "icmp", "127.77.0.1", 0, 1, 3, 0.01, 0.1, (Allowance(ip_network("127.0.0.0/8"), 1, 65535),))
    await prober.measure(job)
    await prober.measure(job)
    assert prober.results == []
    assert prober.troubles == {1: "PermissionError: no ICMP here"}


@pytest.mark.parametrize("lines", [10, 80, 3400])
def test_lines_are_spread_evenly_over_the_interval(lines):
    moments = [moment(Job(pk, "sip", "h", 1, 30, 5, 0.2, 1.0, ()), 1000.0) for pk in range(1, lines + 1)]
    assert min(moments) >= 1000.0
    assert max(moments) < 1030.0
    tenths = [0] * 10
    for each in moments:
        tenths[int((each - 1000) / 3)] += 1
    assert max(tenths) - min(tenths) <= 2


def test_a_line_can_be_made_slow_uneven_or_lossy_by_hand(world):
    link = sip_line(world.sites[2], "A", 2)
    call_command("cut_line", "A", delay_ms=300, jitter_ms=20, loss=0.1)
    play = SimulatedLine.objects.get(link=link)
    assert (play.delay_ms, play.jitter_ms, play.loss, play.silent) == (300, 20, 0.1, False)
    call_command("cut_line", "A")
    assert list(simulated().values()) == [Behaviour(silent=True)]
    call_command("cut_line", "A", restore=True)
    assert list(simulated().values()) == [Behaviour()]
    with pytest.raises(CommandError, match="there is no line B"):
        call_command("cut_line", "B")


def test_both_processes_do_their_work_and_end_on_request(world):
    """As the supervisor runs them: prober, simulator, and a line that is cut from outside."""
    sip_line(world.sites[2], "A", 2)
    with process("simulator") as simulator, process("prober") as prober:
        await_state("up", prober)
        call_command("cut_line", "A")
        await_state("down", prober)
        for each in (prober, simulator):
            each.send_signal(signal.SIGTERM)
            assert each.wait(PATIENCE_S) == 0


@contextmanager
def process(name):
    given = connection.settings_dict
    host = given["HOST"].replace("/", "%2F") + (f":{given['PORT']}" if given["PORT"] else "")
    url = f"postgresql://{given['USER']}:{given['PASSWORD']}@{host}/{given['NAME']}"
    running = subprocess.Popen(
        [sys.executable, "manage.py", name],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def await_state(state, running):
    end = time.monotonic() + PATIENCE_S
    while Link.objects.get().state != state:
        assert time.monotonic() < end
        assert running.poll() is None, running.communicate()[0].decode()
        time.sleep(0.1)
