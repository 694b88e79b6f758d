"""Blocks are recognized, written down and backed off from; ordinary pages are left alone."""

from __future__ import annotations

import gzip
import time

import pytest
from scrapy.http import Headers

from crawler.fetch.blocking import BLOCK_SIGNS, SMALL, Blocked, find_block

from .harness import CrawlPages, Serve, http

JSL = b"<script>document.cookie=('_')+('_')+('j')+('s')+('l')+...;location.href=location.pathname</script>"
RUISHU = b"<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></head></html>"
RUISHU_COOKIE = "Set-Cookie: FSSBBIl1UgzbN7N80S=aZ; Path=/; HttpOnly"


def block(status: int, body: bytes, **headers: str) -> str | None:
    return find_block(status, Headers({name.replace("_", "-"): value for name, value in headers.items()}), body)


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (521, JSL, "加速乐"),
        (521, b'<script>go({"bts":["1"],"tn":"__jsl_clearance_s"})</script>', "加速乐"),
        (412, RUISHU, "瑞数"),
        (202, RUISHU, "瑞数"),
        (400, RUISHU, "瑞数"),
        (200, b"<script>self.location='/?security_verify_data='+x</script>", "云锁"),
        (200, b"<html><script>\nvar arg1='3A';function f(){};reload('acw_sc__v2')</script>", "阿里云盾"),
        (405, b'<a href="https://errors.aliyun.com/error">', "阿里云盾"),
        (403, b'<img src="http://404.safedog.cn/images/safedogsite/head.png">', "安全狗"),
        (403, b'<a href="https://www.365cyd.com">', "创宇盾"),
        (493, b"", "360网站卫士"),
        (403, "对不起，您的访问被拦截".encode(), "a web firewall"),
        (200, "您的访问请求可能对网站造成安全威胁".encode("gbk"), "a web firewall"),
    ],
)
def test_block_is_recognized(status: int, body: bytes, name: str) -> None:
    assert block(status, body) == name


def test_block_is_recognized_by_its_cookie() -> None:
    assert block(412, b"", Set_Cookie="FSSBBIl1UgzbN7N80S=a; path=/") == "瑞数"


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, b"<html>page</html>", {"Set_Cookie": "__jsluid_s=abc; path=/"}),
        (200, RUISHU, {"Set_Cookie": "FSSBBIl1UgzbN7N80S=a; path=/"}),
        (521, b"origin down", {"Set_Cookie": "__jsluid_s=abc"}),
        (202, b"accepted", {}),
        (412, b"precondition failed", {}),
        (404, b"<html>not found</html>", {}),
        (403, b"<html>forbidden</html>", {}),
        (502, b"<html>nginx</html>", {}),
        (200, b"", {}),
    ],
)
def test_ordinary_answer_is_no_block(status: int, body: bytes, headers: dict[str, str]) -> None:
    assert block(status, body, **headers) is None


def test_large_article_about_firewalls_is_no_block() -> None:
    article = ("您的访问被拦截" + "网络安全宣传周活动在我市举行。" * 1000).encode()
    assert len(article) > SMALL
    assert block(200, article) is None


@pytest.mark.parametrize("status", sorted({status for sign in BLOCK_SIGNS for status in sign.statuses}))
@pytest.mark.parametrize("body", [b"var arg1=" * 20_000, b"<" * 200_000, b"\xb2\xe2" * 100_000])
def test_hostile_body_is_searched_quickly(status: int, body: bytes) -> None:
    started = time.perf_counter()
    block(status, body[:SMALL])
    block(status, body)
    assert time.perf_counter() - started < 0.5


def test_blocked_page_is_explained_and_carries_its_response(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http(RUISHU, "412 Precondition Failed", (RUISHU_COOKIE,))})
    done = crawl(server.url + "/a")
    assert done.failures == {server.url + "/a": ("blocked", "瑞数 blocks us (status 412).")}
    error = done.exceptions[server.url + "/a"]
    assert isinstance(error, Blocked)
    assert error.response.body == RUISHU


def test_compressed_challenge_is_recognized(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http(gzip.compress(JSL), "521 Unknown", ("Content-Encoding: gzip",))})
    assert [stage for stage, _ in crawl(server.url + "/a").failures.values()] == ["blocked"]


def test_blocks_in_a_row_end_the_crawl(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http(JSL, "521 Unknown")})
    settings = {"CONCURRENT_REQUESTS": 1, "BACKOFF_DELAY_MAX": 0.05}
    done = crawl(*(f"{server.url}/{number}" for number in range(8)), settings=settings)
    assert done.reason == "blocked"
    assert len(server.times()) == 3


def test_pages_in_between_let_the_crawl_go_on(crawl: CrawlPages, serve: Serve) -> None:
    blocked = {f"/{number}": http(JSL, "521 Unknown") for number in (0, 1, 3, 4, 6, 7)}
    server = serve({**blocked, "*": http()})
    settings = {"CONCURRENT_REQUESTS": 1, "BACKOFF_DELAY_MAX": 0.01}
    done = crawl(*(f"{server.url}/{number}" for number in range(9)), settings=settings)
    assert done.reason == "finished"
    assert len(done.pages) == 3


def test_block_slows_the_crawl(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/0": http(JSL, "521 Unknown"), "*": http()})
    crawl(server.url + "/0", server.url + "/1", settings={"CONCURRENT_REQUESTS": 1, "BACKOFF_DELAY_MAX": 0.3})
    first, second = server.times()
    assert second - first > 0.25


def test_good_answer_lets_the_crawl_go_faster_again(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/0": http(JSL, "521 Unknown"), "*": http()})
    pages = [f"{server.url}/{number}" for number in range(5)]
    crawl(*pages, settings={"CONCURRENT_REQUESTS": 1, "BACKOFF_DELAY_MAX": 0.4})
    *_, before, last = server.times()
    assert last - before < 0.3


def test_block_is_not_retried(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http(b'<a href="https://www.365cyd.com">', "503 Busy")})
    crawl(server.url + "/a", settings={"RETRY_TIMES": 2})
    assert len(server.times()) == 1
