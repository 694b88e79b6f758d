"""Writing one batch of items: captures, articles with their revisions, entries, rejections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crawler.archive.articles import ArticleWriter
from crawler.archive.models import Article as ArticleRow
from crawler.archive.models import Capture as CaptureRow
from crawler.archive.models import Entry as EntryRow
from crawler.archive.models import Rejection as RejectionRow
from crawler.archive.models import batched, table
from crawler.archive.types import digest, uid_of_record, uid_of_url
from crawler.extract.urls import canonical_url
from crawler.items import Article, Capture, Entry, Listing, Rejection

if TYPE_CHECKING:
    from crawler.archive.captures import Keeper, Kept
    from crawler.archive.run import SourceRow


@dataclass(slots=True)
class Tally:
    """What came of a batch."""

    counts: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)


def write(
    connection: Connection,
    source: SourceRow,
    crawl_id: int,
    now: datetime,
    items: Sequence[Article | Listing | Rejection],
    keeper: Keeper | None = None,
    beside: Iterable[Capture] = (),
) -> Tally:
    """Write a batch of items inside the caller's transaction and tell what came of it; `beside` are no pages."""
    tally = Tally()
    visits = [item.visit for item in items if item.visit is not None and item.visit.capture is not None]
    pages = {id(capture): capture for visit in visits for capture in (visit.capture, *visit.more) if capture}
    ways = {id(capture): capture for visit in visits for capture in visit.before}
    others = {id(capture): capture for capture in beside}
    captures = _captures(connection, crawl_id, others | ways | pages, keeper)
    tally.counts["pages"] = len(pages)
    articles = [item for item in items if isinstance(item, Article)]
    writer = ArticleWriter(connection, source, crawl_id, now, captures)
    tally.counts.update(writer.write(articles))
    for listing in items:
        if isinstance(listing, Listing):
            repeated = _entries(connection, source.id, crawl_id, now, listing)
            tally.counts["duplicate"] += repeated
    tie_entries(connection, source.id, crawl_id, writer.ids, articles)
    rejections = [item for item in items if isinstance(item, Rejection)]
    tally.warnings += [f"{item.url}: {item.reason}" if item.url else item.reason for item in rejections if item.warning]
    refused = [item for item in rejections if not item.warning]
    _rejections(connection, crawl_id, now, captures, refused)
    tally.counts["rejected"] = len(refused)
    return tally


def _captures(
    connection: Connection, crawl_id: int, seen: Mapping[int, Capture], keeper: Keeper | None
) -> dict[int, int]:
    """Write the captures of a batch once each; gives the row of each by its identity in memory."""
    if not seen:
        return {}
    kept = keeper.places(seen.values()) if keeper else {}
    rows = [
        {
            "crawl_id": crawl_id,
            "url": capture.url,
            "requested_url": capture.requested_url,
            "fetched_at": capture.fetched_at,
            "status": capture.status,
            "content_type": capture.content_type,
            "charset": capture.charset,
            "body_digest": _body_digest(capture, kept.get(id(capture))),
            "body_length": len(capture.body),
            "etag": capture.etag,
            "last_modified": capture.last_modified,
            **_place(kept.get(id(capture))),
        }
        for capture in seen.values()
    ]
    captures = table(CaptureRow)
    ids = connection.execute(captures.insert().returning(captures.c.id, sort_by_parameter_order=True), rows).scalars()
    return dict(zip(seen, ids, strict=True))


def _body_digest(capture: Capture, kept: Kept | None) -> str:
    """The digest of the body; where nothing encoded it on the wire, that of its payload is known already."""
    same = kept is not None and capture.wire is not None and capture.wire.payload is capture.body
    return kept.payload_digest if kept is not None and same else digest(capture.body)


def _place(kept: Kept | None) -> dict[str, Any]:
    return {
        "payload_digest": kept.payload_digest if kept else None,
        "revisit": kept.revisit if kept else None,
        "warc_path": kept.place.path if kept else None,
        "warc_offset": kept.place.offset if kept else None,
        "warc_length": kept.place.length if kept else None,
    }


def entry_key(source_id: str, entry: Entry) -> str:
    """The name of an entry within its source: the uid of its link, or of its title, day and text where it has none."""
    if entry.url is not None:
        return uid_of_url(canonical_url(entry.url))
    text = entry.body or entry.summary
    return uid_of_record(source_id, entry.title, entry.published_on, digest(text) if text else None)


def _entries(connection: Connection, source_id: str, crawl_id: int, now: datetime, listing: Listing) -> int:
    """Write what a listing showed. Gives how many of its linked entries this crawl had seen before."""
    rows: dict[str, dict[str, Any]] = {}
    repeated: int = 0
    at = (listing.visit.seen_at if listing.visit else None) or now
    for entry in listing.entries:
        key = entry_key(source_id, entry)
        repeated += entry.url is not None and key in rows
        rows[key] = {
            "source_id": source_id,
            "key": key,
            "listing_url": listing.url,
            "url": entry.url,
            "title": entry.title,
            "published_on": entry.published_on,
            "summary": entry.summary,
            "external": entry.external,
            "article_id": None,
            "first_seen_at": at,
            "last_seen_at": at,
            "last_crawl_id": crawl_id,
        }
    if not rows:
        return 0
    entries, articles = table(EntryRow), table(ArticleRow)
    seen = select(func.count()).where(
        entries.c.source_id == source_id, entries.c.last_crawl_id == crawl_id, entries.c.url.is_not(None)
    )
    archived = select(articles.c.uid, articles.c.id)
    for part in batched(rows):
        repeated += connection.execute(seen.where(entries.c.key.in_(part))).scalar_one()
        for row in connection.execute(archived.where(articles.c.uid.in_(part))):
            rows[row.uid]["article_id"] = row.id
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(entries)
    given = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["source_id", "key"],
        set_={
            "title": given.title,
            "published_on": given.published_on,
            "summary": given.summary,
            "last_seen_at": given.last_seen_at,
            "last_crawl_id": given.last_crawl_id,
        },
        where=entries.c.last_seen_at <= given.last_seen_at,  # what a listing showed before is no news
    )
    connection.execute(statement, list(rows.values()))
    return repeated


def tie_entries(
    connection: Connection, source_id: str, crawl_id: int, ids: Mapping[int, int], articles: Sequence[Article]
) -> None:
    """Tie each entry to the article that came of it, also where the page answered from another URL."""
    rows = []
    for article in articles:
        if article.url is not None:
            asked = article.visit.entry_url if article.visit else None
            key = uid_of_url(canonical_url(asked or article.url))
        else:
            key = uid_of_record(source_id, article.title, article.published_on, digest(article.body))
        rows.append({"entry_key": key, "article": ids[id(article)]})
    if rows:
        entries = table(EntryRow)
        statement = update(entries).where(entries.c.source_id == source_id, entries.c.key == bindparam("entry_key"))
        connection.execute(statement.values(article_id=bindparam("article")), rows)


def _rejections(
    connection: Connection,
    crawl_id: int,
    now: datetime,
    captures: Mapping[int, int],
    rejections: Sequence[Rejection],
) -> None:
    rows = [
        {
            "crawl_id": crawl_id,
            "capture_id": captures.get(id(item.visit.capture)) if item.visit else None,
            "url": item.url,
            "stage": item.stage,
            "reason": item.reason,
            "record": dict(item.record),
            "created_at": now,
        }
        for item in rejections
    ]
    if rows:
        connection.execute(table(RejectionRow).insert(), rows)
