"""Real packets to real sockets on loopback addresses of their own: what a probe finds is what the endpoint does."""

import asyncio
import random
import socket
from contextlib import asynccontextmanager, contextmanager

import pytest

from meetings.links.probes import PROBES, icmp
from meetings.links.rules import measure
from meetings.links.simulator import Behaviour, Simulator
from meetings.links.targets import Target

HOST = "127.77.0.9"
pytestmark = pytest.mark.asyncio
BURST = {"count": 10, "interval": 0.01, "timeout": 0.2}


@contextmanager
def free_port(kind=socket.SOCK_DGRAM, host=HOST):
    """Held until the caller is done, so that nobody else is given the same one; reusable by the endpoint itself."""
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind((host, 0))
        port = sock.getsockname()[1]
    yield port


@asynccontextmanager
async def endpoint(behaviour):
    """A simulated SIP endpoint, and the simulator that plays it."""
    simulator = Simulator(random.Random(7))
    with free_port() as port:
        await simulator.play({(HOST, port): behaviour})
        try:
            yield Target(HOST, port), simulator
        finally:
            simulator.close()


async def burst(kind, target, **other):
    return measure(await PROBES[kind](target, **BURST | other))


async def test_a_prompt_endpoint_answers_every_packet():
    async with endpoint(Behaviour()) as (target, _):
        result = await burst("sip", target)
    assert (result.sent, result.lost) == (10, 0)
    assert result.rtt_ms < 50


async def test_a_slow_endpoint_is_measured_as_slow():
    async with endpoint(Behaviour(delay_ms=80)) as (target, _):
        result = await burst("sip", target, timeout=1)
    assert result.lost == 0
    assert 80 <= result.rtt_ms < 160


async def test_an_uneven_endpoint_is_measured_as_uneven():
    async with endpoint(Behaviour(delay_ms=60, jitter_ms=50)) as (target, _):
        result = await burst("sip", target, timeout=1)
    assert result.lost == 0
    assert 15 < result.jitter_ms < 100


async def test_a_lossy_endpoint_is_measured_as_lossy():
    chance = random.Random(7)
    answered = []
    for _ in range(40):
        answered.append(chance.random() >= 0.3)
        if answered[-1]:
            chance.uniform(0, 0)  # the simulator draws a delay for each answer
    async with endpoint(Behaviour(loss=0.3)) as (target, _):
        samples = await PROBES["sip"](target, count=40, interval=0.005, timeout=0.3)
    assert [sample is not None for sample in samples] == answered


async def test_a_silent_endpoint_loses_every_packet():
    async with endpoint(Behaviour(silent=True)) as (target, _):
        result = await burst("sip", target)
    assert (result.lost, result.rtt_ms, result.jitter_ms) == (10, None, None)


async def test_nobody_listening_loses_every_packet():
    with free_port() as port:
        assert (await burst("sip", Target(HOST, port))).lost == 10
    with free_port(socket.SOCK_STREAM) as port:
        assert (await burst("tcp", Target(HOST, port))).lost == 10


async def test_an_answer_after_the_timeout_is_lost():
    async with endpoint(Behaviour(delay_ms=60)) as (target, _):
        result = await burst("sip", target, timeout=0.03)
    assert result.lost == 10


async def test_a_line_is_cut_and_mended_while_the_simulator_plays():
    async with endpoint(Behaviour()) as (target, simulator):
        address = (target.address, target.port)
        await simulator.play({address: Behaviour(silent=True)})
        cut = await burst("sip", target)
        await simulator.play({address: Behaviour()})
        mended = await burst("sip", target)
        await simulator.play({})
        gone = await burst("sip", target)
    assert (cut.lost, mended.lost, gone.lost) == (10, 0, 10)


async def test_an_answer_from_a_wrong_address_or_to_another_call_counts_for_nothing():
    class Impostor(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, addr):
            answer = data.replace(b"OPTIONS sip:", b"SIP/2.0 200 OK sip:", 1)
            other.sendto(answer, addr)
            self.transport.sendto(answer.replace(b"Call-ID: ", b"Call-ID: x"), addr)
            self.transport.sendto(b"\xff\x00 noise", addr)
            self.transport.sendto(data, addr)

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Impostor, local_addr=(HOST, 0))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.77.0.10", 0))
        result = await burst("sip", Target(HOST, transport.get_extra_info("sockname")[1]))
    transport.close()
    assert result.lost == 10


async def test_a_response_of_any_status_shows_that_the_endpoint_is_there():
    class Busy(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, addr):
            lines = data.decode().split("\r\n")
            compact = [line.replace("Call-ID:", "i:") for line in lines if line.startswith(("Call-ID", "CSeq"))]
            self.transport.sendto("\r\n".join(["SIP/2.0 486 Busy Here", *compact, "", ""]).encode(), addr)

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Busy, local_addr=(HOST, 0))
    result = await burst("sip", Target(HOST, transport.get_extra_info("sockname")[1]))
    transport.close()
    assert result.lost == 0


async def test_an_open_port_answers_tcp():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), HOST, 0)
    async with server:
        result = await burst("tcp", Target(HOST, server.sockets[0].getsockname()[1]))
    assert (result.sent, result.lost) == (10, 0)
    assert result.rtt_ms < 50


async def test_a_port_that_takes_no_more_connections_is_lost():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as full:
        full.bind((HOST, 0))
        full.listen(0)
        held = []
        for _ in range(3):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(full.getsockname())
            held.append(sock)
        result = await burst("tcp", Target(*full.getsockname()))
        for sock in held:
            sock.close()
    assert result.lost == 10


def may_ping():
    try:
        icmp.ping_socket(socket.AF_INET).close()
    except PermissionError:
        return False
    return True


@pytest.mark.skipif(not may_ping(), reason="this system permits no ICMP here")
@pytest.mark.parametrize("address", [HOST, "::1"])
async def test_the_kernel_answers_icmp_echo(address):
    result = await burst("icmp", Target(address, 0))
    assert (result.sent, result.lost) == (10, 0)
    assert result.rtt_ms < 50


@pytest.mark.skipif(not may_ping(), reason="this system permits no ICMP here")
async def test_two_pings_at_once_do_not_take_each_others_answers():
    results = await asyncio.gather(*(burst("icmp", Target(HOST, 0)) for _ in range(8)))
    assert [result.lost for result in results] == [0] * 8
