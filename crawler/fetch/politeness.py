"""One page at a time, with a delay, counted by server and not by host name or by crawl."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from scrapy import Spider
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.fetch.addresses import DEFAULT_PORTS, IPAddress
from crawler.fetch.heads import BoundedDownloadHandler
from crawler.fetch.pins import PINS
from crawler.fetch.servers import Server, server_named
from crawler.fetch.stopping import PromptEnd, refuse_when_stopping

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

SLOT = "download_slot"  # the request.meta key by which Scrapy's downloader queues requests
BUSY_STATUSES = frozenset({429, 503})
LONGEST_NAP = 1.0  # seconds between two looks at whether the crawl is ending


class _Place(NamedTuple):
    """A server as this crawl treats it: its key, its shared state, and the delay the source asks for."""

    key: str
    server: Server
    delay: float


class PolitenessMiddleware:
    """Gives every request the download slot of its server and the delay of its source.

    The slot is the spider's `politeness_group`, else the server's address (with the port on loopback). The
    delay is the spider's `request_delay` in seconds, at least `DOWNLOAD_DELAY`; on loopback there is no least one.
    Settings: `DOWNLOAD_DELAY`, `AUTOTHROTTLE_*`, `CRAWL_DELAY_MAX` (60), `RETRY_AFTER_MAX` (300),
    `BACKOFF_DELAY_MAX` (300), all in seconds.
    """

    now: Callable[[], float] = staticmethod(time.time)

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._delay = settings.getfloat("DOWNLOAD_DELAY")
        self._throttled = settings.getbool("AUTOTHROTTLE_ENABLED")
        self._start_delay = settings.getfloat("AUTOTHROTTLE_START_DELAY") if self._throttled else 0.0
        self._concurrency = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._crawl_delay_max = settings.getfloat("CRAWL_DELAY_MAX", 60.0)
        self._retry_after_max = settings.getfloat("RETRY_AFTER_MAX", 300.0)
        self._backoff_max = settings.getfloat("BACKOFF_DELAY_MAX", 300.0)
        self._places: dict[str, _Place] = {}
        self._end = PromptEnd(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PolitenessMiddleware:
        """Scrapy's way to build a component."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Put the request in its server's queue. A redirected request carries the slot it came from: replace it."""
        url = urlparse_cached(request)
        host = url.hostname or ""
        port = url.port or DEFAULT_PORTS.get(url.scheme, 0)
        pinned = PINS.addresses(host, port)
        address = str(pinned[0]) if pinned else host
        loopback = bool(pinned) and is_unhurried(pinned[0])
        group = getattr(self._crawler.spider, "politeness_group", None)
        key = group or (f"{address}:{port}" if loopback else address)
        if key not in self._places:
            self._enter(key, loopback)
        request.meta[SLOT] = key

    def process_response(self, request: Request, response: Response) -> Response:
        """Honour Retry-After; without one a 429 doubles the delay."""
        if response.status in BUSY_STATUSES and (place := self.place(request)) is not None:
            pause = retry_after(response, self.now())
            if pause is not None:
                resume = time.monotonic() + min(pause, self._retry_after_max)
                place.server.not_before = max(place.server.not_before, resume)
            elif response.status == 429:
                self.back_off(request)
        return response

    def place(self, request: Request) -> _Place | None:
        """The server a request was queued for; None before it came through this middleware."""
        return self._places.get(request.meta.get(SLOT, ""))

    def ask_delay(self, request: Request, seconds: float) -> None:
        """Keep a robots.txt's Crawl-delay towards the server of this request, up to `CRAWL_DELAY_MAX`."""
        place = self.place(request)
        if place is not None:
            place.server.crawl_delay = max(place.server.crawl_delay, min(seconds, self._crawl_delay_max))
            self._settle(place)

    def back_off(self, request: Request) -> None:
        """Double the delay towards the server of this request, up to `BACKOFF_DELAY_MAX`."""
        place = self.place(request)
        if place is not None:
            place.server.back_off(place.delay, self._backoff_max)
            self._settle(place)

    def relax(self, request: Request) -> None:
        """Take back half of what was added, after a good answer."""
        place = self.place(request)
        if place is not None and place.server.backoff:
            place.server.relax()
            self._settle(place)

    def _enter(self, key: str, loopback: bool) -> None:
        asked = getattr(self._crawler.spider, "request_delay", None)
        delay = max(asked or 0.0, 0.0 if loopback else self._delay)
        place = self._places[key] = _Place(key, server_named(key, exclusive=not loopback), delay)
        self._settle(place)

    def _settle(self, place: _Place) -> None:
        """Bring the downloader's slot in line with what is known of the server, now and for when it is made anew."""
        key, server, delay = place
        floor, turns = server.floor(delay), server.asks_turns(delay)
        start = max(floor, self._start_delay if turns else 0.0)
        concurrency = 1 if turns else self._concurrency
        downloader = self._crawler.engine.downloader
        downloader.per_slot_settings[key] = {"concurrency": concurrency, "delay": start, "jitter": 0.0}
        slot = downloader.slots.get(key)
        if slot is not None:
            slot.concurrency = concurrency
            slot.delay = max(slot.delay, floor) if self._throttled and turns else floor


