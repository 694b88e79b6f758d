"""One page at a time and a delay, by server: across hosts, crawls, robots.txt, Retry-After and blocks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from email.utils import formatdate
from itertools import pairwise
from typing import Any

import pytest
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

import crawler.fetch.guard as guard_module
import crawler.fetch.pins as pins_module
from crawler.fetch.addresses import IPAddress
from crawler.fetch.politeness import retry_after
from crawler.fetch.servers import Server

from .harness import Crawl, CrawlPages, Serve, crawl_pages, http


def gaps(times: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(sorted(times))]


def urls(base: str, count: int) -> list[str]:
    return [f"{base}/{number}" for number in range(count)]


def test_source_on_loopback_is_asked_without_delay_and_in_parallel(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()}, hold=0.05)
    crawl(*urls(server.url, 8), settings={"DOWNLOAD_DELAY": 30, "AUTOTHROTTLE_ENABLED": True})
    assert len(server.times()) == 8
    assert server.together > 1


def test_delay_of_the_source_is_kept_on_loopback_too(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()}, hold=0.02)
    crawl(*urls(server.url, 3), request_delay=0.2)
    assert min(gaps(server.times())) > 0.15
    assert server.together == 1


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat loopback as any other server: nothing but loopback may be asked in a test."""
    import crawler.fetch.politeness as politeness_module

    monkeypatch.setattr(politeness_module, "is_unhurried", lambda address: False)


def test_other_servers_get_one_request_at_a_time_with_the_default_delay(
    crawl: CrawlPages, serve: Serve, remote: None
) -> None:
    server = serve({"*": http()}, hold=0.02)
    crawl(*urls(server.url, 3), settings={"DOWNLOAD_DELAY": 0.2}, request_delay=0.01)
    assert min(gaps(server.times())) > 0.15
    assert server.together == 1


