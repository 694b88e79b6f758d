"""Free SQL on the archive: one statement that reads, with a time limit."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.archive.address import read_address
from crawler.research.frames import Results, pandas_frame, polars_frame
from crawler.research.search.rows import EngineRows, Rows

if TYPE_CHECKING:
    import pandas
    import polars
    from sqlalchemy import Engine

SECONDS = 30.0
LONGEST_VALUE = 64 << 20  # bytes: one value, or one row
_STEPS = 10_000  # of SQLite's machine between two looks at the clock

_READS = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(select|with|values|table|explain|show)\b", re.I | re.S)
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
# What only looks; FTS5 itself asks for the first.
_PRAGMAS = {"data_version", "table_info", "table_xinfo", "table_list", "index_list", "index_info", "foreign_key_list"}


class SqlError(ValueError):
    """A statement that cannot be run, or took too long; the text is one sentence that says what to do."""


@dataclass(slots=True, frozen=True)
class SqlResult(Results[dict[str, Any]]):
    """The columns and all rows of a statement; they become a data frame."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame with these columns, also where there are no rows. Raises MissingLibrary."""
        return pandas_frame(self.columns, self.rows)

    def to_polars(self) -> polars.DataFrame:
        """A polars data frame with these columns, also where there are no rows. Raises MissingLibrary."""
        return polars_frame(self.columns, self.rows)


def run_sql(rows: Rows, statement: str, timeout: float = SECONDS) -> SqlResult:
    """Run one statement that reads. `timeout` is in seconds. Raises SqlError, and ArchiveError for a broken archive."""
    if not _READS.match(statement):
        raise SqlError("Only statements that read can be run; begin with SELECT or WITH.")
    if "\0" in statement or not _is_unicode(statement):
        raise SqlError("The statement is no text; write it in UTF-8.")
    if rows.file is not None:
        return _sqlite(rows.file, statement, timeout)
    assert isinstance(rows, EngineRows)
    return _postgresql(rows.engine, statement, timeout)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sqlite(file: Path, statement: str, timeout: float) -> SqlResult:
    deadline = time.monotonic() + timeout
    try:
        with closing(
            sqlite3.connect(read_address(file), uri=True, timeout=timeout, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA query_only = ON")
            _load_virtual_tables(connection)
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
            connection.set_authorizer(_authorize)
            connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
            cursor = connection.execute(statement)
            return SqlResult(_names(cursor.description), cursor.fetchall())
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _explained(error, timeout) from error


def _load_virtual_tables(connection: sqlite3.Connection) -> None:
    """Let FTS5 open its tables before anything is forbidden: it declares their columns by what looks like writing."""
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
    ).fetchall():
        with suppress(sqlite3.Error):
            quoted = name.replace('"', '""')
            connection.execute(f'SELECT 1 FROM "{quoted}" LIMIT 0')  # noqa: S608 - a name of the file's own


def _authorize(action: int, first: str | None, second: str | None, _base: str | None, _trigger: str | None) -> int:
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() == "load_extension":
        return sqlite3.SQLITE_DENY
    looks = action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _PRAGMAS
    return sqlite3.SQLITE_OK if looks or action in _ALLOWED else sqlite3.SQLITE_DENY


def _explained(error: Exception, timeout: float) -> SqlError:
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_INTERRUPT:
        return _too_long(timeout)
    if code == sqlite3.SQLITE_AUTH:
        return SqlError("Only statements that read can be run; this one would do something else.")
    if code == sqlite3.SQLITE_TOOBIG:
        return SqlError(f"A value would be larger than {LONGEST_VALUE >> 20} MiB; ask for less at a time.")
    return SqlError(f"The statement cannot be run: {_line(error)}.")


def _postgresql(engine: Engine, statement: str, timeout: float) -> SqlResult:
    import psycopg

    connection = engine.raw_connection()
    try:
        cursor: Any = connection.cursor()
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute(f"SET LOCAL statement_timeout = {max(1, int(timeout * 1000))}")
        # A transaction that has read cannot be made writable again, and a prepared statement is one statement.
        cursor.execute("SELECT 1").fetchall()
        cursor.execute(statement, prepare=True)
        return SqlResult(_names(cursor.description), cursor.fetchall() if cursor.description else [])
    except psycopg.errors.QueryCanceled as error:
        raise _too_long(timeout) from error
    except psycopg.errors.ReadOnlySqlTransaction as error:
        raise SqlError("Only statements that read can be run; this one would do something else.") from error
    except psycopg.Error as error:
        raise SqlError(f"The statement cannot be run: {_line(error)}.") from error
    finally:
        connection.invalidate()  # whatever was set in it ends with it


def _too_long(timeout: float) -> SqlError:
    return SqlError(f"The statement was stopped after {timeout:g} seconds; ask for less, or give it more: --timeout.")


def _names(description: Any) -> tuple[str, ...]:
    return tuple(str(column[0]) for column in description or ())


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason was given"])[0].rstrip(".")
