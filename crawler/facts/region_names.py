"""What a region may be called in a year: full, short and former names, zones and areas, and what only looks like one.

The names of a year are kept by their first two characters, longest first. Looking up the first two characters of every
word of a text there takes a third of the time of an Aho-Corasick automaton with as many names, since thousands of first
characters make the automaton's root wide (`python -m bench regions`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from crawler.facts.gazetteer import PREFECTURE, PROVINCE, FormerName, Gazetteer, Place, former_names, gazetteer
from crawler.facts.tables import read_table

Kind = Literal["full", "short", "zone", "area", "character", "trap"]


@dataclass(slots=True, frozen=True)
class Name:
    """A text that may name a region, with the places it may mean, the highest level first.

    `guarded` names are ordinary words too. A zone's place is the one it lies in; an area and a trap have none.
    `kept_name` is what a zone or area is called in full.
    """

    text: str
    kind: Kind
    places: tuple[Place, ...] = ()
    guarded: bool = False
    kept_name: str = ""


Heads = dict[str, tuple[Name, ...]]


@lru_cache(maxsize=64)
def heads(year: int) -> Heads:
    """Return all names of a year by their first two characters, the longest first."""
    found: dict[str, list[Name]] = defaultdict(list)
    for name in _names(gazetteer(year)).values():
        found[name.text[:2]].append(name)
    return {head: tuple(sorted(names, key=lambda name: -len(name.text))) for head, names in found.items()}


@cache
def words_of(kind: str) -> tuple[str, ...]:
    """Return the texts of one kind of region_traps.csv."""
    return tuple(word for row in read_table("region_traps.csv") if row["kind"] == kind for word in row["texts"].split())


@cache
def zone_suffixes() -> dict[str, tuple[str, ...]]:
    """Return the suffixes of zones by kind, by zone_suffixes.csv."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in read_table("zone_suffixes.csv"):
        found[row["kind"]].append(row["suffix"])
    return {kind: tuple(suffixes) for kind, suffixes in found.items()}


def _names(places: Gazetteer) -> dict[str, Name]:
    # What comes first wins its text: a county is never hidden by a zone that bears its name.
    names: dict[str, Name] = {}
    sources = (
        _full_names(places),
        _former_names(places, full=True),
        _short_names(places),
        _former_names(places, full=False),
        _zones(places),
        _others(),
    )
    for source in sources:
        for name in source:
            names.setdefault(name.text, name)
    return {text: name for text, name in names.items() if name.kind != "zone" or not _is_chain(text, names)}


def _is_chain(text: str, names: dict[str, Name]) -> bool:
    # 上海浦东新区 are two names, one a level; 襄阳高新区 is one, since 高新区 alone names none.
    return any(
        text[:at] in names and text[at:] in names and not names[text[at:]].guarded for at in range(2, len(text) - 1)
    )


def _full_names(places: Gazetteer) -> Iterator[Name]:
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places.by_code.values():
        found[place.name].append(place)
    return _grouped(found, "full")


def _former_names(places: Gazetteer, *, full: bool) -> Iterator[Name]:
    # The last to bear a name is the one that is remembered by it.
    found: dict[str, Place] = {}
    for former in sorted(former_names(), key=lambda former: former.last_year):
        text = former.name if full else _without_suffix(former)
        place = places.place_of_unit(former.unit) if text and former.last_year < places.year else None
        if place:
            found[text] = place
    return _grouped({text: [place] for text, place in found.items()}, "full" if full else "short")


def _short_names(places: Gazetteer) -> Iterator[Name]:
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places.by_code.values():
        for text in _short_forms(place):
            found[text].append(place)
    return _grouped(found, "short")


def _grouped(found: dict[str, list[Place]], kind: Kind) -> Iterator[Name]:
    for text, places in found.items():
        ranked = tuple(sorted(places, key=lambda place: (place.level, place.code)))
        yield Name(text, kind, ranked, guarded=text in _guarded() and ranked[0].level != PROVINCE)


def _short_forms(place: Place) -> Iterator[str]:
    if len(place.short) > 1 and place.short != place.name:
        yield place.short
    for row in read_short_suffixes():
        if place.level == int(row["level"]) and place.name.endswith(row["suffix"]):
            yield place.short + row["instead"]


@cache
def read_short_suffixes() -> tuple[dict[str, str], ...]:
    """Return how long suffixes are shortened (恩施土家族苗族自治州: 恩施州), by short_suffixes.csv."""
    return tuple(read_table("short_suffixes.csv"))


def _without_suffix(former: FormerName) -> str:
    # Only prefectures are still called by a name that is gone: 襄樊.
    for suffix in ("地区", "市", "盟"):
        if former.level == PREFECTURE and former.name.endswith(suffix):
            return former.name.removesuffix(suffix)
    return ""


def _zones(places: Gazetteer) -> Iterator[Name]:
    for row in _zone_rows():
        place = places.place_of_unit(row["code"]) or _holder(row["code"], places)
        if place is None:
            continue
        suffixes = zone_suffixes().get(row["kind"], ("",)) if row["kind"] != "other" else ("",)
        full = row["name"] + suffixes[0]
        for text in (*(row["name"] + suffix for suffix in suffixes), *row["also"].split()):
            yield Name(text, "zone", (place,), guarded=text in _guarded(), kept_name=full)


@cache
def _zone_rows() -> list[dict[str, str]]:
    return read_table("zones.csv")


def _holder(code: str, places: Gazetteer) -> Place | None:
    # A county younger than the article: the prefecture or province whose code begins alike.
    return places.by_code.get(f"{code[:4]}00") or places.by_code.get(f"{code[:2]}0000")


def _others() -> Iterator[Name]:
    for row in read_table("areas.csv"):
        for text in (row["name"], *row["also"].split()):
            yield Name(text, "area", kept_name=row["name"])
    for text in words_of("word"):
        yield Name(text, "trap")


@cache
def _guarded() -> frozenset[str]:
    return frozenset(name for row in read_table("guarded_names.csv") for name in row["names"].split())


@cache
def open_names() -> frozenset[str]:
    """Return the short names for which a prefecture does not go before a county of that name, by open_names.csv."""
    return frozenset(row["name"] for row in read_table("open_names.csv"))
