"""Scrapy's download handler of a replay: no socket is opened, the captures answer."""

from __future__ import annotations

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes
from scrapy.utils.python import to_bytes

from crawler.capture.values import Headers as Pairs
from crawler.fetch.replay.answers import MISSING, REPLAYED, ReplayAnswer
from crawler.fetch.replay.opening import acquire, release
from crawler.fetch.replay.warcs import undone
from crawler.fetch.wire import WIRE, pairs
from crawler.items import Wire


class ReplayDownloadHandler(BaseDownloadHandler):
    """Answers from what the setting `REPLAY` names, with 404 for what is missing (see `is_missing`).

    It notes the exchange as `WireMiddleware` does in a crawl, with the day and place of the capture.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._path: str = crawler.settings["REPLAY"]
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._answers = acquire(self._path)

    async def download_request(self, request: Request) -> Response:
        """The captured response. Raises DownloadCancelledError where it is larger than `DOWNLOAD_MAXSIZE`."""
        limit = int(request.meta.get("download_maxsize", self._limit)) or self._limit
        answer = self._answers.find(request.method, request.url, request.body, limit)
        if answer is None:
            for note in (WIRE, REPLAYED):
                request.meta.pop(note, None)
            return Response(request.url, status=404, flags=[MISSING])
        if answer.cut:
            raise DownloadCancelledError(f"Received more bytes than download max size ({limit}) in request {request}.")
        request.meta[WIRE] = _wire(request, answer)
        request.meta[REPLAYED] = (answer.fetched_at, answer.kept_at)
        headers = _headers(undone(answer.headers))
        kind = responsetypes.from_args(headers=headers, url=request.url, body=answer.body)
        return kind(request.url, status=answer.status, headers=headers, body=answer.body)

    async def close(self) -> None:
        """Let go of the captures."""
        release(self._path)


def _wire(request: Request, answer: ReplayAnswer) -> Wire:
    same = answer.body if answer.payload == answer.body else answer.payload
    return Wire(
        method=request.method,
        request_headers=pairs(request.headers),
        request_body=request.body,
        response_headers=answer.headers,
        payload=same,
        truncated=answer.truncated,
    )


def _headers(given: Pairs) -> Headers:
    headers = Headers()
    for name, value in given:
        headers.appendlist(name, to_bytes(value, "latin-1", "replace"))
    return headers
