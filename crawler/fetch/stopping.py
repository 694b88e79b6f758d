"""How a crawl is ended early: once, with a reason, at once, and without sending what still waits in its queues."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

GLANCE = 0.25  # seconds between two looks at whether the crawl is ending

_closing: WeakKeyDictionary[Crawler, asyncio.Task[None]] = WeakKeyDictionary()


class StillWaiting(IgnoreRequest):
    """A request that was not sent although nothing is wrong with it: it can be asked next time."""


class CrawlStopping(StillWaiting):
    """A request that was not sent because the crawl is ending."""


def stop_crawl(crawler: Crawler, reason: str) -> None:
    """Close the spider with this finish reason, as soon as what is on its way has arrived."""
    if not is_stopping(crawler):
        closing = crawler.engine.close_spider_async(reason=reason)
        _closing[crawler] = asyncio.ensure_future(closing)


def is_stopping(crawler: Crawler) -> bool:
    """Whether the crawl is ending, for whatever reason (a limit, a block, the operator)."""
    if crawler in _closing:
        return True
    # Scrapy tells nobody that it is closing before everything in its queues has been sent.
    slot = getattr(crawler.engine, "_slot", None)
    return slot is None or slot.closing is not None


def refuse_when_stopping(crawler: Crawler) -> None:
    """Raise CrawlStopping where the crawl is ending."""
    if is_stopping(crawler):
        raise CrawlStopping("The crawl is ending, so this page was not asked for and still waits.")


class PromptEnd:
    """Empties the downloader's queues once the crawl is ending.

    Scrapy would let every queued request wait for its delay first: half a minute for sixteen of them. So nothing
    waits here, and the download handler refuses what comes out.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._watch: asyncio.Task[None] | None = None
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    def spider_opened(self) -> None:
        """Begin to look."""
        self._watch = asyncio.ensure_future(self._look())

    def spider_closed(self) -> None:
        """Stop looking."""
        if self._watch is not None:
            self._watch.cancel()

    async def _look(self) -> None:
        while not is_stopping(self._crawler):
            await asyncio.sleep(GLANCE)
        downloader = self._crawler.engine.downloader
        for slot in tuple(downloader.slots.values()):
            slot.delay = 0.0
            slot.close()  # forgets the timer of the delay
            downloader._process_queue(slot)
