"""Reading WARC files: one record by its place, or all of a file past whatever is damaged in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from crawler.capture.digests import differs
from crawler.capture.errors import CaptureError
from crawler.capture.heads import read_date, read_pairs, read_status, split_http
from crawler.capture.members import Bytes
from crawler.capture.payload import payload_of, unchunked
from crawler.capture.streams import Stretch, stretch_at, stretches
from crawler.capture.values import MAX_BLOCK, Damage, Headers, Place, Record, first_value

Resolver = Callable[[Record], Record | None]

_VERSION = re.compile(rb"WARC/[01]\.[0-9]{1,3}\r?\n\Z")
_LENGTH = re.compile(r"[0-9]{1,18}\Z")
_LONGEST_LINE = 64 * 1024
_LONGEST_HEAD = 256 * 1024
_HTTP_KINDS = frozenset({"response", "request", "revisit"})
_REVISITS_IN_A_ROW = 8


class _Broken(Exception):
    """A record that cannot be read; the text says why."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset


class _Oversized(_Broken):
    """A record that is larger than the reader takes."""


def iter_records(
    path: Path, *, limit: int = MAX_BLOCK, start: int = 0, size: int | None = None
) -> Iterator[Record | Damage]:
    """Every record of a WARC file in its order, and in between, what could not be read.

    Reads files of any tool: compressed a record, as a whole or not at all, WARC/1.0 and 1.1. A record whose digest
    does not fit is damage; so is one of more than `limit` bytes, which is passed over. An empty file holds nothing.
    `start` and `size` name the part of the file to read, as where a WACZ holds the file; offsets are the file's own.
    Raises OSError where the file cannot be opened or read.
    """
    with path.open("rb") as file:
        for stretch in stretches(Bytes(file, start, size)):
            yield from _records_in(stretch, str(path), limit)


def _records_in(stretch: Stretch, path: str, limit: int) -> Iterator[Record | Damage]:
    first = True
    while True:
        try:
            record = _read_one(stretch, limit, first=first)
        except _Broken as broken:
            found = stretch.skip_to_record()
            if found or stretch.fault is None:  # what broke off explains the record it cut
                yield Damage(path, broken.offset, str(broken), oversized=isinstance(broken, _Oversized))
        else:
            if record is None:
                break
            yield record
        first = False
    if stretch.fault is not None:
        yield Damage(path, stretch.fault_offset, stretch.fault)


def read_record(root: Path, place: Place, resolve: Resolver | None = None) -> Record:
    """The record at a place below the capture root.

    `resolve` gives the record that a revisit refers to, see `resolved`. Raises CaptureError where the file is
    missing, where the record is damaged or does not fit its digest, and where a revisit's payload is not found.
    """
    path = _path_below(root, place.path)
    try:
        with path.open("rb") as file:
            stretch = stretch_at(Bytes(file, place.offset, place.length), place.offset)
            record = _read_one(stretch, MAX_BLOCK, first=True)
    except OSError as error:
        raise CaptureError(f"The capture file {path} cannot be read ({error.strerror or error}).") from error
    except _Broken as broken:
        raise CaptureError(f"The capture in {path} at byte {place.offset} is damaged: {broken}.") from broken
    if record is None:
        raise CaptureError(f"The capture file {path} holds no record at byte {place.offset}.")
    return resolved(record, resolve) if resolve else record


def resolved(record: Record, resolve: Resolver) -> Record:
    """A revisit with the payload it refers to; any other record as it is.

    `resolve` takes the revisit (its `WARC-Payload-Digest`, `WARC-Refers-To-Target-URI` and `-Date` say what it
    refers to) and gives the earlier record, or None. Raises CaptureError where the payload is not found.
    """
    earlier = record
    for _ in range(_REVISITS_IN_A_ROW):
        if earlier.kind != "revisit":
            break
        found = resolve(earlier)
        if found is None:
            break
        earlier = found
    if earlier.kind == "revisit":
        raise CaptureError(f"The capture that {record.url} at {record.date} refers to is not in the archive.")
    if earlier is record:
        return record
    digest = record.field("WARC-Payload-Digest")
    if digest and differs(digest, _payloads(earlier)):
        raise CaptureError(f"The capture that {record.url} at {record.date} refers to holds another payload.")
    if record.start_line:
        return replace(record, payload=earlier.payload)
    return replace(
        record,
        payload=earlier.payload,
        start_line=earlier.start_line,
        status=earlier.status,
        reason=earlier.reason,
        headers=earlier.headers,
    )


