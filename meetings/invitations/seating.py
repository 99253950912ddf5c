"""Where each participant sits: pure. A guest goes to the nearest site at or above the own unit, else to the host."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.common.text import fold


@dataclass(frozen=True, slots=True)
class Place:
    """A room of a site that takes part; `names` are those of the site and of its unit."""

    site: str
    site_id: int
    unit_id: int
    names: tuple[str, ...]
    room: str
    room_id: int

    @property
    def label(self) -> str:
        return f"{self.room}, {self.site}"

    @property
    def room_key(self) -> str:
        return f"room-{self.room_id}"


class Seating:
    """Answers for one conference; a site with several rooms cannot say which one is meant, and answers nothing."""

    def __init__(self, places: Sequence[Place]) -> None:
        by_site: dict[int, list[Place]] = {}
        for place in places:
            by_site.setdefault(place.site_id, []).append(place)
        self._rooms = by_site
        single = [rooms[0] for rooms in by_site.values() if len(rooms) == 1]
        self._by_unit = {place.unit_id: place for place in single}
        self._by_name = {fold(name): place for place in single for name in place.names}

    def of_person(self, unit_path: Sequence[int]) -> Place | None:
        """`unit_path`: ids from the highest unit down to the person's own."""
        return next((self._by_unit[unit] for unit in reversed(unit_path) if unit in self._by_unit), None)

    def of_name(self, unit_name: str) -> Place | None:
        return self._by_name.get(fold(unit_name)) if unit_name else None

    def of_site(self, site_id: int) -> Place | None:
        """The first room of a site."""
        return next(iter(self._rooms.get(site_id, ())), None)

    def sites(self) -> tuple[str, ...]:
        return tuple(rooms[0].site for rooms in self._rooms.values())
