"""Reading the archive: typed records from read-only queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from sqlalchemy import Select, select
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
    RevisionPart,
    Tombstone,
    table,
)
from crawler.archive.store import entry_key
from crawler.archive.types import uid_of_url
from crawler.extract.urls import canonical_url
from crawler.fact_items import Facts
from crawler.items import Entry as ShownEntry
from crawler.research.articles import Articles, FilterWords, article_query, article_record
from crawler.research.counts import sources_of, totals_of
from crawler.research.facts import facts_of
from crawler.research.filters import Filters
from crawler.research.records import (
    ArticleRecord,
    CrawlRecord,
    NoSuchArticle,
    NoSuchCrawl,
    RevisionRecord,
    SourceRecord,
)
from crawler.research.selection import check_sources
from crawler.research.stories import Publication, Syndication, publications, syndication

if TYPE_CHECKING:
    from crawler.research.search import SearchResults
    from crawler.research.sql import SqlResult

LONGEST_UID = 16
LARGEST_ID = 2**31 - 1  # what PostgreSQL can compare with an integer column
_EVERY = Filters(all=True)


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
        """The article of a uid, a URL or an internal id. Raises NoSuchArticle."""
        rows = table(Article)
        given = text = str(reference).strip()
        if "://" in given:
            text = uid_of_url(canonical_url(given))
        by_id = text.isascii() and text.isdigit() and len(text) < LONGEST_UID and int(text) <= LARGEST_ID
        same = rows.c.id == int(text) if by_id else rows.c.uid == text.lower()
        statement = article_query(_EVERY).where(same)
        found = self._rows(statement)
        if not found:
            self._say_taken_down(text.lower())
            hint = "`zhaoshang stats` shows what is there" if not by_id else "use its uid of 16 characters"
            raise NoSuchArticle(f"There is no article {given!r} in {self.name}; {hint}.")
        return self._article(found[0])

    def _say_taken_down(self, uid: str) -> None:
        stones = table(Tombstone)
        for stone in self._rows(select(stones).where(stones.c.uid == uid)):
            day = f"{stone['taken_down_at']:%Y-%m-%d}"
            raise NoSuchArticle(f"Article {uid} of {stone['source_id']} was taken down on {day}: {stone['reason']}")

    def revisions(self, article_id: int) -> list[RevisionRecord]:
        """All states of an article, first to last."""
        rows, parts, captures = table(Revision), table(RevisionPart), table(Capture)
        mine = rows.c.article_id == article_id
        firsts = select(captures).where(captures.c.id.in_(select(rows.c.capture_id).where(mine)))
        by_capture = {row["id"]: dict(row) for row in self._rows(firsts)}
        further = select(parts.c.revision_id, captures).join(captures, captures.c.id == parts.c.capture_id)
        further = further.where(parts.c.revision_id.in_(select(rows.c.id).where(mine))).order_by(parts.c.number)
        by_revision: dict[int, list[dict[str, Any]]] = {}
        for row in self._rows(further):
            capture = dict(row)
            by_revision.setdefault(capture.pop("revision_id"), []).append(capture)
        return [
            RevisionRecord(
                **{name: row[name] for name in RevisionRecord.__slots__ if name not in ("capture", "parts")},
                capture=by_capture.get(row["capture_id"]),
                parts=tuple(by_revision.get(row["id"], ())),
            )
            for row in self._rows(select(rows).where(mine).order_by(rows.c.number))
        ]

    def facts(self, reference: str | int) -> Facts:
        """What was read out of an article's latest state, each with its span. Raises NoSuchArticle."""
        return facts_of(self.engine, self.article(reference).id)

    def articles(self, source: str | Iterable[str] | None = None, **filters: Unpack[FilterWords]) -> Articles:
        """Articles, newest first, streamed: `articles(region="420100", since="2025-01-01", event="signing")`.

        The words are those of `crawler.research.filters.Filters.of`. Of a story that several sites published only the
        first publication is given, unless `all=True`. Raises FilterError, also where the archive knows no such source.
        """
        asked = Filters.of(source=source, **filters)
        self._check_sources(asked)
        return Articles(self.engine, asked)

    def as_of(self, day: str | int | date, *, all: bool = False) -> Articles:
        """The articles as the archive knew them at the end of a day (UTC): each in its state of then, without the gone.

        Author, origin and region are those of that day as far as corrections tell, and else, like what no state keeps
        (column, summary, when last seen, when gone), those of today. Raises FilterError.
        """
        return Articles(self.engine, Filters.of(as_of=day, all=all))

    def search(
        self,
        query: str = "",
        *,
        source: str | Iterable[str] | None = None,
        sort: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        **filters: Unpack[FilterWords],
    ) -> SearchResults:
        """The articles that match a query and filters, best first: `search("光谷", region="420100", since="2025")`.

        `total` and `facets` are there at once, the articles are read as they are iterated. Raises QueryError,
        FilterError, and SearchError where the index cannot be written.
        """
        from crawler.research.search import rows_of_engine, search

        asked = Filters.of(source=source, **filters)
        return search(rows_of_engine(self.engine), query, asked, sort=sort, limit=limit, offset=offset)

    def sql(self, statement: str, timeout: float = 30.0) -> SqlResult:
        """The rows of one SQL statement that reads; `timeout` is in seconds. Raises SqlError."""
        from crawler.research.search import rows_of_engine
        from crawler.research.sql import run_sql

        return run_sql(rows_of_engine(self.engine), statement, timeout)

    def crawls(self, source: str | None = None, limit: int = 20) -> list[CrawlRecord]:
        """The latest crawls, newest first. Raises FilterError where the archive knows no such source."""
        if source is not None:
            self._check_sources(Filters(sources=(source,)))
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
        same = table(Article).c.uid == uid_of_url(canonical_url(url))
        found = self._rows(article_query(_EVERY).where(same))
        return self._article(found[0]) if found else None

    def entries(self, source: str, shown: Iterable[ShownEntry]) -> list[dict[str, Any]]:
        """The archived entries among those that a listing shows; `shown` holds the title it shows now."""
        titles = {entry_key(source, entry): entry.title for entry in shown}
        rows = table(Entry)
        statement = select(rows).where(rows.c.source_id == source, rows.c.key.in_(titles))
        return [{**row, "shown": titles[row["key"]]} for row in self._rows(statement)]

    def rejections(self, crawl_id: int, limit: int = 100) -> list[dict[str, Any]]:
        """What a crawl could not archive, and why. Raises NoSuchCrawl."""
        crawls = table(Crawl).c
        if crawl_id > LARGEST_ID or not self._rows(select(crawls.id).where(crawls.id == crawl_id)):
            raise NoSuchCrawl(f"There is no crawl {crawl_id} in {self.name}; `zhaoshang runs` shows those there are.")
        rows = table(Rejection)
        statement = select(rows).where(rows.c.crawl_id == crawl_id).order_by(rows.c.id).limit(limit)
        return [dict(row) for row in self._rows(statement)]

    def sources(self) -> list[SourceRecord]:
        """All sources that were ever crawled or imported."""
        return sources_of(self.engine)

    def stats(self, *, all: bool = False) -> dict[str, Any]:
        """What the archive holds: rows of its tables, and articles by source and by year.

        Of a story that several sites published only the first publication counts, and `others` says how many more there
        are; with `all` every publication counts.
        """
        return {"archive": self.name, **totals_of(self.engine, all=all)}

    def story(self, reference: str | int) -> list[Publication]:
        """The other publications of an article's story, its parts and what it is a part of. Raises NoSuchArticle."""
        article = self.article(reference)
        with reading(self.engine) as connection:
            return publications(connection, article.id)

    def syndication(self) -> list[Syndication]:
        """Which sources publish what others had published first, how often and after how many days."""
        with reading(self.engine) as connection:
            return syndication(connection)

    def _check_sources(self, filters: Filters) -> None:
        if filters.sources:
            with reading(self.engine) as connection:
                check_sources(connection, filters)

    def _article(self, row: RowMapping) -> ArticleRecord:
        return article_record(row, self._attachments(row["id"]))

    def _attachments(self, article_id: int) -> list[dict[str, Any]]:
        rows = table(Attachment).c
        statement = select(rows.url, rows.label, rows.kind, rows.state).where(rows.article_id == article_id)
        return [dict(row) for row in self._rows(statement.order_by(rows.id))]

    def _rows(self, statement: Select[Any]) -> list[RowMapping]:
        with reading(self.engine) as connection:
            return list(connection.execute(statement).mappings())
