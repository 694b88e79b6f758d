"""Other archives beside this one: SQLite files in its folder, which share its capture files.

A replay into an archive beside names the records that the first one wrote, so a file is deleted only when no archive
of the folder names it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine

from crawler.archive.address import read_address
from crawler.archive.errors import ArchiveError
from crawler.archive.owner import is_alive

_T = TypeVar("_T")
_HEADER = b"SQLite format 3\0"
_LIVING = "SELECT DISTINCT warc_path FROM capture WHERE warc_path IS NOT NULL AND expired_at IS NULL"
_ALL = "SELECT warc_path FROM capture WHERE warc_path IS NOT NULL UNION SELECT path FROM stale_file"
_RUNNING = "SELECT kind, owner, seen_alive_at FROM crawl WHERE status = 'running'"
_TABLES = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('article', 'capture', 'stale_file')"


def living_beside(engine: Engine, root: Path) -> dict[str, Path]:
    """The capture files that archives beside need, each with one that does.

    Raises ArchiveError where one cannot be read.
    """
    return {name: path for path, rows in _ask(engine, root, _LIVING) for (name,) in rows}


def known_beside(engine: Engine, root: Path) -> set[str]:
    """The capture files that archives beside know of, needed or to be deleted by them. Raises ArchiveError likewise."""
    return {name for _, rows in _ask(engine, root, _ALL) for (name,) in rows}


def crawled_beside(engine: Engine, root: Path, kind: str | None = None) -> Path | None:
    """An archive beside that a crawl (of one kind) is running into: it has files that it does not name yet."""
    now = datetime.now(UTC)
    for path, rows in _ask(engine, root, _RUNNING):
        for found, owner, seen in rows:
            if kind in (None, found) and is_alive(owner, datetime.fromisoformat(seen) if seen else None, now):
                return path
    return None


def holding_beside(engine: Engine, root: Path, uid: str) -> list[Path]:
    """The archives beside that hold an article. Raises ArchiveError likewise."""
    return [path for path, rows in _ask(engine, root, "SELECT 1 FROM article WHERE uid = ?", uid) if rows]


def _ask(engine: Engine, root: Path, sql: str, *given: str) -> Iterator[tuple[Path, list[tuple[str, ...]]]]:
    """What each archive beside answers."""
    for path in _archives(engine, root):
        yield path, _read(path, lambda connection: connection.execute(sql, given).fetchall())


def _archives(engine: Engine, root: Path) -> Iterator[Path]:
    database = engine.url.database if engine.url.get_backend_name() == "sqlite" else None
    own = Path(database).resolve() if database else None
    folders = {root.resolve().parent, own.parent if own else root.resolve().parent}
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir()):
        if path.resolve() != own and _is_sqlite(path) and _read(path, _is_archive):
            yield path


def _is_archive(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute(_TABLES).fetchone()[0] == 3)


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return path.is_file() and file.read(len(_HEADER)) == _HEADER
    except OSError:
        return False


def _read(path: Path, ask: Callable[[sqlite3.Connection], _T]) -> _T:
    try:
        with closing(sqlite3.connect(read_address(path), uri=True, timeout=10)) as connection:
            connection.execute("PRAGMA query_only = ON")
            return ask(connection)
    except sqlite3.Error as error:
        raise ArchiveError(
            f"The database {path} beside this archive cannot be read ({error}), and may need the same capture files;"
            " mend it or move it, then run the command again."
        ) from error
