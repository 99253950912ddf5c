"""Time to open a TCP connection. A refused connection counts as lost: what should listen there does not."""

import asyncio
import socket

from meetings.links.targets import Target


async def probe(target: Target, *, count: int, interval: float, timeout: float) -> list[float | None]:
    attempts = (connect(target, delay=number * interval, timeout=timeout) for number in range(count))
    return list(await asyncio.gather(*attempts))


async def connect(target: Target, *, delay: float, timeout: float) -> float | None:
    await asyncio.sleep(delay)
    loop = asyncio.get_running_loop()
    with socket.socket(target.family, socket.SOCK_STREAM) as sock:
        sock.setblocking(False)
        start = loop.time()
        try:
            await asyncio.wait_for(loop.sock_connect(sock, (target.address, target.port)), timeout)
        except OSError:  # refused, unreachable, or no answer in time
            return None
        return (loop.time() - start) * 1000
