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
from crawler.fetch.contact import VARIABLE, ContactMissing, find_contact, user_agent
from crawler.sources import Registry, SourceError, UnknownSource

FREE_BYTES = 1 << 30


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
        agent = user_agent(contact)
    except ContactMissing as error:
        yield Finding("contact", "broken", str(error))
        return
    if contact:
        yield Finding("contact", "ok", f"sites see {agent}")
    else:
        yield Finding("contact", "look", f"Set {VARIABLE} to a web or e-mail address before crawling real sites.")


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
        if database is not None and not database.exists():
            yield Finding("archive", "ok", f"{name} is not there yet; the first crawl makes it")
        else:
            engine = open_archive(given)
            with reading(engine) as connection:
                if database is not None:
                    wrong = connection.execute(text("PRAGMA quick_check(5)")).scalars().all()
                    if wrong != ["ok"]:
                        yield Finding("archive", "broken", f"{name} is damaged ({wrong[0]}): restore it from a backup.")
                articles = connection.execute(text("SELECT count(*) FROM article")).scalar_one()
                crawls = connection.execute(text("SELECT count(*) FROM crawl WHERE status = 'running'")).scalar_one()
            engine.dispose()
            running = f", {crawls} crawls running or cut off" if crawls else ""
            yield Finding("archive", "ok", f"{name} holds {articles} articles{running}")
    except ArchiveError as error:
        yield Finding("archive", "broken", str(error))
        return
    if database is not None:
        free = shutil.disk_usage(database.resolve().parent).free
        state: Literal["ok", "look"] = "ok" if free >= FREE_BYTES else "look"
        advice = "" if state == "ok" else ": free some before the next crawl"
        yield Finding("disk", state, f"{free / (1 << 30):.1f} GiB free beside the archive{advice}")
