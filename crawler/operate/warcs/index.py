"""Where each page of a set of WARC files is: a scratch database, so that memory stays flat whatever they hold.

A page is met once in the order of time, whatever the order of the files; the page that a revisit, a redirect or a
long article refers to may be anywhere.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal
from urllib.parse import urlsplit

from crawler.capture import CaptureError, Record, resolved
from crawler.extract.urls import canonical_url, join
from crawler.items import ClaimedRole
from crawler.operate.failure import ImportFailure
from crawler.operate.warcs.files import WarcFile
from crawler.operate.warcs.rules import Role

State = Literal["waiting", "later", "part", "done"]

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE answer(id INTEGER PRIMARY KEY, file INT, offset INT, length INT, role TEXT, url TEXT, key TEXT, host TEXT,
  at TEXT, name TEXT, beside TEXT, digest TEXT, revisit INT, state TEXT, record BLOB);
CREATE TABLE posted(name TEXT, beside TEXT, method TEXT, body BLOB, content_type TEXT);
CREATE TABLE redirect(key TEXT PRIMARY KEY, target TEXT);
CREATE TABLE expected(key TEXT PRIMARY KEY, role TEXT, listing_url TEXT, title TEXT, published_on TEXT, entry_url TEXT);
"""
_INDEXES = """
CREATE INDEX by_time ON answer(host, state, at, id);
CREATE INDEX by_key ON answer(key, at) WHERE key IS NOT NULL;
CREATE INDEX by_name ON answer(name);
CREATE INDEX by_digest ON answer(digest) WHERE digest IS NOT NULL;
CREATE INDEX by_url ON answer(url, at);
CREATE INDEX posted_name ON posted(name);
CREATE INDEX posted_beside ON posted(beside);
"""
_PAGE = "SELECT id, file, offset, length, role, url, key, at, name, beside FROM answer "
_BATCH = 500
_REDIRECTS_IN_A_ROW = 5
_BATCH_BYTES = 16 * 1024 * 1024
_FIRST_YEAR = 1991  # of the web


@dataclass(slots=True, frozen=True)
class Page:
    """One capture of a page; `key` is its canonical URL."""

    id: int
    file: int
    offset: int
    length: int | None
    role: Role
    url: str
    key: str
    at: datetime
    name: str | None
    beside: str | None


@dataclass(slots=True, frozen=True)
class Expected:
    """What is known of a page before it is read: its role, and what the listing showed that names it."""

    role: ClaimedRole
    listing_url: str | None = None
    title: str = ""
    published_on: date | None = None
    entry_url: str | None = None


@dataclass(slots=True, frozen=True)
class Asked:
    """How a page was asked for, where it was not a plain GET."""

    method: str
    body: bytes
    content_type: str


