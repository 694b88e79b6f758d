"""No request leaves for the machine or network the crawl runs in. Only this test's own loopback ports are asked."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import pytest
from scrapy import Request
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

import crawler.fetch.guard as guard_module
from crawler.fetch.addresses import IPAddress
from crawler.fetch.guard import AddressGuardMiddleware, AddressRefused
from crawler.fetch.pins import PINS, PinnedResolver, Pins

from .harness import SETTINGS, CrawlPages, Serve, http


def addresses(*texts: str) -> tuple[IPAddress, ...]:
    return tuple(ip_address(text) for text in texts)


@pytest.fixture
def judge(run_async: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str | None]:
    """The guard's answer to a URL: None, or its refusal; `names` says where host names lead."""

    def decide(
        url: str,
        home: str = "https://www.gov.example/",
        names: dict[str, str] | None = None,
        pins: Pins | None = None,
    ) -> str | None:
        async def look_up(host: str, timeout: float) -> tuple[IPAddress, ...]:
            if host not in (names or {}):
                raise OSError("no such name")
            return addresses(*(names or {})[host].split())

        async def ask() -> str | None:
            crawler = get_crawler(settings_dict=Settings().copy_to_dict())
            crawler.spider = crawler._create_spider("x")
            crawler.spider.home_urls = (home,)  # type: ignore[attr-defined]
            guard = AddressGuardMiddleware.from_crawler(crawler)
            try:
                answer = guard.process_request(Request(url))
                if answer is not None:
                    await answer
            except AddressRefused as error:
                return str(error)
            return None

        monkeypatch.setattr(guard_module, "look_up", look_up)
        monkeypatch.setattr(guard_module, "PINS", pins or Pins())
        refusal: str | None = run_async(ask())
        return refusal

    return decide


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://10.0.0.8/admin",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://0.0.0.0:8000/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://localhost:5432/",
        "http://db.localhost/",
        "ftp://www.gov.example/",
    ],
)
def test_address_of_this_network_is_refused_in_one_sentence(judge: Callable[..., str | None], url: str) -> None:
    refusal = judge(url)
    assert refusal is not None
    assert refusal.endswith(".")
    assert "is not asked: " in refusal


def test_public_address_is_asked(judge: Callable[..., str | None]) -> None:
    assert judge("https://8.8.8.8/") is None


def test_name_with_public_addresses_is_asked(judge: Callable[..., str | None]) -> None:
    assert judge("https://www.gov.example/", names={"www.gov.example": "8.8.8.8 2400:3200::1"}) is None


@pytest.mark.parametrize("leads_to", ["127.0.0.1", "8.8.8.8 10.0.0.1", "::1", "fd00::1", "169.254.169.254"])
def test_name_that_leads_to_this_network_is_refused(judge: Callable[..., str | None], leads_to: str) -> None:
    refusal = judge("http://evil.example/", names={"evil.example": leads_to})
    assert refusal is not None
    assert "it leads to" in refusal


def test_source_on_loopback_may_ask_its_own_address_and_port(judge: Callable[..., str | None]) -> None:
    assert judge("http://127.0.0.1:18701/x", home="http://127.0.0.1:18701/") is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:18702/", "http://127.0.0.2:18701/", "http://10.0.0.1:18701/"])
def test_source_on_loopback_may_ask_no_other_local_server(judge: Callable[..., str | None], url: str) -> None:
    assert "not the source's own" in (judge(url, home="http://127.0.0.1:18701/") or "")


def test_source_on_a_private_network_may_ask_its_own_server_by_name(judge: Callable[..., str | None]) -> None:
    names = {"intranet.example": "10.0.0.7"}
    assert judge("http://intranet.example/a", home="http://intranet.example/", names=names) is None


def test_localhost_is_asked_where_the_source_lives_there(judge: Callable[..., str | None]) -> None:
    names = {"localhost": "127.0.0.1"}
    assert judge("http://localhost:8000/a", home="http://localhost:8000/", names=names) is None


def test_home_that_moves_from_the_internet_to_this_network_is_refused(judge: Callable[..., str | None]) -> None:
    url, pins = "http://evil.example/", Pins()
    assert judge(url, home=url, names={"evil.example": "8.8.8.8"}, pins=pins) is None
    refusal = judge(url, home=url, names={"evil.example": "127.0.0.1"}, pins=pins)
    assert "led to the public internet before" in (refusal or "")


def test_local_home_opens_nothing_through_another_name(judge: Callable[..., str | None]) -> None:
    names = {"evil.example": "127.0.0.1"}
    assert judge("http://evil.example/", home="http://127.0.0.1:18701/", names=names) is not None


