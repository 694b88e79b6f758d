"""Which articles may tell the same story: looked up by the bands of their signatures, which the archive keeps.

A band that holds FULL articles takes no more: it stands for a phrase of the register, not for a story. Until a band is
full, what shares it is a candidate whatever came first; a full one counts only together with others (FULL_ONES).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, select

from crawler.archive.among import among
from crawler.archive.models import Band, table

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
    _write(connection, sorted(new))
    return found


def held(connection: Connection, values: Collection[int]) -> dict[int, list[int]]:
    """The articles that hold each of these bands."""
    holders: dict[int, list[int]] = {}
    rows = table(Band).c
    asked = select(rows.value, rows.article_id).where(among(connection, rows.value, values))
    for value, article_id in connection.execute(asked).all():
        holders.setdefault(value, []).append(article_id)
    return holders


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


def leave(connection: Connection, bands: Mapping[int, Iterable[int]]) -> None:
    """Delete the bands of articles."""
    rows = table(Band)
    for article_id, values in bands.items():
        mine = (rows.c.article_id == article_id, among(connection, rows.c.value, list(values)))
        connection.execute(delete(rows).where(*mine))


def _write(connection: Connection, rows: Sequence[tuple[int, int]]) -> None:
    """Thirty rows an article: written by the driver itself, which costs a third of what SQLAlchemy adds."""
    if not rows:
        return
    marks = "%s, %s" if connection.dialect.name == "postgresql" else "?, ?"
    connection.exec_driver_sql(f"INSERT INTO band (value, article_id) VALUES ({marks})", list(rows))  # noqa: S608
