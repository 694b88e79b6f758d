"""Every failure is one sentence, whatever happened."""

from __future__ import annotations

import socket

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectionLost, NoRouteError
from twisted.python.failure import Failure

from crawler.fetch.failures import explain
from crawler.fetch.guard import AddressRefused
from crawler.fetch.stopping import CrawlStopping

from .harness import CrawlPages, Serve, http


def one(crawl: CrawlPages, url: str, **options: object) -> tuple[str, str]:
    (failure,) = crawl(url, settings={"ROBOTSTXT_OBEY": False}, **options).failures.values()
    return failure


def test_refused_connection(crawl: CrawlPages) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert one(crawl, f"http://127.0.0.1:{port}/") == ("connect", "The server refused the connection.")


def test_answer_that_breaks_off(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"})
    stage, reason = one(crawl, server.url + "/")
    assert (stage, reason) == ("transfer", "The answer broke off before its end, so the page would be cut.")


def test_chunks_that_break_off(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"})
    assert one(crawl, server.url + "/")[0] == "transfer"


def test_connection_closed_without_an_answer(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": lambda client: client.close()})
    assert one(crawl, server.url + "/") == ("transfer", "The server closed the connection before it had answered.")


def test_answer_that_is_not_http(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": b"SSH-2.0-OpenSSH_9.6\r\n\r\n\r\n"})
    assert one(crawl, server.url + "/") == ("transfer", "The server's answer is not HTTP.")


def test_tls_that_is_none(crawl: CrawlPages, serve: Serve) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        import threading

        def answer() -> None:
            client, _ = plain.accept()
            client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            client.close()

        threading.Thread(target=answer, daemon=True).start()
        port = plain.getsockname()[1]
        assert one(crawl, f"https://127.0.0.1:{port}/") == ("tls", "The server's encryption (TLS) could not be used.")


def test_status_of_an_error(crawl: CrawlPages, serve: Serve) -> None:
    server = serve({"*": http(b"", "404 Not Found")})
    assert one(crawl, server.url + "/") == ("http", "The server answered 404 Not Found.")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (AddressRefused("Not asked: why."), ("guard", "Not asked: why.")),
        (CrawlStopping("It waits."), ("waiting", "It waits.")),
        (CannotResolveHostError("DNS lookup failed"), ("dns", "The name of the server was not found.")),
        (HttpError(Response("http://a.example/", status=567)), ("http", "The server answered with status 567.")),
        (NoRouteError("gone"), ("connect", "There is no route to the server.")),  # type: ignore[no-untyped-call]
        (
            DownloadFailedError("x", Failure(ConnectionLost())),  # type: ignore[no-untyped-call]
            ("transfer", "The server closed the connection before it had answered."),
        ),
        (
            IgnoreRequest("Filtered offsite request to 'b.example'"),
            ("fetch", "The page lies on another site, which this source does not follow."),
        ),
        (ZeroDivisionError("a\nb"), ("fetch", "The page could not be fetched (ZeroDivisionError: a b).")),
        (KeyError(), ("fetch", "It could not be fetched (KeyError).")),
    ],
)
def test_exception_is_explained(error: Exception, expected: tuple[str, str]) -> None:
    assert explain(error) == expected
    assert explain(Failure(error)) == expected  # type: ignore[no-untyped-call]


def test_cause_of_a_cause_is_found() -> None:
    outer = RuntimeError("wrapped")
    outer.__cause__ = ValueError("again")
    outer.__cause__.__cause__ = CannotResolveHostError("gone")
    assert explain(outer)[0] == "dns"


def test_exception_that_causes_itself_is_explained() -> None:
    error = RuntimeError("round")
    error.__cause__ = error
    assert explain(error) == ("fetch", "The page could not be fetched (RuntimeError: round).")


def test_endless_text_is_cut() -> None:
    assert len(explain(RuntimeError("x" * 100_000))[1]) < 300
