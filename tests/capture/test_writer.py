"""What a crawl's captures look like on the disk, read by warcio."""

from __future__ import annotations

import gzip
import os
from datetime import datetime
from pathlib import Path

import pytest

from crawler.capture import WarcWriter, payload_digest, read_record
from tests.capture.harness import (
    AT,
    PAGE,
    SOFTWARE,
    SOURCE,
    exchange,
    member_at,
    only_file,
    records,
    warcio_check,
    warcio_records,
    write,
)


def test_each_exchange_is_a_response_a_request_and_a_metadata_record(tmp_path: Path) -> None:
    write(tmp_path, [exchange(), exchange(1, b"other")])
    kinds = [record.kind for record in warcio_records(only_file(tmp_path))]
    assert kinds == ["warcinfo", *["response", "request", "metadata"] * 2]


def test_warcio_finds_nothing_wrong(tmp_path: Path) -> None:
    write(tmp_path, [exchange(number, PAGE * number) for number in range(5)])
    assert warcio_check(only_file(tmp_path)) == 0


@pytest.mark.parametrize(
    ("payload", "headers"),
    [
        (gzip.compress(PAGE), (("Content-Encoding", "gzip"),)),
        (bytes(range(256)) * 40, (("Content-Type", "application/octet-stream"),)),
        (b"\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n", ()),
        (os.urandom(5_000_000), (("Content-Type", "application/pdf"),)),
        (b"<p>x</p>\n" * 600_000, (("Content-Type", "text/html"),)),
    ],
    ids=["gzip", "binary", "text-of-a-record", "5-MB-random", "5-MB-page"],
)
def test_payload_is_kept_byte_for_byte(tmp_path: Path, payload: bytes, headers: tuple[tuple[str, str], ...]) -> None:
    (place,) = write(tmp_path, [exchange(payload=payload, response_headers=headers)])
    assert read_record(tmp_path, place).payload == payload
    (response,) = [record for record in warcio_records(only_file(tmp_path)) if record.kind == "response"]
    assert response.raw == payload


@pytest.mark.parametrize(
    ("status", "reason"), [(204, "No Content"), (304, "Not Modified"), (404, "Not Found"), (521, "")]
)
def test_status_and_empty_body_are_kept(tmp_path: Path, status: int, reason: str) -> None:
    (place,) = write(tmp_path, [exchange(payload=b"", status=status, reason=reason)])
    record = read_record(tmp_path, place)
    assert (record.kind, record.status, record.reason, record.payload) == ("response", status, reason, b"")
    assert warcio_records(only_file(tmp_path))[1].status_line == f"{status} {reason}".strip()


def test_odd_bytes_of_a_header_are_kept_as_they_came(tmp_path: Path) -> None:
    odd = b"attachment; filename=\xd5\xd0\xc9\xcc.doc".decode("latin-1")
    (place,) = write(tmp_path, [exchange(response_headers=(("Content-Disposition", odd), ("X-Empty", "")))])
    assert read_record(tmp_path, place).headers == (("Content-Disposition", odd), ("X-Empty", ""))
    assert b"filename=\xd5\xd0\xc9\xcc.doc\r\n" in member_at(only_file(tmp_path), place.offset, place.length)


def test_a_header_cannot_begin_another_one(tmp_path: Path) -> None:
    hostile = (("X-A", "1\r\nX-B: 2\r\n\r\n<html>"), ("X\r\nY: 3", "4"))
    (place,) = write(tmp_path, [exchange(response_headers=hostile, reason="OK\r\nX-C: 5")])
    record = read_record(tmp_path, place)
    assert [name for name, _ in record.headers] == ["X-A", "XY3"]
    assert record.payload == PAGE


def test_a_url_cannot_end_its_field(tmp_path: Path) -> None:
    (place,) = write(tmp_path, [exchange(url="http://a.cn/\r\nWARC-Type: x y")])
    record = read_record(tmp_path, place)
    assert (record.kind, record.url) == ("response", "http://a.cn/%0D%0AWARC-Type:%20x%20y")


@pytest.mark.parametrize(
    "url",
    [
        "http://xn--fiqs8s.cn/%E6%8B%9B%E5%95%86?q=%20a+b",
        "http://www.招商.cn/项目/列表.html?页=2",
        "https://example.cn:8443/a;b=1?c=d&e=%2F#top",
    ],
)
def test_url_is_kept(tmp_path: Path, url: str) -> None:
    (place,) = write(tmp_path, [exchange(url=url)])
    assert read_record(tmp_path, place).url == url
    assert warcio_records(only_file(tmp_path))[1].fields["WARC-Target-URI"] == url


def test_place_is_one_whole_gzip_member(tmp_path: Path) -> None:
    places = write(tmp_path, [exchange(number, b"page %d" % number) for number in range(4)])
    path = only_file(tmp_path)
    for number, place in enumerate(places):
        assert tmp_path / place.path == path
        text = member_at(path, place.offset, place.length)
        assert text.startswith(b"WARC/1.1\r\nWARC-Type: response\r\n")
        assert text.endswith(b"page %d\r\n\r\n" % number)


