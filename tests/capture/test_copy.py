"""Records are copied into another file, with what belongs to them and nothing else."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from crawler.capture import CaptureError, Place, copy_records, payload_digest, read_record, verify_file
from tests.capture.harness import exchange, only_file, records, warc_record, warcio_check, write


def payload(number: int) -> bytes:
    return b"page %d." % number * 40


@pytest.fixture
def places(tmp_path: Path) -> list[Place]:
    return write(tmp_path / "there", [exchange(number, payload(number)) for number in range(5)])


@pytest.fixture
def there(tmp_path: Path, places: list[Place]) -> Path:
    return only_file(tmp_path / "there")


def wanted(places: list[Place], *numbers: int) -> dict[int, str | None]:
    return {places[number].offset: payload_digest(payload(number)) for number in numbers}


def test_all_records_make_the_same_file(tmp_path: Path, there: Path, places: list[Place]) -> None:
    copied = copy_records(there, wanted(places, *range(5)), tmp_path / "here" / "a.warc.gz")
    assert copied.path.read_bytes() == there.read_bytes()
    assert (copied.moved, copied.damages) == ({place.offset: place.offset for place in places}, ())


def test_some_records_come_with_their_requests_and_the_description_of_the_file(
    tmp_path: Path, there: Path, places: list[Place]
) -> None:
    copied = copy_records(there, wanted(places, 1, 3), tmp_path / "here" / "a.warc.gz")
    kinds = [record.kind for record in records(copied.path)]
    assert kinds == ["warcinfo", *("response", "request", "metadata") * 2]
    for number in (1, 3):
        moved = Place("a.warc.gz", copied.moved[places[number].offset], places[number].length)
        assert read_record(tmp_path / "here", moved).payload == payload(number)
    assert (verify_file(copied.path), warcio_check(copied.path)) == ([], 0)


def test_record_of_another_payload_and_one_that_is_not_there_are_named(
    tmp_path: Path, there: Path, places: list[Place]
) -> None:
    asked = {**wanted(places, 0), places[1].offset: payload_digest(b"another"), places[2].offset + 1: None}
    copied = copy_records(there, asked, tmp_path / "here" / "a.warc.gz")
    assert list(copied.moved) == [places[0].offset]
    assert [(damage.offset, damage.reason) for damage in copied.damages] == [
        (places[1].offset, "it is not the record that the archive names"),
        (places[2].offset + 1, "no record begins there"),
    ]


def test_damaged_record_is_left_behind(tmp_path: Path, there: Path, places: list[Place]) -> None:
    content = bytearray(there.read_bytes())
    content[places[2].offset + places[2].length // 2] ^= 0xFF
    there.write_bytes(content)
    copied = copy_records(there, wanted(places, 1, 2, 3), tmp_path / "here" / "a.warc.gz")
    assert list(copied.moved) == [places[1].offset, places[3].offset]
    assert [damage.offset for damage in copied.damages] == [places[2].offset]
    assert verify_file(copied.path) == []


@pytest.mark.parametrize("content", [None, b"", b"no archive"], ids=["missing", "empty", "something else"])
def test_file_that_cannot_be_read_gives_no_copy(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.warc.gz"
    if content is not None:
        path.write_bytes(content)
    copied = copy_records(path, {0: None}, tmp_path / "here" / "a.warc.gz")
    assert (copied.moved, len(copied.damages), copied.path.exists()) == ({}, 1, False)


def test_records_that_share_a_compressed_member_are_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    two = b"".join(warc_record(b"x", ("WARC-Type", "resource"), ("WARC-Target-URI", "file:///x")) for _ in range(2))
    path.write_bytes(gzip.compress(two))
    copied = copy_records(path, {0: None}, tmp_path / "here" / "a.warc.gz")
    assert (copied.moved, len(copied.damages)) == ({}, 1)


def test_file_that_is_there_is_not_written_over(tmp_path: Path, there: Path, places: list[Place]) -> None:
    target = tmp_path / "a.warc.gz"
    target.write_bytes(b"kept")
    with pytest.raises(CaptureError, match="File exists"):
        copy_records(there, wanted(places, 0), target)
    assert target.read_bytes() == b"kept"
