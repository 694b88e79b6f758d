"""Fixtures: real crawls over loopback inside the test process, and servers that misbehave as a test needs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from scrapy.utils.reactor import install_reactor

from .harness import SETTINGS, Answer, Crawl, CrawlPages, RawServer, Serve, crawl_pages

Result = TypeVar("Result")


@pytest.fixture(scope="session")
def run_async() -> Callable[[Coroutine[Any, Any, Result]], Result]:
    """Run a coroutine in the loop of Twisted's asyncio reactor."""
    install_reactor(SETTINGS["TWISTED_REACTOR"])
    from twisted.internet import reactor

    loop: asyncio.AbstractEventLoop = reactor._asyncioEventloop
    if not reactor.running:
        reactor.startRunning(installSignalHandlers=False)
    return loop.run_until_complete


@pytest.fixture
def crawl(run_async: Callable[..., Crawl]) -> CrawlPages:
    """Crawl URLs: `crawl(url, ..., settings={...}, in_order=True, prepare=f, **spider_attributes)`."""
    return lambda *asked, **options: run_async(crawl_pages(*asked, **options))


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers: `serve({"/path": answer, "*": answer}, hold=seconds)`."""
    servers: list[RawServer] = []

    def start(answers: dict[str, Answer], hold: float = 0.0) -> RawServer:
        servers.append(RawServer(answers, hold))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
