"""How much one crawl may fetch. Size and time of a single response are Scrapy's own settings.

`DOWNLOAD_MAXSIZE` bounds a response as received and again as decompressed; `DOWNLOAD_TIMEOUT` bounds the whole
exchange, so a server that sends a byte a second ends with it; `REDIRECT_MAX_TIMES` bounds redirects.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response

from crawler.fetch.robots import ROBOTS_REQUEST
from crawler.fetch.stopping import StillWaiting, stop_crawl

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

COUNTED = "page_counted"  # in request.meta; copied to the requests a redirect or a retry makes of it
PAGE_LIMIT = "page limit"  # the finish reason
HOLD = 1.0  # seconds


class PageLimitReached(StillWaiting):
    """A page that was not asked for because the crawl has had as many as it may."""


class PageLimitMiddleware:
    """Lets the spider's `max_pages` pages through, then closes it with the reason "page limit".

    A page counts once however often it is redirected or retried; robots.txt does not count, and a page that
    could not be had gives its place back. None or no attribute is no limit.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._taken = 0
        self._under_way = 0
        self._refused = False
        self._all_arrived = asyncio.Event()
        crawler.signals.connect(self.spider_idle, signal=signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PageLimitMiddleware:
        """Scrapy's way to build a component."""
        return cls(crawler)

    def process_request(self, request: Request) -> Awaitable[None] | None:
        """Raise PageLimitReached for the page that is one too many."""
        limit = getattr(self._crawler.spider, "max_pages", None)
        if limit is None or request.meta.get(COUNTED) or request.meta.get(ROBOTS_REQUEST):
            return None
        if self._taken >= limit:
            return self._refuse(limit)
        self._taken += 1
        self._under_way += 1
        self._all_arrived.clear()
        request.meta[COUNTED] = True
        return None

    def process_response(self, request: Request, response: Response) -> Response:
        """Note that a page has arrived."""
        if request.meta.get(COUNTED):
            self._arrived()
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Give the place of a page back that could not be had."""
        if request.meta.pop(COUNTED, None):
            self._taken -= 1
            self._arrived()

    def spider_idle(self) -> None:
        """Name the reason of a crawl that ends because pages were refused."""
        if self._refused:
            raise CloseSpider(PAGE_LIMIT)

    def _arrived(self) -> None:
        self._under_way -= 1
        if self._under_way == 0:
            self._all_arrived.set()

    async def _refuse(self, limit: int) -> None:
        """End the crawl, but not before the pages that were let through have arrived: ending it stops them too.

        The wait is short, because a page that is redirected meanwhile needs the place that this request takes up.
        """
        self._refused = True
        if self._under_way:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._all_arrived.wait(), HOLD)
        if not self._under_way:
            stop_crawl(self._crawler, PAGE_LIMIT)
        raise PageLimitReached(f"The crawl has fetched the {limit} pages it may, so this page still waits.")
