"""A consistent copy of the archive and its captures, made while crawls run."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, insert, select

from crawler.archive import ArchiveError, archive_name, open_archive, reading, writing
from crawler.archive.address import read_address
from crawler.archive.captures import FOLDER, capture_root
from crawler.archive.engine import take_turn
from crawler.archive.models import Backup, Capture, Crawl, table
from crawler.capture import Damage, iter_records

ATTEMPTS = 3  # files may be written anew (expiry, takedown) between the copy of the database and theirs


@dataclass(slots=True, frozen=True)
class BackedUp:
    """What a backup holds: the copy of the archive, and how many capture files with how many bytes.

    `linked` of the files share their bytes with the archive's; `recorded` says that the archive knows of the backup.
    """

    archive: Path
    files: int
    bytes: int
    linked: int
    recorded: bool


class _FilesMoved(Exception):
    """A file that the copied database names was written anew meanwhile."""


def backup(
    engine: Engine,
    folder: Path,
    on_progress: Callable[[str], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> BackedUp:
    """Copy an archive into a new folder: the database first, then every capture file that it names.

    What the copied database names was synced before it was committed, so the files hold it. Files of finished crawls
    never change and are linked where the file system can; one that a running crawl writes is copied, and the copy ends
    with its last whole record. The backup is recorded in the archive, so that a takedown can name it.
    Raises ArchiveError where the archive is no SQLite file, or the folder is in use.
    """
    database = engine.url.database if engine.url.get_backend_name() == "sqlite" else None
    if database is None:
        raise ArchiveError("A backup is made of SQLite archives; for PostgreSQL use pg_dump and copy the warc folder.")
    target = (folder / Path(database).name).absolute()
    if target.exists():
        raise ArchiveError(f"{target} exists already; name a new folder for each backup.")
    made_at = now()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        for attempt in range(1, ATTEMPTS + 1):
            _copy_database(Path(database), partial)
            try:
                files, size, linked = _captures(engine, partial, target.parent / FOLDER, on_progress)
                break
            except _FilesMoved as error:
                shutil.rmtree(target.parent / FOLDER, ignore_errors=True)
                if attempt == ATTEMPTS:
                    raise ArchiveError(f"The capture file {error} is missing; `zhaoshang verify` says more.") from error
        partial.rename(target)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ArchiveError(f"The backup of {archive_name(engine.url)} to {folder} failed ({reason}).") from error
    return BackedUp(target, files, size, linked, _record(database, target, made_at))


def _copy_database(database: Path, partial: Path) -> None:
    partial.unlink(missing_ok=True)
    original = sqlite3.connect(read_address(database), uri=True)
    with closing(original), closing(sqlite3.connect(partial)) as copy:
        original.backup(copy, pages=1000)


def _captures(
    engine: Engine, copied: Path, folder: Path, on_progress: Callable[[str], None] | None
) -> tuple[int, int, int]:
    """Take over every file that the copied database names. Gives their number, their bytes, and how many are links."""
    root = capture_root(engine)
    rows = table(Capture).c
    copy = open_archive(str(copied))
    with reading(copy) as connection:
        living = select(rows.warc_path).where(rows.warc_path.is_not(None), rows.expired_at.is_(None)).distinct()
        names = sorted(connection.execute(living).scalars())
        running = select(table(Crawl).c.id).where(table(Crawl).c.status == "running")
        growing = set(connection.execute(living.where(rows.crawl_id.in_(running))).scalars())
    copy.dispose()
    size = linked = 0
    for name in names:
        if on_progress is not None:
            on_progress(name)
        kept = folder / name
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            linked += _take_over(root / name, kept, growing=name in growing)
        except FileNotFoundError as error:
            raise _FilesMoved(name) from error
        size += kept.stat().st_size
    return len(names), size, linked


def _take_over(original: Path, kept: Path, *, growing: bool) -> bool:
    """Link a file or copy it; says whether it is a link. A link would grow with a file that is still written to."""
    if not growing:
        try:
            os.link(original, kept)
            return True
        except FileNotFoundError:
            raise
        except OSError:  # another file system, or one without links
            pass
    shutil.copyfile(original, kept)
    if growing:
        _end_whole(kept)
    return False


def _end_whole(path: Path) -> None:
    """Cut off the record that was being written while the file was copied."""
    end = None
    for found in iter_records(path):
        end = found.offset if isinstance(found, Damage) else None
    if end is not None:
        os.truncate(path, end)


def _record(database: str, target: Path, made_at: datetime) -> bool:
    """Note the backup in the archive; one that cannot be written to keeps no note."""
    try:
        engine = open_archive(database, write=True)
        try:
            with writing(engine) as connection:
                take_turn(connection)
                connection.execute(insert(table(Backup)), {"path": str(target), "made_at": made_at})
        finally:
            engine.dispose()
    except ArchiveError:
        return False
    return True
