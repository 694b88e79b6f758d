"""What the spider makes of one response before it is read."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.extract.urls import canonical_url
from crawler.fetch.replay.answers import REPLAYED
from crawler.fetch.wire import WIRE
from crawler.items import Capture, Visit


def capture_of(response: Response, requested_url: str) -> Capture:
    """What the crawl keeps of one response."""
    _, kept_at = response.meta.get(REPLAYED, (None, None))
    return Capture(
        url=response.url,
        requested_url=requested_url,
        fetched_at=fetched_at(response),
        status=response.status,
        body=response.body,
        content_type=header(response, "Content-Type"),
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        wire=response.meta.pop(WIRE, None),
        kept_at=kept_at,
    )


def fetched_at(response: Response) -> datetime:
    """When the response was fetched: now, or in a replay when its capture was."""
    captured, _ = response.meta.get(REPLAYED, (None, None))
    return captured or datetime.now(UTC)


def sent_home(response: Response, visit: Visit) -> bool:
    """Whether a page answered from the home page of its site instead of its own address."""
    asked, answered = urlsplit(canonical_url(visit.entry_url or "")), urlsplit(canonical_url(response.url))
    return answered.path in ("", "/") and not answered.query and asked.path not in ("", "/")


def header(response: Response, name: str) -> str | None:
    """A header's first value as text, None where the response has none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
