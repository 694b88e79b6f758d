"""Taking an article down: its rows, its payloads in capture files, the bytes that a database leaves behind."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine, select, text

from crawler.archive import reading, writing
from crawler.archive.captures import capture_root
from crawler.archive.engine import take_turn
from crawler.archive.models import Article, Backup, Capture, Entry, Revision, Tombstone, table
from crawler.archive.removal import sweep
from crawler.archive.takedown import Found, take_down
from crawler.capture import Record, iter_records, payload_digest, payload_of
from crawler.extract.decode import decode
from crawler.operate.forgetting import forget_indexed

# A line of this length is not in a page by chance; shorter ones are in many pages.
SHORTEST = 20
LONGEST = 60
LINES = 3

_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLANK = re.compile(r"\s+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(slots=True, frozen=True)
class HeldBackup:
    """A backup that was made while the archive held the article: it still does, or it is not where it was written."""

    path: str
    made_at: datetime
    state: Literal["holds it", "not found"]


@dataclass(slots=True)
class TakenDown:
    """What was done. `also_in` are articles whose own pages hold the text; `left` is what could not be finished."""

    uid: str
    reason: str
    taken_down_at: datetime
    captures: int = 0
    also_in: list[str] = field(default_factory=list)
    backups: list[HeldBackup] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def takedown(
    engine: Engine,
    uid: str,
    reason: str,
    *,
    root: Path | None = None,
    on_progress: Callable[[str], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> TakenDown:
    """Take an article down; one that was taken down already is only finished, as after a crash.

    Raises ArchiveError, SourceBusy while its source is crawled, CaptureError where a capture file cannot be written:
    the article is gone from the database then, and the same call completes it.
    """
    folder = root or capture_root(engine)
    stone = _tombstone(engine, uid)
    captures, also_in = 0, list[str]()
    if stone is None:
        found, also_in = find(engine, folder, uid, on_progress)
        with writing(engine) as connection:
            take_turn(connection)
            if connection.dialect.name == "sqlite":
                connection.execute(text("PRAGMA secure_delete = ON"))
            captures = take_down(connection, uid, reason, found, now())
        stone = _tombstone(engine, uid)
        assert stone is not None
    done = TakenDown(uid, stone["reason"], stone["taken_down_at"], captures, also_in)
    done.left += sweep(engine, folder, damaged=True, on_progress=on_progress).left
    done.left += forget_indexed(engine)
    done.left += _forget_free_pages(engine)
    done.backups = _backups(engine, stone)
    return done


def is_taken_down(engine: Engine, uid: str) -> bool:
    """Whether an article was taken down already."""
    return _tombstone(engine, uid) is not None


def _tombstone(engine: Engine, uid: str) -> Any:
    rows = table(Tombstone)
    with reading(engine) as connection:
        return connection.execute(select(rows).where(rows.c.uid == uid)).mappings().first()


def find(engine: Engine, root: Path, uid: str, on_progress: Callable[[str], None] | None) -> tuple[Found, list[str]]:
    """Every payload of the source that holds the article's text, and the other articles whose own pages hold it."""
    captures = table(Capture).c
    with reading(engine) as connection:
        source_id, lines = _lines(connection, uid)
        named = select(captures.warc_path).where(captures.warc_path.is_not(None)).distinct()
        paths = set(connection.execute(named).scalars())
    digests: set[str] = set()
    orphans: set[str] = set()
    for path in sorted((root / source_id).glob("*.warc*")) if lines else ():
        name = f"{source_id}/{path.name}"
        if on_progress is not None:
            on_progress(name)
        for record in _holding(path, lines):
            if name not in paths:
                orphans.add(name)
            digests.add(payload_digest(record.payload))
    own, uids = _pages_of_others(engine, uid, digests)
    return Found(frozenset(digests - own), frozenset(orphans)), uids


def _lines(connection: Any, uid: str) -> tuple[str, frozenset[str]]:
    """The source of an article, and the longest lines of each of its states, and of what listings showed of it."""
    articles, states, entries = table(Article).c, table(Revision).c, table(Entry).c
    row = connection.execute(select(articles.id, articles.source_id).where(articles.uid == uid)).one()
    bodies = list(connection.execute(select(states.body).where(states.article_id == row.id)).scalars())
    bodies += connection.execute(select(entries.summary).where(entries.article_id == row.id)).scalars()
    lines: set[str] = set()
    for body in filter(None, bodies):
        long = sorted(map(_squeezed, body.splitlines()), key=len, reverse=True)[:LINES]
        lines |= {line[:LONGEST] for line in long if len(line) >= SHORTEST}
    return row.source_id, frozenset(lines)


def _holding(path: Path, lines: frozenset[str]) -> Iterator[Record]:
    for record in iter_records(path):
        if isinstance(record, Record) and record.kind in ("response", "resource"):
            shown = _shown(payload_of(record).body, record.content_type)
            if any(line in shown for line in lines):
                yield record


def _shown(body: bytes, content_type: str | None) -> str:
    """The text of a payload without tags, blanks and the escapes of HTML and JSON."""
    page, _ = decode(body, content_type)
    page = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), page)
    return _squeezed(html.unescape(_TAG.sub("", page)))


def _squeezed(line: str) -> str:
    return _BLANK.sub("", line)


def _pages_of_others(engine: Engine, uid: str, digests: set[str]) -> tuple[set[str], list[str]]:
    """Of these payloads those that are other articles' own pages, unless they are the article's too; and their uids."""
    captures, states, articles = table(Capture).c, table(Revision).c, table(Article).c
    joined = table(Revision).join(table(Article), articles.id == states.article_id)
    joined = joined.join(table(Capture), captures.id == states.capture_id)
    columns = select(captures.payload_digest, articles.uid, articles.url).select_from(joined)
    with reading(engine) as connection:
        rows = list(connection.execute(columns.where(captures.payload_digest.in_(digests))))
    mine = {row.payload_digest for row in rows if row.uid == uid}
    others = [row for row in rows if row.uid != uid and row.url is not None and row.payload_digest not in mine]
    return {row.payload_digest for row in others}, sorted({row.uid for row in others})


def _forget_free_pages(engine: Engine) -> list[str]:
    """Write the database file anew: pages that are free now, or were before, may still hold the text."""
    if engine.dialect.name != "sqlite":
        return []
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        return [f"the database file could not be written anew ({error}); run the command again when no crawl runs"]
    finally:
        connection.close()
    return ["the journal could not be emptied; run the command again when no crawl runs"] if busy else []


def _backups(engine: Engine, stone: Any) -> list[HeldBackup]:
    """The backups that hold the article, as far as they can be looked into."""
    rows = table(Backup).c
    made = select(rows.path, rows.made_at).where(rows.made_at >= stone["first_seen_at"]).order_by(rows.id)
    held = []
    with reading(engine) as connection:
        for row in connection.execute(made):
            state = _state(Path(row.path), stone["uid"])
            if state is not None:
                held.append(HeldBackup(row.path, row.made_at, state))
    return held


def _state(path: Path, uid: str) -> Literal["holds it", "not found"] | None:
    if not path.is_file():
        return "not found"
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as backup:
            found = backup.execute("SELECT 1 FROM article WHERE uid = ?", (uid,)).fetchone()
    except sqlite3.Error:
        return "holds it"
    return "holds it" if found else None
