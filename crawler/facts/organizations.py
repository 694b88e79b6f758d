"""Organizations: companies, banks, government bodies, parks, institutes, associations, by the grammar of names.

What counts is defined in docs/facts.md. Names are found by their suffix, by a table of brands, by a company's line of
business and by the lists they stand in; short forms are tied to the full name of the same article.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick

from crawler.fact_items import FactField, OrganizationFact
from crawler.facts.organization_brands import known_names, listed_names, named_by_business
from crawler.facts.organization_links import by_own_name, known, normalized, short_forms
from crawler.facts.organization_names import Name, full_names
from crawler.facts.organization_roles import role_of
from crawler.facts.words import Words, word_bounds

Span = tuple[int, int]


@dataclass(slots=True, frozen=True)
class Reading:
    """One field of an article: its text, its words, its places and the names found so far."""

    field: FactField
    text: str
    run: Words
    places: Mapping[int, int]
    names: list[Name]


def organizations(
    title: str, body: str, *, title_places: Iterable[Span] = (), body_places: Iterable[Span] = ()
) -> tuple[OrganizationFact, ...]:
    """The organizations that an article names, those of its title first.

    `title_places` and `body_places` are the spans of regions in the two texts, which begin names. Raises nothing on
    any text.
    """
    readings = [_read("title", title, title_places), _read("body", body, body_places)]
    longs = by_own_name(known(each.text, name) for each in readings for name in each.names)
    defined = _shorts(readings)
    for reading in readings:
        reading.names[:] = chosen([*reading.names, *_occurrences(reading, defined)], reading.places)
    return tuple(
        OrganizationFact(
            field=each.field,
            name=each.text[name.start : name.end],
            normalized_name=normalized(known(each.text, name), longs, defined),
            role=role_of(each.text, name),
            start=name.start,
            end=name.end,
            surface=each.text[name.start : name.end],
        )
        for each in readings
        for name in each.names
    )


def _read(field: FactField, text: str, spans: Iterable[Span]) -> Reading:
    run, places = Words(text), dict(spans)
    brands = known_names(text, word_bounds(text))
    found = [
        *full_names(text, run, places, brands),
        *brands,
        *listed_names(text, run, places),
        *named_by_business(run, places),
    ]
    return Reading(field, text, run, places, chosen(found, places))


def _shorts(readings: Sequence[Reading]) -> dict[str, str]:
    """The short forms of all full names, each with the longest name it may stand for."""
    shorts: dict[str, str] = {}
    for reading in readings:
        for long in (known(reading.text, name) for name in reading.names):
            for short in short_forms(reading.text, reading.run, long):
                if len(shorts.get(short, "")) < len(long.surface) > len(short):
                    shorts[short] = long.surface
    return shorts


def _occurrences(reading: Reading, shorts: Mapping[str, str]) -> list[Name]:
    """Where short forms stand in a text, between words."""
    if not shorts:
        return []
    automaton = ahocorasick.Automaton()
    for short in shorts:
        automaton.add_word(short, len(short))
    automaton.make_automaton()
    bounds = word_bounds(reading.text).all
    spans = ((last + 1 - length, last + 1) for last, length in automaton.iter(reading.text))
    return [Name(start, end, "company", start, end) for start, end in spans if start in bounds and end in bounds]


def chosen(names: Sequence[Name], places: Mapping[int, int]) -> list[Name]:
    """Of names that overlap the longest, then the first; none that is a place."""
    kept: list[Name] = []
    taken: set[int] = set()
    for each in sorted(names, key=lambda name: (name.start - name.end, name.start)):
        if places.get(each.start) != each.end and taken.isdisjoint(range(each.start, each.end)):
            kept.append(each)
            taken.update(range(each.start, each.end))
    return sorted(kept, key=lambda name: name.start)
