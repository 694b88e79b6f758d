"""Reading captures back from where the archive says they are."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.engine import RowMapping

from crawler.archive.captures import capture_root
from crawler.archive.engine import reading
from crawler.archive.models import Capture, table
from crawler.capture import Place, Record, read_record


class NoCapture(LookupError):
    """An article whose page is not kept; the text says why."""


def kept_record(engine: Engine, capture_id: int, root: Path | None = None) -> Record:
    """The record of a capture, a revisit with the payload it refers to. Raises NoCapture, or CaptureError on damage."""
    rows = table(Capture)
    with reading(engine) as connection:
        row = connection.execute(select(rows).where(rows.c.id == capture_id)).mappings().first()
    if row is None:
        raise NoCapture(f"There is no capture {capture_id}.")
    return _read(engine, row, root or capture_root(engine))


def _read(engine: Engine, row: RowMapping, root: Path) -> Record:
    if row["expired_at"] is not None:
        raise NoCapture(f"The page of {row['url']} is no longer kept since {row['expired_at']:%Y-%m-%d}.")
    if row["warc_path"] is None:
        raise NoCapture(
            f"The page of {row['url']} is not kept here: captures were off when it was crawled, or its file was not "
            "there when its archive was merged; `zhaoshang merge` brings it once it is."
        )
    place = Place(row["warc_path"], row["warc_offset"], row["warc_length"])
    return read_record(root, place, lambda revisit: _original(engine, row, root))


def _original(engine: Engine, revisit: RowMapping, root: Path) -> Record | None:
    """The record that holds the payload a revisit refers to."""
    rows = table(Capture)
    whole = (rows.c.payload_digest == revisit["payload_digest"], rows.c.revisit.is_(False), rows.c.expired_at.is_(None))
    with reading(engine) as connection:
        row = connection.execute(select(rows).where(*whole, rows.c.warc_path.is_not(None)).limit(1)).mappings().first()
    if row is None:
        return None
    return read_record(root, Place(row["warc_path"], row["warc_offset"], row["warc_length"]))


def http_response(record: Record) -> bytes:
    """The response as it was received: its head, and the payload before any Content-Encoding is undone."""
    lines = [record.start_line, *(f"{name}: {value}" for name, value in record.headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace") + record.payload if record.start_line else record.payload
