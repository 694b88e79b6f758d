"""A limit on the head of a response. Scrapy and Twisted bound its lines, not their number: a server that sends
headers for ever would fill the memory long before the time limit ends it.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import ParseError
from twisted.web.iweb import IResponse

HEAD_LIMIT = 256 * 1024  # bytes of status line and headers


class HeadTooLarge(ParseError):
    """A response whose status line and headers exceed HEAD_LIMIT."""


class _BoundedParser(_LenientHTTPClientParser):
    _head_length = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self._head_length += len(line) + 1
        if self._head_length > HEAD_LIMIT:
            raise HeadTooLarge("the head is too large", b"")  # type: ignore[no-untyped-call]
        super().lineReceived(line)


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Request) -> Deferred[IResponse]:  # type: ignore[override]
        response = super().request(request)  # type: ignore[arg-type]
        # Scrapy replaces the parser's class in the same way, because Twisted names its parser in its code.
        if self._parser is not None:
            self._parser.__class__ = _BoundedParser
        return response


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _BoundedProtocol:  # noqa: N802
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler with a limit on the head of a response."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory
