"""Reads the facts out of an article; where several pages may arrive at once, in a process of its own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from crawler.fact_items import Facts
from crawler.facts import read_facts
from crawler.fetch.apart import worker_pool, works_apart
from crawler.items import Article, Listing, Rejection

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.archive.run import Run


class FactsPipeline:
    """The step after validating: an article goes on with its facts, but where the archive has them already."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._apart = works_apart(crawler.settings)
        self._pool: ProcessPoolExecutor | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def close_spider(self) -> None:
        """End the process, if there is one."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def process_item(self, item: Article | Listing | Rejection) -> Article | Listing | Rejection:
        """An article with its facts; anything else passes."""
        if not isinstance(item, Article):
            return item
        run: Run = self.crawler.spider.run  # type: ignore[union-attr]
        if run.has_facts_of(item):
            return item
        region = run.source.region_code
        facts = await self._read(item, region) if self._apart else facts_of(item, region)
        return replace(item, facts=facts)

    async def _read(self, article: Article, region: str | None) -> Facts:
        """The facts, read by the other process. A text on which it ends has none, and the crawl says so."""
        if self._pool is None:
            self._pool = worker_pool(1)
        pool = self._pool
        try:
            # The article's bytes stay here: the other process needs its texts only.
            texts = {"title": article.title, "body": article.body}
            read = pool.submit(read_facts, **texts, on=article.published_on, source_region=region)
            return await asyncio.wrap_future(read)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
            self.crawler.spider.run.warn(f"{article.url}: the process that reads facts ended on this article")  # type: ignore[union-attr]
            return Facts()


def facts_of(article: Article, region: str | None) -> Facts:
    """The facts of an article that a source of this region published."""
    return read_facts(article.title, article.body, on=article.published_on, source_region=region)