def test_every_record_is_a_gzip_member_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, [exchange(number, b"page %d" % number) for number in range(4)])
    path = only_file(tmp_path)
    end = 0
    for record in warcio_records(path):
        assert record.offset == end
        assert member_at(path, record.offset, record.length).count(b"WARC-Record-ID") == 1
        end += record.length
    assert end == path.stat().st_size


def test_digest_is_the_sha256_of_the_payload_as_received(tmp_path: Path) -> None:
    payload = gzip.compress(PAGE)
    write(tmp_path, [exchange(payload=payload, response_headers=(("Content-Encoding", "gzip"),))])
    assert warcio_records(only_file(tmp_path))[1].fields["WARC-Payload-Digest"] == payload_digest(payload)


def test_request_says_what_was_asked(tmp_path: Path) -> None:
    asked = exchange(url="http://u:p@a.cn:81/q?x=1#top", method="POST", request_body=b"page=2")
    write(tmp_path, [asked])
    path = only_file(tmp_path)
    request = records(path)[2]
    assert request.start_line == "POST /q?x=1 HTTP/1.1"
    assert request.headers == (("Host", "a.cn:81"), *asked.request_headers)
    assert request.payload == b"page=2"


def test_records_of_one_exchange_name_its_response(tmp_path: Path) -> None:
    write(tmp_path, [exchange()])
    _, response, request, metadata = warcio_records(only_file(tmp_path))
    ids = {one.fields["WARC-Record-ID"] for one in (response, request, metadata)}
    assert len(ids) == 3
    for one in (request, metadata):
        assert one.fields["WARC-Concurrent-To"] == response.fields["WARC-Record-ID"]
        assert one.fields["WARC-Target-URI"] == response.fields["WARC-Target-URI"]


def test_metadata_says_that_the_request_was_built(tmp_path: Path) -> None:
    write(tmp_path, [exchange(notes=(("via", "http://a.cn/\r\nx: y"),))])
    text = warcio_records(only_file(tmp_path))[3].raw
    assert text == b"request: built from what was asked, not copied from the wire\r\nvia: http://a.cn/ x: y\r\n"


def test_file_begins_with_what_wrote_it(tmp_path: Path) -> None:
    write(tmp_path, [exchange()])
    path = only_file(tmp_path)
    warcinfo = warcio_records(path)[0]
    assert warcinfo.fields["WARC-Filename"] == path.name
    assert warcinfo.raw.startswith(f"software: {SOFTWARE}\r\n".encode())
    assert f"isPartOf: {SOURCE}\r\n".encode() in warcinfo.raw


def test_keys_of_the_crawler_are_not_archived(tmp_path: Path) -> None:
    secret = (("Proxy-Authorization", "Basic c2VjcmV0"), ("authorization", "Bearer c2VjcmV0"), ("Accept", "*/*"))
    write(tmp_path, [exchange(request_headers=secret)])
    assert b"c2VjcmV0" not in gzip.decompress(only_file(tmp_path).read_bytes())


def test_chunks_that_were_joined_are_not_claimed(tmp_path: Path) -> None:
    write(tmp_path, [exchange(response_headers=(("Transfer-Encoding", "chunked"),))])
    response = warcio_records(only_file(tmp_path))[1]
    assert response.headers == [("X-Archive-Orig-Transfer-Encoding", "chunked")]


def test_protocol_that_has_no_start_line_is_named_in_a_field(tmp_path: Path) -> None:
    write(tmp_path, [exchange(protocol="h2"), exchange(1, b"old", protocol="HTTP/1.0")])
    second, first = [record for record in records(only_file(tmp_path)) if record.kind == "response"]
    assert (second.start_line, second.field("WARC-Protocol")) == ("HTTP/1.1 200 OK", "h2")
    assert (first.start_line, first.field("WARC-Protocol")) == ("HTTP/1.0 200 OK", None)


def test_body_that_was_cut_says_so(tmp_path: Path) -> None:
    places = write(tmp_path, [exchange(truncated=True), exchange(1, b"whole")])
    assert [read_record(tmp_path, place).field("WARC-Truncated") for place in places] == ["length", None]


def test_time_and_address_are_kept(tmp_path: Path) -> None:
    (place,) = write(tmp_path, [exchange()])
    record = read_record(tmp_path, place)
    assert record.date == AT
    assert record.field("WARC-IP-Address") == "59.172.1.2"
    assert record.field("WARC-Date") == "2025-03-04T05:06:07.000089Z"


def test_time_without_a_zone_is_refused(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, SOURCE, software=SOFTWARE) as writer, pytest.raises(ValueError, match="no timezone"):
        writer.write(exchange(fetched_at=datetime(2025, 1, 1)))


def test_imported_file_is_a_resource_record(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, SOURCE, software=SOFTWARE) as writer:
        ticket = writer.write_resource("file:///seed/hubei.txt", "text/plain", PAGE, AT)
    record = read_record(tmp_path, ticket.place())
    assert (record.kind, record.url, record.content_type) == ("resource", "file:///seed/hubei.txt", "text/plain")
    assert (record.payload, record.date) == (PAGE, AT)
    assert warcio_check(only_file(tmp_path)) == 0
