"""Which place a name means that several bear: settled by the other places of the article, or left open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.facts.gazetteer import PREFECTURE, PROVINCE, Gazetteer, Place
from crawler.facts.region_matches import Match
from crawler.facts.region_names import open_names


def settle(matches: Sequence[Match], places: Gazetteer, source_region: str | None) -> list[Place | None]:
    """Return the place that each match of an article (title, then body) means; None for an area and where it stays open.

    The nearest place before that holds just one of those the name may mean decides, then the nearest after, then the
    source's own region (a GB/T 2260 code of today).
    """
    sure = [_sure(match) for match in matches]
    source = places.place_of_unit(source_region) if source_region else None
    return [
        sure[at] or (_by_context(match, _near(sure, at), places) if match.places else None)
        or (_by_context(match, [source], places) if source and match.places else None)
        for at, match in enumerate(matches)
    ]


def _sure(match: Match) -> Place | None:
    """Return the one place that a name means wherever it stands, None where the article must tell."""
    places = match.places
    if not places:
        return None
    if len(places) == 1 or places[0].level == PROVINCE:
        return places[0]
    highest = [place for place in places if place.level == places[0].level]
    # 荆州 is the prefecture, though a district bears its name too.
    return highest[0] if len(highest) == 1 and match.name.text not in open_names() else None


def _near(sure: Sequence[Place | None], at: int) -> Iterator[Place]:
    yield from (place for place in reversed(sure[:at]) if place)
    yield from (place for place in sure[at + 1 :] if place)


def _by_context(match: Match, context: Iterator[Place] | list[Place], places: Gazetteer) -> Place | None:
    context = list(context)
    for widen in (_prefecture, _province):
        for near in context:
            holder = widen(near, places)
            held = [place for place in match.places if holder and holder.holds(place)]
            if len(held) == 1 or (held and held[0].level < held[1].level):
                return held[0]
    return None


def _prefecture(place: Place, places: Gazetteer) -> Place | None:
    if place.level >= PREFECTURE:
        return places.by_code.get(place.prefecture, place)
    return None


def _province(place: Place, places: Gazetteer) -> Place | None:
    return places.by_code.get(place.province, place)
