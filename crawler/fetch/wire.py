"""Keeps each response as the wire carried it, before Scrapy undoes its Content-Encoding, for its capture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from scrapy.http import Headers, Request, Response

from crawler.items import Wire

WIRE = "wire"  # the request.meta key under which the spider finds it
HOPS = "hops"  # the redirects before it
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CUT = frozenset({"dataloss", "partial"})


@dataclass(slots=True, frozen=True)
class Hop:
    """A response that only led to another one."""

    url: str
    status: int
    at: datetime
    wire: Wire


class WireMiddleware:
    """Notes the exchange in `request.meta["wire"]`. It stands nearer to the downloader than what undoes or follows.

    The headers are those that Scrapy sent and received; those that its HTTP client adds (Host, Connection) are not.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the payload; where nothing encodes it, it is the very bytes of the response, and costs nothing."""
        wire = request.meta[WIRE] = Wire(
            method=request.method,
            request_headers=pairs(request.headers),
            request_body=request.body,
            response_headers=pairs(response.headers),
            payload=response.body,
            ip_address=str(response.ip_address) if response.ip_address else None,
            protocol=response.protocol,
            truncated=not CUT.isdisjoint(response.flags),
        )
        if response.status in REDIRECTS and b"Location" in response.headers:
            note_hop(request, response, wire)  # the request that follows gets a copy of this meta
        return response


def note_hop(request: Request, response: Response, wire: Wire) -> None:
    """Remember a response that only led to another one."""
    hop = Hop(response.url, response.status, datetime.now(UTC), wire)
    request.meta[HOPS] = (*request.meta.get(HOPS, ()), hop)


def pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Headers as text of one character a byte, one pair a value."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )
