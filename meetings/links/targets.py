"""What a probe may talk to: an address inside a network, and a port, that the office has listed."""

import asyncio
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

LOOKUP_S = 5


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address and port; probes connect to it and never resolve a name. Port 0 where the kind has none."""

    address: str
    port: int

    @property
    def family(self) -> socket.AddressFamily:
        return socket.AF_INET6 if ":" in self.address else socket.AF_INET


@dataclass(frozen=True, slots=True)
class Allowance:
    """One entry of the allow-list. Ports are inclusive and do not matter to ICMP."""

    network: IPv4Network | IPv6Network
    first_port: int
    last_port: int

    def permits(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        return address in self.network and (port == 0 or self.first_port <= port <= self.last_port)


class TargetRefused(Exception):
    """No address of this host is on the allow-list: nothing is sent, and the line stays unknown."""


async def resolve(host: str, port: int, allowed: Iterable[Allowance]) -> Target:
    """Resolve `host` once and return its first permitted address.

    Raises TargetRefused when none is permitted, OSError when the name does not resolve within five seconds.
    """
    addresses = await look_up(host)
    entries = list(allowed)
    for address in addresses:
        if any(entry.permits(address, port) for entry in entries):
            return Target(str(address), port)
    raise TargetRefused(f"{host} port {port} is {', '.join(map(str, addresses))}: not on the allow-list")


async def look_up(host: str) -> list[IPv4Address | IPv6Address]:
    try:
        return [plain(host)]
    except ValueError:
        lookup = asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_DGRAM)
        return [plain(str(entry[4][0])) for entry in await asyncio.wait_for(lookup, LOOKUP_S)]


def plain(text: str) -> IPv4Address | IPv6Address:
    """::ffff:10.0.0.1 is 10.0.0.1, lest a list for one spelling miss the other."""
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address
