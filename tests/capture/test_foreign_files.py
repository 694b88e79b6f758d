"""Files as other tools write them: wget, Heritrix, Browsertrix, warcio."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import zlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler.capture import iter_records, payload_of, read_record, verify_file
from crawler.capture.values import Place, Record
from tests.capture.harness import PAGE, damages, records, warc_record, zstd

HTTP = ("Content-Type", "application/http;msgtype=response")
CHUNKED = b"1c;x=1\r\n" + PAGE[:28] + b"\r\n" + b"%x\r\n" % len(PAGE[28:]) + PAGE[28:] + b"\r\n0\r\n\r\n"


def response(number: int, body: bytes = PAGE, headers: str = "", **options: str) -> bytes:
    block = f"HTTP/1.1 200 OK\r\nServer: nginx\r\n{headers}\r\n".encode() + body
    sha1 = base64.b32encode(hashlib.sha1(block).digest()).decode()
    return warc_record(
        block,
        ("WARC-Type", "response"),
        ("WARC-Record-ID", f"<urn:uuid:{number}>"),
        ("WARC-Target-URI", f"<http://a.cn/{number}>"),
        ("WARC-Date", "2011-02-03T04:05:06Z"),
        ("WARC-Block-Digest", f"sha1:{sha1}"),
        HTTP,
        **options,
    )


def kept(tmp_path: Path, content: bytes, name: str = "a.warc.gz") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def urls(path: Path) -> list[str | None]:
    return [record.url for record in records(path)]


FORMS = {
    "a-member-a-record": lambda parts: b"".join(map(gzip.compress, parts)),
    "one-member": lambda parts: gzip.compress(b"".join(parts)),
    "members-cut-anywhere": lambda parts: b"".join(gzip.compress(piece) for piece in _pieces(b"".join(parts), 700)),
    "uncompressed": b"".join,
}


def _pieces(content: bytes, size: int) -> list[bytes]:
    return [*(content[at : at + size] for at in range(0, len(content), size)), b""]


@pytest.mark.parametrize("form", FORMS)
def test_records_are_read_however_they_are_compressed(tmp_path: Path, form: str) -> None:
    path = kept(tmp_path, FORMS[form]([response(number, b"%d" % number * 900) for number in range(6)]))
    assert urls(path) == [f"http://a.cn/{number}" for number in range(6)]
    assert [record.payload[:1] for record in records(path)] == [b"%d" % number for number in range(6)]


@pytest.mark.parametrize("form", ["a-member-a-record", "uncompressed"])
def test_place_of_a_record_is_told_where_it_can_be_read_alone(tmp_path: Path, form: str) -> None:
    path = kept(tmp_path, FORMS[form]([response(number) for number in range(4)]))
    for record in records(path):
        assert record.length is not None
        assert read_record(tmp_path, Place(path.name, record.offset, record.length)) == record


def test_record_in_a_member_with_others_has_no_place(tmp_path: Path) -> None:
    path = kept(tmp_path, gzip.compress(response(0) + response(1)))
    assert [record.length for record in records(path)] == [None, None]


def test_file_of_warcio_is_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    head = StatusAndHeaders("404 Not Found", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    writer.write_record(writer.create_warcinfo_record("b.warc.gz", {"software": "warcio"}))
    writer.write_record(writer.create_warc_record("http://a.cn/", "response", io.BytesIO(PAGE), http_headers=head))
    writer.write_record(
        writer.create_revisit_record(
            "http://a.cn/2", "sha1:X", "http://a.cn/", "2025-01-01T00:00:00Z", http_headers=head
        )
    )
    found = records(kept(tmp_path, buffer.getvalue()))
    assert [(one.kind, one.status) for one in found] == [("warcinfo", None), ("response", 404), ("revisit", 404)]
    assert found[1].payload == PAGE


def test_chunks_that_were_kept_are_joined(tmp_path: Path) -> None:
    (record,) = records(kept(tmp_path, response(0, CHUNKED, "Transfer-Encoding: chunked\r\n")))
    assert record.payload == CHUNKED
    assert payload_of(record).body == PAGE


@pytest.mark.parametrize("payload", [CHUNKED, PAGE], ids=["as-received", "chunks-joined"])
def test_payload_digest_may_be_of_either_form(tmp_path: Path, payload: bytes) -> None:
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED
    digest = "SHA-1:" + hashlib.sha1(payload).hexdigest()
    path = kept(tmp_path, warc_record(block, ("WARC-Type", "response"), HTTP, ("WARC-Payload-Digest", digest)))
    assert damages(path) == []


RAW = zlib.compressobj(wbits=-15)
ENCODED = {
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:]),
    "deflate": zlib.compress(PAGE),
    "Deflate": RAW.compress(PAGE) + RAW.flush(),
    "br": brotli.compress(PAGE),
    "zstd": zstd.compress(PAGE[:50]) + zstd.compress(PAGE[50:]),
    "gzip, br": brotli.compress(gzip.compress(PAGE)),
    "identity": PAGE,
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_content_encoding_is_undone(tmp_path: Path, encoding: str) -> None:
    headers = f"Content-Encoding: {encoding}\r\n"
    (record,) = records(kept(tmp_path, response(0, ENCODED[encoding], headers)))
    assert record.payload == ENCODED[encoding]
    assert payload_of(record).body == PAGE
    assert payload_of(record).flaw is None


def test_line_ends_without_carriage_return_are_read(tmp_path: Path) -> None:
    block = b"HTTP/1.0 200 OK\nServer: a\n b\n\n" + PAGE
    head = f"WARC/0.18\nWARC-Type: response\nContent-Type: application/http\nContent-Length: {len(block)}\n\n"
    (first, second) = records(kept(tmp_path, (head.encode() + block + b"\n\n") * 2, "a.warc"))
    assert first.headers == (("Server", "a b"),)
    assert (first.payload, second.payload) == (PAGE, PAGE)


def test_records_that_are_no_http_are_read_whole(tmp_path: Path) -> None:
    dns = warc_record(b"20110203\na.cn. 1 IN A 1.2.3.4\n", ("WARC-Type", "response"), ("Content-Type", "text/dns"))
    page = warc_record(b'{"pages": 1}', ("WARC-Type", "resource"), ("WARC-Target-URI", "urn:pageinfo:http://a.cn/"))
    found = records(kept(tmp_path, dns + page))
    assert [(one.kind, one.start_line, one.payload[:8]) for one in found] == [
        ("response", "", b"20110203"),
        ("resource", "", b'{"pages"'),
    ]


def test_revisit_without_a_head_takes_that_of_the_earlier_record(tmp_path: Path) -> None:
    revisit = warc_record(b"", ("WARC-Type", "revisit"), ("WARC-Target-URI", "http://a.cn/2"), HTTP)
    path = kept(tmp_path, gzip.compress(response(0)) + gzip.compress(revisit))
    first, second = records(path)
    assert second.length is not None
    record = read_record(tmp_path, Place(path.name, second.offset, second.length), lambda _: first)
    assert (record.kind, record.url, record.status, record.payload) == ("revisit", "http://a.cn/2", 200, PAGE)


@pytest.mark.parametrize("content", [b"", gzip.compress(b""), b"\r\n\r\n"], ids=["0-bytes", "empty-member", "blank"])
def test_empty_file_holds_nothing(tmp_path: Path, content: bytes) -> None:
    path = kept(tmp_path, content)
    assert list(iter_records(path)) == []
    assert verify_file(path) == []


def test_dates_of_all_versions_are_read(tmp_path: Path) -> None:
    dates = (
        "2011-02-03T04:05:06Z",
        "2011-02-03T04:05:06.123456789Z",
        "2011-02-03",
        "yesterday",
        "0001-01-01T00:00:00+14:00",
    )
    parts = [warc_record(b"x", ("WARC-Type", "resource"), ("WARC-Date", date)) for date in dates]
    found: list[Record] = records(kept(tmp_path, b"".join(parts)))
    assert [one.date.isoformat() if one.date else None for one in found] == [
        "2011-02-03T04:05:06+00:00",
        "2011-02-03T04:05:06.123456+00:00",
        "2011-02-03T00:00:00+00:00",
        None,
        None,
    ]
