"""Taking an article down for good: one transaction that removes its rows and leaves a tombstone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from crawler.archive.errors import SourceBusy
from crawler.archive.models import (
    Article,
    Capture,
    Change,
    Cluster,
    Crawl,
    Entry,
    Frontier,
    Rejection,
    Revision,
    RevisionPart,
    StaleFile,
    Tombstone,
    TombstoneMark,
    batched,
    table,
)
from crawler.archive.owner import is_alive
from crawler.archive.tombstones import record_marks, url_marks
from crawler.capture import payload_digest

_NOTHING = payload_digest(b"")


@dataclass(slots=True, frozen=True)
class Found:
    """Where an article's text was found in capture files: payloads by digest, and files that no row names."""

    digests: frozenset[str] = frozenset()
    orphans: frozenset[str] = frozenset()


@dataclass(slots=True, frozen=True)
class _Names:
    """The URLs of an article's page, and the marks it would come back under."""

    urls: frozenset[str]
    marks: frozenset[str]


def take_down(connection: Connection, uid: str, reason: str, found: Found, now: datetime) -> int:
    """Remove an article, inside the caller's transaction; gives how many captures expired with it.

    Its captures are only marked: `removal.sweep` takes their bytes away. What other articles hold stays, but a capture
    that holds both loses its bytes. Raises SourceBusy while a crawl of its source runs: it would write it again.
    """
    articles = table(Article)
    row = dict(connection.execute(select(articles).where(articles.c.uid == uid)).mappings().one())
    refuse_while_crawled(connection, row["source_id"], now)
    names = _names(connection, row)
    expired = _expire(connection, row["id"], names, found, now)
    for path in found.orphans:
        connection.execute(delete(table(StaleFile)).where(table(StaleFile).c.path == path))
        connection.execute(insert(table(StaleFile)), {"path": path})
    _delete_traces(connection, row, names, expired)
    _leave_cluster(connection, row)
    connection.execute(delete(articles).where(articles.c.id == row["id"]))
    connection.execute(insert(table(Change)), {"article_id": row["id"], "kind": "taken_down", "at": now})
    stone = {"uid": uid, "source_id": row["source_id"], "reason": reason, "first_seen_at": row["first_seen_at"]}
    connection.execute(insert(table(Tombstone)), {**stone, "taken_down_at": now})
    marks = table(TombstoneMark)
    known = set(connection.execute(select(marks.c.mark).where(marks.c.mark.in_(names.marks))).scalars())
    # Of two records of one title and day, what names the first by them is no name of the second.
    known |= set(connection.execute(select(articles.c.uid).where(articles.c.uid.in_(names.marks))).scalars())
    if new := sorted(names.marks - known):
        connection.execute(insert(marks), [{"mark": mark, "uid": uid} for mark in new])
    return len(expired)


def refuse_while_crawled(connection: Connection, source_id: str, now: datetime) -> None:
    """Raise SourceBusy while a crawl of the source runs: it knows what was taken down before it began only."""
    crawls = table(Crawl)
    running = select(crawls).where(crawls.c.source_id == source_id, crawls.c.status == "running")
    for row in connection.execute(running).mappings():
        if is_alive(row["owner"], row["seen_alive_at"], now):
            raise SourceBusy(f"Source {source_id} is being crawled; wait for it or stop it, then try again.")


def _names(connection: Connection, row: Mapping[str, Any]) -> _Names:
    captures, entries, states = table(Capture), table(Entry).c, table(Revision)
    if row["url"] is None:
        mine = select(states).where(states.c.article_id == row["id"])
        marks = {row["uid"]}
        for state in connection.execute(mine).mappings():
            marks |= record_marks(row["source_id"], state["title"], state["published_on"], state["body"])
        return _Names(frozenset(), frozenset(marks))
    read_from = select(captures.c.url, captures.c.requested_url).where(captures.c.id.in_(_own_captures(row["id"])))
    urls = {row["url"], *(url for pair in connection.execute(read_from) for url in pair)}
    shown = select(entries.url).where(entries.article_id == row["id"], entries.url.is_not(None))
    urls |= set(connection.execute(shown).scalars())
    return _Names(frozenset(urls), frozenset(url_marks(urls) | {row["uid"]}))


def _own_captures(article_id: int) -> Any:
    """The captures that an article's states were read from, with the pages it continues on."""
    states, parts = table(Revision).c, table(RevisionPart).c
    mine = select(states.id).where(states.article_id == article_id)
    read_from = select(states.capture_id).where(states.article_id == article_id, states.capture_id.is_not(None))
    return read_from.union(select(parts.capture_id).where(parts.revision_id.in_(mine)))


def _expire(connection: Connection, article_id: int, names: _Names, found: Found, now: datetime) -> set[int]:
    """Mark every capture that holds the text: by the article's states, by its URLs, and by the payload."""
    captures = table(Capture).c
    mine = [captures.id.in_(_own_captures(article_id))]
    mine += [column.in_(names.urls) for column in (captures.url, captures.requested_url) if names.urls]
    columns = select(captures.id, captures.payload_digest, captures.status)
    here = list(connection.execute(columns.where(or_(*mine))))
    ids = {row.id for row in here}
    # The bodies of redirects and errors are those of many pages.
    digests = {row.payload_digest for row in here if row.status < 300} | found.digests
    for part in batched(digests - {None, _NOTHING}):
        ids |= set(connection.execute(select(captures.id).where(captures.payload_digest.in_(part))).scalars())
    rows = table(Capture)
    for part in batched(sorted(ids)):
        living = update(rows).where(rows.c.id.in_(part), rows.c.expired_at.is_(None))
        connection.execute(living.values(expired_at=now))
    return ids


def _delete_traces(connection: Connection, row: Mapping[str, Any], names: _Names, captures: Collection[int]) -> None:
    """What quotes the article elsewhere: entries, rejections, pages that wait to be fetched under its title."""
    entries, rejections, frontier = table(Entry), table(Rejection), table(Frontier)
    connection.execute(delete(entries).where(entries.c.article_id == row["id"]))
    mine = (entries.c.source_id == row["source_id"], entries.c.key.in_(names.marks))
    connection.execute(delete(entries).where(*mine))
    for part in batched(sorted(captures)):
        connection.execute(delete(rejections).where(rejections.c.capture_id.in_(part)))
    if names.urls:
        connection.execute(delete(rejections).where(rejections.c.url.in_(names.urls)))
        connection.execute(delete(frontier).where(frontier.c.url.in_(names.urls)))


def _leave_cluster(connection: Connection, row: Mapping[str, Any]) -> None:
    """The story goes on without the article: its next publication leads, and one alone is no cluster."""
    if row["cluster_id"] is None:
        return
    articles, clusters = table(Article), table(Cluster)
    others = select(articles.c.id).where(articles.c.cluster_id == row["cluster_id"], articles.c.id != row["id"])
    undated_last = articles.c.published_on.is_(None)
    in_order = others.order_by(undated_last, articles.c.published_on, articles.c.first_seen_at, articles.c.id)
    left = list(connection.execute(in_order).scalars())
    this = clusters.c.id == row["cluster_id"]
    if len(left) > 1:
        connection.execute(update(clusters).where(this).values(lead_article_id=left[0], size=len(left)))
        return
    connection.execute(update(articles).where(articles.c.cluster_id == row["cluster_id"]).values(cluster_id=None))
    connection.execute(delete(clusters).where(this))