def test_page_of_a_local_source_arrives(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/a": http(b"here")})
    assert [page.body for page in crawl(server.url + "/a").pages] == [b"here"]


def test_redirect_to_another_local_port_is_not_followed(crawl: CrawlPages, serve: Serve) -> None:
    inner = serve({"*": http(b"secret")})
    server = serve({"/a": http(b"", "302 Found", (f"Location: {inner.url}/admin",))})
    done = crawl(server.url + "/a")
    assert not done.pages
    assert [stage for stage, _ in done.failures.values()] == ["guard"]
    assert not inner.seen


def test_redirect_to_a_private_address_is_refused_before_anything_is_sent(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/a": http(b"", "302 Found", ("Location: http://169.254.169.254/latest/",))})
    done = crawl(server.url + "/a")
    ((stage, reason),) = done.failures.values()
    assert stage == "guard"
    assert "169.254.169.254, a link-local address" in reason


def test_connection_that_was_not_checked_is_not_made(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http(b"secret")})
    without_guard = {**SETTINGS["DOWNLOADER_MIDDLEWARES"], "crawler.fetch.guard.AddressGuardMiddleware": None}
    done = crawl(server.url + "/", settings={"DOWNLOADER_MIDDLEWARES": without_guard, "ROBOTSTXT_OBEY": False})
    assert [stage for stage, _ in done.failures.values()] == ["dns"]
    assert not server.seen


class Receiver:
    """Notes what a resolver says."""

    def __init__(self) -> None:
        self.found: list[tuple[str, int]] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.found.append((address.host, address.port))

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


def resolved(pins: Pins, host: str, port: int) -> list[tuple[str, int]]:
    receiver = Receiver()
    PinnedResolver(None, pins).resolveHostName(receiver, host, port)
    assert receiver.complete
    return receiver.found


def test_resolver_knows_approved_addresses_only() -> None:
    pins = Pins()
    pins.approve("www.gov.example", 80, addresses("8.8.8.8", "2400:3200::1"))
    assert resolved(pins, "www.gov.example", 80) == [("8.8.8.8", 80), ("2400:3200::1", 80)]
    assert resolved(pins, "www.gov.example", 22) == []
    assert resolved(pins, "other.example", 80) == []


def test_resolver_does_not_even_connect_to_a_literal_address_that_was_not_approved() -> None:
    assert resolved(Pins(), "127.0.0.1", 80) == []


def test_resolver_knows_the_decoded_form_of_a_chinese_name() -> None:
    pins = Pins()
    pins.approve("xn--fiqs8s.example", 80, addresses("8.8.8.8"))
    assert resolved(pins, "中国.example", 80) == [("8.8.8.8", 80)]


def test_approved_public_name_cannot_become_a_local_one() -> None:
    pins = Pins()
    assert pins.approve("www.gov.example", 80, addresses("8.8.8.8"))
    assert not pins.approve("www.gov.example", 80, addresses("127.0.0.1"))
    assert pins.addresses("www.gov.example", 80) == addresses("8.8.8.8")


def test_checked_addresses_are_the_ones_of_the_reactor(crawl: CrawlPages, serve: Serve) -> None:
    from twisted.internet import reactor

    server = serve({"*": http()})
    crawl(server.url + "/")
    assert isinstance(reactor.nameResolver, PinnedResolver)
    assert PINS.addresses("127.0.0.1", server.port) == addresses("127.0.0.1")


def test_proxy_of_the_environment_is_not_used(crawl: CrawlPages, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve({"*": http(b"from the proxy")})
    monkeypatch.setenv("http_proxy", proxy.url)
    server = serve({"*": http(b"from the site")})
    assert [page.body for page in crawl(server.url + "/").pages] == [b"from the site"]
    assert not proxy.seen


def test_proxy_of_a_request_is_not_used(crawl: CrawlPages, serve: Serve) -> None:
    proxy = serve({"*": http(b"from the proxy")})
    server = serve({"*": http(b"from the site")})
    asked = Request(server.url + "/", meta={"proxy": proxy.url})
    assert [page.body for page in crawl(asked).pages] == [b"from the site"]


def test_unknown_name_is_explained(crawl: CrawlPages, monkeypatch: pytest.MonkeyPatch) -> None:
    async def look_up(host: str, timeout: float) -> tuple[IPAddress, ...]:
        raise OSError("no such name")

    monkeypatch.setattr(guard_module, "look_up", look_up)
    done = crawl("http://missing.example/")
    assert list(done.failures.values()) == [("dns", "The name missing.example was not found: no address.")]


def test_many_requests_for_a_new_host_look_it_up_once(crawl: CrawlPages, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def look_up(host: str, timeout: float) -> tuple[IPAddress, ...]:
        asked.append(host)
        raise OSError("no such name")

    monkeypatch.setattr(guard_module, "look_up", look_up)
    crawl(*(f"http://missing.example/{number}" for number in range(8)))
    assert asked == ["missing.example"]
