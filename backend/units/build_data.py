"""Write `data/units.csv` from two releases of PyPI's `vietnam-provinces`: `python -m backend.units.build_data`.

The releases share a name, so each is downloaded into a folder of its own. Neither holds a table from old units to
new ones; who took over from whom is worked out here (`Reform`) and marked as derived, unless `data/confirmed.csv`
says it. Measured on that file's province: of 65 communes that kept a code 64 really follow each other (the release
has one code wrong), all 23 found by name do, 106 old communes stay without an heir.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.units.catalogue import DATA, bare, without_comments

PACKAGE, OLD_RELEASE, NEW_RELEASE = "vietnam-provinces", "0.6.0", "2025.10.1"
COLUMNS = ("era", "code", "parent", "name", "heirs")

HEAD = f"""\
# Administrative units of Viet Nam before and after the reform of 1 July 2025.
# Written by `python -m backend.units.build_data`; do not edit. Corrections of successions belong into confirmed.csv.
# Source: names and codes as in PyPI {PACKAGE} {OLD_RELEASE} (data of 2025-01-04) and {NEW_RELEASE} (2025-10-18),
#   by Nguyễn Hồng Quân, https://github.com/sunshine-tech/VietnamProvinces, taken there from the code lists of the
#   General Statistics Office (the new one from the draft decision).
# Licence: the packages' code is GPL-3.0-or-later by their repository (the wheels state none); none of it is here. The
#   names and codes are facts of public administrative documents (Law on Intellectual Property, art. 15).
# era: old = until 2025-06-30, new = from 2025-07-01, kept = before and after.
# code: two digits are a province, three a district, five a commune.
# heirs: codes of the new units that took over; ~ marks what was derived from codes and names and may be corrected.
"""


@dataclass
class Row:
    era: str
    code: str
    parent: str
    name: str
    heirs: dict[str, bool] = field(default_factory=dict)

    def cells(self) -> list[str]:
        heirs = " ".join(("~" if derived else "") + code for code, derived in sorted(self.heirs.items()))
        return [self.era, self.code, self.parent, self.name, heirs]


@dataclass
class Reform:
    """Both maps, and who took over from whom.

    - A commune's heir is the new commune with its code, else the one of the same name among the heirs of its district.
    - A district's heirs are those of its communes; without any (islands), the new special zone of its name.
    - A province's heir is the one province that holds all heirs of its communes; same name and no other: it was kept.
    """

    old: dict[str, Row]
    new: dict[str, Row]
    confirmed: dict[str, set[str]]

    def settle(self) -> list[Row]:
        for commune in self._old(5):
            self._by_code(commune)
        for commune in self._old(5):
            self._by_name(commune)
        for district in self._old(3):
            self._from_communes(district)
        for province in self._old(2):
            self._from_districts(province)
        kept = self._keep()
        return [
            *self.old.values(),
            *(row for row in self.new.values() if row.code not in kept),
        ]

    def _old(self, digits: int) -> list[Row]:
        return [row for row in self.old.values() if len(row.code) == digits]

    def _below(self, code: str) -> list[Row]:
        return [row for row in self.old.values() if row.parent == code]

    def _by_code(self, commune: Row) -> None:
        if commune.code in self.confirmed:
            commune.heirs = dict.fromkeys(self.confirmed[commune.code], False)
        elif commune.code in self.new:
            commune.heirs = {commune.code: True}

    def _by_name(self, commune: Row) -> None:
        if not commune.heirs:
            near = {code for sister in self._below(commune.parent) for code in sister.heirs}
            same = [code for code in near if bare(self.new[code].name) == bare(commune.name)]
            commune.heirs = {same[0]: True} if len(same) == 1 else {}

    def _from_communes(self, district: Row) -> None:
        communes = self._below(district.code)
        derived = not communes or any(True in c.heirs.values() or not c.heirs for c in communes)
        codes = {code for commune in communes for code in commune.heirs}
        district.heirs = dict.fromkeys(codes or self._islands(district), derived)

    def _islands(self, district: Row) -> set[str]:
        zone = f"Đặc khu {bare(district.name)}"
        return {row.code for row in self.new.values() if row.name == zone}

    def _from_districts(self, province: Row) -> None:
        codes = {self.new[code].parent for district in self._below(province.code) for code in district.heirs}
        if len(codes) != 1:
            raise SystemExit(f"{province.name}: heirs in {sorted(codes)}, expected one province")
        province.heirs = {codes.pop(): True}

    def _keep(self) -> set[str]:
        """Mark the provinces that were neither merged nor renamed, and return their codes."""
        sources = defaultdict(list)
        for province in self._old(2):
            sources[next(iter(province.heirs))].append(province)
        kept = {code for code, (first, *rest) in sources.items() if not rest and first.name == self.new[code].name}
        for code in kept:
            self.old[code].era, self.old[code].heirs = "kept", {}
        return kept


def read_old(provinces: Iterable[dict[str, Any]]) -> dict[str, Row]:
    rows = []
    for province in provinces:
        rows.append(Row("old", f"{province['code']:02}", "", _name(province)))
        for district in province["districts"]:
            rows.append(
                Row(
                    "old",
                    f"{district['code']:03}",
                    f"{province['code']:02}",
                    _name(district),
                )
            )
            for ward in district["wards"]:
                rows.append(
                    Row(
                        "old",
                        f"{ward['code']:05}",
                        f"{district['code']:03}",
                        _name(ward),
                    )
                )
    return {row.code: row for row in rows}


def read_new(provinces: Iterable[dict[str, Any]]) -> dict[str, Row]:
    rows = []
    for province in provinces:
        rows.append(Row("new", f"{province['code']:02}", "", _province_name(_name(province))))
        for ward in province["wards"]:
            rows.append(Row("new", f"{ward['code']:05}", f"{province['code']:02}", _name(ward)))
    return {row.code: row for row in rows}


def read_confirmed(path: Path, new: dict[str, Row]) -> dict[str, set[str]]:
    """Old code → codes of its heirs. The file names an heir by province and name; KeyError when there is none such."""
    codes = {(row.parent, row.name): row.code for row in new.values()}
    heirs = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(without_comments(lines)):
            for predecessor in line["predecessors"].split():
                heirs[predecessor].add(codes[line["province"], line["heir"]])
    return dict(heirs)


def build(old: Path, new: Path, target: Path) -> int:
    """Write `target` from the two unpacked releases; returns the number of units."""
    new_rows = read_new(_load(new))
    reform = Reform(read_old(_load(old)), new_rows, read_confirmed(DATA / "confirmed.csv", new_rows))
    rows = sorted(reform.settle(), key=lambda row: (len(row.code), row.era == "new"))
    with target.open("w", encoding="utf-8", newline="") as out:
        out.write(HEAD)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(row.cells() for row in rows)
    return len(rows)


def download(release: str, folder: Path) -> Path:
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(folder),
    ]
    subprocess.run([*command, f"{PACKAGE}=={release}"], check=True, timeout=600)  # noqa: S603 (our own words)
    return folder


def _load(folder: Path) -> list[dict[str, Any]]:
    return json.loads((folder / "vietnam_provinces/data/nested-divisions.json").read_text(encoding="utf-8"))


def _name(entry: dict[str, Any]) -> str:
    return " ".join(entry["name"].split())


def _province_name(name: str) -> str:
    """The new release leaves the prefix off for provinces that are no city."""
    return name if name.startswith("Thành phố ") else f"Tỉnh {name}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--old",
        type=Path,
        help=f"folder with release {OLD_RELEASE}, instead of a download",
    )
    parser.add_argument(
        "--new",
        type=Path,
        help=f"folder with release {NEW_RELEASE}, instead of a download",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        old = options.old or download(OLD_RELEASE, Path(folder, "old"))
        new = options.new or download(NEW_RELEASE, Path(folder, "new"))
        sys.stdout.write(f"{build(old, new, DATA / 'units.csv')} units\n")


if __name__ == "__main__":
    main()
