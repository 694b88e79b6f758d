"""A consistent copy of the archive and its captures, made while crawls run."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select

from crawler.archive import ArchiveError, archive_name, open_archive, reading
from crawler.archive.captures import FOLDER, capture_root
from crawler.archive.models import Capture, table


@dataclass(slots=True, frozen=True)
class BackedUp:
    """What a backup holds: the copy of the archive, and how many capture files with how many bytes."""

    archive: Path
    files: int
    bytes: int


def backup(engine: Engine, folder: Path, on_progress: Callable[[str], None] | None = None) -> BackedUp:
    """Copy an archive into a new folder: the database first, then every capture file that it names.

    A capture file only grows, and what the copied database names was synced before it was committed, so the copies
    hold it.
    Raises ArchiveError where the archive is no SQLite file, or the folder is in use.
    """
    database = engine.url.database if engine.url.get_backend_name() == "sqlite" else None
    if database is None:
        raise ArchiveError("A backup is made of SQLite archives; for PostgreSQL use pg_dump and copy the warc folder.")
    target = folder / Path(database).name
    if target.exists():
        raise ArchiveError(f"{target} exists already; name a new folder for each backup.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        original = sqlite3.connect(f"{Path(database).resolve().as_uri()}?mode=ro", uri=True)
        with closing(original), closing(sqlite3.connect(partial)) as copy:
            original.backup(copy, pages=1000)
        partial.rename(target)
        return _captures(engine, open_archive(str(target)), target, folder / FOLDER, on_progress)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ArchiveError(f"The backup of {archive_name(engine.url)} to {folder} failed ({reason}).") from error


def _captures(
    engine: Engine, copy: Engine, target: Path, folder: Path, on_progress: Callable[[str], None] | None
) -> BackedUp:
    root = capture_root(engine)
    rows = table(Capture).c
    with reading(copy) as connection:
        named = select(rows.warc_path).where(rows.warc_path.is_not(None), rows.expired_at.is_(None)).distinct()
        names = sorted(connection.execute(named).scalars())
    copy.dispose()
    size = 0
    for name in names:
        if on_progress is not None:
            on_progress(name)
        kept = folder / name
        kept.parent.mkdir(parents=True, exist_ok=True)
        # A link would grow with a file that is still written to; only what is a copy stays as it was.
        shutil.copyfile(root / name, kept)
        size += kept.stat().st_size
    return BackedUp(target, len(names), size)
