"""What was taken down in either archive stays out of the merged one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, delete, insert, select

from crawler.archive.merging.merge import KeptOut, Merge, Row
from crawler.archive.models import Article, Capture, Entry, Tombstone, TombstoneMark, table
from crawler.archive.takedown import refuse_while_crawled
from crawler.archive.tombstones import record_marks, url_marks
from crawler.capture import payload_digest


def merge_tombstones(merge: Merge) -> None:
    """Bring the tombstones of articles that are not here; an article that is here stays, and is named.

    Raises SourceBusy while a crawl of such a source runs here: it would not know of them.
    """
    stones, marks = table(Tombstone), table(TombstoneMark)
    with merge.writing() as connection:
        known = set(connection.execute(select(stones.c.uid)).scalars())
        for stone in merge.theirs.execute(select(stones).order_by(stones.c.uid)).mappings():
            if stone["uid"] in known:
                merge.count("tombstones", "met")
                continue
            theirs = set(merge.theirs.execute(select(marks.c.mark).where(marks.c.uid == stone["uid"])).scalars())
            if _is_here(connection, stone["uid"], theirs):
                merge.left_alone.append(stone["uid"])
                continue
            refuse_while_crawled(connection, stone["source_id"], merge.now)
            connection.execute(insert(stones), dict(stone))
            taken = set(connection.execute(select(marks.c.mark).where(marks.c.mark.in_(theirs))).scalars())
            if new := sorted(theirs - taken):
                connection.execute(insert(marks), [{"mark": mark, "uid": stone["uid"]} for mark in new])
            connection.execute(delete(table(Entry)).where(table(Entry).c.key.in_(theirs)))
            merge.count("tombstones", "new")


def load_kept_out(merge: Merge) -> None:
    """Read what was taken down, ours and now theirs: its names, and the payloads that went with it."""
    stones, marks, captures = table(Tombstone), table(TombstoneMark), table(Capture).c
    with merge.engine.connect() as connection:
        named = select(marks.c.mark, stones.c.taken_down_at).join_from(marks, stones)
        out = KeptOut({row.mark: row.taken_down_at for row in connection.execute(named)})
        # A takedown lets captures go at its own moment; the bodies of redirects and errors are those of many pages.
        gone = select(captures.payload_digest, captures.expired_at).where(
            captures.expired_at.in_(select(stones.c.taken_down_at)),
            captures.payload_digest.is_not(None),
            captures.payload_digest != payload_digest(b""),
            captures.status < 300,
        )
        if out:
            out.digests = {row.payload_digest: row.expired_at for row in connection.execute(gone)}
    merge.kept_out = out


def kept_out_articles(merge: Merge) -> Iterator[Row]:
    """Their articles that were taken down here."""
    if merge.kept_out:
        for row in merge.stream(select(table(Article)).order_by(table(Article).c.id)):
            if merge.kept_out.since(article_marks(row)):
                yield row


def article_marks(row: Row) -> set[str]:
    """The names under which an article would come back."""
    if row["url"] is not None:
        return {row["uid"], *url_marks((row["url"],))}
    return {row["uid"], *record_marks(row["source_id"], row["title"], row["published_on"], row["body"])}


def entry_marks(row: Row) -> set[str]:
    """The names under which an entry would quote it."""
    if row["url"] is not None:
        return {row["key"], *url_marks((row["url"],))}
    return {row["key"], *record_marks(row["source_id"], row["title"], row["published_on"], row["summary"])}


def _is_here(connection: Connection, uid: str, marks: set[str]) -> bool:
    rows = table(Article).c
    return connection.execute(select(rows.id).where(rows.uid.in_({uid, *marks})).limit(1)).first() is not None
