"""Answers out of WARC files of any tool: indexed in one pass, read again record by record when they are asked for."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from crawler.capture import CaptureError, Damage, Place, Record, iter_records, payload_of, read_record, resolved
from crawler.capture import unchunked as joined_payload
from crawler.capture.heads import read_date
from crawler.capture.values import Headers
from crawler.fetch.replay.answers import ReplayAnswer, ReplayError
from crawler.fetch.replay.index import Captured, CaptureIndex, Spot
from crawler.items import KeptAt

LARGEST = 128 * 1024 * 1024  # bytes of a record that is read; a page may have 50 MB
MOST_DAMAGES = 1_000
REQUESTED = "requested"  # the field of a metadata record that names the address a redirect was asked at
_ANSWERS = frozenset({"response", "revisit", "resource"})
_UNMODIFIED = 304
# Of the transfer, which is undone; and what no longer fits once the encoding is undone as well.
_UNDONE = frozenset({"transfer-encoding", "x-archive-orig-transfer-encoding", "content-encoding", "content-length"})

Progress = Callable[[Path, int], None]


class WarcAnswers:
    """Answers out of these files. Raises ReplayError where one cannot be opened. Close it to free its index."""

    def __init__(self, files: Sequence[Path], on_progress: Progress | None = None) -> None:
        self.files = files
        self.damages: list[str] = []
        self._index = CaptureIndex()
        self._aside: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        for number, file in enumerate(files):
            try:
                self._read(number, file)
            except OSError as error:
                self.close()
                raise ReplayError(f"{file} cannot be read: {error.strerror or error}.") from error
            if on_progress is not None:
                on_progress(file, self._index.size)
        self._index.tie()

    @property
    def size(self) -> int:
        """How many responses the files hold."""
        return self._index.size

    def find(self, method: str, url: str, body: bytes, limit: int) -> ReplayAnswer | None:
        """The newest capture that answers this request and can be read."""
        for spot in self._index.find(method, url, body):
            if spot.location is not None:
                at = datetime.fromtimestamp(spot.at, UTC) if spot.at is not None else None
                return ReplayAnswer(302, (("Location", spot.location),), b"", b"", at)
            try:
                return self._answer(spot, resolved(self._record(spot), self._original), limit)
            except CaptureError as error:
                self._note(str(error))
        return None

    def close(self) -> None:
        """Close the files and drop the index."""
        self._index.close()
        self._aside.close()

    def _read(self, number: int, file: Path) -> None:
        for record in iter_records(file, limit=LARGEST):
            if isinstance(record, Damage):
                self._note(str(record))
            elif record.kind == "request" and record.start_line:
                method = record.start_line.partition(" ")[0].upper()
                beside = record.field("WARC-Concurrent-To")
                self._index.add_request(record.record_id, beside, method, record.payload)
            elif record.kind == "metadata":
                self._note_forwarded(record)
            elif record.kind in _ANSWERS:
                self._add(number, record)

    def _add(self, number: int, record: Record) -> None:
        if record.url is None or urlsplit(record.url).scheme not in ("http", "https"):
            return
        status = record.status if record.start_line or record.kind != "resource" else 200
        if record.kind == "revisit":
            # "Not modified" refers to a page that was fetched before: that page is the answer.
            status = 200 if status in (None, _UNMODIFIED) else status
        if status is None or status == _UNMODIFIED or not 200 <= status <= 599:
            return
        start, length = record.offset, record.length
        if length is None:
            start, length = self._put_aside(record)
            number = -1 - number
        self._index.add_response(
            Captured(
                url=record.url,
                record=record.record_id,
                beside=record.field("WARC-Concurrent-To"),
                at=record.date,
                status=status,
                revisit=record.kind == "revisit",
                digest=record.field("WARC-Payload-Digest"),
                file=number,
                start=start,
                length=length,
            )
        )

    def _put_aside(self, record: Record) -> tuple[int, int]:
        """Copy a record that shares its gzip member with others: it could not be found again without them."""
        content = pickle.dumps(record, pickle.HIGHEST_PROTOCOL)
        return self._aside.seek(0, 2), self._aside.write(content)

    def _note_forwarded(self, record: Record) -> None:
        for line in record.payload[:4096].decode("utf-8", "replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip().lower() == REQUESTED:
                self._index.add_forwarded(record.field("WARC-Concurrent-To"), value.strip())

    def _record(self, spot: Spot) -> Record:
        assert spot.start is not None and spot.length is not None
        if spot.file < 0:
            self._aside.seek(spot.start)
            record: Record = pickle.loads(self._aside.read(spot.length))  # noqa: S301 (this process wrote it)
            return record
        file = self.files[spot.file]
        return read_record(file.parent, Place(file.name, spot.start, spot.length))

    def _original(self, revisit: Record) -> Record | None:
        at = read_date(revisit.field("WARC-Refers-To-Date"))
        url = revisit.field("WARC-Refers-To-Target-URI") or revisit.url
        spot = self._index.original(url, at, revisit.field("WARC-Payload-Digest"))
        return self._record(spot) if spot else None

    def _answer(self, spot: Spot, record: Record, limit: int) -> ReplayAnswer:
        if record.kind == "revisit" and record.status == _UNMODIFIED:
            record = replace(record, status=spot.status)
        body = payload_of(record, limit)
        status, headers = record.status or spot.status, record.headers
        if not record.start_line:
            headers = (("Content-Type", record.content_type or "application/octet-stream"),)
        whole = spot.length if spot.file >= 0 else None
        file = self.files[spot.file if spot.file >= 0 else -1 - spot.file]
        return ReplayAnswer(
            status=status,
            headers=headers,
            payload=joined_payload(record),
            body=body.body,
            fetched_at=record.date,
            kept_at=KeptAt(str(file), record.offset, whole, bool(spot.revisit)),
            truncated=record.truncated,
            cut=len(body.body) >= limit and body.flaw is not None,
        )

    def _note(self, damage: str) -> None:
        if len(self.damages) < MOST_DAMAGES and damage not in self.damages:
            self.damages.append(damage)


def undone(headers: Headers) -> Headers:
    """The headers of a response whose transfer and content encodings are undone."""
    return tuple((name, value) for name, value in headers if name.lower() not in _UNDONE)
