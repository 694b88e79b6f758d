"""What stands beside an article: corrections and attachments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, insert, update

from crawler.archive.merging.merge import Merge, Row, copied, rows_of
from crawler.archive.models import Attachment, Capture, Correction, table

_CORRECTION = ("field", "value", "reason", "created_at")
_FETCHED = ("state", "digest", "content_type", "text", "capture_id")


def merge_corrections(merge: Merge, connection: Connection, ours: Mapping[int, int]) -> set[int]:
    """Bring the corrections of their articles (theirs to ours); gives our articles that got one."""
    here = {
        our: {tuple(row[name] for name in _CORRECTION) for row in rows}
        for our, rows in rows_of(connection, Correction, "article_id", ours.values()).items()
    }
    new = []
    for theirs, rows in merge.theirs_of(Correction, "article_id", ours).items():
        for row in rows:
            is_here = tuple(row[name] for name in _CORRECTION) in here.get(ours[theirs], ())
            merge.count("corrections", "met" if is_here else "new")
            if not is_here:
                new.append(copied(row, article_id=ours[theirs]))
    if new:
        connection.execute(insert(table(Correction)), new)
    return {row["article_id"] for row in new}


def in_force(rows: Iterable[Row]) -> dict[str, Row]:
    """The correction of each field that counts: the newest."""
    return {row["field"]: row for row in sorted(rows, key=lambda row: (row["created_at"], row["id"]))}


def merge_attachments(merge: Merge, connection: Connection, ours: Mapping[int, int]) -> set[int]:
    """Bring links, and what was fetched of a link that is only known here; gives our articles that got some."""
    here = {
        (our, row["url"]): row
        for our, rows in rows_of(connection, Attachment, "article_id", ours.values()).items()
        for row in rows
    }
    new, fetched = [], []
    for theirs, rows in merge.theirs_of(Attachment, "article_id", ours).items():
        for row in rows:
            mapped = copied(row, article_id=ours[theirs], capture_id=merge.ours(Capture, row["capture_id"]))
            known = here.get((ours[theirs], row["url"]))
            merge.count("attachments", "new" if known is None else "met")
            if known is None:
                new.append(mapped)
            elif known["state"] == "linked" != row["state"]:
                fetched.append((known, mapped))
    if new:
        connection.execute(insert(table(Attachment)), new)
    if fetched:
        links = table(Attachment)
        statement = update(links).where(links.c.id == bindparam("row_id"))
        given = [{"row_id": row["id"], **{f"new_{name}": got[name] for name in _FETCHED}} for row, got in fetched]
        connection.execute(statement.values({name: bindparam(f"new_{name}") for name in _FETCHED}), given)
        merge.count("attachments", "changed", len(fetched))
    return {row["article_id"] for row in new} | {row["article_id"] for row, _ in fetched}
