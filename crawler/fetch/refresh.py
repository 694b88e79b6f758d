"""Redirects that a page asks for with `<meta http-equiv="refresh">`."""

from __future__ import annotations

from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Request, Response

from crawler.fetch.wire import WIRE, note_hop

LOOKED_AT = 4096  # bytes; Scrapy looks no further either


class RefreshMiddleware(MetaRefreshMiddleware):
    """Scrapy's middleware, spared the decoding of every page that holds no such tag."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The page, or the request it redirects to."""
        start = response.body[:LOOKED_AT].lower()
        if b"http-equiv" not in start or b"refresh" not in start:
            return response
        followed = super().process_response(request, response)
        wire = request.meta.get(WIRE)
        if isinstance(followed, Request) and wire is not None:
            note_hop(followed, response, wire)
        return followed
