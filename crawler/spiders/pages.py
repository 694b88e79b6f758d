"""What the spider makes of one response: its capture, and how it was asked for."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy.http import Request, Response

from crawler.capture import Record, payload_of
from crawler.capture.values import first_value
from crawler.extract.whole import is_home_instead
from crawler.fetch.replay.answers import REPLAYED
from crawler.fetch.wire import HOPS, WIRE, Hop
from crawler.items import Capture, Visit, Wire


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


def hops_of(request: Request, requested_url: str) -> tuple[Capture, ...]:
    """The redirects that led to a response, as the crawl keeps them."""
    last = request.meta.get(WIRE)
    hops: tuple[Hop, ...] = request.meta.pop(HOPS, ())
    return tuple(
        Capture(
            url=hop.url,
            requested_url=requested_url,
            fetched_at=hop.at,
            status=hop.status,
            body=_decoded(hop.wire),
            content_type=first_value(hop.wire.response_headers, "Content-Type"),
            wire=hop.wire,
        )
        for hop in hops
        if hop.wire is not last  # a redirect that is not followed is the response itself
    )


def _decoded(wire: Wire) -> bytes:
    """What a redirect says, with its Content-Encoding undone: Scrapy does not look that far."""
    record = Record("response", None, None, (), wire.payload, 0, None, headers=wire.response_headers)
    return payload_of(record).body


def sent_home(response: Response, visit: Visit) -> bool:
    """Whether a page answered from the home page of its site instead of its own address."""
    return is_home_instead(visit.entry_url or "", response.url)


def header(response: Response, name: str) -> str | None:
    """A header's first value as text, None where the response has none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
