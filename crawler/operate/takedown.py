"""Taking an article down: its rows, its payloads in capture files, the bytes that a database leaves behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from shlex import quote
from typing import Any, Literal

from sqlalchemy import Connection, Engine, select, text

from crawler.archive import reading, writing
from crawler.archive.beside import crawled_beside, holding_beside, known_beside
from crawler.archive.captures import capture_root
from crawler.archive.engine import take_turn
from crawler.archive.models import Article, Backup, Capture, Entry, Revision, Tombstone, table
from crawler.archive.pages import pages_of_others
from crawler.archive.removal import sweep
from crawler.archive.takedown import Found, take_down
from crawler.capture import Record, iter_records, payload_digest, payload_of
from crawler.operate.forgetting import forget_indexed
from crawler.operate.telling import LARGEST_FIRST, Part, Said, pieces_of, shown_by, squeezed, telling


@dataclass(slots=True, frozen=True)
class HeldBackup:
    """A backup that was made while the archive held the article: it still does, or it is not where it was written."""

    path: str
    made_at: datetime
    state: Literal["holds it", "not found"]


@dataclass(slots=True)
class TakenDown:
    """What was done. `also_in` are articles whose own pages hold most of it; `left` is what could not be finished."""

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
    captures, also_in, left = 0, list[str](), list[str]()
    if stone is None:
        found, also_in = find(engine, folder, uid, on_progress)
        found, left = _ours(engine, folder, found)
        with writing(engine) as connection:
            take_turn(connection)
            if connection.dialect.name == "sqlite":
                connection.execute(text("PRAGMA secure_delete = ON"))
            captures = take_down(connection, uid, reason, found, now())
        stone = _tombstone(engine, uid)
        assert stone is not None
    done = TakenDown(uid, stone["reason"], stone["taken_down_at"], captures, also_in, left=left)
    swept = sweep(engine, folder, damaged=True, on_progress=on_progress)
    done.left += swept.left + swept.shared
    for other in holding_beside(engine, folder, uid):
        there = f"zhaoshang --archive {quote(str(other))} takedown {uid}"
        done.left.append(f"{other} holds it too; take it down there with `{there}`")
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
    """Every payload of the source that carries the article, and the other articles whose own pages hold most of it."""
    captures = table(Capture).c
    with reading(engine) as connection:
        source_id, states = _states(connection, uid)
        named = select(captures.warc_path).where(captures.warc_path.is_not(None)).distinct()
        paths = set(connection.execute(named).scalars())
    parts: dict[str, Part] = {}
    orphans: set[str] = set()
    for path in sorted((root / source_id).glob("*.warc*")) if states else ():
        name = f"{source_id}/{path.name}"
        if on_progress is not None:
            on_progress(name)
        for digest, part in _carrying(path, states):
            if name not in paths:
                orphans.add(name)
            parts[digest] = "most" if "most" in (part, parts.get(digest)) else part
    with reading(engine) as connection:
        others = pages_of_others(connection, uid, parts)
    copies = {other for digest, uids in others.items() if parts[digest] == "most" for other in uids}
    return Found(frozenset(parts.keys() - others.keys()), frozenset(orphans)), sorted(copies)


def _ours(engine: Engine, root: Path, found: Found) -> tuple[Found, list[str]]:
    """Without the files that archives beside know of, or that a crawl into one may be writing; and what is left so."""
    orphans = found.orphans - known_beside(engine, root) if found.orphans else found.orphans
    other = crawled_beside(engine, root) if orphans else None
    if other is None:
        return replace(found, orphans=orphans), []
    left = [f"{name} holds it and may be written by the crawl into {other}; see to it then" for name in sorted(orphans)]
    return replace(found, orphans=frozenset()), left


def _states(connection: Connection, uid: str) -> tuple[str, list[Said]]:
    """The source of an article, and what tells each of its states, and what listings showed of it."""
    articles, states, entries = table(Article).c, table(Revision).c, table(Entry).c
    row = connection.execute(select(table(Article)).where(articles.uid == uid)).one()
    said: list[Any] = list(connection.execute(select(states.title, states.body).where(states.article_id == row.id)))
    said += connection.execute(select(entries.title, entries.summary).where(entries.article_id == row.id))
    said.append((row.title, row.summary))
    pieces = [(title, pieces_of(text, short=row.url is None)) for title, text in said if text]
    return row.source_id, telling(pieces, _other_texts(connection, row.source_id, row.id))


def _other_texts(connection: Connection, source_id: str, article_id: int) -> Iterator[list[str]]:
    """The states of each other article of a source."""
    articles, states = table(Article).c, table(Revision).c
    joined = table(Revision).join(table(Article), articles.id == states.article_id)
    bodies = select(states.article_id, states.body).select_from(joined).order_by(states.article_id)
    wanted = bodies.where(articles.source_id == source_id, articles.id != article_id)
    found = connection.execution_options(yield_per=500).execute(wanted)
    for _, rows in groupby(found, key=lambda row: row.article_id):
        yield [squeezed(row.body) for row in rows]


def _carrying(path: Path, states: list[Said]) -> Iterator[tuple[str, Part]]:
    """The payloads of a file that carry the article, by their digests, and how much of it."""
    for record in iter_records(path):
        if isinstance(record, Record) and record.kind in ("response", "resource"):
            shown = shown_by(payload_of(record).body, record.content_type)
            parts = {state.part_in(shown) for state in states}
            if part := next((each for each in LARGEST_FIRST if each in parts), None):
                yield payload_digest(record.payload), part


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
