"""The rows of bands: where they wait, and how they are filed.

A new article has thirty bands, each of them on a page of its own in a large archive. So they go to `new_band`, which
stays small, and every batch files one stretch of values from there in `band`: what many batches left for a page is
written to it at once. While ROUND articles come, all values are gone through once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select, union_all, update

from crawler.archive.among import among
from crawler.archive.models import Band, NewBand, table

ROUND = 32_768
_LOWEST, _VALUES = -(2**63), 2**64


def held(connection: Connection, values: Collection[int]) -> dict[int, list[int]]:
    """The articles that hold each of these bands."""
    holders: dict[int, list[int]] = {}
    asked = union_all(
        *(
            select(rows.c.value, rows.c.article_id).where(among(connection, rows.c.value, values))
            for rows in (table(Band), table(NewBand))
        )
    )
    for value, article_id in connection.execute(asked).all():
        holders.setdefault(value, []).append(article_id)
    return holders


def keep(connection: Connection, rows: Sequence[tuple[int, int]]) -> None:
    """Write bands as (value, article) in the order of their values."""
    if rows:
        # By the driver itself, which costs a third of what SQLAlchemy adds.
        marks = "%s, %s" if connection.dialect.name == "postgresql" else "?, ?"
        connection.exec_driver_sql(f"INSERT INTO new_band (value, article_id) VALUES ({marks})", list(rows))  # noqa: S608


def file(connection: Connection, last_id: int, articles: int) -> None:
    """File the stretch of values whose turn it is after so many articles, the last of them with this id.

    Ids go on where the batch before ended, and so do stretches; where ids leave a gap, its values wait a round longer.
    """
    waiting, filed = table(NewBand), table(Band)
    for lowest, highest in stretches(last_id, articles):
        mine = waiting.c.value.between(lowest, highest)
        moved = select(waiting.c.value, waiting.c.article_id).where(mine).order_by(*waiting.primary_key)
        connection.execute(insert(filed).from_select(["value", "article_id"], moved))
        connection.execute(delete(waiting).where(mine))


def stretches(last_id: int, articles: int) -> Iterator[tuple[int, int]]:
    """The lowest and the highest value of what is filed; two stretches where the round ends among these articles."""
    articles = min(articles, ROUND)
    first = (last_id - articles) % ROUND
    for start, end in ((first, min(first + articles, ROUND)), (0, first + articles - ROUND)):
        if start < end:
            yield _LOWEST + start * _VALUES // ROUND, _LOWEST + end * _VALUES // ROUND - 1


def drop(connection: Connection, bands: Mapping[int, Iterable[int]]) -> None:
    """Delete the bands of articles."""
    for article_id, values in bands.items():
        for rows in (table(Band), table(NewBand)):
            mine = (rows.c.article_id == article_id, among(connection, rows.c.value, list(values)))
            connection.execute(delete(rows).where(*mine))


def pass_on(connection: Connection, article_id: int, values: Collection[int], heir: int) -> None:
    """Let another article hold the bands of this one."""
    for rows in (table(Band), table(NewBand)):
        mine = (rows.c.article_id == article_id, among(connection, rows.c.value, values))
        connection.execute(update(rows).where(*mine).values(article_id=heir))
