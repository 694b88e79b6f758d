"""Checks of the database: its own integrity, each state's text, each article beside its states, what was taken down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, Select, func, select, text, update

from crawler.archive import reading, writing
from crawler.archive.models import Article, Entry, Revision, Tombstone, TombstoneMark, table
from crawler.archive.types import digest
from crawler.operate.problems import Problem, Reading

MOST = 20  # of what SQLite itself finds


def database(seen: Reading) -> Iterator[Problem]:
    """SQLite's own integrity; PostgreSQL sees to its own."""
    if seen.engine.dialect.name == "sqlite":
        with reading(seen.engine) as connection:
            for (line,) in connection.execute(text(f"PRAGMA integrity_check({MOST})")):
                if line != "ok":
                    yield Problem("database", "SQLite", str(line))


def foreign_keys(seen: Reading) -> Iterator[Problem]:
    """Rows that refer to rows which are not there."""
    if seen.engine.dialect.name == "sqlite":
        with reading(seen.engine) as connection:
            for row in connection.execute(text("PRAGMA foreign_key_check")).fetchmany(MOST):
                yield Problem("foreign key", f"{row[0]} row {row[1]}", f"refers to a row of {row[2]} that is not there")


def revisions(seen: Reading) -> Iterator[Problem]:
    """Each state's text fits its digest."""
    rows, articles = table(Revision), table(Article)
    columns = select(articles.c.uid, rows.c.number, rows.c.body, rows.c.body_digest)
    joined = columns.select_from(rows.join(articles, articles.c.id == rows.c.article_id)).order_by(rows.c.id)
    with reading(seen.engine) as connection:
        for row in connection.execution_options(yield_per=500).execute(joined):
            seen.revisions += 1
            if seen.revisions % 1000 == 0:
                seen.tell("revisions", seen.revisions)
            if digest(row.body) != row.body_digest:
                yield Problem("revision", f"{row.uid} revision {row.number}", "its text does not fit its digest")


def articles(seen: Reading) -> Iterator[Problem]:
    """Each article is as its latest state says, and has all its states."""
    articles, revisions = table(Article).c, table(Revision).c
    with reading(seen.engine) as connection:
        for row in connection.execute(_differing()):
            yield Problem("article", row.uid, "is not as its latest revision says", rebuildable=True)
        bare = select(articles.uid).where(~select(revisions.id).where(revisions.article_id == articles.id).exists())
        for uid in connection.execute(bare).scalars():
            yield Problem("article", uid, "has no revision")
        counted = select(articles.uid, articles.revision_count, func.count(revisions.id).label("number"))
        grouped = counted.join(table(Revision), revisions.article_id == articles.id).group_by(articles.id)
        for row in connection.execute(grouped.having(func.count(revisions.id) < func.max(revisions.number))):
            yield Problem("article", row.uid, f"has {row.number} revisions, and some before the latest are missing")


def tombstones(seen: Reading) -> Iterator[Problem]:
    """Nothing of what was taken down is there again."""
    stones, marks = table(Tombstone).c, table(TombstoneMark).c
    articles, entries = table(Article).c, table(Entry).c
    back = "was taken down, and is there again; run `zhaoshang takedown` on it once more"
    with reading(seen.engine) as connection:
        again = select(articles.uid).where(articles.uid.in_(select(stones.uid)) | articles.uid.in_(select(marks.mark)))
        for uid in connection.execute(again).scalars():
            yield Problem("tombstone", uid, back)
        quoted = select(entries.id, marks.uid).join(table(TombstoneMark), marks.mark == entries.key)
        for row in connection.execute(quoted):
            yield Problem("tombstone", row.uid, f"was taken down, and entry row {row.id} quotes it")


def repair_articles(engine: Engine) -> int:
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
            content["facts_version"] = None  # they were of another text
            fixed = update(articles).where(articles.c.id == row.id)
            connection.execute(fixed.values(revision_count=state["number"], **content))
    return len(wrong)


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
