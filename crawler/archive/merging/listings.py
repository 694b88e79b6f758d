"""What listings showed, and what crawls rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from crawler.archive.merging.merge import Merge, Row, add, copied, rows_of
from crawler.archive.merging.tombstones import entry_marks
from crawler.archive.models import Article, Capture, Crawl, Entry, Rejection, table
from crawler.archive.tombstones import url_marks

TOGETHER = 1_000
_SHOWN = ("title", "published_on", "summary", "last_seen_at", "last_crawl_id", "first_seen_at", "article_id")


def merge_entries(merge: Merge) -> None:
    """Bring entries, met by source and key; of one that is here the later title counts, and the earliest moment."""
    rows = table(Entry)
    for part in _parts(merge.stream(select(rows).order_by(rows.c.id))):
        with merge.writing() as connection:
            here = {
                (row["source_id"], row["key"]): row
                for found in rows_of(connection, Entry, "key", {row["key"] for row in part}).values()
                for row in found
            }
            new, changed = [], []
            for row in part:
                if merge.kept_out and merge.kept_out.since(entry_marks(row)):
                    continue
                mapped = {"article_id": merge.ours(Article, row["article_id"])}
                theirs = copied(row, last_crawl_id=merge.ours(Crawl, row["last_crawl_id"]), **mapped)
                ours = here.get((row["source_id"], row["key"]))
                if ours is None:
                    new.append(theirs)
                elif (values := _shown(ours, theirs)) != {name: ours[name] for name in _SHOWN}:
                    changed.append({"row_id": ours["id"], **values})
                merge.count("entries", "met" if ours else "new")
            add(connection, Entry, new)
            _update(connection, changed)
        merge.count("entries", "changed", len(changed))
        merge.on_rows(len(part))


def merge_rejections(merge: Merge) -> None:
    """Bring rejections, met by crawl, page and reason; what quotes something that was taken down stays out."""
    rows, crawls = table(Rejection), table(Crawl).c
    for crawl_id in list(merge.theirs.execute(select(crawls.id).order_by(crawls.id)).scalars()):
        ours = merge.ours(Crawl, crawl_id)
        with merge.engine.connect() as connection:
            here = connection.execution_options(yield_per=500).execute(select(rows).where(rows.c.crawl_id == ours))
            known = Counter(map(_key, here.mappings()))
        for part in _parts(merge.stream(select(rows).where(rows.c.crawl_id == crawl_id).order_by(rows.c.id))):
            new = []
            for row in part:
                theirs = copied(row, crawl_id=ours, capture_id=merge.ours(Capture, row["capture_id"]))
                if known[_key(theirs)]:
                    known[_key(theirs)] -= 1
                    merge.count("rejections", "met")
                elif row["capture_id"] not in merge.out_captures and not merge.kept_out.since(url_marks((row["url"],))):
                    new.append(theirs)
            if new:
                with merge.writing() as connection:
                    add(connection, Rejection, new)
            merge.count("rejections", "new", len(new))
            merge.on_rows(len(part))


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while part := list(islice(rest, TOGETHER)):
        yield part


def _shown(ours: Row, theirs: Row) -> dict[str, Any]:
    """What an entry shows once both archives are known."""
    later = theirs if theirs["last_seen_at"] > ours["last_seen_at"] else ours
    return {name: later[name] for name in _SHOWN} | {
        "first_seen_at": min(ours["first_seen_at"], theirs["first_seen_at"]),
        "article_id": ours["article_id"] or theirs["article_id"],
    }


def _update(connection: Connection, changed: list[dict[str, Any]]) -> None:
    if changed:
        rows = table(Entry)
        statement = update(rows).where(rows.c.id == bindparam("row_id"))
        named = [{"row_id": row["row_id"], **{f"new_{name}": row[name] for name in _SHOWN}} for row in changed]
        connection.execute(statement.values({name: bindparam(f"new_{name}") for name in _SHOWN}), named)


def _key(row: Row) -> tuple[Any, ...]:
    return row["crawl_id"], row["capture_id"], row["url"], row["stage"], row["reason"], row["created_at"]