def test_hosts_on_one_address_share_the_delay(crawl: CrawlPages, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = pins_module.look_up

    async def same_address(host: str, timeout: float) -> tuple[IPAddress, ...]:
        return await look_up("localhost", timeout)

    monkeypatch.setattr(guard_module, "look_up", same_address)
    server = serve({"*": http()}, hold=0.02)
    pages = [f"http://{host}.example:{server.port}/" for host in "abc"]
    done = crawl(*pages, request_delay=0.2, settings={"ROBOTSTXT_OBEY": False})
    assert len(done.pages) == 3
    assert min(gaps(server.times())) > 0.15


def test_politeness_group_joins_servers(crawl: CrawlPages, serve: Serve) -> None:
    first, second = serve({"*": http()}, hold=0.02), serve({"*": http()}, hold=0.02)
    pages = [first.url + "/1", second.url + "/1", first.url + "/2"]
    home = (first.url, second.url)
    done = crawl(*pages, request_delay=0.2, politeness_group="one machine", home_urls=home)
    assert len(done.pages) == 3
    assert min(gaps(first.times() + second.times())) > 0.15


def test_slot_of_a_redirected_request_is_the_new_servers(crawl: CrawlPages, serve: Serve) -> None:
    second = serve({"*": http()})
    first = serve({"/a": http(b"", "302 Found", (f"Location: {second.url}/b",))})
    done = crawl(first.url + "/a", home_urls=(first.url, second.url))
    assert done.pages[0].meta["download_slot"] == f"127.0.0.1:{second.port}"


def both(run_async: Callable[..., Any], *crawls: Any) -> list[Crawl]:
    async def run() -> list[Crawl]:
        return list(await asyncio.gather(*crawls))

    done: list[Crawl] = run_async(run())
    return done


def test_two_crawls_of_one_server_take_turns(run_async: Callable[..., Any], serve: Serve) -> None:
    server = serve({"*": http()}, hold=0.1)
    options: dict[str, Any] = {"request_delay": 0.01, "settings": {"ROBOTSTXT_OBEY": False}}
    one, two = crawl_pages(*urls(server.url, 3), **options), crawl_pages(*urls(server.url + "/x", 3), **options)
    done = both(run_async, one, two)
    assert [len(crawl.pages) for crawl in done] == [3, 3]
    assert server.together == 1


def test_two_crawls_of_one_server_keep_one_delay(run_async: Callable[..., Any], serve: Serve) -> None:
    server = serve({"*": http()})
    options: dict[str, Any] = {"request_delay": 0.2, "settings": {"ROBOTSTXT_OBEY": False}}
    both(run_async, crawl_pages(*urls(server.url, 2), **options), crawl_pages(*urls(server.url + "/x", 2), **options))
    assert len(server.times()) == 4
    assert min(gaps(server.times())) > 0.15


def test_two_crawls_of_different_servers_do_not_wait_for_each_other(
    run_async: Callable[..., Any], serve: Serve
) -> None:
    first, second = serve({"*": http()}), serve({"*": http()})
    options: dict[str, Any] = {"request_delay": 0.15, "settings": {"ROBOTSTXT_OBEY": False}}
    started = time.monotonic()
    both(run_async, crawl_pages(*urls(first.url, 3), **options), crawl_pages(*urls(second.url, 3), **options))
    assert time.monotonic() - started < 0.55


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Busy"])
def test_retry_after_is_waited_for(crawl: CrawlPages, serve: Serve, status: str) -> None:
    server = serve({"/0": http(b"", status, ("Retry-After: 1",)), "*": http()})
    crawl(*urls(server.url, 2), settings={"CONCURRENT_REQUESTS": 1, "RETRY_AFTER_MAX": 0.3})
    (gap,) = gaps(server.times())
    assert 0.25 < gap < 0.9


def test_retried_page_waits_as_asked(crawl: CrawlPages, serve: Serve) -> None:
    busy = [http(b"", "503 Busy", ("Retry-After: 1",)), http(b"now")]
    server = serve({"/a": lambda client: client.sendall(busy.pop(0))})
    done = crawl(server.url + "/a", settings={"RETRY_TIMES": 1, "RETRY_AFTER_MAX": 0.3})
    assert [page.body for page in done.pages] == [b"now"]
    assert min(gaps(server.times())) > 0.25


def test_too_many_requests_without_retry_after_slows_the_crawl(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/0": http(b"", "429 Too Many Requests"), "*": http()})
    crawl(*urls(server.url, 2), settings={"CONCURRENT_REQUESTS": 1, "BACKOFF_DELAY_MAX": 0.3})
    assert min(gaps(server.times())) > 0.25


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 7 "}, 7),
        ({"Retry-After": "99999999999999999999"}, 999_999_999),
        ({"Retry-After": formatdate(1060, usegmt=True)}, 60),
        ({"Retry-After": formatdate(1060, usegmt=True), "Date": formatdate(1050, usegmt=True)}, 10),
        ({"Retry-After": formatdate(900, usegmt=True)}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "１２"}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "Mon, 99 Foo 99999 99:99:99 GMT"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(Response("http://a.example/", headers=headers), now=1000.0) == seconds


def slot_delay(found: list[float]) -> Callable[[Crawler], None]:
    """Note the delay of the slot whenever a page has been processed."""

    def prepare(crawler: Crawler) -> None:
        def note(response: Response, request: Request) -> None:
            slot = crawler.engine.downloader.slots[request.meta["download_slot"]]
            found.append(slot.delay)

        crawler.signals.connect(note, signal=signals.response_received, weak=False)

    return prepare


def test_autothrottle_never_goes_below_the_delay_of_the_source(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()})
    found: list[float] = []
    crawl(
        *urls(server.url, 4),
        request_delay=0.1,
        settings={"AUTOTHROTTLE_ENABLED": True, "AUTOTHROTTLE_START_DELAY": 0.3, "DOWNLOAD_DELAY": 30},
        prepare=slot_delay(found),
    )
    assert min(found) >= 0.1
    assert found[-1] < found[0] <= 0.3


def test_autothrottle_never_goes_below_the_crawl_delay(crawl: CrawlPages, serve: Serve) -> None:
    rules = http(b"User-agent: *\nCrawl-delay: 0.2\n", headers=("Content-Type: text/plain",))
    server = serve({"/robots.txt": rules, "*": http()})
    crawl(*urls(server.url, 3), settings={"AUTOTHROTTLE_ENABLED": True, "AUTOTHROTTLE_START_DELAY": 0.1})
    assert min(gaps(server.times())) > 0.15


def test_slow_server_is_throttled_beyond_its_delay(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()}, hold=0.15)
    found: list[float] = []
    crawl(
        *urls(server.url, 3),
        request_delay=0.05,
        settings={"AUTOTHROTTLE_ENABLED": True, "AUTOTHROTTLE_START_DELAY": 0.05},
        prepare=slot_delay(found),
    )
    assert found[-1] > 0.14


def test_crawl_that_ends_does_not_send_what_still_waits(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()})

    def prepare(crawler: Crawler) -> None:
        asyncio.get_running_loop().call_later(
            0.2, lambda: asyncio.ensure_future(crawler.engine.close_spider_async(reason="told to"))
        )

    started = time.monotonic()
    done = crawl(*urls(server.url, 8), request_delay=10, prepare=prepare, settings={"ROBOTSTXT_OBEY": False})
    assert time.monotonic() - started < 3
    assert done.reason == "told to"
    assert len(server.times()) == len(done.pages) == 1
    assert {stage for stage, _ in done.failures.values()} == {"waiting"}


def test_back_off_doubles_up_to_its_limit() -> None:
    server = Server()
    found = []
    for _ in range(4):
        server.back_off(delay=2.0, limit=10.0)
        found.append(server.floor(2.0))
    assert found == [4.0, 8.0, 10.0, 10.0]


def test_good_answers_take_the_back_off_back() -> None:
    server = Server(backoff=4.0)
    found = []
    for _ in range(4):
        server.relax()
        found.append(server.backoff)
    assert found == [2.0, 1.0, 0.0, 0.0]
