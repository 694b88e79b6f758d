"""How much is fetched: pages a crawl, bytes and seconds a page, redirects."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib

import brotli  # type: ignore[import-untyped]
import pytest

from .harness import CrawlPages, RawServer, Serve, http

LIMIT = 100_000


def urls(server: RawServer, count: int) -> list[str]:
    return [f"{server.url}/{number}" for number in range(count)]


def only(failures: dict[str, tuple[str, str]]) -> tuple[str, str]:
    (failure,) = failures.values()
    return failure


def test_crawl_ends_after_its_last_page(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()})
    done = crawl(*urls(server, 12), max_pages=5)
    assert done.reason == "page limit"
    assert len(done.pages) == len(server.times()) == 5


def test_pages_beyond_the_limit_still_wait(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()})
    done = crawl(*urls(server, 7), max_pages=5)
    assert {stage for stage, _ in done.failures.values()} == {"waiting"}


def test_limit_holds_where_pages_are_slow_and_redirected(crawl: CrawlPages, serve: Serve) -> None:
    moved = {f"/{number}": http(b"", "302 Found", (f"Location: /new/{number}",)) for number in range(20)}
    server = serve({**moved, "*": http()}, hold=0.05)
    done = crawl(*urls(server, 20), max_pages=5, settings={"CONCURRENT_REQUESTS": 8})
    assert done.reason == "page limit"
    assert len(done.pages) == len(server.times("/new/")) == 5


def test_pages_beyond_the_limit_stay_in_the_queue(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()}, hold=0.3)
    done = crawl(*urls(server, 200), max_pages=4, settings={"CONCURRENT_REQUESTS": 8, "ROBOTSTXT_OBEY": False})
    assert len(done.pages) == 4
    assert len(done.failures) < 50


def test_crawl_of_just_the_limit_finishes(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()})
    assert crawl(*urls(server, 5), max_pages=5).reason == "finished"


def test_crawl_without_a_limit_fetches_all(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http()})
    assert len(crawl(*urls(server, 12), max_pages=None).pages) == 12


def test_redirect_and_retry_count_as_one_page(crawl: CrawlPages, serve: Serve) -> None:
    busy = [http(b"", "503 Busy"), http(b"now")]
    server = serve(
        {
            "/0": http(b"", "302 Found", ("Location: /new",)),
            "/1": lambda client: client.sendall(busy.pop(0)),
            "*": http(),
        }
    )
    done = crawl(*urls(server, 3), max_pages=3, settings={"RETRY_TIMES": 1})
    assert len(done.pages) == 3
    assert done.reason == "finished"


def test_page_that_could_not_be_had_does_not_count(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/0": lambda client: client.close(), "*": http()})
    done = crawl(*urls(server, 3), max_pages=2, settings={"CONCURRENT_REQUESTS": 1})
    assert len(done.pages) == 2
    assert done.reason == "finished"


def stream(first: bytes, chunk: bytes, pause: float = 0.0) -> object:
    """Send a chunk again and again, until the client has gone."""

    def send(client: socket.socket) -> None:
        client.sendall(first)
        while True:
            client.sendall(chunk)
            threading.Event().wait(pause)

    return send


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    "answer",
    [http(b"x" * (LIMIT + 1)), stream(HEAD + b"\r\n", b"x" * 10_000), stream(HEAD + b"\r\n", b"<p>" * 3_000)],
    ids=["declared", "endless", "endless html"],
)
def test_too_large_page_is_given_up(crawl: CrawlPages, serve: Serve, answer: bytes) -> None:
    server = serve({"*": answer})
    stage, reason = only(crawl(server.url + "/", settings={"DOWNLOAD_MAXSIZE": LIMIT}).failures)
    assert stage == "size"
    assert "larger than the limit" in reason


BOMBS = {
    "gzip": gzip.compress(b"0" * 50_000_000),
    "deflate": zlib.compress(b"0" * 50_000_000),
    "br": brotli.compress(b"0" * 50_000_000),
    "gzip, gzip": gzip.compress(gzip.compress(b"0" * 50_000_000)),
}


@pytest.mark.parametrize("encoding", BOMBS)
def test_compressed_bomb_is_given_up(crawl: CrawlPages, serve: Serve, encoding: str) -> None:
    bomb = BOMBS[encoding]
    assert len(bomb) < LIMIT
    server = serve({"*": http(bomb, headers=(f"Content-Encoding: {encoding}",))})
    stage, reason = only(crawl(server.url + "/", settings={"DOWNLOAD_MAXSIZE": LIMIT}).failures)
    assert (stage, reason) == ("size", f"The page is larger than the limit of {LIMIT:,} bytes (DOWNLOAD_MAXSIZE).")


@pytest.mark.parametrize(
    "answer",
    [
        stream(HEAD + b"\r\n", b"x", 0.05),
        stream(b"", b"H", 0.05),
        stream(HEAD, b"X-Header: 1\r\n", 0.05),
        stream(b"", b"", 0.05),
        stream(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0.05),
    ],
    ids=["body", "status line", "headers", "silence", "chunks"],
)
def test_server_that_drips_ends_with_the_total_time(crawl: CrawlPages, serve: Serve, answer: bytes) -> None:
    server = serve({"*": answer})
    started = time.monotonic()
    done = crawl(server.url + "/", settings={"DOWNLOAD_TIMEOUT": 0.4, "ROBOTSTXT_OBEY": False})
    assert only(done.failures) == ("timeout", "The server took longer than 0.4 seconds.")
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    "answer",
    [stream(HEAD, b"X-Header: " + b"y" * 1000 + b"\r\n"), stream(b"", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")],
    ids=["headers", "early answers"],
)
def test_endless_head_is_given_up(crawl: CrawlPages, serve: Serve, answer: object) -> None:
    server = serve({"*": answer})
    done = crawl(server.url + "/")
    assert only(done.failures) == ("size", "The headers of the server's answer do not end.")


def test_page_with_many_headers_arrives(crawl: CrawlPages, serve: Serve) -> None:
    headers = tuple(f"X-Header-{number}: {'y' * 1000}" for number in range(150))
    server = serve({"*": http(headers=headers)})
    assert len(crawl(server.url + "/").pages[0].headers) > 150


def test_endless_redirects_end(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"/a": http(b"", "302 Found", ("Location: /a",))})
    done = crawl(server.url + "/a", settings={"REDIRECT_MAX_TIMES": 5})
    assert only(done.failures) == ("http", "The server redirected too often.")
    assert len(server.times()) == 6
