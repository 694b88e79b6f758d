"""Reading the archive's rows with plain SQL, the same for both databases.

SQLite files are read by the driver itself: loading SQLAlchemy takes longer than a search.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Row = tuple[Any, ...]
_SQLITE = "sqlite:///"
_BUSY_SECONDS = 10.0


class Reader(Protocol):
    """One consistent read of the archive. `:name` stands for a value; a list of values is named by `in_`."""

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> Iterator[Row]:
        """The rows of a SELECT."""


class Rows(Protocol):
    """An archive to read from."""

    @property
    def key(self) -> str:
        """What tells this archive from others: its file, or its address without the password."""

    @property
    def file(self) -> Path | None:
        """The SQLite file, if it is one."""

    def reading(self) -> Any:
        """A context that gives a Reader."""


@dataclass(slots=True, frozen=True)
class _SqliteReader:
    connection: sqlite3.Connection

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> Iterator[Row]:
        return iter(self.connection.execute(sql, values or {}))


@dataclass(slots=True, frozen=True)
class SqliteRows:
    """A SQLite archive."""

    file: Path

    @property
    def key(self) -> str:
        """The file's full path."""
        return str(self.file.resolve())

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """One read transaction. Raises ArchiveError."""
        from crawler.archive.address import read_address

        address = read_address(self.file)
        try:
            with closing(sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
                connection.execute("PRAGMA query_only = ON")
                connection.execute("BEGIN")
                yield _SqliteReader(connection)
        except sqlite3.Error as error:
            from crawler.archive.errors import explain_driver

            raise explain_driver(error, str(self.file)) from error


@dataclass(slots=True, frozen=True)
class _EngineReader:
    connection: Connection

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> Iterator[Row]:
        from sqlalchemy import text

        return (tuple(row) for row in self.connection.execute(text(sql), dict(values or {})))


@dataclass(slots=True, frozen=True)
class EngineRows:
    """An archive behind a SQLAlchemy engine."""

    engine: Engine

    @property
    def file(self) -> Path | None:
        """None: the database keeps its own files."""
        return None

    @property
    def key(self) -> str:
        """The database's address without user and password."""
        url = self.engine.url
        return f"{url.get_backend_name()}://{url.host or ''}:{url.port or ''}/{url.database or ''}"

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """One read transaction. Raises ArchiveError."""
        from crawler.archive.engine import reading

        with reading(self.engine) as connection:
            yield _EngineReader(connection)


def rows_of_engine(engine: Engine) -> Rows:
    """The rows of an open archive."""
    database = engine.url.database
    if engine.url.get_backend_name() == "sqlite" and database:
        return SqliteRows(Path(database))
    return EngineRows(engine)


def open_rows(url: str | None = None) -> Rows:
    """The archive of a URL, as `crawler.archive.open_archive` understands it, opened for reading.

    Raises ArchiveError where there is none or it cannot be used.
    """
    from crawler.archive.version import ARCHIVE_VARIABLE, DEFAULT_URL

    named = url or os.environ.get(ARCHIVE_VARIABLE) or DEFAULT_URL
    path = named.removeprefix(_SQLITE)
    if "://" not in path and "?" not in path and _is_ours(found := SqliteRows(Path(path))):
        return found
    from crawler.archive.engine import open_archive

    return rows_of_engine(open_archive(url))


def _is_ours(rows: SqliteRows) -> bool:
    """Whether this is an archive of the present version; what is wrong otherwise, opening it the long way says."""
    from crawler.archive.version import HEAD

    if not rows.file.is_file():
        return False
    from crawler.archive.address import read_address

    try:
        with closing(sqlite3.connect(read_address(rows.file), uri=True, timeout=_BUSY_SECONDS)) as connection:
            return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
    except sqlite3.Error:
        return False


def in_(name: str, values: Iterable[Any]) -> tuple[str, dict[str, Any]]:
    """A list of values as SQL and what it stands for: `(:id0, :id1)`. Nothing is in an empty one."""
    named = {f"{name}{number}": value for number, value in enumerate(values)}
    return f"({', '.join(f':{each}' for each in named) or 'NULL'})", named


def day_of(value: Any) -> date | None:
    """A date as either database gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def second_of(value: Any) -> int:
    """A UTC time as either database gives it, in seconds since 1970."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return int(moment.timestamp())
