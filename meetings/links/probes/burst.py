"""What every datagram probe shares: send at a steady pace, match answers to requests, keep the time of each."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress


async def burst(
    sock: socket.socket,
    request: Callable[[int], bytes],
    sequence_of: Callable[[bytes], int | None],
    *,
    count: int,
    interval: float,
    timeout: float,
) -> list[float | None]:
    """`sock` is connected, so that the kernel drops what comes from any other address."""
    loop = asyncio.get_running_loop()
    sent: dict[int, float] = {}
    round_trips: dict[int, float] = {}
    complete = asyncio.Event()

    def receive() -> None:
        for datagram in waiting(sock):
            sequence = sequence_of(datagram)
            if sequence is not None and sequence in sent:
                round_trips.setdefault(sequence, loop.time() - sent[sequence])
        if len(round_trips) == count:
            complete.set()

    loop.add_reader(sock, receive)
    try:
        start = loop.time()
        for sequence in range(count):
            await asyncio.sleep(start + sequence * interval - loop.time())
            sent[sequence] = loop.time()
            with suppress(OSError):  # refused or unreachable: lost
                sock.send(request(sequence))
        with suppress(TimeoutError):
            await asyncio.wait_for(complete.wait(), timeout)
    finally:
        loop.remove_reader(sock)
    return [milliseconds(round_trips.get(sequence), timeout) for sequence in range(count)]


def waiting(sock: socket.socket) -> Iterator[bytes]:
    with suppress(OSError):  # nothing more, or an ICMP error about an earlier packet
        while True:
            yield sock.recv(65535)


def milliseconds(seconds: float | None, timeout: float) -> float | None:
    return None if seconds is None or seconds > timeout else seconds * 1000
