"""What a chunk of readings means for the archive: which articles it changes, which are new, and writing that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from crawler.archive import records
from crawler.archive.articles import EXTRACTOR
from crawler.archive.models import Article as ArticleRow
from crawler.archive.models import Revision, table
from crawler.archive.naming import as_archived, uid_of
from crawler.archive.reread import Reread, RereadWriter, compare, held_articles
from crawler.archive.run import Run, SourceRow
from crawler.archive.store import tie_entries
from crawler.archive.tombstones import all_marks, is_kept_out
from crawler.items import Article, Capture
from crawler.operate.rereading import Reading, Stored

__all__ = ["EXTRACTOR", "Settled", "settle"]
_NO_CRAWL = 0


@dataclass(slots=True)
class Settled:
    """What a chunk of captures gave. `no_article`: articles whose page is read as none now; they stay as they are."""

    captures: int
    rereads: list[Reread] = field(default_factory=list)
    new: list[Article] = field(default_factory=list)
    no_article: list[tuple[str, str]] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    kept_out: int = 0


def settle(
    connection: Connection,
    source: SourceRow,
    readings: Sequence[Reading],
    *,
    run: Run | None = None,
    at: datetime | None = None,
) -> Settled:
    """Compare readings with the archive; with a `run` also write them, inside the caller's transaction."""
    settled = Settled(len(readings))
    owners = _owners(connection, [reading.job.stored.id for reading in readings])
    pairs, others = _pairs(connection, source, readings, owners)
    held = held_articles(connection, sorted({row for rows in owners.values() for row in rows}))
    met = {article_id for article_id, _ in pairs}
    for article_id, article in pairs:
        settled.rereads.append(compare(held[article_id], article))
    for reading in readings:
        if reading.damaged:
            settled.unreadable.append((reading.job.stored.capture.url, reading.reason))
            continue
        lost = [row for row in owners.get(reading.job.stored.id, ()) if row not in met]
        if reading.job.role != "file" or reading.articles:
            reason = reading.reason or "it is not among the articles of its listing any more"
            settled.no_article += [(held[row].row["uid"], reason) for row in lost]
    marks = all_marks(connection)
    for article in others:
        if is_kept_out(article, source.id, marks):
            settled.kept_out += 1
        else:
            settled.new.append(article)
    if run is not None and at is not None:
        _write(connection, source, run, at, readings, settled)
    return settled


def _owners(connection: Connection, captures: Sequence[int]) -> dict[int, list[int]]:
    """The articles whose latest state was read from each capture."""
    states, articles = table(Revision).c, table(ArticleRow).c
    latest = table(Revision).join(
        table(ArticleRow), (articles.id == states.article_id) & (articles.revision_count == states.number)
    )
    rows = select(states.capture_id, articles.id).select_from(latest).where(states.capture_id.in_(captures))
    owners: dict[int, list[int]] = {}
    for capture_id, article_id in connection.execute(rows.order_by(articles.id)):
        owners.setdefault(capture_id, []).append(article_id)
    return owners


def _pairs(
    connection: Connection, source: SourceRow, readings: Sequence[Reading], owners: dict[int, list[int]]
) -> tuple[list[tuple[int, Article]], list[Article]]:
    """Each article with the row it was read for, and those that the archive does not hold yet.

    What the archive holds from another capture is neither: its later state counts.
    """
    pairs: list[tuple[int, Article]] = []
    unknown: list[tuple[Reading, Article]] = []
    for reading in readings:
        mine = owners.get(reading.job.stored.id, [])
        if reading.job.role == "article" and mine:
            pairs += [(mine[0], article) for article in reading.articles]
        else:
            unknown += [(reading, article) for article in reading.articles]
    found = [article for _, article in unknown]
    uids = as_archived(connection, records.uids(connection, source.id, _NO_CRAWL, found, uid_of), found)
    rows = select(table(ArticleRow).c.uid, table(ArticleRow).c.id).where(table(ArticleRow).c.uid.in_(uids))
    known = {row.uid: row.id for row in connection.execute(rows)} if uids else {}
    new: dict[str, Article] = {}
    for uid, (reading, article) in zip(uids, unknown, strict=True):
        if uid not in known:
            new.setdefault(uid, article)
        elif known[uid] in owners.get(reading.job.stored.id, ()):
            pairs.append((known[uid], article))
    return pairs, list(new.values())


def _write(
    connection: Connection, source: SourceRow, run: Run, at: datetime, readings: Sequence[Reading], settled: Settled
) -> None:
    captures = {id(capture): stored.id for reading in readings for stored, capture in _captures(reading)}
    writer = RereadWriter(connection, source, run.crawl_id, at, captures, "extractor")
    writer.rewrite(settled.rereads)
    if settled.new:
        writer.write(settled.new)
        tie_entries(connection, source.id, run.crawl_id, writer.ids, settled.new)


def _captures(reading: Reading) -> Iterator[tuple[Stored, Capture]]:
    """The rows of the captures that the articles of a reading name."""
    for article in reading.articles:
        visit = article.visit
        if visit is not None and visit.capture is not None:
            yield reading.job.stored, visit.capture
            yield from zip(reading.job.parts, visit.more, strict=True)
