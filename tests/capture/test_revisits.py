"""A payload is kept once; what meets it again refers to it."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.capture import CaptureError, Earlier, WarcWriter, read_record
from tests.capture.harness import (
    AT,
    PAGE,
    SOFTWARE,
    SOURCE,
    exchange,
    only_file,
    records,
    responses,
    warcio_records,
    write,
)


def test_payload_written_before_is_not_kept_again(tmp_path: Path) -> None:
    big = os.urandom(100_000)
    write(tmp_path, [exchange(0, big), exchange(1, big)])
    path = only_file(tmp_path)
    assert [record.kind for record in records(path)].count("revisit") == 1
    assert path.stat().st_size < 110_000


def test_revisit_names_its_profile_and_what_it_refers_to(tmp_path: Path) -> None:
    write(tmp_path, [exchange(0), exchange(1)])
    first, second = (record for record in warcio_records(only_file(tmp_path)) if record.kind in ("response", "revisit"))
    assert second.fields["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert second.fields["WARC-Refers-To-Target-URI"] == first.fields["WARC-Target-URI"]
    assert second.fields["WARC-Refers-To-Date"] == first.fields["WARC-Date"]
    assert second.fields["WARC-Payload-Digest"] == first.fields["WARC-Payload-Digest"]
    assert (second.status_line, second.raw) == ("200 OK", b"")


def test_payload_that_the_archive_holds_is_not_kept_again(tmp_path: Path) -> None:
    asked: list[tuple[str, int]] = []
    earlier = Earlier("http://a.cn/first", AT - timedelta(days=30))

    def seen(digest: str) -> Earlier | None:
        asked.append((digest, threading.get_ident()))
        return earlier

    with WarcWriter(tmp_path, SOURCE, software=SOFTWARE, seen=seen) as writer:
        ticket = writer.write(exchange())
    assert asked == [(ticket.payload_digest, threading.get_ident())]
    assert ticket.earlier == earlier
    record = read_record(tmp_path, ticket.place())
    assert (record.kind, record.field("WARC-Refers-To-Target-URI")) == ("revisit", "http://a.cn/first")


def test_empty_and_cut_payloads_are_never_revisits(tmp_path: Path) -> None:
    cut = [exchange(number, truncated=True) for number in range(2)]
    empty = [exchange(number, b"", status=304) for number in range(2, 4)]
    write(tmp_path, [*cut, *empty])
    assert len(responses(only_file(tmp_path))) == 4


def test_revisit_is_read_with_the_payload_it_refers_to(tmp_path: Path) -> None:
    zipped = (("Content-Encoding", "gzip"), ("X-Visit", "2"))
    first, second = write(tmp_path, [exchange(0), exchange(1, response_headers=zipped)])
    record = read_record(tmp_path, second, lambda revisit: read_record(tmp_path, first))
    assert (record.kind, record.payload, record.headers) == ("revisit", PAGE, zipped)


def test_revisit_of_what_is_missing_is_an_error(tmp_path: Path) -> None:
    _, second = write(tmp_path, [exchange(0), exchange(1)])
    with pytest.raises(CaptureError, match="is not in the archive"):
        read_record(tmp_path, second, lambda revisit: None)


def test_revisit_that_leads_back_to_itself_is_an_error(tmp_path: Path) -> None:
    _, second = write(tmp_path, [exchange(0), exchange(1)])
    with pytest.raises(CaptureError, match="is not in the archive"):
        read_record(tmp_path, second, lambda revisit: revisit)


def test_revisit_of_another_payload_is_an_error(tmp_path: Path) -> None:
    _, second, other = write(tmp_path, [exchange(0), exchange(1), exchange(2, b"other")])
    with pytest.raises(CaptureError, match="another payload"):
        read_record(tmp_path, second, lambda revisit: read_record(tmp_path, other))
