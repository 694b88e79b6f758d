"""Which articles may tell the same story: looked up by the bands of their signatures, which the archive keeps.

A band that holds FULL articles takes no more: it stands for a phrase of the register, not for a story. Until a band is
full, what shares it is a candidate whatever came first; a full one counts only together with others (FULL_ONES).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from crawler.archive.bands import file, held, keep

FULL = 16
FULL_ONES = 3
# Of so many articles of one template the likest are compared.
MOST_CANDIDATES = 64


def enter(connection: Connection, bands: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Write the bands of these articles, and give the candidates of each: those that share most bands come first.

    A pair among the new ones is given once, to the one with the higher id.
    """
    holders = held(connection, {value for own in bands.values() for value in own})
    found: dict[int, list[int]] = {}
    new: list[tuple[int, int]] = []
    for article_id in sorted(bands):
        own = bands[article_id]
        found[article_id] = candidates_of(article_id, own, holders)
        for value in own:
            there = holders.get(value)
            if there is None:
                holders[value] = [article_id]
                new.append((value, article_id))
            elif len(there) < FULL and article_id not in there:
                there.append(article_id)
                new.append((value, article_id))
    keep(connection, sorted(new))
    file(connection, max(bands), len(bands))
    return found


def candidates_of(article_id: int, bands: Sequence[int], holders: Mapping[int, list[int]]) -> list[int]:
    """The candidates of one article among the holders of its bands, those that share most first."""
    shared: Counter[int] = Counter()
    telling: set[int] = set()
    for value in bands:
        others = holders.get(value)
        if others:
            shared.update(others)
            if len(others) < FULL:
                telling.update(others)
    likely = [other for other, count in shared.items() if other in telling or count >= FULL_ONES]
    likely.sort()
    likely.sort(key=shared.__getitem__, reverse=True)
    return [other for other in likely[:MOST_CANDIDATES] if other != article_id]
