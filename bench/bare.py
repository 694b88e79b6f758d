"""The yardstick: a bare Scrapy spider that selects title and body and stores nothing."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from bench.site import listing_path


class BareSpider(scrapy.Spider):
    """Follows every listing page and article of the bench site."""

    name = "bare"

    async def start(self) -> AsyncIterator[Any]:
        """All listing pages: the bare spider is spared the pager."""
        for page in range(int(self.listings)):  # type: ignore[attr-defined]
            yield scrapy.Request(f"http://127.0.0.1:{self.port}{listing_path(page)}")  # type: ignore[attr-defined]

    def parse(self, response: Response) -> Iterator[Any]:
        """The links of a listing."""
        for link in response.css("ul.list a::attr(href)").getall():
            yield response.follow(link, self.parse_article)

    def parse_article(self, response: Response) -> Iterator[Any]:
        """Title and body, dropped by Scrapy after that."""
        body = "\n".join(response.css(".TRS_Editor p::text").getall())
        yield {"title": response.css("h1::text").get(), "body": body}


def main(port: str, listings: str, concurrency: str) -> None:
    """Crawl the bench site on a port of loopback."""
    settings = {
        "LOG_ENABLED": False,
        "CONCURRENT_REQUESTS": int(concurrency),
        "CONCURRENT_REQUESTS_PER_DOMAIN": int(concurrency),
        "DOWNLOAD_DELAY": 0,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
    process = AsyncCrawlerProcess(settings)
    process.crawl(BareSpider, port=port, listings=listings)
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:4])
