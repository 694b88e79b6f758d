"""Hands items to the archive, which commits them in small batches, by count and by time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

from crawler.archive.errors import ArchiveError
from crawler.items import Article, Listing, Rejection, Visit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.archive.run import Run


class StorePipeline:
    """The last step. An archive that cannot be written ends the crawl with one sentence; what was committed is safe."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.broken = False
        self.timer = create_looping_call(self._tick)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.spider_error, signals.spider_error)
        crawler.signals.connect(pipeline.item_error, signals.item_error)
        return pipeline

    @property
    def run(self) -> Run:
        """The run of the spider."""
        run: Run = self.crawler.spider.run  # type: ignore[union-attr]
        return run

    def open_spider(self) -> None:
        """Start committing by time."""
        self.timer.start(self.run.batch.seconds, now=False)

    def close_spider(self) -> None:
        """Stop committing by time; the spider closes its run."""
        if self.timer.running:
            self.timer.stop()

    def process_item(self, item: Article | Listing | Rejection) -> Article | Listing | Rejection:
        """Note the item for the batch; a full batch is committed before this returns.

        What goes on to feeds and extensions is without its visit: the response's bytes are no part of an export.
        """
        self._guarded(lambda: self.run.record(item))
        return replace(item, visit=None)

    def spider_error(self, failure: Failure, response: Response, **_: Any) -> None:
        """A page the spider could not read is a rejection, so that its crawl can end and it is not forgotten."""
        request = getattr(response, "request", None)
        if request is not None and "page_id" in request.meta:
            self._reject(request.url, Visit(page_id=request.meta["page_id"]), "extract", failure)

    def item_error(self, item: Any, failure: Failure, **_: Any) -> None:
        """An item a pipeline could not handle is a rejection."""
        if isinstance(item, Article | Listing | Rejection):
            url = item.visit.entry_url if item.visit else None
            self._reject(url, item.visit, "pipeline", failure)

    def _reject(self, url: str | None, visit: Visit | None, stage: str, failure: Failure) -> None:
        reason = f"{type(failure.value).__name__}: {failure.getErrorMessage()}"
        self._guarded(lambda: self.run.record(Rejection(url, stage, reason, visit=visit)))

    def _tick(self) -> None:
        self._guarded(self.run.flush_if_due)

    def _guarded(self, write: Any) -> None:
        if self.broken:
            return
        try:
            write()
        except ArchiveError as error:
            self.broken = True
            self.crawler.spider.stop_for(error)  # type: ignore[union-attr]
