"""A record of another tool as the capture that the archive keeps of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.capture import Record, payload_of, unchunked
from crawler.items import Capture, Wire
from crawler.operate.warcs.index import Asked

_HTTP_OK = 200


@dataclass(slots=True, frozen=True)
class Taken:
    """A capture, and what kept its body from being whole, None where nothing did."""

    capture: Capture
    flaw: str | None


def capture_of(record: Record, at: datetime, asked: Asked | None, requested_url: str, origin: str) -> Taken:
    """The capture of a resolved record: the payload as the wire carried it, its chunks joined, and its body decoded.

    `origin` names the file it comes from; the metadata record keeps it. A `resource` record has no HTTP head: it is
    kept as one again, with the status 200.
    """
    payload, decoded = unchunked(record), payload_of(record)
    flaw = "the record was cut when it was written" if record.truncated else decoded.flaw
    body = payload if decoded.body == payload else decoded.body
    wire = None
    if record.start_line:
        posted = (("Content-Type", asked.content_type),) if asked and asked.content_type else ()
        wire = Wire(
            method=asked.method if asked else "GET",
            request_headers=posted,
            request_body=asked.body if asked else b"",
            response_headers=record.headers,
            payload=payload,
            ip_address=record.field("WARC-IP-Address"),
            protocol=record.start_line.partition(" ")[0],
            truncated=record.truncated,
            notes=(("importedFrom", origin), ("importedRecordID", record.record_id or "")),
        )
    capture = Capture(
        url=record.url or requested_url,
        requested_url=requested_url,
        fetched_at=at,
        status=record.status if record.status is not None else _HTTP_OK,
        body=body,
        content_type=_clean(record.content_type),
        etag=_clean(record.header("ETag")),
        last_modified=_clean(record.header("Last-Modified")),
        wire=wire,
    )
    return Taken(capture, flaw)


def _clean(value: str | None) -> str | None:
    """A header without the NUL that no database takes as text."""
    return value.replace("\0", "") if value else value
