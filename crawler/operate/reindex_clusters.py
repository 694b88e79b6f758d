"""Telling all stories anew from the articles: `zhaoshang reindex --clusters`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, delete, func, select

from crawler.archive import reading, writing
from crawler.archive.clusters import settle
from crawler.archive.engine import take_turn
from crawler.archive.models import Article, Band, Cluster, NewBand, Relation, Signature, Sketch, table
from crawler.archive.relating import relate

AT_ONCE = 1_000


@dataclass(slots=True)
class Step:
    """How far the work is."""

    step: str
    done: int
    total: int


def rebuild(
    engine: Engine,
    *,
    on_progress: Callable[[Step], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> int:
    """Sign and compare all articles anew and tell their stories; gives how many stories of several articles there are.

    Batch by batch, so crawls may go on beside it. Until its end the stories are the old ones; one that comes out as it
    was is not written, and no index reads it again. Interrupted, it leaves articles that were compared with none:
    `verify` says so, and running it again puts it right. Raises ArchiveError.
    """
    with writing(engine) as connection:
        take_turn(connection)
        for model in (Band, NewBand, Sketch, Relation, Signature):
            connection.execute(delete(table(model)))
        newest, total = connection.execute(select(func.max(table(Article).c.id), func.count(table(Article).c.id))).one()
    for step, settled in (("comparing articles", False), ("telling stories", True)):
        done = last = 0
        while ids := _next(engine, last, newest):
            with writing(engine) as connection:
                take_turn(connection)
                if settled:
                    settle(connection, _with_a_story(connection, ids), now())
                else:
                    relate(connection, ids)
            last, done = ids[-1], done + len(ids)
            if on_progress is not None:
                on_progress(Step(step, done, total))
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table(Cluster))).scalar_one()


def _next(engine: Engine, after: int, newest: int | None) -> list[int]:
    """The next articles of those that were there when the work began."""
    articles = table(Article).c
    if newest is None:
        return []
    asked = select(articles.id).where(articles.id > after, articles.id <= newest).order_by(articles.id).limit(AT_ONCE)
    with reading(engine) as connection:
        return list(connection.execute(asked).scalars())


def _with_a_story(connection: Connection, ids: list[int]) -> set[int]:
    """Of these articles those that are in a story, or may belong in one."""
    articles, relations = table(Article).c, table(Relation).c
    first, last = ids[0], ids[-1]
    found = set(
        connection.execute(
            select(articles.id).where(articles.id.between(first, last), articles.cluster_id.is_not(None))
        ).scalars()
    )
    for side in (relations.article_id, relations.other_id):
        found |= set(connection.execute(select(side).where(side.between(first, last)).distinct()).scalars())
    return found
