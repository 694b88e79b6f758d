"""The tables of a crawl: sources, runs, frontier, captures, entries, articles with their revisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from crawler.archive.models.base import Base


class Source(Base):
    """One site that was crawled or imported."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str]
    region_code: Mapped[str | None] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(16))
    homepage: Mapped[str]
    politeness_group: Mapped[str | None]
    paused_at: Mapped[datetime | None]
    paused_reason: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Crawl(Base):
    """One run over one source. `owner` is `host:pid:start` of its process, which tells a dead run from a live one."""

    __tablename__ = "crawl"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    kind: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(16))
    stats: Mapped[dict[str, Any]]
    version: Mapped[str] = mapped_column(String(32))
    owner: Mapped[str | None]
    seen_alive_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "source_id", "id"), Index(None, "status"))


class Frontier(Base):
    """What a crawl still has to fetch, and has fetched. `key` is the canonical URL (with the form, for a post)."""

    __tablename__ = "frontier"
    id: Mapped[int] = mapped_column(primary_key=True)
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawl.id", ondelete="CASCADE"))
    url: Mapped[str]
    key: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    depth: Mapped[int]
    state: Mapped[str] = mapped_column(String(8))
    meta: Mapped[dict[str, Any]]
    __table_args__ = (
        UniqueConstraint("crawl_id", "key"),
        Index(
            "ix_frontier_waiting",
            "crawl_id",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )


class Capture(Base):
    """One HTTP response, or one imported file. The `warc_*` columns say where its bytes are kept, if they are.

    `body_digest` and `body_length` are of the body with its Content-Encoding undone, `payload_digest` is of the payload
    as the wire carried it. `revisit` says that the record refers to an earlier one with the same payload.
    """

    __tablename__ = "capture"
    id: Mapped[int] = mapped_column(primary_key=True)
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawl.id"))
    url: Mapped[str]
    requested_url: Mapped[str]
    fetched_at: Mapped[datetime]
    status: Mapped[int]
    content_type: Mapped[str | None]
    charset: Mapped[str | None]
    body_digest: Mapped[str] = mapped_column(String(71))
    body_length: Mapped[int]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    payload_digest: Mapped[str | None] = mapped_column(String(71))
    revisit: Mapped[bool | None]
    warc_path: Mapped[str | None]
    warc_offset: Mapped[int | None]
    warc_length: Mapped[int | None]
    expired_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "crawl_id"), Index(None, "payload_digest"))


class Entry(Base):
    """What a listing showed, followed or not. `key` names it within its source: the uid of its URL or record."""

    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    key: Mapped[str] = mapped_column(String(16))
    listing_url: Mapped[str]
    url: Mapped[str | None]
    title: Mapped[str]
    published_on: Mapped[date | None]
    summary: Mapped[str | None]
    external: Mapped[bool]
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    last_crawl_id: Mapped[int] = mapped_column(ForeignKey("crawl.id"))
    __table_args__ = (UniqueConstraint("source_id", "key"), Index(None, "article_id"))


class Article(Base):
    """What the archive keeps: the content of the latest revision.

    `content_digest` leaves out what is no content (see `crawler.extract.volatile`). `doubtful_digest` is a state that
    looks cut and waits to be seen a second time; `missing_since` is when the site first said that the page is gone.
    """

    __tablename__ = "article"
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(16), unique=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    url: Mapped[str | None]
    listing_url: Mapped[str | None]
    title: Mapped[str]
    published_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
    author: Mapped[str | None]
    origin: Mapped[str | None]
    column_name: Mapped[str | None]
    content: Mapped[str] = mapped_column(String(16))
    summary: Mapped[str | None]
    region_code: Mapped[str | None] = mapped_column(String(6))
    body_digest: Mapped[str] = mapped_column(String(71))
    content_digest: Mapped[str | None] = mapped_column(String(71))
    body_length: Mapped[int | None]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    missing_since: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    doubtful_digest: Mapped[str | None] = mapped_column(String(71))
    revision_count: Mapped[int]
    last_crawl_id: Mapped[int] = mapped_column(ForeignKey("crawl.id"))
    cluster_id: Mapped[int | None]
    facts_version: Mapped[int | None]
    body: Mapped[str]
    __table_args__ = (
        Index(None, "source_id", "published_on"),
        Index(None, "published_on"),
        Index(None, "cluster_id"),
        Index(
            "ix_article_record_title",
            "source_id",
            "title",
            sqlite_where=text("url IS NULL"),
            postgresql_where=text("url IS NULL"),
        ),
    )


class Revision(Base):
    """One state of an article's content. `provenance` says for each field which rule gave it.

    `same_as` is the number of an earlier revision with the same content (A, B, A); `reason` goes with a correction.
    """

    __tablename__ = "revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str]
    published_on: Mapped[date | None]
    body: Mapped[str]
    body_digest: Mapped[str] = mapped_column(String(71))
    content_digest: Mapped[str | None] = mapped_column(String(71))
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id"))
    cause: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None]
    same_as: Mapped[int | None]
    extractor: Mapped[str] = mapped_column(String(32))
    extracted_at: Mapped[datetime]
    provenance: Mapped[dict[str, Any]]
    __table_args__ = (UniqueConstraint("article_id", "number"), Index(None, "capture_id"))


class Correction(Base):
    """A field that a person put right; later crawls keep its value. The newest row of a field counts."""

    __tablename__ = "correction"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(16))
    value: Mapped[str | None]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    __table_args__ = (Index(None, "article_id"),)


class Attachment(Base):
    """A file or image that an article refers to; `state` is `linked` until something fetches it."""

    __tablename__ = "attachment"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    url: Mapped[str]
    label: Mapped[str]
    kind: Mapped[str] = mapped_column(String(8))
    content_type: Mapped[str | None]
    digest: Mapped[str | None] = mapped_column(String(71))
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id"))
    text: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(16))
    __table_args__ = (UniqueConstraint("article_id", "url"),)


class Rejection(Base):
    """A record or page that could not be archived, with the reason."""

    __tablename__ = "rejection"
    id: Mapped[int] = mapped_column(primary_key=True)
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawl.id"))
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id"))
    url: Mapped[str | None]
    stage: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str]
    record: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    __table_args__ = (Index(None, "crawl_id"),)


class Change(Base):
    """The order in which articles changed: what indexes follow. A rolled-back number is never given again."""

    __tablename__ = "change"
    seq: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    __table_args__ = ({"sqlite_autoincrement": True},)
