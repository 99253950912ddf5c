"""ICMP echo (RFC 792, RFC 4443), through an unprivileged ping socket where the system permits it, else a raw one."""

import secrets
import socket
import struct

from meetings.links.probes.burst import burst
from meetings.links.targets import Target

HEADER = struct.Struct("!BBHHH")  # type, code, checksum, identifier, sequence
REQUEST = {socket.AF_INET: 8, socket.AF_INET6: 128}
REPLY = {socket.AF_INET: 0, socket.AF_INET6: 129}


async def probe(target: Target, *, count: int, interval: float, timeout: float) -> list[float | None]:
    """Raises PermissionError where this process may send no ICMP at all."""
    token = secrets.token_bytes(16)  # ping sockets choose the identifier themselves, so answers are known by this
    with ping_socket(target.family) as sock:
        sock.setblocking(False)
        sock.connect((target.address, 0))
        headed = target.family == socket.AF_INET and sock.type == socket.SOCK_RAW
        return await burst(
            sock,
            lambda sequence: echo(target.family, sequence, token),
            lambda packet: sequence_of(
                without_ip_header(packet) if headed else packet,
                REPLY[target.family],
                token,
            ),
            count=count,
            interval=interval,
            timeout=timeout,
        )


def ping_socket(family: socket.AddressFamily) -> socket.socket:
    protocol = socket.IPPROTO_ICMPV6 if family == socket.AF_INET6 else socket.IPPROTO_ICMP
    try:
        return socket.socket(family, socket.SOCK_DGRAM, protocol)
    except PermissionError:
        return socket.socket(family, socket.SOCK_RAW, protocol)


def echo(family: socket.AddressFamily, sequence: int, token: bytes) -> bytes:
    identifier = int.from_bytes(token[:2], "big")
    blank = HEADER.pack(REQUEST[family], 0, 0, identifier, sequence) + token
    return HEADER.pack(REQUEST[family], 0, checksum(blank), identifier, sequence) + token


def checksum(packet: bytes) -> int:
    """RFC 1071. The system writes ICMPv6's own over it."""
    total = sum(word for (word,) in struct.iter_unpack("!H", packet))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def without_ip_header(packet: bytes) -> bytes:
    return packet[(packet[0] & 0x0F) * 4 :]


def sequence_of(packet: bytes, reply: int, token: bytes) -> int | None:
    if len(packet) < HEADER.size or packet[0] != reply or packet[HEADER.size :] != token:
        return None
    return HEADER.unpack_from(packet)[4]
