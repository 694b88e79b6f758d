"""Sources and crawls: a source is known by its id, a crawl by its source, kind, moment and process."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update

from crawler.archive.merging.merge import Merge, Row, add, copied
from crawler.archive.models import Backup, Crawl, Source, table
from crawler.extract.urls import same_site

_START = datetime(1970, 1, 1, tzinfo=UTC)


def merge_sources(merge: Merge) -> None:
    """Bring sources that are not here; of one that is, ours stays as it is."""
    rows = table(Source)
    with merge.writing() as connection:
        known = {row["id"]: row for row in connection.execute(select(rows)).mappings()}
        for row in merge.theirs.execute(select(rows).order_by(rows.c.id)).mappings():
            ours = known.get(row["id"])
            if ours is None:
                connection.execute(insert(rows), dict(row))
                merge.count("sources", "new")
                continue
            merge.count("sources", "met")
            if row["homepage"] != ours["homepage"] and not same_site(row["homepage"], ours["homepage"]):
                merge.notes.append(f"source {row['id']} is {ours['homepage']} here and {row['homepage']} there")


def merge_crawls(merge: Merge) -> None:
    """Bring crawls. One that runs there is interrupted here, until a later merge brings how it ended."""
    rows, places = table(Crawl), merge.place_for(Crawl)
    with merge.writing() as connection:
        known: defaultdict[Any, deque[Row]] = defaultdict(deque)
        for row in connection.execute(select(rows).order_by(rows.c.id)).mappings():
            known[_key(row)].append(row)
        for row in merge.theirs.execute(select(rows).order_by(rows.c.id)).mappings():
            theirs = copied(row)
            if row["status"] == "running":
                theirs |= {"status": "interrupted", "finished_at": row["seen_alive_at"] or row["started_at"]}
            if not known[_key(row)]:
                (places[row["id"]],) = add(connection, Crawl, [theirs])
                merge.count("crawls", "new")
                continue
            ours = known[_key(row)].popleft()
            places[row["id"]] = ours["id"]
            merge.count("crawls", "met")
            if _is_later(theirs, ours):
                ended = {name: theirs[name] for name in ("status", "finished_at", "stats", "seen_alive_at")}
                connection.execute(update(rows).where(rows.c.id == ours["id"]).values(ended))
                merge.count("crawls", "changed")


def merge_backups(merge: Merge, file: str | None, own: str | None) -> None:
    """Bring the notes of backups, and note the other archive itself (`file`): they hold what a takedown is about.

    A note there of this archive (`own`) says nothing here.
    """
    rows = table(Backup)
    with merge.writing() as connection:
        known = {(row.path, row.made_at): row.id for row in connection.execute(select(rows).order_by(rows.c.id))}
        theirs = [copied(row) for row in merge.theirs.execute(select(rows).order_by(rows.c.id)).mappings()]
        for row in theirs:
            if row["path"] != own and (row["path"], row["made_at"]) not in known:
                connection.execute(insert(rows), row)
        if file is None:
            return
        noted = [number for (path, _), number in known.items() if path == file]
        if not noted:
            connection.execute(insert(rows), {"path": file, "made_at": merge.now})
        elif merge.touched:
            connection.execute(update(rows).where(rows.c.id == noted[-1]).values(made_at=merge.now))


def _key(row: Row) -> tuple[Any, ...]:
    return row["source_id"], row["kind"], row["started_at"], row["owner"]


def _is_later(theirs: Row, ours: Row) -> bool:
    """Whether theirs tells more of how a crawl went: it was seen later, or ended where ours was cut off."""
    there, here = theirs["seen_alive_at"] or _START, ours["seen_alive_at"] or _START
    if there != here:
        return bool(there > here)
    return ours["status"] in ("interrupted", "running") and theirs["status"] in ("finished", "failed")
