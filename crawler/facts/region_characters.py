"""Places named by one character, which counts in safe company only: 在鄂投资, 鄂企, 湘鄂赣, 苏、浙、沪.

The characters are the rows of short_characters.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from crawler.facts.gazetteer import gazetteer
from crawler.facts.region_names import Name
from crawler.facts.tables import read_table

# A line or a road is named after its two ends, and is no place: 京广高铁.
_LINE = r"(?!.{0,2}(?:高铁|城际|铁路|高速|公路|客专|动车|干线|线|运河|通车|直达|快递|股))"

_TOGETHER = "协作|合作|对口|帮扶|两地|两省|毗邻|交界|接壤"


def has_characters(text: str) -> bool:
    """Tell whether a text holds a one-character name in company that may be safe."""
    return _pattern().search(text) is not None


def find_characters(text: str, bounds: frozenset[int], year: int) -> Iterator[tuple[int, Name]]:
    """Yield the position and name of each place that a text names by one character, by the ends of its words."""
    names = _names(year)
    for found in _pattern().finditer(text):
        start, end = found.span(found.lastgroup or 0)
        if start not in bounds or (end not in bounds and found.lastgroup != "before"):
            continue
        if len(set(text[start:end]) - {"、"}) < len(text[start:end].replace("、", "")):
            continue
        for at in range(start, end):
            if text[at] in names:
                yield at, names[text[at]]


@lru_cache(maxsize=64)
def _names(year: int) -> dict[str, Name]:
    places = gazetteer(year)
    found = ((row["character"], places.place_of_unit(row["code"])) for row in read_table("short_characters.csv"))
    return {character: Name(character, "character", (place,)) for character, place in found if place}


@cache
def _pattern() -> re.Pattern[str]:
    rows = read_table("short_characters.csv")
    any_one = f"[{''.join(row['character'] for row in rows)}]"
    alone = f"[{''.join(row['character'] for row in rows if row['alone'] == 'yes')}]"
    return re.compile(
        rf"(?P<listed>{any_one}(?:、{any_one})+(?![\u4e00-\u9fff]、))"
        rf"|(?P<row>{any_one}{{3,8}}|{any_one}{{2}}(?={_TOGETHER})|{alone}{{2}}){_LINE}"
        rf"|(?<=[在来赴驻入返留回援])(?P<after>{alone})(?![沪深]){_LINE}"
        rf"|(?P<before>{alone}(?=[企商籍资])|[港澳台](?=[企商资]))(?!.[务业贸品标圈])"
    )
