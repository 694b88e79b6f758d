"""Fetching a page or two outside a crawl, with the same manners as a crawl: robots.txt, delays, guards and limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.fetch.contact import find_contact, require_contact
from crawler.fetch.failures import explain
from crawler.items import Capture
from crawler.sources import SourceError
from crawler.spiders.pages import capture_of

# What a crawl has and a look does not: a frontier in the archive, and something to store.
_LOOKING = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "ITEM_PIPELINES": {},
    "LOG_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}

Fetch = Callable[[str], Awaitable[Capture]]


@dataclass(slots=True)
class _Looked:
    value: Any = None
    error: Exception | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


class LookSpider(Spider):
    """Runs one coroutine that may fetch pages, then ends."""

    name = "look"

    def __init__(self, home: str, look: Callable[[Fetch], Awaitable[Any]], looked: _Looked, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.home_urls = (home,)
        self.look = look
        self.looked = looked

    async def start(self) -> AsyncIterator[Any]:
        """Look, and keep what was seen or what went wrong."""
        try:
            self.looked.value = await self.look(self.fetch)
        except Exception as error:
            self.looked.error = error
        return
        yield

    async def fetch(self, url: str) -> Capture:
        """One page. Raises SourceError with the reason where it cannot be had."""
        try:
            response: Response = await self.crawler.engine.download_async(Request(url, dont_filter=True))
        except Exception as error:
            raise SourceError(f"{url} could not be fetched: {explain(error)[1].rstrip('.')}.") from error
        return capture_of(response, url)


def look_at(home: str, look: Callable[[Fetch], Awaitable[Any]]) -> Any:
    """Run a coroutine that gets a `fetch(url)`; gives its result. `home` is the site it may look at."""
    require_contact(find_contact(), [home])
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(_LOOKING, priority="cmdline")
    looked = _Looked()
    process = AsyncCrawlerProcess(settings)
    process.crawl(LookSpider, home=home, look=look, looked=looked)
    process.start()
    if looked.error is not None:
        raise looked.error
    return looked.value


def fetch_page(url: str) -> Capture:
    """Fetch one page. Raises SourceError with the reason where it cannot be had."""

    async def one(fetch: Fetch) -> Capture:
        return await fetch(url)

    capture: Capture = look_at(url, one)
    return capture