class WarcIndex:
    """The index of some files. Use it with `with`; first `add` every record, then `complete`, then ask."""

    def __init__(self, folder: Path, files: Sequence[WarcFile], now: datetime) -> None:
        self.files, self._now = files, now
        self._waiting: list[tuple[Any, ...]] = []
        self._waiting_bytes = 0
        self._database = sqlite3.connect(folder / "index.db", isolation_level=None)
        self._database.executescript(_TABLES)

    def __enter__(self) -> WarcIndex:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._database.close()
        if isinstance(error, sqlite3.OperationalError):
            raise ImportFailure(
                f"The scratch index of the import cannot be written ({error}); free some space or set TMPDIR."
            ) from error

    def add(self, file: int, record: Record, role: Role) -> None:
        """Note a response, revisit or resource record of the file with this number."""
        url = record.url or ""
        key = canonical_url(url) if role in ("page", "data", "redirect") else None
        if role == "redirect":
            target = join(url, record.header("Location") or "")
            if target:
                self._database.execute("INSERT OR IGNORE INTO redirect VALUES (?, ?)", (key, target))
            return
        at = self._moment(file, record)
        kept = pickle.dumps(record, pickle.HIGHEST_PROTOCOL) if key and record.length is None else None
        place = (file, record.offset, record.length, role, url, key, host_of(key) if key else None)
        names = (record.record_id, record.field("WARC-Concurrent-To"), _digest(record), record.kind == "revisit")
        self._waiting.append((*place, _text(at), *names, "waiting" if key else None, kept))
        self._waiting_bytes += len(kept or b"")
        if len(self._waiting) >= _BATCH or self._waiting_bytes > _BATCH_BYTES:
            self._write()

    def add_request(self, record: Record) -> None:
        """Note a request record, where it asked with more than its URL."""
        method = record.start_line.partition(" ")[0].upper()
        if method not in ("", "GET"):
            row = (record.record_id, record.field("WARC-Concurrent-To"), method, record.payload)
            content_type = record.header("Content-Type") or ""
            self._database.execute("INSERT INTO posted VALUES (?, ?, ?, ?, ?)", (*row, content_type))

    def complete(self) -> None:
        """After the last record."""
        self._write()
        self._database.executescript(_INDEXES)

    def _write(self) -> None:
        marks = ", ".join("?" * 14)
        self._database.execute("BEGIN")
        self._database.executemany(f"INSERT INTO answer VALUES (NULL, {marks})", self._waiting)  # noqa: S608
        self._database.execute("COMMIT")
        self._waiting.clear()
        self._waiting_bytes = 0

    def _moment(self, file: int, record: Record) -> datetime:
        """When a page was fetched: not in the future, and not before there were any; else as old as its file."""
        at = record.date
        if at is None or at.year < _FIRST_YEAR:
            at = datetime.fromtimestamp(self.files[file].path.stat().st_mtime, UTC)
        return min(at, self._now)

    def hosts(self) -> dict[str, int]:
        """The hosts (with the port, where one is given) that pages are of, and how many."""
        rows = self._database.execute("SELECT host, count(*) FROM answer WHERE key IS NOT NULL GROUP BY host")
        return dict(sorted(rows.fetchall()))

    def first_url(self, host: str) -> str:
        """The address of the first page of a host."""
        found = self._database.execute("SELECT url FROM answer WHERE host = ? ORDER BY at, id LIMIT 1", (host,))
        return str(found.fetchone()[0])

    def captured(self, key: str) -> bool:
        """Whether there is a capture of the page of this canonical URL."""
        return self._database.execute("SELECT 1 FROM answer WHERE key = ?", (key,)).fetchone() is not None

    def join_hosts(self, hosts: Sequence[str]) -> str:
        """Take these hosts as one from now on, and give its name."""
        first, *others = hosts
        self._database.executemany("UPDATE answer SET host = ? WHERE host = ?", [(first, other) for other in others])
        return first

    def pages(self, host: str, state: State = "waiting") -> Iterator[Page]:
        """The captures of a host in the order of time. What changes its state meanwhile is passed over."""
        after = ("", 0)
        following = f"{_PAGE} WHERE host = ? AND state = ? AND (at, id) > (?, ?) ORDER BY at, id LIMIT 1"
        while row := self._database.execute(following, (host, state, *after)).fetchone():
            after = (row[7], row[0])
            yield _page(row)

    def nearest(self, url: str, at: datetime) -> Page | None:
        """The capture of a page, across redirects, that was made next to this moment."""
        key = self.landing(url)
        moment = _text(at)
        query = f"{_PAGE} WHERE key = ? AND role IN ('page', 'data') ORDER BY"
        by_distance = f"{query} abs(julianday(at) - julianday(?)), id LIMIT 1"
        row = self._database.execute(by_distance, (key, moment)).fetchone()
        return _page(row) if row else None

    def landing(self, url: str) -> str:
        """The canonical URL of the page that answers, after the redirects that the files hold."""
        key = canonical_url(url)
        for _ in range(_REDIRECTS_IN_A_ROW):
            row = self._database.execute("SELECT target FROM redirect WHERE key = ?", (key,)).fetchone()
            if row is None or self.captured(key):
                break
            key = canonical_url(row[0])
        return key

    def set_state(self, page: Page, state: State) -> None:
        """Say what became of one capture."""
        self._database.execute("UPDATE answer SET state = ? WHERE id = ?", (state, page.id))

    def set_unread(self, key: str, state: State) -> None:
        """Say what becomes of all captures of a page that were not read yet."""
        unread = "UPDATE answer SET state = ? WHERE key = ? AND state IN ('waiting', 'later')"
        self._database.execute(unread, (state, key))

    def expect(self, url: str, expected: Expected) -> None:
        """Note what is known of a page that is to come; what was known first stays."""
        day = expected.published_on.isoformat() if expected.published_on else None
        row = (self.landing(url), expected.role, expected.listing_url, expected.title, day, expected.entry_url)
        self._database.execute("INSERT OR IGNORE INTO expected VALUES (?, ?, ?, ?, ?, ?)", row)

    def expected(self, page: Page) -> Expected | None:
        """What is known of a page."""
        rows = self._database.execute("SELECT * FROM expected WHERE key = ?", (page.key,))
        row = rows.fetchone()
        if row is None:
            return None
        return Expected(row[1], row[2], row[3], date.fromisoformat(row[4]) if row[4] else None, row[5])

    def asked(self, page: Page) -> Asked | None:
        """How a page was asked for; None for a plain GET."""
        query = "SELECT method, body, content_type FROM posted WHERE"
        for column, name in (("beside", page.name), ("name", page.beside)):
            row = name and self._database.execute(f"{query} {column} = ?", (name,)).fetchone()
            if row:
                return Asked(*row)
        return None

    def read(self, page: Page) -> Record:
        """The record of a page, a revisit with the payload it refers to. Raises CaptureError."""
        return resolved(self._record(page), self._original)

    def _record(self, page: Page) -> Record:
        if page.length is not None:
            return self.files[page.file].read(page.offset, page.length)
        row = self._database.execute("SELECT record FROM answer WHERE id = ?", (page.id,)).fetchone()
        if row[0] is None:
            raise CaptureError(f"The record of {page.url} that is referred to is no page.")
        record: Record = pickle.loads(row[0])  # noqa: S301 - written by this process
        return record

    def _original(self, revisit: Record) -> Record | None:
        """The record that a revisit refers to: by name, by address and moment, else by its digest."""
        at = revisit.field("WARC-Refers-To-Date") or ""
        named = (revisit.field("WARC-Refers-To"),)
        placed = (_bare(revisit.field("WARC-Refers-To-Target-URI")), f"{at.rstrip('Z').partition('.')[0]}%")
        for condition, values in (
            ("name = ?", named),
            ("url = ? AND at LIKE ?", placed),
            ("digest = ?", (_digest(revisit),)),
        ):
            query = f"{_PAGE} WHERE {condition} AND name IS NOT ? ORDER BY revisit, id LIMIT 1"
            if all(values) and (row := self._database.execute(query, (*values, revisit.record_id)).fetchone()):
                return self._record(_page(row))
        return None


def host_of(key: str) -> str:
    """The host of a canonical URL, with the port where one is given."""
    try:
        return urlsplit(key).netloc
    except ValueError:
        return ""


def _page(row: tuple[Any, ...]) -> Page:
    number, file, offset, length, role, url, key, at, name, beside = row
    return Page(number, file, offset, length, role, url, key, datetime.fromisoformat(at), name, beside)


def _text(at: datetime) -> str:
    """A moment as text that sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(record: Record) -> str | None:
    """The payload digest as written, in one spelling."""
    claimed = record.field("WARC-Payload-Digest")
    return claimed.strip().lower().replace("sha-1:", "sha1:") if claimed else None


def _bare(url: str | None) -> str | None:
    return url.removeprefix("<").removesuffix(">") if url else None
