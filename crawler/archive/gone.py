"""Articles that their site dropped: seen to be missing twice, a day apart, they are marked gone, and never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from crawler.archive.models import Article, Change, Entry, batched, table
from crawler.archive.types import uid_of_url
from crawler.extract.urls import canonical_url

# Two looks on one day may meet one outage; a daily crawl may start a little earlier than the day before.
APART = timedelta(hours=20)
# A site that seems to lose more than this share of what was looked at is more likely broken or rebuilt.
MANY = 0.1
ALWAYS_BELIEVED = 3


@dataclass(slots=True, frozen=True)
class Recheck:
    """An article that no listing showed any more, to be looked at once again."""

    url: str
    title: str
    listing_url: str | None


def are_many(missing: int, looked_at: int) -> bool:
    """Whether so many missing articles say more about the site than about them."""
    return missing > max(ALWAYS_BELIEVED, MANY * looked_at)


def mark_missing(connection: Connection, source_id: str, urls: Sequence[str], now: datetime) -> int:
    """Note that these pages were missing; those missing since a day ago are gone. Gives how many are newly gone."""
    articles, entries = table(Article), table(Entry)
    names = [uid_of_url(canonical_url(url)) for url in urls]
    found: dict[int, datetime | None] = {}
    columns = (articles.c.id, articles.c.missing_since)
    for named in batched(names):
        tied = select(entries.c.article_id).where(entries.c.source_id == source_id, entries.c.key.in_(named))
        mine = articles.c.uid.in_(named) | articles.c.id.in_(tied)
        rows = select(*columns).where(articles.c.source_id == source_id, articles.c.gone_at.is_(None), mine)
        found.update({row.id: row.missing_since for row in connection.execute(rows)})
    first = [article_id for article_id, since in found.items() if since is None]
    gone = [article_id for article_id, since in found.items() if since is not None and now - since >= APART]
    for part in batched(first):
        connection.execute(update(articles).where(articles.c.id.in_(part)).values(missing_since=now))
    for part in batched(gone):
        connection.execute(update(articles).where(articles.c.id.in_(part)).values(gone_at=now))
        changes = [{"article_id": article_id, "kind": "gone", "at": now} for article_id in part]
        connection.execute(table(Change).insert(), changes)
    return len(gone)


def to_recheck(connection: Connection, source_id: str, crawl_id: int, limit: int) -> list[Recheck]:
    """Articles with a page that this crawl has not met, first those already missing, then those unseen the longest."""
    rows = table(Article).c
    unseen = (
        rows.source_id == source_id,
        rows.url.is_not(None),
        rows.gone_at.is_(None),
        rows.last_crawl_id != crawl_id,
    )
    order = (rows.missing_since.is_(None), rows.last_seen_at, rows.id)
    found = connection.execute(
        select(rows.url, rows.title, rows.listing_url).where(*unseen).order_by(*order).limit(limit)
    )
    return [Recheck(row.url, row.title, row.listing_url) for row in found]
