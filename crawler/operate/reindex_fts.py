"""An FTS5 table over the articles, for those who open the file with plain SQL or Datasette.

It holds trigrams and no text of its own (https://www.sqlite.org/fts5.html#external_content_tables); triggers keep it as
the articles are. `zhaoshang search` does not use it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from crawler.archive import ArchiveError, archive_name, reading, writing

STEPS = 10_000  # of SQLite's virtual machine, between two looks for Ctrl-C

_MAKE = (
    """CREATE VIRTUAL TABLE article_fts
      USING fts5(title, body, content='article', content_rowid='id', tokenize='trigram')""",
    """CREATE TRIGGER article_fts_new AFTER INSERT ON article BEGIN
      INSERT INTO article_fts (rowid, title, body) VALUES (new.id, new.title, new.body); END""",
    """CREATE TRIGGER article_fts_gone AFTER DELETE ON article BEGIN
      INSERT INTO article_fts (article_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body); END""",
    """CREATE TRIGGER article_fts_changed AFTER UPDATE OF title, body ON article BEGIN
      INSERT INTO article_fts (article_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
      INSERT INTO article_fts (rowid, title, body) VALUES (new.id, new.title, new.body); END""",
)


@dataclass(slots=True, frozen=True)
class Filled:
    """How far the work is: `done` of `total` articles."""

    step: str
    done: int
    total: int


def rebuild(engine: Engine, on_progress: Callable[[Filled], None] | None = None) -> int:
    """Make the FTS5 table and its triggers anew; gives how many articles it covers.

    Raises ArchiveError where the archive is no SQLite file.
    """
    if engine.dialect.name != "sqlite":
        raise ArchiveError(
            f"FTS5 is a part of SQLite, and {archive_name(engine.url)} is none; use `zhaoshang search` there."
        )
    with _stoppable(), writing(engine) as connection:
        _listen(connection)
        total = int(connection.execute(text("SELECT count(*) FROM article")).scalar_one())
        _drop(connection)
        for statement in _MAKE:
            connection.execute(text(statement))
        if on_progress is not None:
            on_progress(Filled("FTS5 table", 0, total or 1))
        connection.execute(text("INSERT INTO article_fts (article_fts) VALUES ('rebuild')"))
    if on_progress is not None:
        on_progress(Filled("FTS5 table", total, total))
    return total


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C inside one long statement: SQLite breaks it off, and says so as an error of its own."""
    try:
        yield
    except ArchiveError as error:
        original = error.__cause__.orig if isinstance(error.__cause__, DBAPIError) else None
        if getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from None
        raise


def _listen(connection: Connection) -> None:
    """Let Python see signals while a statement runs: what its handler raises in the callback ends the statement."""
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(lambda: 0, STEPS)


def forget(engine: Engine) -> None:
    """Take what was deleted out of the table's own pages: deleting an article only notes that it is gone."""
    if has_fts(engine):
        with writing(engine) as connection:
            connection.execute(text("PRAGMA secure_delete = ON"))
            connection.execute(text("INSERT INTO article_fts (article_fts) VALUES ('optimize')"))


def has_fts(engine: Engine) -> bool:
    """Whether the archive has the table."""
    if engine.dialect.name != "sqlite":
        return False
    with reading(engine) as connection:
        found = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'article_fts'"))
        return found.first() is not None


def _drop(connection: Connection) -> None:
    for suffix in ("new", "gone", "changed"):
        connection.execute(text(f"DROP TRIGGER IF EXISTS article_fts_{suffix}"))
    connection.execute(text("DROP TABLE IF EXISTS article_fts"))
