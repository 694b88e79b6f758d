"""The frontier table: what a crawl still has to fetch, and has fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crawler.archive.models import Frontier, table


@dataclass(slots=True, frozen=True)
class Found:
    """A page that a crawl found and has to fetch. `key` is its canonical URL; `meta` is what rebuilds the request."""

    url: str
    key: str
    kind: str
    depth: int = 0
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Waiting:
    """A row of the frontier that waits to be fetched."""

    id: int
    url: str
    kind: str
    depth: int
    meta: Mapping[str, Any]


def add(connection: Connection, crawl_id: int, found: Iterable[Found]) -> None:
    """Add pages to a crawl's frontier; one that it knows already, by its key, is left as it is."""
    rows = [
        {
            "crawl_id": crawl_id,
            "url": page.url,
            "key": page.key,
            "kind": page.kind,
            "depth": page.depth,
            "state": "waiting",
            "meta": dict(page.meta),
        }
        for page in found
    ]
    if rows:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(insert(table(Frontier)).on_conflict_do_nothing(), rows)


def settle(connection: Connection, outcomes: Sequence[tuple[int, str]]) -> None:
    """Mark pages done or failed."""
    if outcomes:
        pages = table(Frontier)
        statement = update(pages).where(pages.c.id == bindparam("page_id")).values(state=bindparam("outcome"))
        connection.execute(statement, [{"page_id": page_id, "outcome": outcome} for page_id, outcome in outcomes])


def waiting(connection: Connection, crawl_id: int, after: int, limit: int) -> list[Waiting]:
    """Pages that wait to be fetched, in the order they were found, from the row after `after`."""
    pages = table(Frontier).c
    columns = select(pages.id, pages.url, pages.kind, pages.depth, pages.meta)
    mine = columns.where(pages.crawl_id == crawl_id, pages.state == "waiting", pages.id > after)
    rows = connection.execute(mine.order_by(pages.id).limit(limit))
    return [Waiting(row.id, row.url, row.kind, row.depth, row.meta) for row in rows]
