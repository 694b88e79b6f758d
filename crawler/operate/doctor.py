"""Looking for what would keep a crawl from working, before it does."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import scrapy
import sqlalchemy
from sqlalchemy import text

from crawler.archive import ArchiveError, archive_name, archive_url, open_archive, reading
from crawler.fetch.contact import VARIABLE, ContactMissing, find_contact, require_contact, user_agent
from crawler.sources import Registry, SourceError, UnknownSource

FREE_BYTES = 1 << 30
SOME_SITE = "http://www.gov.cn/"  # any site that is not on this machine; it is not asked


@dataclass(slots=True, frozen=True)
class Finding:
    """One check: what was looked at, whether it is well, and where not, what to do."""

    check: str
    state: Literal["ok", "look", "broken"]
    finding: str


def examine(archive: str | None = None) -> list[Finding]:
    """All checks, in the order a newcomer would meet their subjects."""
    return [*_programs(), *_contact(), *_sources(), *_archive(archive)]


def _programs() -> Iterator[Finding]:
    versions = f"Python {platform.python_version()}, Scrapy {scrapy.__version__}, SQLAlchemy {sqlalchemy.__version__}"
    yield Finding("programs", "ok", f"{versions}, SQLite {sqlite3.sqlite_version}")
    encoding = (sys.stdout.encoding or "").lower()
    if encoding not in ("utf-8", "utf8"):
        yield Finding("terminal", "look", f"Output is encoded as {encoding}: set PYTHONUTF8=1 to see Chinese text.")


def _contact() -> Iterator[Finding]:
    contact = find_contact()
    try:
        require_contact(contact, [SOME_SITE])
    except ContactMissing as error:
        if contact:
            yield Finding("contact", "broken", str(error))
        else:
            yield Finding("contact", "look", f"Set {VARIABLE} to a web or e-mail address before crawling real sites.")
        return
    yield Finding("contact", "ok", f"sites see {user_agent(contact)}")


def _sources() -> Iterator[Finding]:
    registry = Registry()
    wrong = 0
    for source_id in registry.ids():
        try:
            registry[source_id]
        except (SourceError, UnknownSource) as error:
            wrong += 1
            yield Finding("source", "broken", str(error))
    if not wrong:
        yield Finding("sources", "ok", f"{len(registry.ids())} source files read")


def _archive(given: str | None) -> Iterator[Finding]:
    try:
        url = archive_url(given)
        name = archive_name(url)
        database = Path(url.database or ".") if url.get_backend_name() == "sqlite" else None
        folder = database.resolve().parent if database is not None else None
        if folder is not None and not folder.is_dir():
            yield Finding("archive", "broken", f"{name} cannot be made: there is no folder {folder}.")
            return
        if database is not None and not database.exists():
            yield Finding("archive", "ok", f"{name} is not there yet; the first crawl makes it")
        else:
            yield _opened(given, name, database is not None)
    except ArchiveError as error:
        yield Finding("archive", "broken", str(error))
        return
    if folder is not None:
        yield _disk(folder)


def _opened(given: str | None, name: str, is_file: bool) -> Finding:
    """What a look into the archive shows. Raises ArchiveError."""
    engine = open_archive(given)
    try:
        with reading(engine) as connection:
            wrong = connection.execute(text("PRAGMA quick_check(5)")).scalars().all() if is_file else ["ok"]
            if wrong != ["ok"]:
                return Finding("archive", "broken", f"{name} is damaged ({wrong[0]}): restore it from a backup.")
            articles = connection.execute(text("SELECT count(*) FROM article")).scalar_one()
            crawls = connection.execute(text("SELECT count(*) FROM crawl WHERE status = 'running'")).scalar_one()
    finally:
        engine.dispose()
    running = f", {crawls} crawls running or cut off" if crawls else ""
    return Finding("archive", "ok", f"{name} holds {articles} articles{running}")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    room = f"{free / (1 << 30):.1f} GiB free beside the archive"
    if free >= FREE_BYTES:
        return Finding("disk", "ok", room)
    return Finding("disk", "look", f"{room}: free some before the next crawl")
