"""WARC files for these tests: written by our own writer, and by hand as other tools write them."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.capture import Exchange, WarcWriter
from crawler.fetch.replay import Answers, ReplayAnswer, opened

HOST = "http://zs.moushi.example"
DAY = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
LIMIT = 1 << 20
Fields = tuple[tuple[str, str], ...]


def page(path: str, body: bytes = b"<p>page</p>", day: int = 0, **changes: object) -> Exchange:
    """An exchange for an address of the site, so many days after `DAY`."""
    fields: dict[str, object] = {
        "url": path if "://" in path else HOST + path,
        "fetched_at": DAY + timedelta(days=day),
        "status": 200,
        "response_headers": HTML,
        "payload": body,
    }
    return Exchange(**{**fields, **changes})  # type: ignore[arg-type]


def write(folder: Path, exchanges: Sequence[Exchange], source: str = "moushi") -> Path:
    """Keep exchanges in a new file of our own; gives the file."""
    before = set(folder.rglob("*.warc.gz"))
    with WarcWriter(folder, source, software="test/1") as writer:
        for exchange in exchanges:
            writer.write(exchange)
    (file,) = set(folder.rglob("*.warc.gz")) - before
    return file


def record(kind: str, block: bytes, *fields: tuple[str, str], url: str = "") -> bytes:
    """One record as text."""
    given: Fields = (("WARC-Type", kind), ("WARC-Date", "2025-03-04T05:06:07Z"), *fields)
    if url:
        given = (*given, ("WARC-Target-URI", url))
    head = "".join(f"{name}: {value}\r\n" for name, value in (*given, ("Content-Length", str(len(block)))))
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def response(url: str, body: bytes, *fields: tuple[str, str], head: str = "HTTP/1.1 200 OK", more: str = "") -> bytes:
    """A response record as text."""
    http = f"{head}\r\nContent-Type: text/html\r\n{more}\r\n".encode() + body
    return record("response", http, ("Content-Type", "application/http;msgtype=response"), *fields, url=url)


def packed(*records: bytes) -> bytes:
    """Records as gzip members, one each."""
    return b"".join(gzip.compress(each, mtime=0) for each in records)


def ask(answers: Answers, path: str, method: str = "GET", body: bytes = b"") -> ReplayAnswer | None:
    """What is answered to a request."""
    return answers.find(method, path if "://" in path else HOST + path, body, LIMIT)


def body_of(where: Path, path: str, method: str = "GET", body: bytes = b"") -> bytes | None:
    """The body that is answered out of a file or folder, None without an answer."""
    with opened(where) as answers:
        answer = ask(answers, path, method, body)
    return None if answer is None else answer.body
