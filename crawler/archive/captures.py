"""Keeping the responses of a crawl in WARC files beside the archive, synced before what came of them is committed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.client import responses
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine, PoolProxiedConnection

from crawler import __version__
from crawler.archive.beside import living_beside
from crawler.archive.errors import ArchiveError, ArchiveFull
from crawler.archive.types import UtcTime
from crawler.capture import CaptureError, CaptureFull, Earlier, Exchange, Place, Ticket, WarcWriter, payload_digest
from crawler.items import Article, Capture, Listing, Rejection

FOLDER = "warc"
_TIME = UtcTime()
_SEEN = "SELECT url, fetched_at FROM capture WHERE payload_digest = ? AND NOT revisit AND expired_at IS NULL LIMIT 1"
Policy = Literal["all", "articles", "off"]
POLICIES: tuple[Policy, ...] = ("all", "articles", "off")


def capture_root(engine: Engine, given: str | None = None) -> Path:
    """The folder of an archive's WARC files: `warc` beside a SQLite file, else in the working folder, or as given."""
    if given:
        return Path(given)
    database = engine.url.database if engine.url.get_backend_name() == "sqlite" else None
    return (Path(database).resolve().parent if database else Path.cwd()) / FOLDER


@dataclass(slots=True)
class Kept:
    """Where a capture is kept; a `revisit` refers to an earlier one with the same payload."""

    place: Place
    payload_digest: str
    revisit: bool


@dataclass(slots=True)
class Keeper:
    """Writes the captures of one crawl. Nothing counts as kept before `sync` returns."""

    engine: Engine
    source_id: str
    root: Path
    policy: Policy = "all"
    _kept: dict[int, Kept] = field(default_factory=dict)
    _writer: WarcWriter | None = None
    _tickets: dict[int, Ticket] = field(default_factory=dict)
    _lookup: PoolProxiedConnection | None = None

    def keep(self, item: Article | Listing | Rejection) -> None:
        """Hand the captures of a page over, where the policy wants them. Raises ArchiveError."""
        visit = item.visit
        if visit is None or visit.capture is None or self.policy == "off":
            return
        if self.policy == "articles" and not isinstance(item, Article):
            return
        self._hand_over((*visit.before, visit.capture, *visit.more), visit.via)

    def keep_beside(self, captures: Iterable[Capture]) -> None:
        """Hand over what a crawl used beside its pages (robots.txt), where all is kept. Raises ArchiveError."""
        if self.policy == "all":
            self._hand_over(captures, None)

    def _hand_over(self, captures: Iterable[Capture], via: str | None) -> None:
        try:
            for capture in captures:
                kept = self._kept_already(capture)
                if kept is not None:
                    self._kept[id(capture)] = kept
                else:
                    self._tickets[id(capture)] = self._write(capture, via)
        except CaptureError as error:
            raise _archive_error(error) from error

    def sync(self) -> None:
        """Return when all captures handed over are on the disk. Raises ArchiveError where one is not."""
        if self._writer is None:
            return
        try:
            self._writer.sync()
        except CaptureError as error:
            raise _archive_error(error) from error

    def places(self, captures: Iterable[Capture]) -> dict[int, Kept]:
        """Where these captures are, by their identity in memory; those that are not kept are left out. After `sync`."""
        names = [id(capture) for capture in captures]
        tickets = ((name, self._tickets.get(name)) for name in names)
        written = {
            name: Kept(ticket.place(), ticket.payload_digest, ticket.earlier is not None)
            for name, ticket in tickets
            if ticket is not None
        }
        return {**written, **{name: self._kept[name] for name in names if name in self._kept}}

    def forget(self) -> None:
        """Let go of what was committed."""
        self._tickets.clear()
        self._kept.clear()

    def close(self) -> None:
        """Sync and close the files. Raises ArchiveError."""
        if self._lookup is not None:
            self._lookup.close()
        if self._writer is None:
            return
        try:
            self._writer.close()
        except CaptureError as error:
            raise _archive_error(error) from error

    def _kept_already(self, capture: Capture) -> Kept | None:
        """Where a replayed response lies among this archive's own captures; it is not written a second time."""
        at, wire = capture.kept_at, capture.wire
        if at is None or at.length is None or wire is None:
            return None
        file, root = Path(at.file).resolve(), self.root.resolve()
        if not file.is_relative_to(root):
            return None
        name = file.relative_to(root).as_posix()
        # A SQLite archive beside cannot know what a database server names, and may delete its file.
        if self.engine.dialect.name != "sqlite" and name in living_beside(self.engine, root):
            return None
        digest = payload_digest(wire.payload)
        # A revisit says nothing without the payload it refers to; another archive's is not kept for this one.
        if at.revisit and self._seen(digest) is None:
            return None
        return Kept(Place(name, at.offset, at.length), digest, at.revisit)

    def _write(self, capture: Capture, via: str | None) -> Ticket:
        if self._writer is None:
            software = f"Zhaoshang/{__version__}"
            self._writer = WarcWriter(self.root, self.source_id, software=software, seen=self._seen)
        if capture.wire is None:
            kind = capture.content_type or "application/octet-stream"
            return self._writer.write_resource(capture.url, kind, capture.body, capture.fetched_at)
        return self._writer.write(_exchange(capture, via))

    def _seen(self, payload_digest: str) -> Earlier | None:
        """The kept capture that holds a payload already. Asked for every page, so it goes to the driver directly."""
        if self._lookup is None:
            self._lookup = self.engine.raw_connection()
        sqlite = self.engine.dialect.name == "sqlite"
        cursor = self._lookup.cursor()
        try:
            cursor.execute(_SEEN if sqlite else _SEEN.replace("?", "%s"), (payload_digest,))
            row = cursor.fetchone()
        finally:
            cursor.close()
            if not sqlite:
                self._lookup.rollback()
        return Earlier(row[0], _TIME.process_result_value(row[1], self.engine.dialect) or row[1]) if row else None


def _exchange(capture: Capture, via: str | None) -> Exchange:
    wire = capture.wire
    assert wire is not None
    at: datetime = capture.fetched_at
    return Exchange(
        url=capture.url,
        fetched_at=at.replace(microsecond=0),
        status=capture.status,
        reason=responses.get(capture.status, ""),
        response_headers=wire.response_headers,
        payload=wire.payload,
        method=wire.method,
        request_headers=wire.request_headers,
        request_body=wire.request_body,
        ip_address=wire.ip_address,
        protocol=wire.protocol or "HTTP/1.1",
        truncated=wire.truncated,
        notes=(*wire.notes, *_notes(capture, via)),
    )


def _notes(capture: Capture, via: str | None) -> Iterator[tuple[str, str]]:
    """What the response itself does not say: the address that redirected to it, and what it was replayed from."""
    if via:
        yield "via", via
    if capture.requested_url != capture.url:
        yield "requested", capture.requested_url
    if capture.kept_at is not None:
        yield "replayed-from", f"{Path(capture.kept_at.file).name}, byte {capture.kept_at.offset}"


def _archive_error(error: CaptureError) -> ArchiveError:
    return (ArchiveFull if isinstance(error, CaptureFull) else ArchiveError)(str(error))
