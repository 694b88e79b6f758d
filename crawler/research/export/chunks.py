"""The articles of an export with their facts, in chunks of columns: what is held in memory does not grow with them.

Values are taken as the database keeps them (SQLite has text for times): making objects of what becomes text again would
cost more than reading it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, String, func, literal, null, select, type_coerce

from crawler.archive.engine import reading
from crawler.archive.models import Article, Cluster, table
from crawler.research.export.facts import Facts, read_facts
from crawler.research.export.masking import mask
from crawler.research.export.schema import Column, TableSchema, tables
from crawler.research.export.wanted import Wanted
from crawler.research.selection import columns, selected

Columns = list[Sequence[Any]]
CHUNK = 2_000  # articles
EXCERPT = 200  # characters
_LONGEST_NUMBER = 20  # characters of what is masked: an excerpt must not end inside of one
_OTHER_NAMES = {"source": "source_id", "revision": "revision_count"}


@dataclass(slots=True, frozen=True)
class Chunk:
    """Some articles, column by column in the order of their table, and the facts read out of them."""

    articles: Columns
    facts: Facts
    count: int


@contextmanager
def one_state(engine: Engine) -> Iterator[Connection]:
    """A connection whose queries all see the same state of the archive, though a crawl may go on."""
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@contextmanager
def uncollected() -> Iterator[None]:
    """Python's search for cycles stands still: an export makes none, and the search took a fifth of its time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def article_table(wanted: Wanted) -> TableSchema:
    """The table of articles as an export has it: without texts where none are wanted."""
    articles = tables()["articles"]
    return articles.without("summary", "text") if wanted.text == "none" else articles


def count_articles(connection: Connection, wanted: Wanted) -> int:
    """How many articles there are to export."""
    return int(connection.execute(selected(wanted.filters, func.count())).scalar_one())


def chunks(connection: Connection, wanted: Wanted, *, whole_facts: bool = False) -> Iterator[Chunk]:
    """The articles in the order in which the archive met them; `whole_facts` reads what the tables of facts hold."""
    schema = article_table(wanted)
    named = _named(wanted)
    rows = table(Article)
    stored = [column for column in schema.columns if column.name in named]
    query = selected(
        wanted.filters, rows.c.id, rows.c.revision_count, *(_raw(named[column.name]) for column in stored)
    ).order_by(rows.c.id)
    # The option is the query's: set on the connection, it would slow the many small queries for facts.
    streamed = connection.execute(query.execution_options(yield_per=CHUNK))
    for part in streamed.partitions(CHUNK):
        ids, newest, *values = zip(*part, strict=True)
        found: dict[str, Sequence[Any]] = {
            column.name: _settled(column, cells, wanted) for column, cells in zip(stored, values, strict=True)
        }
        # Facts are those of the newest text: an article that is given in an older state has none.
        current = {one for one, last, number in zip(ids, newest, found["revision"], strict=True) if last == number}
        facts = read_facts(connection, ids, found["uid"], current, whole=whole_facts, masked=wanted.masked)
        found.update(facts.summary)
        yield Chunk([found[name] for name in schema.names], facts, len(ids))


def _named(wanted: Wanted) -> dict[str, ColumnElement[Any]]:
    """The columns of the table that come from rows of `article`, by their names in the export."""
    named = columns(wanted.filters)
    names = {column.name for column in tables()["articles"].columns}
    found = {name: named[_OTHER_NAMES.get(name, name)] for name in names if _OTHER_NAMES.get(name, name) in named}
    if wanted.filters.as_of is not None:
        found["body_length"] = func.length(named["body"])
    found["story"] = _story()
    found["text"] = {
        "none": null(),
        "excerpt": func.substr(named["body"], literal(1), literal(EXCERPT + _LONGEST_NUMBER)),
        "full": named["body"],
    }[wanted.text]
    return found


def _story() -> ColumnElement[Any]:
    rows, stories = table(Article), table(Cluster)
    leads = rows.alias("lead")
    joined = stories.join(leads, leads.c.id == stories.c.lead_article_id)
    return select(leads.c.uid).select_from(joined).where(stories.c.id == rows.c.cluster_id).scalar_subquery()


def _raw(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(column, String)


def _settled(column: Column, cells: Sequence[Any], wanted: Wanted) -> Sequence[Any]:
    if column.type in ("date", "datetime"):
        return cells if all(cell is None or type(cell) is str for cell in cells) else [_as_text(cell) for cell in cells]
    if column.masked and wanted.masked:
        cells = [mask(cell) if cell else cell for cell in cells]
    if column.name == "text" and wanted.text == "excerpt":
        return [_excerpt(cell) for cell in cells]
    return cells


def _as_text(moment: date | datetime | str | None) -> str | None:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat() if isinstance(moment, date) else moment


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"
