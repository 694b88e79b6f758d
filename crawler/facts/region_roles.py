"""What a region is to its article: the one it is about, where an investor comes from, or one that is named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from crawler.fact_items import FactField, RegionRole
from crawler.facts.gazetteer import Place
from crawler.facts.tables import read_table

# How many characters beside a place are looked at.
_REACH = 24
_REACH_BACK = 6


class Mention(NamedTuple):
    """A named region: its field with the field's text, its span, and its place where that is settled."""

    field: FactField
    text: str
    start: int
    end: int
    place: Place | None


def roles(mentions: Sequence[Mention]) -> Iterator[RegionRole]:
    """Yield the role of each region of an article, given in the order of title and body."""
    before, after, company_after = (_pattern(where) for where in ("before", "after", "company"))
    origins = [
        after.match(each.text, each.end, each.end + _REACH) is not None
        or before.search(each.text, max(0, each.start - _REACH_BACK), each.start) is not None
        for each in mentions
    ]
    companies = [company_after.match(each.text, each.end, each.end + _REACH) is not None for each in mentions]
    subject = (
        _subject([each for each, *others in zip(mentions, origins, companies, strict=True) if not any(others)])
        or _subject([each for each, origin in zip(mentions, origins, strict=True) if not origin])
        or _subject(mentions)
    )
    for mention, origin, company in zip(mentions, origins, companies, strict=True):
        place = mention.place
        if place and subject and place.code == subject.code:
            yield "subject"
        elif origin or (company and place and subject and not (place.holds(subject) or subject.holds(place))):
            yield "origin"
        else:
            yield "mention"


def _subject(mentions: Sequence[Mention]) -> Place | None:
    """Return the place that an article is about: of those in the title, else of all, the one named most and first.

    A place inside it takes its place where it is named nearly as much: 张湾区 in an article of 十堰.
    """
    weights: dict[str, float] = defaultdict(float)
    places: dict[str, Place] = {}
    titled: set[str] = set()
    for number, mention in enumerate(mentions):
        if mention.place:
            code = mention.place.code
            places.setdefault(code, mention.place)
            weights[code] += 1 + 2 / (1 + number)
            titled |= {code} if mention.field == "title" else set()
    best: Place | None = None
    for code in sorted(titled or places, key=lambda code: -weights[code]):
        if best is None or (best.holds(places[code]) and weights[code] * 2 >= weights[best.code]):
            best = places[code]
    return best


@cache
def _pattern(where: str) -> re.Pattern[str]:
    texts = "|".join(row["pattern"] for row in read_table("origins.csv") if row["where"] == where)
    return re.compile(f"(?:{texts})" + ("$" if where == "before" else ""))
