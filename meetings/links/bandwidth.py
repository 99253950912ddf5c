"""A line's pool: its bandwidth, which the conferences on it share."""

from collections.abc import Sequence

from backend.common.bulk import upsert
from backend.reservations.models import Pool
from meetings.links.models import Link

LINE_KIND, TRUNK_KIND = "line", "trunk"
LARGEST_KBPS = 2**31 - 1


def write_pools(links: Sequence[Link]) -> None:
    """Give every line a pool of its capacity in kbit/s; a constant number of statements. The lines are stored later."""
    known = Pool.objects.in_bulk([link.pool_id for link in links if link.pool_id])
    pools = [_pool(link, known.get(link.pool_id or 0)) for link in links]
    upsert(pools, ["unit_id", "name", "capacity"])
    for link, pool in zip(links, pools, strict=True):
        link.pool = pool


def _pool(link: Link, known: Pool | None) -> Pool:
    pool = known or Pool(kind=LINE_KIND if link.site else TRUNK_KIND)
    pool.unit, pool.name = link.owner, pool_name(link)
    pool.capacity = min(link.capacity_mbps * 1000, LARGEST_KBPS)
    return pool


def pool_name(link: Link) -> str:
    """As a refusal calls it: a site's line by its site, a trunk by both ends."""
    name = f"{link.site.name} ({link.code})" if link.site else f"{link.a.name} – {link.b.name}"
    return name[:200]