def _path_below(root: Path, name: str) -> Path:
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts:
        raise CaptureError(f"The capture file {name} is not below {root}.")
    return root / relative


def _read_one(stretch: Stretch, limit: int, *, first: bool) -> Record | None:
    """The next record of a stretch, None at its end. Raises _Broken."""
    while True:
        offset = stretch.offset
        line = stretch.line(_LONGEST_LINE)
        if line not in (b"\r\n", b"\n"):
            break
    if not line:
        return None
    if not _VERSION.match(line):
        stretch.push_back(line)  # the record may begin in the middle of what is a line now
        raise _Broken(offset, "no WARC record begins here")
    fields = read_pairs(_head_lines(stretch, offset), "utf-8")
    block = _read_block(stretch, offset, fields, limit)
    if first and stretch.at_end() and stretch.fault:
        raise _Broken(offset, stretch.fault)
    record = _compose(fields, block, offset, stretch.length(offset, first=first))
    if wrong := _wrong_digest(record, block):
        raise _Broken(offset, f"the record does not fit its {wrong}")
    return record


def _head_lines(stretch: Stretch, offset: int) -> list[bytes]:
    """The lines of a record's head. Raises _Broken, also where the next record's head goes on in it."""
    lines: list[bytes] = []
    size = ids = 0
    while (line := stretch.line(_LONGEST_LINE)) not in (b"\r\n", b"\n"):
        size += len(line)
        if not line.endswith(b"\n") or size > _LONGEST_HEAD:
            raise _Broken(offset, "the head of the record does not end")
        if _VERSION.match(line):
            stretch.push_back(line)
            raise _Broken(offset, "the head of the record is cut")
        lines.append(line)
        ids += line[:15].lower() == b"warc-record-id:"
    if ids > 1:
        stretch.push_back(b"".join((*lines, line)))
        raise _Broken(offset, "the head of the record is cut")
    return lines


def _read_block(stretch: Stretch, offset: int, fields: Headers, limit: int) -> bytes:
    claimed = first_value(fields, "Content-Length") or ""
    if not _LENGTH.match(claimed):
        raise _Broken(offset, "the record does not say its length")
    length = int(claimed)
    if length > limit:
        raise _Oversized(offset, f"the record claims {length} bytes, more than the {limit} that are read")
    block = stretch.read(length)
    after = stretch.read(4)
    if len(block) == length and after == b"\r\n\r\n":
        return block
    if len(block) == length and after.startswith(b"\n\n"):
        stretch.push_back(after[2:])
        return block
    stretch.push_back(block + after)
    raise _Broken(offset, f"the record is not the {length} bytes long that it claims")


def _compose(fields: Headers, block: bytes, offset: int, length: int | None) -> Record:
    kind = (first_value(fields, "WARC-Type") or "").lower()
    url = first_value(fields, "WARC-Target-URI")
    record = Record(
        kind=kind,
        url=url.removeprefix("<").removesuffix(">") if url else None,  # WARC/1.0 had the brackets in its grammar
        date=read_date(first_value(fields, "WARC-Date")),
        fields=fields,
        payload=block,
        offset=offset,
        length=length,
    )
    content_type = (first_value(fields, "Content-Type") or "").lower()
    if (
        kind not in _HTTP_KINDS
        or not block
        or not (content_type.startswith("application/http") or block[:5] == b"HTTP/")
    ):
        return record
    start_line, headers, payload = split_http(block)
    status, reason = read_status(start_line)
    return replace(record, start_line=start_line, status=status, reason=reason, headers=headers, payload=payload)


def _wrong_digest(record: Record, block: bytes) -> str | None:
    """The name of the first digest that does not fit."""
    claimed = record.field("WARC-Block-Digest")
    if claimed and differs(claimed, (block,)):
        return "block digest"
    claimed = record.field("WARC-Payload-Digest")
    elsewhere = record.kind == "revisit" or record.field("WARC-Segment-Number") is not None
    if claimed and not elsewhere and differs(claimed, _payloads(record)):
        return "payload digest"
    return None


def _payloads(record: Record) -> Iterator[bytes]:
    """What a payload digest may be of: writers differ in what they undo before they take it."""
    yield record.payload
    yield unchunked(record)
    yield payload_of(record, limit=MAX_BLOCK).body
