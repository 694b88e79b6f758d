"""Reading the archive: typed records from read-only queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Select, func, select
from sqlalchemy.engine import RowMapping

from crawler.archive.engine import archive_name, open_archive, reading
from crawler.archive.models import (
    Article,
    Attachment,
    Capture,
    Crawl,
    Entry,
    Rejection,
    Revision,
    Source,
    Tombstone,
    table,
)
from crawler.archive.store import entry_key
from crawler.archive.types import uid_of_url
from crawler.extract.urls import canonical_url
from crawler.items import Entry as ShownEntry

LONGEST_UID = 16
LARGEST_ID = 2**31 - 1  # what PostgreSQL can compare with an integer column


class NoSuchArticle(LookupError):
    """No article of that uid or id; the text says what to try, or when and why it was taken down."""


@dataclass(slots=True, frozen=True)
class RevisionRecord:
    """One state of an article. `capture` tells which response it was read from."""

    number: int
    title: str
    published_on: date | None
    body: str
    body_digest: str
    cause: str
    extractor: str
    extracted_at: datetime
    provenance: dict[str, Any]
    reason: str | None = None
    same_as: int | None = None
    capture: dict[str, Any] | None = None


@dataclass(slots=True, frozen=True)
class ArticleRecord:
    """An article as the archive keeps it: its latest content, and where and when it was seen."""

    uid: str
    id: int
    source: str
    url: str | None
    title: str
    published_on: date | None
    published_at: datetime | None
    author: str | None
    origin: str | None
    column_name: str | None
    content: str
    summary: str | None
    region_code: str | None
    body: str
    body_digest: str
    first_seen_at: datetime
    last_seen_at: datetime
    gone_at: datetime | None
    revision_count: int
    listing_url: str | None
    attachments: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class CrawlRecord:
    """One run over one source."""

    id: int
    source: str
    kind: str
    status: str
    started_at: datetime
    finished_at: datetime | None
    version: str
    stats: dict[str, Any]


@dataclass(slots=True, frozen=True)
class SourceRecord:
    """A source as the archive knows it, with what it holds of it."""

    id: str
    name: str
    region: str | None
    kind: str
    homepage: str
    articles: int
    last_crawl_at: datetime | None
    last_status: str | None


# What a revision keeps of an article.
_OF_A_STATE = ("title", "published_on", "body", "body_digest", "content_digest", "revision_count")


class Archive:
    """An archive opened for reading. `url` is a file or a database URL; by default the one the command would use."""

    def __init__(self, url: str | Path | None = None) -> None:
        self.engine = open_archive(str(url) if url is not None else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    @property
    def name(self) -> str:
        """The archive's file, or its URL without password."""
        return archive_name(self.engine.url)

    def article(self, reference: str | int) -> ArticleRecord:
        """The article of a uid (or internal id). Raises NoSuchArticle."""
        rows = table(Article)
        text = str(reference).strip()
        by_id = text.isascii() and text.isdigit() and len(text) < LONGEST_UID and int(text) <= LARGEST_ID
        statement = select(rows).where(rows.c.id == int(text) if by_id else rows.c.uid == text.lower())
        found = self._rows(statement)
        if not found:
            self._say_taken_down(text.lower())
            hint = "`zhaoshang stats` shows what is there" if not by_id else "use its uid of 16 characters"
            raise NoSuchArticle(f"There is no article {text!r} in {self.name}; {hint}.")
        return self._article(found[0])

    def _say_taken_down(self, uid: str) -> None:
        stones = table(Tombstone)
        for stone in self._rows(select(stones).where(stones.c.uid == uid)):
            day = f"{stone['taken_down_at']:%Y-%m-%d}"
            raise NoSuchArticle(f"Article {uid} of {stone['source_id']} was taken down on {day}: {stone['reason']}")

    def revisions(self, article_id: int) -> list[RevisionRecord]:
        """All states of an article, first to last."""
        rows, captures = table(Revision), table(Capture)
        by_capture = {
            row["id"]: dict(row)
            for row in self._rows(
                select(captures).where(
                    captures.c.id.in_(select(rows.c.capture_id).where(rows.c.article_id == article_id))
                )
            )
        }
        statement = select(rows).where(rows.c.article_id == article_id).order_by(rows.c.number)
        return [
            RevisionRecord(
                **{name: row[name] for name in RevisionRecord.__slots__ if name != "capture"},
                capture=by_capture.get(row["capture_id"]),
            )
            for row in self._rows(statement)
        ]

    def articles(self, source: str | None = None) -> Iterator[ArticleRecord]:
        """All articles, newest first, streamed."""
        rows = table(Article)
        statement = select(rows).order_by(rows.c.published_on.desc(), rows.c.id)
        if source is not None:
            statement = statement.where(rows.c.source_id == source)
        with reading(self.engine) as connection:
            for row in connection.execution_options(yield_per=500).execute(statement).mappings():
                yield self._article(row, attachments=False)

    def as_of(self, day: date) -> Iterator[ArticleRecord]:
        """The articles as the archive knew them at the end of a day (UTC): each in its state of then, without the gone.

        Fields that revisions do not keep (author, origin, column, summary) are those of the latest state.
        """
        end = datetime.combine(day + timedelta(days=1), time(), UTC)
        rows, states = table(Article), table(Revision)
        newest = (
            select(states.c.article_id, func.max(states.c.number).label("number"))
            .where(states.c.extracted_at < end)
            .group_by(states.c.article_id)
            .subquery()
        )
        then = rows.join(newest, newest.c.article_id == rows.c.id).join(
            states, (states.c.article_id == rows.c.id) & (states.c.number == newest.c.number)
        )
        there = rows.c.gone_at.is_(None) | (rows.c.gone_at >= end)
        own = [column for column in rows.c if column.name not in _OF_A_STATE]
        of_then = [states.c[name] for name in _OF_A_STATE if name != "revision_count"]
        statement = select(*own, *of_then, states.c.number.label("revision_count")).select_from(then).where(there)
        with reading(self.engine) as connection:
            streamed = connection.execution_options(yield_per=500)
            for row in streamed.execute(statement.order_by(states.c.published_on.desc(), rows.c.id)).mappings():
                yield self._article(row, attachments=False)

    def crawls(self, source: str | None = None, limit: int = 20) -> list[CrawlRecord]:
        """The latest crawls, newest first."""
        rows = table(Crawl)
        statement = select(rows).order_by(rows.c.started_at.desc(), rows.c.id.desc()).limit(limit)
        if source is not None:
            statement = statement.where(rows.c.source_id == source)
        names = ("id", "kind", "status", "started_at", "finished_at", "version", "stats")
        return [
            CrawlRecord(source=row["source_id"], **{name: row[name] for name in names}) for row in self._rows(statement)
        ]

    def article_of(self, url: str) -> ArticleRecord | None:
        """The article at a URL, None where the archive has none."""
        rows = table(Article)
        found = self._rows(select(rows).where(rows.c.uid == uid_of_url(canonical_url(url))))
        return self._article(found[0]) if found else None

    def entries(self, source: str, shown: Iterable[ShownEntry]) -> list[dict[str, Any]]:
        """The archived entries among those that a listing shows; `shown` holds the title it shows now."""
        titles = {entry_key(source, entry): entry.title for entry in shown}
        rows = table(Entry)
        statement = select(rows).where(rows.c.source_id == source, rows.c.key.in_(titles))
        return [{**row, "shown": titles[row["key"]]} for row in self._rows(statement)]

    def rejections(self, crawl_id: int, limit: int = 100) -> list[dict[str, Any]]:
        """What a crawl could not archive, and why."""
        rows = table(Rejection)
        statement = select(rows).where(rows.c.crawl_id == crawl_id).order_by(rows.c.id).limit(limit)
        return [dict(row) for row in self._rows(statement)]

    def sources(self) -> list[SourceRecord]:
        """All sources that were ever crawled or imported."""
        sources, articles, crawls = table(Source), table(Article), table(Crawl)
        counted = select(articles.c.source_id, func.count().label("number")).group_by(articles.c.source_id).subquery()
        looks = crawls.c.kind.not_in(("replay", "reextract"))
        by_time = (crawls.c.started_at.desc(), crawls.c.id.desc())  # merged ones have later numbers
        place = func.row_number().over(partition_by=crawls.c.source_id, order_by=by_time).label("place")
        looked = select(crawls.c.source_id, crawls.c.id, place).where(looks).subquery()
        newest = select(looked.c.source_id, looked.c.id).where(looked.c.place == 1).subquery()
        joined = (
            sources.outerjoin(counted, counted.c.source_id == sources.c.id)
            .outerjoin(newest, newest.c.source_id == sources.c.id)
            .outerjoin(crawls, crawls.c.id == newest.c.id)
        )
        statement = select(sources, counted.c.number, crawls.c.started_at, crawls.c.status).select_from(joined)
        return [
            SourceRecord(
                id=row["id"],
                name=row["name"],
                region=row["region_code"],
                kind=row["kind"],
                homepage=row["homepage"],
                articles=row["number"] or 0,
                last_crawl_at=row["started_at"],
                last_status=row["status"],
            )
            for row in self._rows(statement.order_by(sources.c.id))
        ]

    def stats(self) -> dict[str, Any]:
        """What the archive holds: totals, and counts by source and by year."""
        articles = table(Article)
        counted = (Article, Revision, Entry, Capture, Crawl, Rejection, Source)
        with reading(self.engine) as connection:
            totals = {
                model.__tablename__: connection.execute(select(func.count()).select_from(table(model))).scalar_one()
                for model in counted
            }
            days = select(func.min(articles.c.published_on), func.max(articles.c.published_on))
            first, last = connection.execute(days).one()
            year = func.extract("year", articles.c.published_on)
            by_year = connection.execute(select(year, func.count()).group_by(year).order_by(year)).all()
        return {
            "archive": self.name,
            "totals": totals,
            "first_published_on": first,
            "last_published_on": last,
            "by_source": {row.id: row.articles for row in self.sources()},
            "by_year": {str(int(value)) if value is not None else "undated": number for value, number in by_year},
        }

    def _article(self, row: RowMapping, *, attachments: bool = True) -> ArticleRecord:
        names = [name for name in ArticleRecord.__slots__ if name not in ("source", "attachments")]
        linked = self._attachments(row["id"]) if attachments else []
        return ArticleRecord(source=row["source_id"], attachments=linked, **{name: row[name] for name in names})

    def _attachments(self, article_id: int) -> list[dict[str, Any]]:
        rows = table(Attachment).c
        statement = select(rows.url, rows.label, rows.kind, rows.state).where(rows.article_id == article_id)
        return [dict(row) for row in self._rows(statement.order_by(rows.id))]

    def _rows(self, statement: Select[Any]) -> list[RowMapping]:
        with reading(self.engine) as connection:
            return list(connection.execute(statement).mappings())