class PoliteAutoThrottle(AutoThrottle):
    """Scrapy's AutoThrottle, never faster than the source, its robots.txt or a back-off allow.

    It replaces `scrapy.extensions.throttle.AutoThrottle`; a source on loopback without a delay is not throttled.
    """

    def _min_delay(self) -> float:
        # The least delay is the server's own, not one of all servers.
        return 0.0

    @cached_property
    def _politeness(self) -> PolitenessMiddleware | None:
        return self.crawler.get_downloader_middleware(PolitenessMiddleware)

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        place = self._politeness.place(request) if self._politeness else None
        if place is None or not place.server.asks_turns(place.delay):
            return
        super()._response_downloaded(response, request, spider)
        slot = self.crawler.engine.downloader.slots.get(place.key)
        if slot is not None:
            slot.delay = max(slot.delay, place.server.floor(place.delay))
            place.server.throttled = slot.delay


class PoliteDownloadHandler(BoundedDownloadHandler):
    """Scrapy's HTTP handler, with one request a server at a time across all crawls of the process.

    Slots belong to one crawl; what keeps two crawls apart is the server's lock, held while a page is fetched.
    """

    async def download_request(self, request: Request) -> Response:
        """Wait for the server's turn, then download. Raises CrawlStopping where the crawl ends meanwhile."""
        refuse_when_stopping(self._crawler)
        place = self._politeness.place(request) if self._politeness else None
        if place is None:
            return await super().download_request(request)
        if not place.server.asks_turns(place.delay):
            await self._wait(place)
            return await super().download_request(request)
        async with place.server.lock:
            await self._wait(place)
            place.server.last_request_at = time.monotonic()
            return await super().download_request(request)

    @cached_property
    def _politeness(self) -> PolitenessMiddleware | None:
        return self._crawler.get_downloader_middleware(PolitenessMiddleware)

    async def _wait(self, place: _Place) -> None:
        while (left := place.server.wait(place.delay)) > 0:
            await asyncio.sleep(min(left, LONGEST_NAP))
            refuse_when_stopping(self._crawler)


def is_unhurried(address: IPAddress) -> bool:
    """Whether a server needs no delay: this very machine, which serves fixtures and replays."""
    return address.is_loopback


def retry_after(response: Response, now: float) -> float | None:
    """Seconds that a response asks to wait (RFC 9110 §10.2.3: seconds or a date); None where it does not say.

    A date counts from the response's own Date where it has one, so that a wrong clock on either side does no harm.
    """
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    until = _http_date(value)
    if until is None:
        return None
    said = _http_date((response.headers.get("Date") or b"").decode("latin-1"))
    return max(until - (now if said is None else said), 0.0)


def _http_date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value[:64]).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
