"""The regions of an article: spans, codes of the article's year and of today, and the one it is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from crawler.facts.gazetteer import Place, code_now, gazetteer, last_year
from crawler.facts.region_choice import settle
from crawler.facts.region_matches import Match, find_regions
from crawler.facts.tables import read_table
from crawler.items import FactField, RegionFact, RegionRole


@dataclass(slots=True, frozen=True)
class _Mention:
    field: FactField
    text: str
    match: Match
    place: Place | None


def regions(title: str, body: str, *, on: date | None = None, source_region: str | None = None) -> list[RegionFact]:
    """Read the regions that an article names, in the order of its title and body.

    Codes are those of the year of `on` (GB/T 2260; without a date the last year known), `code_now` those of today.
    `source_region` is today's code of who published it, and settles what the article leaves open. Raises nothing.
    """
    year = on.year if on else last_year()
    found = [(_TITLE, title, match) for match in find_regions(title, year)]
    found += [(_BODY, body, match) for match in find_regions(body, year)]
    places = settle([match for _, _, match in found], gazetteer(year), source_region)
    mentions = [_Mention(field, text, match, place) for (field, text, match), place in zip(found, places, strict=True)]
    origins = [_is_origin(mention) for mention in mentions]
    subject = _subject([mention for mention, origin in zip(mentions, origins, strict=True) if not origin])
    return [_fact(mention, _role(mention, origin, subject)) for mention, origin in zip(mentions, origins, strict=True)]


_TITLE: FactField = "title"
_BODY: FactField = "body"


def _fact(mention: _Mention, role: RegionRole) -> RegionFact:
    match, place = mention.match, mention.place
    return RegionFact(
        field=mention.field,
        code=place.code if place else None,
        name=match.name.kept_name or (place.name if place else match.name.text),
        role=role,
        start=match.start,
        end=match.end,
        surface=mention.text[match.start : match.end],
        code_now=code_now(place) if place else None,
    )


def _role(mention: _Mention, origin: bool, subject: Place | None) -> RegionRole:
    if subject and mention.place and mention.place.code == subject.code:
        return "subject"
    return "origin" if origin else "mention"


def _is_origin(mention: _Mention) -> bool:
    """Tell whether a place is where an investor comes from: 来自深圳的, 深圳企业, 北京某公司."""
    before = mention.text[max(0, mention.match.start - 4) : mention.match.start]
    after = mention.text[mention.match.end : mention.match.end + 14]
    return _origin_before().search(before) is not None or _origin_after().match(after) is not None


def _subject(mentions: Sequence[_Mention]) -> Place | None:
    """Return the place that an article is about: the most specific of its title, else of those named most at its start."""
    placed = [mention for mention in mentions if mention.place]
    in_title = [mention for mention in placed if mention.field == "title"]
    weights: dict[str, float] = defaultdict(float)
    by_code: dict[str, Place] = {}
    for number, mention in enumerate(placed):
        if mention.place:
            by_code.setdefault(mention.place.code, mention.place)
            weights[mention.place.code] += (3 if mention.field == "title" else 1) + 2 / (1 + number)
    choice = {mention.place.code for mention in in_title if mention.place} or set(by_code)
    best: Place | None = None
    for code in sorted(choice, key=lambda code: -weights[code]):
        place = by_code[code]
        if best is None or (best.holds(place) and weights[code] * 2 >= weights[best.code]):
            best = place
    return best


@cache
def _origin_before() -> re.Pattern[str]:
    return _pattern("before", "(?:{})$")


@cache
def _origin_after() -> re.Pattern[str]:
    return _pattern("after", "(?:{})")


def _pattern(where: str, form: str) -> re.Pattern[str]:
    return re.compile(form.format("|".join(row["pattern"] for row in read_table("origins.csv") if row["where"] == where)))
