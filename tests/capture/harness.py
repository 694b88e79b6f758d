"""What the tests of captures share: exchanges, written files, and warcio as the reader that is not ours."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.checker import Checker  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd

from crawler.capture import Damage, Exchange, Place, Record, WarcWriter, iter_records

AT = datetime(2025, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
SOURCE = "trs-huangshi"
SOFTWARE = "zhaoshang/test"
PAGE = "<html><head><title>黄石市招商引资项目</title></head><body><p>总投资12亿元。</p></body></html>".encode()


def exchange(number: int = 0, payload: bytes = PAGE, **changes: object) -> Exchange:
    """An ordinary exchange; `number` makes its URL and its moment its own."""
    fields: dict[str, object] = {
        "url": f"http://www.huangshi.gov.cn/xwdt/t20250304_{number}.html",
        "fetched_at": AT + timedelta(seconds=number),
        "status": 200,
        "reason": "OK",
        "response_headers": (("Content-Type", "text/html; charset=utf-8"), ("Server", "nginx")),
        "payload": payload,
        "request_headers": (("User-Agent", "Zhaoshang/0.1"), ("Accept", "text/html")),
        "ip_address": "59.172.1.2",
    }
    return Exchange(**{**fields, **changes})  # type: ignore[arg-type]


def write(root: Path, exchanges: Iterable[Exchange], **options: object) -> list[Place]:
    """Keep exchanges below a root, synced and closed."""
    with WarcWriter(root, SOURCE, software=SOFTWARE, **options) as writer:  # type: ignore[arg-type]
        tickets = [writer.write(one) for one in exchanges]
        writer.sync()
    return [ticket.place() for ticket in tickets]


def only_file(root: Path) -> Path:
    """The one capture file below a root."""
    (path,) = root.rglob("*.warc.gz")
    return path


def records(path: Path) -> list[Record]:
    """All records of a file that has no damage."""
    found = list(iter_records(path))
    assert [one for one in found if isinstance(one, Damage)] == []
    return [one for one in found if isinstance(one, Record)]


def responses(path: Path) -> list[Record]:
    """The response records of a whole file."""
    return [record for record in records(path) if record.kind == "response"]


def damages(path: Path) -> list[Damage]:
    """What of a file could not be read."""
    return [one for one in iter_records(path) if isinstance(one, Damage)]


def record_ids(path: Path) -> list[str]:
    """The ids of the records that could be read."""
    return [one.record_id or "" for one in iter_records(path) if isinstance(one, Record)]


@dataclass(frozen=True)
class Foreign:
    """A record as warcio reads it."""

    kind: str
    fields: dict[str, str]
    status_line: str
    headers: list[tuple[str, str]]
    raw: bytes
    offset: int
    length: int


def warcio_records(path: Path) -> list[Foreign]:
    """All records of a file, read by warcio."""
    found = []
    with path.open("rb") as file:
        iterator = ArchiveIterator(file, check_digests="raise")
        for record in iterator:
            raw = record.raw_stream.read()
            http = record.http_headers
            found.append(
                Foreign(
                    record.rec_type,
                    dict(record.rec_headers.headers),
                    http.statusline if http else "",
                    list(http.headers) if http else [],
                    raw,
                    iterator.get_record_offset(),
                    iterator.get_record_length(),
                )
            )
    return found


class _Arguments:
    def __init__(self, paths: Sequence[Path]) -> None:
        self.inputs, self.verbose = [str(path) for path in paths], False


def warcio_check(path: Path) -> int:
    """The exit code of `warcio check`."""
    code: int = Checker(_Arguments([path])).process_all()
    return code


def member_at(path: Path, offset: int, length: int) -> bytes:
    """The text of exactly one gzip member; fails where it ends before or after `length`."""
    inflater = zlib.decompressobj(zlib.MAX_WBITS + 16)
    text = inflater.decompress(path.read_bytes()[offset : offset + length])
    assert inflater.eof
    assert inflater.unused_data == b""
    return text


def warc_record(block: bytes, *fields: tuple[str, str], version: str = "1.0") -> bytes:
    """A record as text, written by hand."""
    head = "".join(f"{name}: {value}\r\n" for name, value in (*fields, ("Content-Length", str(len(block)))))
    return f"WARC/{version}\r\n{head}\r\n".encode() + block + b"\r\n\r\n"
