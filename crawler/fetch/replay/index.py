"""An index of captured responses: which record of which file answers a request. It lives on disk, so memory is flat."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl

from w3lib.url import safe_url_string

from crawler.extract.urls import canonical_url

_BATCH = 1_000
_CANDIDATES = 8  # captures of one page that are tried where the newest cannot be read

_TABLES = """
CREATE TABLE answer (
    id INTEGER PRIMARY KEY, key TEXT, url TEXT, record TEXT, beside TEXT, method TEXT, form TEXT, at REAL, status INT,
    revisit INT, digest TEXT, file INT, start INT, length INT, location TEXT);
CREATE TABLE asked (record TEXT, beside TEXT, method TEXT, form TEXT);
CREATE TABLE forwarded (beside TEXT, url TEXT, key TEXT);
"""
# Who wrote the records decides which of the two names the other.
_TIES = """
CREATE INDEX asked_beside ON asked (beside);
CREATE INDEX asked_record ON asked (record);
UPDATE answer SET (method, form) = (SELECT method, form FROM asked WHERE asked.beside = answer.record LIMIT 1);
UPDATE answer SET (method, form) = (SELECT method, form FROM asked WHERE asked.record = answer.beside LIMIT 1)
    WHERE method IS NULL AND beside IS NOT NULL;
CREATE INDEX answer_record ON answer (record);
INSERT INTO answer (key, url, method, form, at, status, revisit, file, location)
    SELECT forwarded.key, forwarded.url, 'GET', '', answer.at, 302, 0, answer.file, answer.url
    FROM forwarded JOIN answer ON answer.record = forwarded.beside;
DROP TABLE asked; DROP TABLE forwarded; DROP INDEX answer_record;
CREATE INDEX answer_key ON answer (key);
CREATE INDEX answer_digest ON answer (digest) WHERE digest IS NOT NULL;
"""
_COLUMNS = "url, at, status, revisit, file, start, length, location"
# The very address first, then its twins: a twin that redirects would lead back to the address that was asked for.
_FIND = f"""
SELECT {_COLUMNS} FROM answer
WHERE key = ? AND (method IS NULL OR (method = ? AND form = ?)) AND (url = ? OR status NOT BETWEEN 300 AND 399)
ORDER BY url = ? DESC, method IS NULL, at DESC, id DESC LIMIT {_CANDIDATES}
"""  # noqa: S608 (columns and a number)
_BY_DATE = f"SELECT {_COLUMNS} FROM answer WHERE key = ? AND url = ? AND at = ? AND NOT revisit AND start IS NOT NULL"  # noqa: S608
_BY_DIGEST = f"SELECT {_COLUMNS} FROM answer WHERE digest = ? AND NOT revisit LIMIT 1"  # noqa: S608


class Spot(NamedTuple):
    """Where a captured response is; `location` is set where it only forwards an address that was asked for."""

    url: str
    at: float | None
    status: int
    revisit: int
    file: int
    start: int | None
    length: int | None
    location: str | None


@dataclass(slots=True, frozen=True)
class Captured:
    """A response as the index takes it. `record` and `beside` are WARC record ids, `digest` that of its payload."""

    url: str
    record: str | None
    beside: str | None
    at: datetime | None
    status: int
    revisit: bool
    digest: str | None
    file: int
    start: int
    length: int | None


class CaptureIndex:
    """Fill it with `add_…`, call `tie` once, then `find`. Belongs to one thread."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # a private file on disk that nobody else sees, gone when closed
        self._database.executescript(_TABLES)
        self._rows: list[tuple[object, ...]] = []
        self.size = 0

    def add_response(self, captured: Captured) -> None:
        """Note a response."""
        at = captured.at.timestamp() if captured.at else None
        url, key = _exact(captured.url), canonical_url(captured.url)
        about = (captured.record, captured.beside, at, captured.status, captured.revisit, captured.digest)
        self._rows.append((key, url, *about, captured.file, captured.start, captured.length))
        self.size += 1
        if len(self._rows) >= _BATCH:
            self._write()

    def add_request(self, record: str | None, beside: str | None, method: str, body: bytes) -> None:
        """Note how a response was asked for."""
        self._database.execute("INSERT INTO asked VALUES (?, ?, ?, ?)", (record, beside, method, form_key(body)))

    def add_forwarded(self, beside: str | None, url: str) -> None:
        """Note the address that was asked for where a response answered from another one."""
        self._database.execute("INSERT INTO forwarded VALUES (?, ?, ?)", (beside, _exact(url), canonical_url(url)))

    def tie(self) -> None:
        """Bring requests and responses together, when all are noted."""
        self._write()
        self._database.executescript(_TIES)

    def find(self, method: str, url: str, body: bytes) -> Iterator[Spot]:
        """The captures that answer a request: the very address before its twins, the newest first."""
        exact = _exact(url)
        given = (canonical_url(url), method, form_key(body), exact, exact)
        return map(Spot._make, self._database.execute(_FIND, given).fetchall())

    def original(self, url: str | None, at: datetime | None, digest: str | None) -> Spot | None:
        """The capture that a revisit refers to by address and date, else by the digest of its payload."""
        rows: Iterable[tuple[object, ...]] = ()
        if url and at:
            rows = self._database.execute(_BY_DATE, (canonical_url(url), _exact(url), at.timestamp())).fetchmany(1)
        if not rows and digest:
            rows = self._database.execute(_BY_DIGEST, (digest,)).fetchmany(1)
        return next(map(Spot._make, rows), None)

    def close(self) -> None:
        """Drop the index."""
        self._database.close()

    def _write(self) -> None:
        columns = "key, url, record, beside, at, status, revisit, digest, file, start, length"
        marks = ", ".join("?" * 11)
        self._database.executemany(f"INSERT INTO answer ({columns}) VALUES ({marks})", self._rows)  # noqa: S608
        self._rows.clear()


def form_key(body: bytes) -> str:
    """What tells one posted body from another: the fields of a form in any order, else the bytes; empty for none."""
    if not body:
        return ""
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
        body = repr(sorted(fields)).encode()
    except ValueError:
        pass
    return hashlib.sha256(body).hexdigest()


def _exact(url: str) -> str:
    """An address as Scrapy asks for it, without its fragment, which no server sees."""
    return safe_url_string(url.partition("#")[0])
