"""Keeps each response as the wire carried it, before Scrapy undoes its Content-Encoding, for its capture."""

from __future__ import annotations

from scrapy.http import Headers, Request, Response

from crawler.items import Wire

WIRE = "wire"  # the request.meta key under which the spider finds it
CUT = frozenset({"dataloss", "partial"})


class WireMiddleware:
    """Notes the exchange in `request.meta["wire"]`. It stands nearer to the downloader than HttpCompression.

    The headers are those that Scrapy sent and received; those that its HTTP client adds (Host, Connection) are not.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the payload; where nothing encodes it, it is the very bytes of the response, and costs nothing."""
        request.meta[WIRE] = Wire(
            method=request.method,
            request_headers=pairs(request.headers),
            request_body=request.body,
            response_headers=pairs(response.headers),
            payload=response.body,
            ip_address=str(response.ip_address) if response.ip_address else None,
            protocol=response.protocol,
            truncated=not CUT.isdisjoint(response.flags),
        )
        return response


def pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Headers as text of one character a byte, one pair a value."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )
