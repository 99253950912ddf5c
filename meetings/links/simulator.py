"""SIP endpoints that really answer, on loopback addresses of their own: for the demo, the tests and the bench.

The kernel would answer ICMP and TCP on 127.0.0.0/8 by itself, at once and always; OPTIONS over UDP is answered here,
late, unevenly, sometimes or not at all, as the script says. The script may change while it plays.
"""

import asyncio
import logging
import random
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from meetings.links.probes.sip import parse

log = logging.getLogger(__name__)
Address = tuple[str, int]
COPIED = ("Via", "From", "Call-ID", "CSeq")  # RFC 3261 section 8.2.6.2; To gets a tag


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Each answer comes after `delay_ms` plus or minus up to `jitter_ms`; a share `loss` (0 to 1) never comes."""

    delay_ms: float = 0
    jitter_ms: float = 0
    loss: float = 0
    silent: bool = False


class Simulator:
    def __init__(self, chance: random.Random | None = None) -> None:
        self.chance = chance or random.Random()  # noqa: S311 (drops packets, guards nothing)
        self.responders: dict[Address, Responder] = {}

    async def play(self, script: Mapping[Address, Behaviour]) -> None:
        """Open the endpoints that are new in the script, close those that left it, change the others in place."""
        for address in self.responders.keys() - script.keys():
            self.responders.pop(address).close()
        for address, behaviour in script.items():
            if address in self.responders:
                self.responders[address].behaviour = behaviour
            else:
                await self.open(address, behaviour)

    async def open(self, address: Address, behaviour: Behaviour) -> None:
        responder = Responder(behaviour, self.chance)
        try:
            await asyncio.get_running_loop().create_datagram_endpoint(lambda: responder, local_addr=address)
        except OSError as error:  # tried again when the script is next read
            log.warning("simulated endpoint %s:%s: %s", *address, error)
        else:
            self.responders[address] = responder

    def close(self) -> None:
        for responder in self.responders.values():
            responder.close()
        self.responders.clear()


class Responder(asyncio.DatagramProtocol):
    def __init__(self, behaviour: Behaviour, chance: random.Random) -> None:
        self.behaviour, self.chance = behaviour, chance
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        play = self.behaviour
        if play.silent or self.chance.random() < play.loss or not data.startswith(b"OPTIONS "):
            return
        wait = play.delay_ms + self.chance.uniform(-play.jitter_ms, play.jitter_ms)
        asyncio.get_running_loop().call_later(max(wait, 0) / 1000, self.answer, response(data), addr)

    def answer(self, datagram: bytes, addr: Address) -> None:
        if self.transport and not self.transport.is_closing():
            self.transport.sendto(datagram, addr)

    def close(self) -> None:
        if self.transport:
            self.transport.close()


def demo_target(index: int, data_dir: str) -> Address:
    """Address and port of the demo's line number `index` (from 0).

    The port depends on the data folder, so that two demos on one machine never answer each other's probes.
    """
    return f"127.20.{index // 250}.{index % 250 + 1}", 20_000 + zlib.crc32(data_dir.encode()) % 12_000


def response(request: bytes) -> bytes:
    _, headers = parse(request)
    copied = [f"{name}: {headers.get(name.lower(), '')}" for name in COPIED]
    lines = (
        "SIP/2.0 200 OK",
        *copied,
        f"To: {headers.get('to', '')};tag=sim",
        "Content-Length: 0",
        "",
        "",
    )
    return "\r\n".join(lines).encode()
