"""Keeps a crawl on the public internet: no page may send it to the machine or network it runs in."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import ParseResult, SplitResult, urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Request
from scrapy.utils.httpobj import urlparse_cached

from crawler.fetch.addresses import IPAddress, Target, UnsafeUrl, parse_target, special_name
from crawler.fetch.kept import Kept
from crawler.fetch.pins import PINS, PinnedResolver, look_up

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LOOKUP_KEPT = 3600.0  # seconds a looked-up name counts as checked; then it is looked up and checked again
FAILURE_KEPT = 10.0  # seconds a name that cannot be found is not asked for again
UNREACHABLE = (DownloadConnectionRefusedError, DownloadTimeoutError)


class AddressRefused(IgnoreRequest):
    """A request that would leave the public internet; its text is one sentence that says why it was not sent."""


@dataclass(slots=True, frozen=True)
class _Verdict:
    """What was decided about a scheme, host and port: the exception to raise, if any, and until when it holds."""

    until: float
    refusal: str | None = None
    lost: str | None = None


class AddressGuardMiddleware:
    """Refuses requests to loopback, private, link-local, multicast and reserved addresses, by name or number.

    A source that itself starts on such an address (the spider's `home_urls`) may ask that very address and
    port. The addresses that were checked are the ones connected to (see `pins`). Settings: `DNS_TIMEOUT`.
    """

    clock: Callable[[], float] = staticmethod(time.monotonic)

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._timeout = crawler.settings.getfloat("DNS_TIMEOUT")
        self._verdicts: Kept[tuple[str, str], _Verdict] = Kept(lambda: self.clock())
        self._home: frozenset[tuple[IPAddress, int]] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuardMiddleware:
        """Scrapy's way to build a component."""
        return cls(crawler)

    def process_request(self, request: Request) -> Awaitable[None] | None:
        """Raise AddressRefused, or CannotResolveHostError for a name that has no address."""
        # A proxy would connect to wherever it likes.
        request.meta.pop("proxy", None)
        url = urlparse_cached(request)
        verdict = self._verdicts.get((url.scheme, url.netloc))
        if verdict is None:
            return self._judge_first(url)
        self._enforce(verdict)
        return None

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Look a server up again that does not answer: it may have moved."""
        if isinstance(exception, UNREACHABLE):
            url = urlparse_cached(request)
            self._verdicts.forget((url.scheme, url.netloc))

    @staticmethod
    def _enforce(verdict: _Verdict) -> None:
        if verdict.refusal is not None:
            raise AddressRefused(verdict.refusal)
        if verdict.lost is not None:
            raise CannotResolveHostError(verdict.lost)

    async def _judge_first(self, url: ParseResult) -> None:
        """Judge a host that was not seen yet; requests that come meanwhile wait for the same verdict."""
        self._enforce(await self._verdicts.find((url.scheme, url.netloc), lambda: self._judge(url)))

    async def _judge(self, url: ParseResult) -> _Verdict:
        self._pinned_resolver.install_on_reactor()
        until = self.clock() + LOOKUP_KEPT
        try:
            target = parse_target(url)
            if target.is_local_name and not self._is_home_host(target):
                raise UnsafeUrl("its host is a name of this machine")
            addresses = (target.address,) if target.address else await look_up(target.host, self._timeout)
            await self._check(target, addresses)
            if not PINS.approve(target.host, target.port, _preferred(addresses)):
                raise UnsafeUrl(f"it led to the public internet before and now leads to {addresses[0]}")
        except UnsafeUrl as error:
            return _Verdict(until, refusal=f"{url.scheme}://{url.netloc}/ is not asked: {error}.")
        except (OSError, UnicodeError) as error:
            why = "no answer in time" if isinstance(error, TimeoutError) else "no address"
            return _Verdict(self.clock() + FAILURE_KEPT, lost=f"The name {url.hostname} was not found: {why}.")
        return _Verdict(until)

    async def _check(self, target: Target, addresses: tuple[IPAddress, ...]) -> None:
        """Raise UnsafeUrl where any address of the target is neither public nor the source's own."""
        for address in addresses:
            name = special_name(address)
            if name is not None and (address, target.port) not in await self._home_addresses():
                raise UnsafeUrl(f"it leads to {address}, {name} that is not the source's own")

    def _home_urls(self) -> tuple[SplitResult, ...]:
        return tuple(urlsplit(url) for url in getattr(self._crawler.spider, "home_urls", ()))

    def _is_home_host(self, target: Target) -> bool:
        return any(home.hostname == target.host for home in self._home_urls())

    async def _home_addresses(self) -> frozenset[tuple[IPAddress, int]]:
        """The addresses and ports the source itself starts from; looked up where one is first needed."""
        if self._home is None:
            found: set[tuple[IPAddress, int]] = set()
            for home in self._home_urls():
                try:
                    target = parse_target(home)
                    addresses = (target.address,) if target.address else await look_up(target.host, self._timeout)
                except (UnsafeUrl, OSError, UnicodeError):
                    continue
                found.update((address, target.port) for address in addresses)
            self._home = frozenset(found)
        return self._home

    @cached_property
    def _pinned_resolver(self) -> PinnedResolver:
        from twisted.internet import reactor

        return PinnedResolver(reactor)


def _preferred(addresses: tuple[IPAddress, ...]) -> tuple[IPAddress, ...]:
    """The IPv4 addresses where there are any: many machines have IPv6 addresses and no route."""
    return tuple(address for address in addresses if address.version == 4) or addresses
