"""Scrapy's scheduler over the frontier table: memory stays flat, and a killed crawl goes on where it was."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from scrapy.core.scheduler import BaseScheduler

from crawler.archive.errors import ArchiveError
from crawler.spiders.requests import PAGE_ID, to_found, to_request

if TYPE_CHECKING:
    from scrapy import Request, Spider

    from crawler.archive.frontier import Waiting
    from crawler.spiders.source import SourceSpider


class FrontierScheduler(BaseScheduler):
    """Gives out the frontier's rows in the order they were found. Needs a spider with a `run` (SourceSpider)."""

    def __init__(self) -> None:
        # Redirects and retries of a page that was given out: its row still waits, so they need not be kept.
        self.again: deque[Request] = deque()
        self.ready: deque[Waiting] = deque()
        self.given = 0
        self.most_in_flight = 2
        self.spider: SourceSpider

    def open(self, spider: Spider) -> None:
        """Called by the engine before the first request."""
        self.spider = spider  # type: ignore[assignment]
        self.most_in_flight = 2 * spider.settings.getint("CONCURRENT_REQUESTS")

    def enqueue_request(self, request: Request) -> bool:
        """Note a page to fetch. A page this crawl knows already is dropped when the batch is written."""
        if PAGE_ID in request.meta:
            self.again.append(request)
        else:
            self.spider.run.found(to_found(request))
        return True

    def has_pending_requests(self) -> bool:
        """Whether anything is left to give out."""
        return bool(self.again or self.ready) or self.spider.run.may_have_waiting

    def _is_idle(self) -> bool:
        """Whether nothing is on its way that would ask for the next request when it arrives."""
        engine = self.spider.crawler.engine
        reading = engine.scraper.slot
        return not engine.downloader.active and (reading is None or reading.is_idle())

    def next_request(self) -> Request | None:
        """The next request, or None for now."""
        if self.again:
            return self.again.popleft()
        if self.given - self.spider.run.read >= self.most_in_flight and not self._is_idle():
            # Pages arrive faster than they are read; each of them would be fetched again after a `kill -9`.
            return None
        if not self.ready:
            try:
                self.ready.extend(self.spider.run.waiting(idle=self._is_idle()))
            except ArchiveError as error:
                self.spider.stop_for(error)
        if not self.ready:
            return None
        self.given += 1
        return to_request(self.ready.popleft(), self.spider)
