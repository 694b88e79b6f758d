"""Places named by one character, which counts in safe company only: 在鄂投资, 鄂企, 湘鄂赣, 苏、浙、沪.

The characters are the rows of short_characters.csv, the company they keep those of character_contexts.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from crawler.facts.gazetteer import gazetteer
from crawler.facts.region_names import Name
from crawler.facts.tables import read_table


def find_characters(text: str, bounds: frozenset[int], year: int) -> Iterator[tuple[int, Name]]:
    """Yield the position and name of each place that a text names by one character, by the ends of its words."""
    names = _names(year)
    for found in _pattern().finditer(text):
        start, end = found.span()
        if start not in bounds or (end not in bounds and found.lastgroup != "before"):
            continue
        characters = text[start:end].replace("、", "")
        if len(set(characters)) < len(characters):
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
    contexts = {row["kind"]: row["texts"].split() for row in read_table("character_contexts.csv")}
    any_one = _set(row["character"] for row in rows)
    alone = _set(row["character"] for row in rows if row["alone"] == "yes")
    line = f"(?!.{{0,2}}(?:{'|'.join(contexts['line'])}))"
    together = "|".join(contexts["together"])
    # Every way begins with such a character, so that re finds it by a plain scan.
    return re.compile(
        rf"{any_one}(?:"
        rf"(?P<listed>(?:、{any_one})+)(?![\u4e00-\u9fff]、)"
        rf"|(?P<row>{any_one}{{2,7}}|{any_one}(?={together})|(?<={alone}){alone}){line}"
        rf"|(?P<after>(?<={_set(contexts['before'])}{alone}))(?![沪深]){line}"
        rf"|(?P<before>(?<={_set((alone[1:-1], *contexts['outside']))}))(?={_set(contexts['after'])})"
        rf"(?!.{_set(contexts['not_after'])})"
        rf")"
    )


def _set(characters: Iterable[str]) -> str:
    return f"[{''.join(characters)}]"
