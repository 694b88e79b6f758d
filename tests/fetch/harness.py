"""Real crawls over loopback inside the test process, and a server that can misbehave as a test needs."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.fetch.failures import explain

SETTINGS: dict[str, Any] = {
    "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    "TWISTED_DNS_RESOLVER": "crawler.fetch.pins.PinnedResolver",
    "USER_AGENT": "Zhaoshang/0.1 (+crawl@example.org)",
    "CONTACT": "crawl@example.org",
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_DELAY_JITTER": 0,
    "DOWNLOAD_TIMEOUT": 5,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "RETRY_TIMES": 0,
    "CLOSESPIDER_TIMEOUT": 20,  # a crawl that waits for ever fails its test
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    "LOG_LEVEL": "CRITICAL",
    "DOWNLOAD_HANDLERS": {
        "http": "crawler.fetch.politeness.PoliteDownloadHandler",
        "https": "crawler.fetch.politeness.PoliteDownloadHandler",
    },
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.fetch.limits.PageLimitMiddleware": 40,
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.fetch.guard.AddressGuardMiddleware": 555,
        "crawler.fetch.politeness.PolitenessMiddleware": 560,
        "crawler.fetch.robots.RobotsMiddleware": 565,
        "crawler.fetch.blocking.BlockingMiddleware": 570,
    },
    "EXTENSIONS": {
        "crawler.fetch.contact.ContactCheck": 0,
        "scrapy.extensions.throttle.AutoThrottle": None,
        "crawler.fetch.politeness.PoliteAutoThrottle": 0,
    },
}


@dataclass
class Crawl:
    """What one crawl did: the pages that arrived, the failures with their explanation, and why it ended."""

    pages: list[Response] = field(default_factory=list)
    failures: dict[str, tuple[str, str]] = field(default_factory=dict)
    exceptions: dict[str, BaseException | None] = field(default_factory=dict)
    reason: str = ""
    stats: dict[str, Any] = field(default_factory=dict)

    @property
    def urls(self) -> list[str]:
        return [page.url for page in self.pages]


class PageSpider(Spider):
    """Fetches the URLs it is given, all at once or one after the other."""

    name = "pages"

    def __init__(self, asked: list[str | Request], crawl: Crawl, in_order: bool, **attributes: Any) -> None:
        super().__init__()
        self.asked, self.crawl, self.in_order = asked, crawl, in_order
        first = asked[0] if asked else ""
        self.home_urls: tuple[str, ...] = (first.url if isinstance(first, Request) else first,)
        for name, value in attributes.items():
            setattr(self, name, value)

    async def start(self) -> AsyncIterator[Any]:
        for number, asked in enumerate(self.asked):
            request = asked if isinstance(asked, Request) else Request(asked)
            request = request.replace(
                callback=self.arrived, errback=self.failed, dont_filter=True, priority=-number if self.in_order else 0
            )
            request.meta.setdefault("handle_httpstatus_all", False)
            yield request

    def arrived(self, response: Response) -> None:
        self.crawl.pages.append(response)

    def failed(self, failure: Failure) -> None:
        url = failure.request.url  # type: ignore[attr-defined]
        self.crawl.failures[url] = explain(failure)
        self.crawl.exceptions[url] = failure.value

    def closed(self, reason: str) -> None:
        self.crawl.reason = reason


async def crawl_pages(
    *asked: str | Request,
    settings: dict[str, Any] | None = None,
    in_order: bool = True,
    prepare: Callable[[Crawler], None] | None = None,
    **attributes: Any,
) -> Crawl:
    """Crawl these URLs with all components of the package and the given spider attributes."""
    crawl = Crawl()
    runner = AsyncCrawlerRunner({**SETTINGS, **(settings or {})})
    crawler = runner.create_crawler(PageSpider)
    if prepare is not None:
        crawler.signals.connect(lambda: prepare(crawler), signal=signals.engine_started, weak=False)
    await runner.crawl(crawler, asked=list(asked), crawl=crawl, in_order=in_order, **attributes)
    crawl.stats = crawler.stats.get_stats()
    return crawl


CrawlPages = Callable[..., Crawl]
Answer = bytes | Callable[[socket.socket], None]


def http(
    body: bytes = b"<html><body>page</body></html>", status: str = "200 OK", headers: tuple[str, ...] = ()
) -> bytes:
    """A complete HTTP response."""
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers)
    if not any(line.lower().startswith("content-type") for line in headers):
        lines += ("Content-Type: text/html",)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class RawServer:
    """Answers each path with the bytes, or by the function, that a test gives it; robots.txt is missing by default.

    `seen` holds the path and the monotonic time of every request, `together` how many were ever open at once.
    """

    answers: dict[str, Answer]
    hold: float = 0.0
    seen: list[tuple[str, float]] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    together: int = 0
    _open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def times(self, prefix: str = "/") -> list[float]:
        """When requests for paths with this prefix arrived."""
        return [at for path, at in self.seen if path.startswith(prefix) and path != "/robots.txt"]

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [path for path, _ in self.seen]

    def close(self) -> None:
        self.socket.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        with client:
            head = b""
            while b"\r\n\r\n" not in head:
                got = client.recv(65536)
                if not got:
                    return
                head += got
            path = head.split(b" ", 2)[1].decode()
            with self._lock:
                self.seen.append((path, time.monotonic()))
                self.heads.append(head)
                self._open += 1
                self.together = max(self.together, self._open)
            try:
                threading.Event().wait(self.hold)
                answer = self.answers.get(path, self.answers.get("*") if path != "/robots.txt" else None)
                if callable(answer):
                    answer(client)
                else:
                    client.sendall(answer if answer is not None else http(b"none", "404 Not Found"))
            except OSError:
                pass
            finally:
                with self._lock:
                    self._open -= 1


Serve = Callable[..., RawServer]
