"""What reading the archive gives: typed records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


class NoSuchArticle(LookupError):
    """No article of that uid or id; the text says what to try, or when and why it was taken down."""


class NoSuchCrawl(LookupError):
    """No crawl of that number; the text says what to try."""


@dataclass(slots=True, frozen=True)
class RevisionRecord:
    """One state of an article. `capture` tells which response it was read from, `parts` those of its further pages."""

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
    parts: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True, frozen=True)
class ArticleRecord:
    """An article as the archive keeps it: its latest content, and where and when it was seen.

    `others` is how many other publications of its story the archive holds, or held on the day that was asked for.
    """

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
    others: int = 0
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
