"""The kinds of probe, one small file each, all of one shape.

`probe(target, count=, interval=, timeout=)` sends `count` packets, `interval` seconds apart, and returns the round trip
of each in milliseconds, in the order sent; None where no answer came within `timeout` seconds. OSError means that this
machine could not measure at all, which says nothing about the line.
"""

from typing import Protocol

from meetings.links.probes import icmp, sip, tcp
from meetings.links.targets import Target


class Probe(Protocol):
    async def __call__(self, target: Target, *, count: int, interval: float, timeout: float) -> list[float | None]: ...


PROBES: dict[str, Probe] = {"icmp": icmp.probe, "sip": sip.probe, "tcp": tcp.probe}
