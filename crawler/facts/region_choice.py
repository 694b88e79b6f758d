"""Which place a name means that several bear: settled by the other places of the article, or left open."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from crawler.facts.gazetteer import PREFECTURE, PROVINCE, Gazetteer, Place
from crawler.facts.region_matches import Match
from crawler.facts.region_names import open_names

# How many settled places on each side are asked: enough for an article, and no more than linear in a heap of names.
_REACH = 40


def settle(matches: Sequence[Match], places: Gazetteer, source_region: str | None) -> list[Place | None]:
    """Return the place that each match of an article (title, then body) means; None for an area, or where it is open.

    The nearest place before that holds just one of those the name may mean decides, then the nearest after, then the
    source's own region (a GB/T 2260 code of today).
    """
    settled = [_sure(match) for match in matches]
    sure_at = [at for at, place in enumerate(settled) if place]
    sure = [place for place in settled if place]
    source = places.place_of_unit(source_region) if source_region else None
    for at, match in enumerate(matches):
        if match.places and settled[at] is None:
            here = bisect_left(sure_at, at)
            near = [*reversed(sure[max(0, here - _REACH) : here]), *sure[here : here + _REACH]]
            settled[at] = _by_context(match, near, places) or _by_context(match, [source] if source else [], places)
    return settled


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


def _by_context(match: Match, context: Sequence[Place], places: Gazetteer) -> Place | None:
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
