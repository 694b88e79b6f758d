"""Fixity: reading the whole archive back, and naming what is broken and what can be rebuilt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine, Row, Select, func, select, text, update

from crawler.archive import reading, writing
from crawler.archive.captures import capture_root
from crawler.archive.models import Article, Capture, Revision, table
from crawler.archive.types import digest
from crawler.capture import Damage, iter_records

Check = Literal["database", "foreign key", "revision", "article", "capture", "capture file"]
Report = Callable[[str, int], None]


@dataclass(slots=True, frozen=True)
class Problem:
    """One thing that is not as it should be. `rebuildable` says that `verify --repair` can put it right."""

    check: Check
    where: str
    problem: str
    rebuildable: bool = False


@dataclass(slots=True)
class Verified:
    """How much was read back, and what is wrong with it."""

    revisions: int = 0
    captures: int = 0
    files: int = 0
    bytes: int = 0
    problems: list[Problem] | None = None


def verify(engine: Engine, root: Path | None = None, *, on_progress: Report | None = None) -> Verified:
    """Read every revision and capture back and check digests, offsets, foreign keys and the database itself."""
    seen = Verified(problems=[])
    tell = on_progress or (lambda what, count: None)
    problems = seen.problems
    assert problems is not None
    problems += _database(engine)
    problems += _revisions(engine, seen, tell)
    problems += _articles(engine)
    problems += _captures(engine, root or capture_root(engine), seen, tell)
    return seen


def repair(engine: Engine) -> int:
    """Make each article's content and count that of its latest revision again; originals are not touched."""
    articles, revisions = table(Article), table(Revision)
    with writing(engine) as connection:
        wrong = list(connection.execute(_differing()))
        for row in wrong:
            latest = (
                select(revisions).where(revisions.c.article_id == row.id).order_by(revisions.c.number.desc()).limit(1)
            )
            state = connection.execute(latest).mappings().one()
            names = ("title", "published_on", "body", "body_digest", "content_digest")
            content = {name: state[name] for name in names} | {"body_length": len(state["body"])}
            fixed = update(articles).where(articles.c.id == row.id)
            connection.execute(fixed.values(revision_count=state["number"], **content))
    return len(wrong)


def _database(engine: Engine) -> Iterator[Problem]:
    if engine.dialect.name != "sqlite":
        return
    with reading(engine) as connection:
        for (line,) in connection.execute(text("PRAGMA integrity_check(20)")):
            if line != "ok":
                yield Problem("database", "SQLite", str(line))
        for row in connection.execute(text("PRAGMA foreign_key_check")).fetchmany(20):
            yield Problem("foreign key", f"{row[0]} row {row[1]}", f"refers to a row of {row[2]} that is not there")


def _revisions(engine: Engine, seen: Verified, tell: Report) -> Iterator[Problem]:
    rows, articles = table(Revision), table(Article)
    columns = select(articles.c.uid, rows.c.number, rows.c.body, rows.c.body_digest)
    joined = columns.select_from(rows.join(articles, articles.c.id == rows.c.article_id)).order_by(rows.c.id)
    with reading(engine) as connection:
        for row in connection.execution_options(yield_per=500).execute(joined):
            seen.revisions += 1
            if seen.revisions % 1000 == 0:
                tell("revisions", seen.revisions)
            if digest(row.body) != row.body_digest:
                yield Problem("revision", f"{row.uid} revision {row.number}", "its text does not fit its digest")


def _differing() -> Select[Any]:
    """Articles that are not as their latest revision says."""
    articles, revisions = table(Article).c, table(Revision).c
    latest = select(revisions.article_id, func.max(revisions.number).label("number")).group_by(revisions.article_id)
    newest = latest.subquery()
    joined = (
        table(Article)
        .join(newest, newest.c.article_id == articles.id)
        .join(table(Revision), (revisions.article_id == articles.id) & (revisions.number == newest.c.number))
    )
    differs = (
        (articles.revision_count != revisions.number)
        | (articles.title != revisions.title)
        | (articles.body_digest != revisions.body_digest)
        | (articles.body != revisions.body)
        | (articles.published_on.is_distinct_from(revisions.published_on))
    )
    return select(articles.id, articles.uid).select_from(joined).where(differs)


def _articles(engine: Engine) -> Iterator[Problem]:
    articles, revisions = table(Article).c, table(Revision).c
    with reading(engine) as connection:
        for row in connection.execute(_differing()):
            yield Problem("article", row.uid, "is not as its latest revision says", rebuildable=True)
        bare = select(articles.uid).where(~select(revisions.id).where(revisions.article_id == articles.id).exists())
        for uid in connection.execute(bare).scalars():
            yield Problem("article", uid, "has no revision")


def _captures(engine: Engine, root: Path, seen: Verified, tell: Report) -> Iterator[Problem]:
    """Each file is read once, from start to end; the records must stand where the archive says."""
    rows = table(Capture).c
    with reading(engine) as connection:
        named = select(rows.warc_path).where(rows.warc_path.is_not(None), rows.expired_at.is_(None)).distinct()
        paths = list(connection.execute(named.order_by(rows.warc_path)).scalars())
    for name in paths:
        with reading(engine) as connection:
            kept = select(rows.id, rows.url, rows.warc_offset, rows.warc_length, rows.payload_digest)
            there = kept.where(rows.warc_path == name, rows.expired_at.is_(None))
            wanted = {row.warc_offset: row for row in connection.execute(there)}
        seen.files += 1
        seen.captures += len(wanted)
        tell(name, seen.captures)
        try:
            yield from _file(root / name, name, wanted, seen)
        except OSError as error:
            yield Problem("capture file", name, f"cannot be read ({error.strerror}); {len(wanted)} captures are in it")


def _file(path: Path, name: str, wanted: Mapping[int, Row[*tuple[Any, ...]]], seen: Verified) -> Iterator[Problem]:
    found: set[int] = set()
    for record in iter_records(path):
        if isinstance(record, Damage):
            yield Problem("capture file", f"{name}, byte {record.offset}", record.reason)
            continue
        row = wanted.get(record.offset)
        if row is None:
            continue
        found.add(record.offset)
        if record.length != row.warc_length or record.field("WARC-Payload-Digest") != row.payload_digest:
            yield Problem("capture", f"{name}, byte {record.offset}", "is not the record that the archive names")
    seen.bytes += path.stat().st_size
    for offset in sorted(wanted.keys() - found):
        yield Problem("capture", f"{name}, byte {offset}", f"is not there: {wanted[offset].url}")
