"""Viet Nam's administrative units before and after 1 July 2025, as plain values; no database.

Read from `data/units.csv`; source, licence and the meaning of each column stand at its head, `build_data.py` writes it.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

REFORM = date(2025, 7, 1)
LAST_OLD_DAY = REFORM - timedelta(days=1)
DATA = Path(__file__).with_name("data")

PREFIXES = (
    "Thành phố",
    "Thị trấn",
    "Thị xã",
    "Đặc khu",
    "Tỉnh",
    "Huyện",
    "Quận",
    "Phường",
    "Xã",
)
_LEVELS = {2: "provincial", 3: "district", 5: "commune"}
_VALIDITY: dict[str, tuple[date | None, date | None]] = {
    "old": (None, LAST_OLD_DAY),
    "new": (REFORM, None),
    "kept": (None, None),
}


@dataclass(frozen=True, slots=True)
class Heir:
    """A unit of the new map that took over; `derived` while only the code lists say so."""

    code: str
    derived: bool


@dataclass(frozen=True, slots=True)
class Area:
    """One administrative unit. Codes have 2, 3 or 5 digits by level; `parent` is "" for a province.

    A code is unique among the units of one day, not over time: see `valid_on`.
    """

    code: str
    parent: str
    name: str
    valid_from: date | None
    valid_to: date | None
    heirs: tuple[Heir, ...] = ()

    @property
    def level(self) -> str:
        return _LEVELS[len(self.code)]

    @property
    def short_name(self) -> str:
        return bare(self.name)


def bare(name: str) -> str:
    """ "Huyện Cao Lộc" → "Cao Lộc"; numbered wards keep their prefix."""
    for prefix in PREFIXES:
        rest = name.removeprefix(f"{prefix} ")
        if rest != name:
            return name if rest.isdigit() else rest
    return name


@cache
def areas() -> tuple[Area, ...]:
    """Every unit of both maps, parents before children."""
    with (DATA / "units.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(map(_area, csv.DictReader(without_comments(lines))))


@cache
def valid_on(day: date) -> Mapping[str, Area]:
    """The units that exist on the local day `day`, by code."""
    return {
        area.code: area
        for area in areas()
        if (area.valid_from is None or area.valid_from <= day) and (area.valid_to is None or area.valid_to >= day)
    }


def children(code: str, *, on: date) -> list[Area]:
    """The units directly below `code` on that day, in the order of the code list."""
    return [area for area in valid_on(on).values() if area.parent == code]


def heirs(area: Area) -> list[Area]:
    """The units that took over from `area`; empty where the sources do not tell."""
    return [valid_on(REFORM)[heir.code] for heir in area.heirs]


def without_comments(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if not line.startswith("#"))


def _area(row: dict[str, str]) -> Area:
    valid_from, valid_to = _VALIDITY[row["era"]]
    return Area(
        row["code"],
        row["parent"],
        row["name"],
        valid_from,
        valid_to,
        tuple(map(_heir, row["heirs"].split())),
    )


def _heir(word: str) -> Heir:
    return Heir(word.lstrip("~"), derived=word.startswith("~"))
