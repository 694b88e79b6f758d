"""The regions of an article: spans, codes of the article's year and of today, and the one it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from crawler.fact_items import FactField, RegionFact, RegionRole
from crawler.facts.gazetteer import codes_now, gazetteer, last_year
from crawler.facts.region_choice import settle
from crawler.facts.region_matches import Match, find_regions
from crawler.facts.region_roles import Mention, roles


def regions(title: str, body: str, *, on: date | None = None, source_region: str | None = None) -> list[RegionFact]:
    """Read the regions that an article names, in the order of its title and body.

    Codes are those of the year of `on` (GB/T 2260; without a date the last year known), `code_now` those of today.
    `source_region` is today's code of who published it, and settles what the article leaves open. Raises nothing on
    any text.
    """
    year = on.year if on else last_year()
    texts: tuple[tuple[FactField, str], ...] = (("title", title), ("body", body))
    found = [(field, text, match) for field, text in texts for match in find_regions(text, year)]
    places = settle([match for _, _, match in found], gazetteer(year), source_region)
    mentions = [
        Mention(field, text, match.start, match.end, place)
        for (field, text, match), place in zip(found, places, strict=True)
    ]
    now = codes_now(year)
    return [
        _fact(mention, match, role, now)
        for mention, (_, _, match), role in zip(mentions, found, roles(mentions), strict=True)
    ]


def _fact(mention: Mention, match: Match, role: RegionRole, now: Mapping[str, str | None]) -> RegionFact:
    place = mention.place
    return RegionFact(
        field=mention.field,
        code=place.code if place else None,
        name=match.name.kept_name or (place.name if place else match.name.text),
        role=role,
        start=mention.start,
        end=mention.end,
        surface=mention.text[mention.start : mention.end],
        code_now=now[place.code] if place else None,
    )
