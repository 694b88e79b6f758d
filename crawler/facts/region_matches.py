"""Where a text names regions: the spans, before it is settled which place each means.

What is a region is told by the words beside it alone, so text added elsewhere changes no span. rjieba says where a word
begins and ends: 扩|大连接 holds no 大连, 武汉|江汉区 no 汉江.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from crawler.facts.gazetteer import COUNTY, PROVINCE, Place
from crawler.facts.region_characters import find_characters
from crawler.facts.region_names import Heads, Name, heads, words_of, zone_suffixes
from crawler.facts.words import WordBounds, word_bounds

_MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})
_LISTED = frozenset({"、", "和", "与", "及", "以及", "/"})
_ADJACENT = frozenset({"", " ", "·", "\u3000"})


class Match(NamedTuple):
    """A span that names a region. `places` are what it may mean, the highest level first; none for a named area."""

    start: int
    end: int
    name: Name
    places: tuple[Place, ...]


def find_regions(text: str, year: int) -> list[Match]:
    """Return all spans of a text that name a region of a year, in order; they do not overlap. Raises nothing."""
    bounds = word_bounds(text)
    found = _named(text, heads(year), bounds)
    singles = list(find_characters(text, bounds.all, year))
    if singles:
        taken = {at for match in found for at in range(match.start, match.end)}
        found += [Match(at, at + 1, name, name.places) for at, name in singles if at not in taken]
        found.sort(key=lambda match: match.start)
    return [match for match in found if match.name.kind != "trap"]


def _named(text: str, names: Heads, bounds: WordBounds) -> list[Match]:
    found: list[Match] = []
    free_from = 0
    for at in bounds.beginning(names):
        head = text[at : at + 2]
        # Right behind a place, one that lies in it may begin in the middle of a word.
        while at >= free_from and head in names:
            match = _first(text, at, names[head], names, bounds.all, found)
            if not match:
                break
            found.append(match)
            free_from = at = match.end
            head = text[at : at + 2]
    return found


def _first(
    text: str, at: int, candidates: Iterable[Name], names: Heads, bounds: frozenset[int], found: Sequence[Match]
) -> Match | None:
    before = found[-1] if found else None
    for name in candidates:
        if text.startswith(name.text, at):
            match = _accepted(text, at, name, names, bounds, before)
            if match:
                return match
    return None


def _accepted(
    text: str, start: int, name: Name, names: Heads, bounds: frozenset[int], before: Match | None
) -> Match | None:
    end = start + len(name.text)
    if name.kind == "trap":
        return None if _company().match(text, end) else Match(start, end, name, ())
    gap = text[before.end : start] if before and start - before.end < 3 else None
    chained = before is not None and gap in _ADJACENT
    if not (start in bounds or chained) or not _ends_well(text, end, name, names, bounds):
        return None
    places = name.places
    if before is not None and gap is not None:
        places = _beside(name, before, gap) or (() if name.guarded or _is_inside_word(name, gap) else places)
    elif name.guarded:
        places = ()
    if not places and name.kind != "area":
        return None
    if name.kind == "short" and (trap := _trap_end(text, end, bounds)):
        return Match(start, trap, replace(name, kind="trap"), ())
    return _as_zone(text, Match(start, end, name, places), bounds)


def _ends_well(text: str, end: int, name: Name, names: Heads, bounds: frozenset[int]) -> bool:
    if name.kind in ("full", "zone"):
        # A full name ends where its suffix does (武汉市|政府), unless the suffix begins another word (武汉|市场).
        if _never().match(text, end - 1):
            return False
        if end in bounds or text.startswith("委", end):
            return True
        return len(name.text) > 2 and not text.startswith(words_of("not"), end - 1)
    # rjieba knows 福建厦门 and 台湾地区 as words, and takes 浠水县|域 for the county.
    return (
        end in bounds
        or text.startswith("地区", end)
        or (text.startswith(words_of("tail"), end) and end + 1 in bounds)
        or _never().match(text, end) is not None
        or _opens_chain(text, end, name, names)
    )


def _opens_chain(text: str, end: int, name: Name, names: Heads) -> bool:
    return name.kind == "short" and any(
        text.startswith(inner.text, end) and any(name.places[0].holds(place) for place in inner.places)
        for inner in names.get(text[end : end + 2], ())
    )


def _beside(name: Name, before: Match, gap: str) -> tuple[Place, ...]:
    """Keep the places that lie in the place named directly before, or that are listed with it."""
    if gap in _LISTED:
        return tuple(place for place in name.places if any(_siblings(place, other) for other in before.places))
    if gap not in _ADJACENT:
        return ()
    # A zone lies in its city, whose code it may have.
    return tuple(
        place
        for place in name.places
        if any(held.holds(place) and (name.kind == "zone" or held.code != place.code) for held in before.places)
    )


def _is_inside_word(name: Name, gap: str) -> bool:
    # 武穴祥云化工: a county's short name right behind a place that does not hold it is part of something else.
    return not gap and name.kind == "short" and name.places[0].level == COUNTY


def _siblings(one: Place, other: Place) -> bool:
    if one.level != other.level or one.code == other.code:
        return False
    return one.prefecture == other.prefecture if one.prefecture else one.province == other.province


def _trap_end(text: str, end: int, bounds: frozenset[int]) -> int | None:
    """Return where a text ends that a short name only opens (上海 + 路, 武汉 + 理工 + 大学), None where it does not."""
    found = _after().match(text, end)
    if found and found.end() in bounds:
        return None if _company().match(text, found.end()) else found.end()
    institution = _institution().match(text, end)
    return institution.end() if institution else None


def _as_zone(text: str, match: Match, bounds: frozenset[int]) -> Match:
    if match.name.kind not in ("full", "short"):
        return match
    place = match.places[0]
    is_whole_province = place.level == PROVINCE and place.code not in _MUNICIPALITIES
    found = (_free_zone if is_whole_province else _zone)().match(text, match.end)
    if not found or found.end() not in bounds:
        return match
    name = replace(match.name, text=match.name.text + found.group(), kept_name=place.name + found.group())
    return Match(match.start, found.end(), name, match.places)


@cache
def _never() -> re.Pattern[str]:
    return re.compile("|".join(words_of("never")))


@cache
def _after() -> re.Pattern[str]:
    return _one_of(words_of("after"))


@cache
def _company() -> re.Pattern[str]:
    return _one_of(words_of("company"))


@cache
def _institution() -> re.Pattern[str]:
    breaks = "".join(words_of("break"))
    between = rf"[^\W\d_a-zA-Z{re.escape(breaks)}]{{0,8}}?"
    return re.compile(between + _one_of(words_of("institution")).pattern + "(?![生城园])")


@cache
def _zone() -> re.Pattern[str]:
    return _one_of([suffix for suffixes in zone_suffixes().values() for suffix in suffixes])


@cache
def _free_zone() -> re.Pattern[str]:
    # A province is no zone's name but of a free trade zone's: 湖北 + 开发区 are those of Hubei at large.
    return _one_of([suffix for suffix in zone_suffixes()["other"] if suffix.startswith("自")])


def _one_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")")
