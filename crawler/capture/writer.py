"""Writing a source's captures: records are compressed and written by a thread of their own, and synced on demand."""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from crawler.capture.compose import Block, exchange_blocks, resource_block, warcinfo_block
from crawler.capture.digests import payload_digest
from crawler.capture.errors import CaptureError, explain
from crawler.capture.files import GrowingFile, file_name
from crawler.capture.heads import warc_date
from crawler.capture.values import MAX_BLOCK, Earlier, Exchange, Place

MAX_BYTES = 1024**3  # the size the WARC guidelines advise for one file
_WAITING_BYTES = 64 * 1024 * 1024  # payloads that may wait for the writing thread before `write` waits too
_REMEMBERED = 4096  # payloads that this writer itself knows again; older ones are `seen`'s to know
_SOURCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


@dataclass(slots=True, frozen=True)
class Ticket:
    """A capture that was handed over: the digest of its payload, and what it revisits (None for a new payload)."""

    payload_digest: str
    earlier: Earlier | None
    future: Future[Place]

    def place(self) -> Place:
        """Where the response, revisit or resource record is; waits until it is written. Raises CaptureError.

        The place may be relied on once `WarcWriter.sync` has returned.
        """
        return self.future.result()


class WarcWriter:
    """Writes the captures of one source below `root`, in new files `SOURCE/SOURCE-TIME-SERIAL-RANDOM.warc.gz`.

    `seen` tells which capture in the archive holds a payload already, by its digest; it is called on the thread
    that writes. Of payloads written moments ago the writer knows itself. One thread may use a writer at a time.
    A failure lasts: after it, `write` and `sync` raise it, and nothing more is written.
    """

    def __init__(
        self,
        root: Path,
        source_id: str,
        *,
        software: str,
        max_bytes: int = MAX_BYTES,
        seen: Callable[[str], Earlier | None] = lambda digest: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not _SOURCE_ID.match(source_id):
            raise ValueError(f"{source_id!r} is no source id")
        self._root, self._source_id, self._software, self._max_bytes = root, source_id, software, max_bytes
        self._seen, self._now = seen, now
        self._recent: OrderedDict[str, Earlier] = OrderedDict()
        self._waiting: deque[tuple[Future[Place], int]] = deque()
        self._waiting_bytes = 0
        self._closed = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"capture-{source_id}")
        # What follows belongs to the writing thread.
        self._path = root / source_id
        self._file: GrowingFile | None = None
        self._serial = 0
        self._failure: CaptureError | None = None

    def __enter__(self) -> WarcWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def write(self, exchange: Exchange) -> Ticket:
        """Keep an exchange. Raises CaptureError where an earlier one failed, ValueError for a time without a zone."""
        warc_date(exchange.fetched_at)
        digest = payload_digest(exchange.payload)
        earlier = self._earlier(digest) if exchange.payload and not exchange.truncated else None
        future = self._hand_over(len(exchange.payload), lambda: exchange_blocks(exchange, digest, earlier))
        if exchange.payload and earlier is None and not exchange.truncated:
            self._remember(digest, Earlier(exchange.url, exchange.fetched_at))
        return Ticket(digest, earlier, future)

    def write_resource(self, url: str, content_type: str, payload: bytes, at: datetime) -> Ticket:
        """Keep an imported file, read at the moment `at`. Raises as `write` does."""
        warc_date(at)
        digest = payload_digest(payload)
        blocks = self._hand_over(len(payload), lambda: (resource_block(url, content_type, payload, digest, at),))
        return Ticket(digest, None, blocks)

    def sync(self) -> None:
        """Return when all that was handed over is on the disk. Raises CaptureError where any of it is not."""
        self._waiting.clear()
        self._waiting_bytes = 0
        self._thread.submit(self._sync).result()

    def close(self) -> None:
        """Sync and close. Raises as `sync` does, and closes all the same; closing twice does no harm."""
        if self._closed:
            return
        self._closed = True
        try:
            self.sync()
        finally:
            self._thread.shutdown()
            if self._file:
                self._file.close()

    def _earlier(self, digest: str) -> Earlier | None:
        known = self._recent.get(digest)
        return known or self._seen(digest)

    def _remember(self, digest: str, earlier: Earlier) -> None:
        self._recent[digest] = earlier
        if len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)

    def _hand_over(self, size: int, compose: Callable[[], Sequence[Block]]) -> Future[Place]:
        if size > MAX_BLOCK:
            raise ValueError(f"a payload of {size} bytes is larger than a record may be ({MAX_BLOCK})")
        self._raise_failure()
        while self._waiting and (self._waiting[0][0].done() or self._waiting_bytes + size > _WAITING_BYTES):
            future, written = self._waiting.popleft()
            future.exception()  # waits; whoever holds the ticket, and the next sync, are told of a failure
            self._waiting_bytes -= written
        future = self._thread.submit(self._write, compose)
        self._waiting.append((future, size))
        self._waiting_bytes += size
        return future

    def _raise_failure(self) -> None:
        if self._failure:
            raise type(self._failure)(*self._failure.args) from self._failure

    def _write(self, compose: Callable[[], Sequence[Block]]) -> Place:
        """Write the records of one capture, all in one file; the place is the first one's. Runs in the thread."""
        with self._lasting_failure():
            members = [block.member() for block in compose()]
            content = b"".join(members)
            file = self._file_for(len(content))
            return Place(f"{self._source_id}/{file.path.name}", file.append(content), len(members[0]))

    def _file_for(self, size: int) -> GrowingFile:
        """The file that takes this many bytes more: a new one where the last would grow too large."""
        if self._file and self._file.size + size <= self._max_bytes:
            return self._file
        if self._file:
            self._file.sync()
            self._file.close()
            self._file = None
        self._serial += 1
        at = self._now()
        name = file_name(self._source_id, at, self._serial)
        self._path = self._root / self._source_id / name
        self._file = GrowingFile(self._path)
        self._file.append(warcinfo_block(name, self._source_id, self._software, at).member())
        return self._file

    def _sync(self) -> None:
        """Runs in the thread, and so after everything that was handed over before."""
        with self._lasting_failure():
            if self._file:
                self._file.sync()

    @contextmanager
    def _lasting_failure(self) -> Iterator[None]:
        """Let the first failure be that of everything after it: a gap in what was kept must not be acknowledged."""
        self._raise_failure()
        try:
            yield
        except OSError as error:
            self._failure = explain(error, self._path)
        except Exception as error:
            self._failure = CaptureError(f"A capture of {self._source_id} cannot be written ({error!r}).")
            self._failure.__cause__ = error
        self._raise_failure()
