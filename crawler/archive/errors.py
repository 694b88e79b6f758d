"""What can be wrong with an archive, each as one sentence that says what to do next."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class ArchiveError(RuntimeError):
    """The archive cannot be used; the text is one sentence that says what to do."""


class ArchiveMissing(ArchiveError):
    """There is no archive of that name yet."""


class ArchiveFull(ArchiveError):
    """The disk under the archive is full. What was committed is safe."""


class ArchiveBusy(ArchiveError):
    """Another program holds the archive."""


class SourceBusy(ArchiveBusy):
    """Another process crawls the same source into the same archive."""


# By SQLite's extended or primary result code: https://www.sqlite.org/rescode.html
_SQLITE: dict[int, tuple[type[ArchiveError], str]] = {
    sqlite3.SQLITE_BUSY: (ArchiveBusy, "is locked by another program; close it or wait, then run the command again"),
    sqlite3.SQLITE_LOCKED: (ArchiveBusy, "is locked by another program; close it or wait, then run the command again"),
    sqlite3.SQLITE_READONLY: (ArchiveError, "is read-only; give it write permission or choose another with --archive"),
    sqlite3.SQLITE_CANTOPEN: (ArchiveError, "cannot be opened; check that its folder exists and may be written to"),
    sqlite3.SQLITE_PERM: (ArchiveError, "may not be opened; check its permissions"),
    sqlite3.SQLITE_CORRUPT: (ArchiveError, "is damaged; restore it from a backup, or try `sqlite3 FILE .recover`"),
    sqlite3.SQLITE_NOTADB: (ArchiveError, "is no SQLite database; choose another file with --archive"),
    sqlite3.SQLITE_FULL: (ArchiveFull, "has no room left on its disk; free some space and run the command again"),
    sqlite3.SQLITE_IOERR: (ArchiveFull, "could not be read or written by its disk; check the disk and its free space"),
}


def explain(error: SQLAlchemyError, name: str) -> ArchiveError:
    """The sentence for a database error; `name` is the archive as its user knows it (see `archive_name`)."""
    original = error.orig if isinstance(error, DBAPIError) else None
    return explain_driver(original or error, name)


def explain_driver(error: BaseException, name: str) -> ArchiveError:
    """The sentence for an error of a database driver."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        kind, words = _SQLITE.get(code & 0xFF, (ArchiveError, f"answered: {error}"))
        return kind(f"The archive {name} {words}.")
    first_line = str(error).strip().splitlines()[0].rstrip(".")
    return ArchiveError(f"The archive {name} cannot be used: {first_line}.")
