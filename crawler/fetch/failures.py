"""Why a page could not be had, in one sentence that a person can act on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet import error as net
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed, ResponseNeverReceived

from crawler.fetch.blocking import Blocked
from crawler.fetch.guard import AddressRefused
from crawler.fetch.heads import HeadTooLarge
from crawler.fetch.robots import MAX_REDIRECTS_REACHED, RobotsRefused
from crawler.fetch.stopping import StillWaiting

Stage = Literal[
    "guard", "robots", "blocked", "waiting", "dns", "connect", "tls", "timeout", "size", "transfer", "http", "fetch"
]
Explanation = tuple[Stage, str]

_MAX_SIZE = re.compile(r"max ?size \((\d{1,15})|DOWNLOAD_MAXSIZE \((\d{1,15})", re.IGNORECASE)
_SECONDS = re.compile(r"longer than (\d{1,9}(?:\.\d{1,6})?) seconds")
_DEPTH = 8  # how far causes are followed


@dataclass(slots=True, frozen=True)
class _Row:
    """What an exception means. `sentence` may make its sentence from the exception; an empty one is its own text."""

    kinds: tuple[type[BaseException], ...]
    stage: Stage
    sentence: str | Callable[[BaseException], str] = ""


def _too_long(error: BaseException) -> str:
    found = _SECONDS.search(str(error))
    return f"The server took longer than {found[1]} seconds." if found else "The server did not answer in time."


def _too_large(error: BaseException) -> str:
    found = _MAX_SIZE.search(str(error))
    limit = f" of {int(found[1] or found[2]):,} bytes" if found else ""
    return f"The page is larger than the limit{limit} (DOWNLOAD_MAXSIZE)."


def _status(error: BaseException) -> str:
    status: int = error.response.status  # type: ignore[attr-defined]
    try:
        return f"The server answered {status} {HTTPStatus(status).phrase}."
    except ValueError:
        return f"The server answered with status {status}."


def _not_found(error: BaseException) -> str:
    text = str(error)
    return text if text.startswith("The name ") else "The name of the server was not found."


# Asked from the outermost exception inwards; in each, the first row that holds it decides.
_ROWS: tuple[_Row, ...] = (
    _Row((AddressRefused,), "guard"),
    _Row((RobotsRefused,), "robots"),
    _Row((Blocked,), "blocked"),
    _Row((StillWaiting,), "waiting"),
    _Row((HttpError,), "http", _status),
    _Row((CannotResolveHostError, net.DNSLookupError), "dns", _not_found),
    _Row((DownloadConnectionRefusedError, net.ConnectionRefusedError), "connect", "The server refused the connection."),
    _Row((DownloadTimeoutError, net.TimeoutError, net.TCPTimedOutError, TimeoutError), "timeout", _too_long),
    _Row((ResponseDataLossError,), "transfer", "The answer broke off before its end, so the page would be cut."),
    _Row((SSL.Error, net.CertificateError, net.VerifyError), "tls", "The server's encryption (TLS) could not be used."),
    _Row((net.NoRouteError,), "connect", "There is no route to the server."),
    _Row((HeadTooLarge,), "size", "The headers of the server's answer do not end."),
    _Row((ParseError,), "transfer", "The server's answer is not HTTP."),
    _Row((UnsupportedURLSchemeError, NotSupported), "fetch", "Only http and https URLs can be fetched."),
)
# Asked where no row above holds the exception or anything that caused it.
_LAST_ROWS: tuple[_Row, ...] = (
    _Row((DownloadCancelledError,), "size", _too_large),
    _Row((net.ConnectError,), "connect", "The server could not be reached."),
    _Row(
        (ResponseFailed, ResponseNeverReceived, DownloadFailedError, net.ConnectionLost, net.ConnectionDone),
        "transfer",
        "The server closed the connection before it had answered.",
    ),
)


def explain(failure: Failure | BaseException) -> Explanation:
    """At which step a request failed, and why, in one sentence. Never a traceback, and never raises.

    "waiting" means that the page was not asked for and can be asked next time: nothing is wrong with it.
    """
    error = _raised(failure)
    if isinstance(error, IgnoreRequest):
        ignored = _ignored(error)
        if ignored is not None:
            return ignored
    chain = tuple(_causes(error))
    for rows in (_ROWS, _LAST_ROWS):
        for cause in chain:
            row = next((row for row in rows if isinstance(cause, row.kinds)), None)
            if row is not None:
                return row.stage, _sentence(row, cause)
    text = " ".join(str(error).split())[:200]
    name = type(error).__name__
    return "fetch", f"The page could not be fetched ({name}: {text})." if text else f"It could not be fetched ({name})."


def _raised(failure: Failure | BaseException) -> BaseException:
    # Twisted's Failure is an exception itself.
    if isinstance(failure, Failure):
        return failure.value if failure.value is not None else Exception()
    return failure


def _ignored(error: IgnoreRequest) -> Explanation | None:
    """What Scrapy's own middlewares mean, which say it in the text alone."""
    text = str(error)
    if text == MAX_REDIRECTS_REACHED:
        return "http", "The server redirected too often."
    if "DOWNLOAD_MAXSIZE" in text:
        return "size", _too_large(error)
    if text.startswith("Filtered offsite request"):
        return "fetch", "The page lies on another site, which this source does not follow."
    return None


def _sentence(row: _Row, error: BaseException) -> str:
    if callable(row.sentence):
        return row.sentence(error)
    return row.sentence or str(error)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what caused it; Twisted keeps a list of reasons, Python one cause."""
    waiting = [error]
    for _ in range(_DEPTH):
        if not waiting:
            return
        current = waiting.pop(0)
        yield current
        reasons = getattr(current, "reasons", None)
        waiting += [_raised(reason) for reason in reasons or () if isinstance(reason, Failure)]
        if current.__cause__ is not None:
            waiting.append(current.__cause__)
