"""Which bridge reaches whom: pure. A bridge reaches a room when both speak one platform; a gateway carries others over.

A room of which nobody has said what it speaks is neither reached nor cut off: it is named, for a person to find out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A room. `path`: the ids of its unit's chain, from the highest down."""

    room_id: int
    room_name: str
    site_id: int
    site_name: str
    speaks: frozenset[str]
    path: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bridge with what is `free` of its ports all the time. `near`: the higher, the nearer to the convening unit."""

    bridge_id: int
    name: str
    speaks: frozenset[str]
    free: int
    gateway: bool = False
    near: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """`carried`: whom `gateway` joins to `bridge`; `cut`: whom neither reaches; `unknown`: who may be either."""

    bridge: Candidate
    gateway: Candidate | None
    carried: tuple[Place, ...]
    cut: tuple[Place, ...]
    unknown: tuple[Place, ...]


def ranked(places: Sequence[Place], candidates: Sequence[Candidate]) -> list[Proposal]:
    """One proposal for each bridge with a free port for every room, the best first.

    Fewest cut off, then without a gateway, then a bridge that is no gateway itself, then the nearest, then the most
    free ports. Empty when no bridge has ports enough.
    """
    fitting = [candidate for candidate in candidates if candidate.free >= len(places)]
    return sorted((_proposal(places, bridge, candidates) for bridge in fitting), key=_rank)


def _rank(proposal: Proposal) -> tuple:
    bridge = proposal.bridge
    by_gateway = proposal.gateway is not None
    return (len(proposal.cut), by_gateway, bridge.gateway, -bridge.near, -bridge.free, bridge.bridge_id)


def _proposal(places: Sequence[Place], bridge: Candidate, candidates: Iterable[Candidate]) -> Proposal:
    unknown = tuple(place for place in places if not place.speaks)
    missed = tuple(place for place in places if place.speaks and not place.speaks & bridge.speaks)
    gateway = _gateway(missed, bridge, candidates)
    carried = _reached(missed, gateway) if gateway else ()
    cut = tuple(place for place in missed if not gateway or not place.speaks & gateway.speaks)
    return Proposal(bridge, gateway, carried, cut, unknown)


def _gateway(missed: Sequence[Place], bridge: Candidate, candidates: Iterable[Candidate]) -> Candidate | None:
    """The one that carries over the most of `missed`, with a port for each of them and a platform of the bridge's."""
    others = (c for c in candidates if c.gateway and c.bridge_id != bridge.bridge_id and c.speaks & bridge.speaks)
    able = [(len(reached), c) for c in others if (reached := _reached(missed, c)) and c.free >= len(reached)]
    return max(able, key=lambda pair: (pair[0], pair[1].near, -pair[1].bridge_id), default=(0, None))[1]


def _reached(places: Iterable[Place], by: Candidate) -> tuple[Place, ...]:
    return tuple(place for place in places if place.speaks & by.speaks)


def lent(cut: Iterable[Place], offered: Iterable[Place], bridge: Candidate) -> dict[int, Place]:
    """For each cut room's id the nearest offered room that the bridge reaches; each is lent once.

    The same site first, then the site whose unit shares the most of the chain.
    """
    free = sorted((p for p in offered if p.speaks & bridge.speaks), key=lambda p: (p.site_name, p.room_name, p.room_id))
    found: dict[int, Place] = {}
    for place in cut:
        best = max(free, key=lambda other: _nearness(place, other), default=None)
        if best is not None:
            found[place.room_id] = best
            free.remove(best)
    return found


def _nearness(one: Place, other: Place) -> tuple[bool, int, int]:
    """The chain that both share; among equals the unit that lies higher, whose staff is at hand."""
    shared = 0
    for a, b in zip(one.path, other.path, strict=False):
        if a != b:
            break
        shared += 1
    return one.site_id == other.site_id, shared, -len(other.path)
