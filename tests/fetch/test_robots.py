"""robots.txt: what each answer means, whom it addresses, how long it holds."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from scrapy.crawler import Crawler

from crawler.fetch.robots import RobotsMiddleware, RobotsUnavailable, product_token, verdict_on
from crawler.fetch.robots_text import READ_LIMIT, readable_rules

from .harness import CrawlPages, Serve, http

TEXT = ("Content-Type: text/plain",)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, "read"),
        (204, "read"),
        (304, "allow"),
        (400, "allow"),
        (401, "refuse"),
        (403, "refuse"),
        (404, "allow"),
        (410, "allow"),
        (412, "blocked"),
        (429, "refuse"),
        (451, "allow"),
        (500, "unavailable"),
        (503, "unavailable"),
        (521, "blocked"),
        (599, "unavailable"),
        (999, "unavailable"),
    ],
)
def test_status_of_robots_txt_means(status: int, verdict: str) -> None:
    assert verdict_on(status) == verdict


def test_allowed_page_arrives_and_forbidden_page_does_not(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/robots.txt": http(b"User-agent: *\nDisallow: /admin/\n", headers=TEXT), "*": http()})
    done = crawl(server.url + "/a", server.url + "/admin/x")
    assert done.urls == [server.url + "/a"]
    assert done.failures == {
        server.url + "/admin/x": ("robots", "The robots.txt of this site does not allow us this page.")
    }
    assert "/admin/x" not in server.paths()


def test_robots_txt_is_asked_first_and_once(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()})
    crawl(*(f"{server.url}/{number}" for number in range(6)))
    assert server.paths()[0] == "/robots.txt"
    assert server.paths().count("/robots.txt") == 1


def test_rules_for_our_name_go_before_those_for_all(crawl: CrawlPages, serve: Serve) -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: zhaoshang\nDisallow: /b\n"
    server = serve({"/robots.txt": http(rules, headers=TEXT), "*": http()})
    assert crawl(server.url + "/a", server.url + "/b").urls == [server.url + "/a"]


@pytest.mark.parametrize("status", ["401 No", "403 Forbidden", "429 Too Many Requests"])
def test_refused_robots_txt_refuses_every_page(crawl: CrawlPages, serve: Serve, status: str) -> None:
    server = serve({"/robots.txt": http(b"", status), "*": http()})
    done = crawl(server.url + "/a")
    assert [stage for stage, _ in done.failures.values()] == ["robots"]
    assert server.paths() == ["/robots.txt"]


@pytest.mark.parametrize("status", ["412 Precondition Failed", "521 Unknown"])
def test_blocked_robots_txt_is_called_a_block(crawl: CrawlPages, serve: Serve, status: str) -> None:
    server = serve({"/robots.txt": http(b"", status), "*": http()})
    ((stage, reason),) = crawl(server.url + "/a").failures.values()
    assert stage == "robots"
    assert "blocks us" in reason


def test_challenge_instead_of_robots_txt_is_called_a_block(crawl: CrawlPages, serve: Serve) -> None:
    challenge = http(b"<script>document.cookie='__jsl_clearance_s=1';</script>", "521 Unknown")
    server = serve({"/robots.txt": challenge, "*": http()})
    ((_, reason),) = crawl(server.url + "/a").failures.values()
    assert "加速乐 blocks us" in reason


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "400 Bad Request"])
def test_missing_robots_txt_allows_all(crawl: CrawlPages, serve: Serve, status: str) -> None:
    server = serve({"/robots.txt": http(b"Disallow: /", status, TEXT), "*": http()})
    assert len(crawl(server.url + "/a").pages) == 1


@pytest.mark.parametrize(
    "answer",
    [
        http(b"<!DOCTYPE html><html>User-agent: *\nDisallow: /</html>"),
        http(b"  \n<html>User-agent: *\nDisallow: /</html>", headers=TEXT),
        http(b"\xef\xbb\xbf<?xml version='1.0'?>\nUser-agent: *\nDisallow: /", headers=TEXT),
        http(b"page not found", headers=("Content-Type: text/html",)),
        http(b"\x89PNG\r\n\0\0\nUser-agent: *\nDisallow: /\n", headers=TEXT),
        http(b"", headers=TEXT),
    ],
    ids=["html", "html as text", "xml", "declared html", "binary", "empty"],
)
def test_body_that_is_no_robots_txt_allows_all(crawl: CrawlPages, serve: Serve, answer: bytes) -> None:
    server = serve({"/robots.txt": answer, "*": http()})
    assert len(crawl(server.url + "/a").pages) == 1


def test_rules_declared_as_html_are_rules(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/robots.txt": http(b"User-agent: *\nDisallow: /\n"), "*": http()})
    assert len(crawl(server.url + "/a").failures) == 1


def test_rules_in_utf16_are_read() -> None:
    body = "User-agent: *\nDisallow: /私/\n".encode("utf-16")
    assert "Disallow: /私/" in (readable_rules(body, "text/plain", "zhaoshang") or b"").decode()


@pytest.mark.parametrize("status", ["500 Broken", "503 Busy"])
def test_broken_server_refuses_for_now(crawl: CrawlPages, serve: Serve, status: str) -> None:
    server = serve({"/robots.txt": http(b"", status), "*": http()})
    done = crawl(server.url + "/a")
    assert isinstance(done.exceptions[server.url + "/a"], RobotsUnavailable)


def test_broken_robots_txt_is_not_asked_again_at_once(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/robots.txt": http(b"", "503 Busy"), "*": http()})
    crawl(server.url + "/a", settings={"RETRY_TIMES": 2})
    assert server.paths() == ["/robots.txt"]


def test_silent_server_refuses_for_now(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/robots.txt": lambda client: client.close(), "*": http()})
    done = crawl(server.url + "/a")
    assert isinstance(done.exceptions[server.url + "/a"], RobotsUnavailable)
    assert server.paths() == ["/robots.txt"]


def test_unavailable_robots_txt_is_asked_again_after_a_while(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/robots.txt": http(b"", "503 Busy"), "*": http()})
    now = [0.0]

    def prepare(crawler: Crawler) -> None:
        middleware = crawler.get_downloader_middleware(RobotsMiddleware)
        assert middleware is not None

        def clock() -> float:
            now[0] += 100.0
            return now[0]

        middleware.clock = clock

    crawl(*(f"{server.url}/{number}" for number in range(8)), prepare=prepare, settings={"CONCURRENT_REQUESTS": 1})
    # Each page moves the clock by 100 s or more, and the file is asked for again after 300 s.
    assert 1 < server.paths().count("/robots.txt") < 6


def test_kept_robots_txt_is_asked_again_after_a_day(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()})
    now = [0.0]

    def prepare(crawler: Crawler) -> None:
        middleware = crawler.get_downloader_middleware(RobotsMiddleware)
        assert middleware is not None

        def clock() -> float:
            now[0] += 10 * 3600
            return now[0]

        middleware.clock = clock

    crawl(*(f"{server.url}/{number}" for number in range(4)), prepare=prepare, settings={"CONCURRENT_REQUESTS": 1})
    assert server.paths().count("/robots.txt") == 2


def test_redirected_robots_txt_is_followed(crawl: CrawlPages, serve: Serve) -> None:
    moved = http(b"", "301 Moved", ("Location: /real-robots.txt",))
    rules = http(b"User-agent: *\nDisallow: /\n", headers=TEXT)
    server = serve({"/robots.txt": moved, "/real-robots.txt": rules, "*": http()})
    assert len(crawl(server.url + "/a").failures) == 1


def test_five_redirects_are_followed_and_a_sixth_means_no_robots_txt(crawl: CrawlPages, serve: Serve) -> None:
    hops = {f"/{hop}": http(b"", "302 Found", (f"Location: /{hop + 1}",)) for hop in range(1, 10)}
    server = serve({"/robots.txt": http(b"", "302 Found", ("Location: /1",)), **hops, "/a": http()})
    assert len(crawl(server.url + "/a").pages) == 1
    assert server.paths() == ["/robots.txt", "/1", "/2", "/3", "/4", "/5", "/a"]


def test_robots_txt_redirected_into_this_network_refuses(crawl: CrawlPages, serve: Serve) -> None:
    inner = serve({"*": http()})
    server = serve({"/robots.txt": http(b"", "302 Found", (f"Location: {inner.url}/robots.txt",)), "*": http()})
    assert [stage for stage, _ in crawl(server.url + "/a").failures.values()] == ["robots"]
    assert not inner.seen


def test_rules_beyond_500_kib_are_not_read(crawl: CrawlPages, serve: Serve) -> None:
    rules = b"User-agent: *\n" + b"# comment\n" * 52_000 + b"Disallow: /\n"
    server = serve({"/robots.txt": http(rules, headers=TEXT), "*": http()})
    assert len(crawl(server.url + "/a").pages) == 1


def test_rule_at_the_limit_is_not_cut_in_half(crawl: CrawlPages, serve: Serve) -> None:
    start = b"User-agent: *\n"
    filler = b"#" * (READ_LIMIT - len(start) - 1 - len(b"Disallow: /")) + b"\n"
    server = serve({"/robots.txt": http(start + filler + b"Disallow: /private/\n", headers=TEXT), "*": http()})
    assert len(crawl(server.url + "/a").pages) == 1


def test_endless_robots_txt_refuses_for_now(crawl: CrawlPages, serve: Serve) -> None:
    huge = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9000000000\r\n\r\nUser-agent: *\n"
    server = serve({"/robots.txt": huge, "*": http()})
    assert isinstance(crawl(server.url + "/a").exceptions[server.url + "/a"], RobotsUnavailable)


def test_crawl_delay_is_kept(crawl: CrawlPages, serve: Serve) -> None:
    rules = b"User-agent: zhaoshang\nCrawl-delay: 0.2\n"
    server = serve({"/robots.txt": http(rules, headers=TEXT), "*": http()})
    crawl(*(f"{server.url}/{number}" for number in range(3)))
    times = server.times()
    assert min(b - a for a, b in pairwise(times)) > 0.15


def test_crawl_delay_of_other_robots_is_not_ours(crawl: CrawlPages, serve: Serve) -> None:
    rules = b"User-agent: otherbot\nCrawl-delay: 30\n"
    server = serve({"/robots.txt": http(rules, headers=TEXT), "*": http()})
    assert len(crawl(server.url + "/a", server.url + "/b").pages) == 2


def test_crawl_delay_is_capped(crawl: CrawlPages, serve: Serve) -> None:
    rules = b"User-agent: *\nCrawl-delay: 86400\n"
    server = serve({"/robots.txt": http(rules, headers=TEXT), "*": http()})
    assert len(crawl(server.url + "/a", server.url + "/b", settings={"CRAWL_DELAY_MAX": 0.1}).pages) == 2


@pytest.mark.parametrize("delay", [b"nan", b"-5", b"inf", b"soon", b"1e999", b""])
def test_senseless_crawl_delay_is_ignored(crawl: CrawlPages, serve: Serve, delay: bytes) -> None:
    server = serve({"/robots.txt": http(b"User-agent: *\nCrawl-delay: " + delay, headers=TEXT), "*": http()})
    assert len(crawl(server.url + "/a", server.url + "/b").pages) == 2


def test_setting_that_disobeys_asks_no_robots_txt(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()})
    crawl(server.url + "/a", settings={"ROBOTSTXT_OBEY": False})
    assert server.paths() == ["/a"]


@pytest.mark.parametrize(
    ("user_agent", "token"),
    [("Zhaoshang/0.1 (+a@b.example)", "Zhaoshang"), ("my-bot 2", "my-bot"), ("", "*"), ("/x", "*")],
)
def test_product_token_is_the_first_word(user_agent: str, token: str) -> None:
    assert product_token(user_agent) == token


def test_groups_of_other_robots_cannot_multiply_their_rules() -> None:
    many = "".join(f"User-agent: bot{number}\n" for number in range(12_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(12_000))
    kept = readable_rules((many + rules).encode(), "text/plain", "Zhaoshang")
    assert kept is not None
    assert set(kept.splitlines()[:12_000]) == {b"user-agent: -"}


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028"])
def test_every_line_end_that_the_parser_knows_is_seen(separator: str) -> None:
    text = separator.join(["User-agent: a", "user agent b", "USERAGENT:c", "Disallow: /"])
    assert (readable_rules(text.encode(), "text/plain", "x") or b"").count(b"user-agent: -") == 3


def test_hostile_robots_txt_is_read_quickly(crawl: CrawlPages, serve: Serve) -> None:
    lines = "".join(f"User-agent: {'*' * (number % 50)}z{number}\nUser-agent: *\n" for number in range(4_000))
    rules = lines + "".join(f"Disallow: /*a*a*a*a*a*a*{number}$\n" for number in range(4_000))
    server = serve({"/robots.txt": http(rules.encode(), headers=TEXT), "*": http()})
    started = time.process_time()
    assert len(crawl(f"{server.url}/{'a' * 1500}").pages) == 1
    assert time.process_time() - started < 2


def test_a_server_that_refuses_is_told_in_words(crawl: CrawlPages) -> None:
    # Nothing listens on port 1: it is privileged, and its service is long forgotten.
    done = crawl("http://127.0.0.1:1/a.html", "http://127.0.0.1:1/b.html")
    stages = {stage for stage, _ in done.failures.values()}
    reasons = {reason for _, reason in done.failures.values()}
    assert stages == {"robots"}
    assert reasons == {"The server refused the connection (where robots.txt was asked for), so the site waits."}
