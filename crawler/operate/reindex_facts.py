"""Reading the facts of archived articles anew, on all cores."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from crawler.archive import reading, writing
from crawler.archive.engine import take_turn
from crawler.archive.fact_rows import FactWriter, stored_facts
from crawler.archive.models import Article, Change, batched, table
from crawler.fact_items import Facts
from crawler.facts import FACTS_VERSION, read_facts
from crawler.fetch.apart import end_now, worker_pool
from crawler.operate.verify_facts import misplaced

CHUNK = 100  # articles that are read and written together
FEW = 500  # so many are read in this process: starting others takes longer


@dataclass(slots=True, frozen=True)
class Progress:
    """How many articles were read again."""

    done: int
    total: int
    step: str = "facts"


@dataclass(slots=True, frozen=True)
class Text:
    """What the facts of one article are read from; `revision` tells whether it changed meanwhile."""

    id: int
    revision: int
    title: str
    body: str
    on: date | None
    region: str | None


Report = Callable[[Progress], None]


def rebuild(engine: Engine, on_progress: Report | None = None, *, processes: int | None = None) -> int:
    """Read the facts of all articles by the present rules; gives how many articles were read.

    Where they differ from what is there, they are written, and the article counts as changed for indexes that
    follow it. May be stopped at any moment, and a crawl may go on meanwhile. Raises ArchiveError.
    """
    with reading(engine) as connection:
        total = connection.execute(select(func.count()).select_from(table(Article))).scalar_one()
    return _renew(engine, _all(engine), total, on_progress, processes)


def renew_facts(engine: Engine) -> int:
    """Read the facts anew that do not fit their text, or were read by other rules; gives of how many articles."""
    articles = table(Article).c
    with reading(engine) as connection:
        others = select(articles.id).where(articles.facts_version.is_distinct_from(FACTS_VERSION))
        wrong = set(connection.execute(others).scalars())
        for _, statement in misplaced():
            wrong.update(row[0] for row in connection.execute(statement))
    return _renew(engine, _those(engine, sorted(wrong)), len(wrong), None, None)


def _renew(engine: Engine, texts: Iterable[Text], total: int, on_progress: Report | None, processes: int | None) -> int:
    workers = 1 if total <= FEW else processes or os.cpu_count() or 1
    pool = worker_pool(workers) if workers > 1 else None
    done = 0
    try:
        for chunk, facts in _read(pool, _chunks(texts), 2 * workers):
            with writing(engine) as connection:
                take_turn(connection)
                _write(connection, chunk, facts)
            done += len(chunk)
            if on_progress is not None:
                on_progress(Progress(done, max(total, done)))
    except KeyboardInterrupt:
        if pool is not None:
            end_now(pool)
        raise
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)
    return done


def _all(engine: Engine) -> Iterator[Text]:
    """All articles, by id; those that come meanwhile bring their facts along."""
    last = 0
    while True:
        rows = table(Article).c
        columns = select(*_columns()).where(rows.id > last).order_by(rows.id).limit(CHUNK)
        with reading(engine) as connection:
            found = [Text(*row) for row in connection.execute(columns)]
        yield from found
        if len(found) < CHUNK:
            return
        last = found[-1].id


def _those(engine: Engine, ids: Sequence[int]) -> Iterator[Text]:
    for start in range(0, len(ids), CHUNK):
        some = select(*_columns()).where(table(Article).c.id.in_(ids[start : start + CHUNK]))
        with reading(engine) as connection:
            found = [Text(*row) for row in connection.execute(some)]
        yield from found


def _columns() -> list[Any]:
    rows = table(Article).c
    return [rows[name] for name in ("id", "revision_count", "title", "body", "published_on", "region_code")]


def _chunks(texts: Iterable[Text]) -> Iterator[list[Text]]:
    rest = iter(texts)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _read(
    pool: ProcessPoolExecutor | None, chunks: Iterable[list[Text]], ahead: int
) -> Iterator[tuple[list[Text], list[Facts]]]:
    """The facts of each chunk, in order; no more chunks are asked for than keep the processes busy."""
    if pool is None:
        yield from ((chunk, facts_of_texts(chunk)) for chunk in chunks)
        return
    under_way: deque[tuple[list[Text], Future[list[Facts]] | None]] = deque()
    for chunk in chunks:
        under_way.append((chunk, _submit(pool, chunk)))
        if len(under_way) > ahead:
            yield _result(*under_way.popleft())
    yield from (_result(*each) for each in under_way)


def _submit(pool: ProcessPoolExecutor, chunk: list[Text]) -> Future[list[Facts]] | None:
    try:
        return pool.submit(facts_of_texts, chunk)
    except BrokenProcessPool:
        return None


def _result(chunk: list[Text], future: Future[list[Facts]] | None) -> tuple[list[Text], list[Facts]]:
    """Where a process ended, as for want of memory, this one reads the chunk."""
    if future is not None:
        with suppress(BrokenProcessPool):
            return chunk, future.result()
    return chunk, facts_of_texts(chunk)


def facts_of_texts(texts: Sequence[Text]) -> list[Facts]:
    """What a worker process does: it writes nothing."""
    return [read_facts(each.title, each.body, on=each.on, source_region=each.region) for each in texts]


def _write(connection: Connection, texts: Sequence[Text], facts: Sequence[Facts]) -> None:
    """Write what differs. An article that changed since it was read has the facts of its new content already."""
    rows = table(Article)
    ids = [each.id for each in texts]
    now = select(rows.c.id, rows.c.revision_count).where(rows.c.id.in_(ids))
    revisions = {row.id: row.revision_count for row in connection.execute(now)}
    held = stored_facts(connection, ids)
    current = [pair for pair in zip(texts, facts, strict=True) if revisions.get(pair[0].id) == pair[0].revision]
    different = [(text.id, found) for text, found in current if held[text.id] != found]
    writer = FactWriter(connection)
    writer.remove([article_id for article_id, _ in different])
    writer.write(different)
    if different:
        at = datetime.now(UTC)
        changes = [{"article_id": article_id, "kind": "facts", "at": at} for article_id, _ in different]
        connection.execute(insert(table(Change)), changes)
    _mark_read(connection, [text.id for text, _ in current])


def _mark_read(connection: Connection, ids: Collection[int]) -> None:
    rows = table(Article)
    for part in batched(ids):
        others = rows.c.facts_version.is_distinct_from(FACTS_VERSION)
        mine = update(rows).where(rows.c.id.in_(part), others)
        connection.execute(mine.values(facts_version=FACTS_VERSION))
