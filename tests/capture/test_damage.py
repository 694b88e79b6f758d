"""Files that are cut, altered or mixed up: what is before and after the damage is read, and its place is told."""

from __future__ import annotations

import gzip
import os
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.capture import CaptureError, Damage, Place, Record, iter_records, read_record, verify_file
from tests.capture.harness import (
    PAGE,
    damages,
    exchange,
    member_at,
    only_file,
    record_ids,
    records,
    warc_record,
    warcio_check,
    write,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of a warcinfo record and eight exchanges."""
    write(tmp_path, [exchange(number, b"%d" % number * 50 + os.urandom(400)) for number in range(8)])
    return only_file(tmp_path)


def extents(path: Path) -> list[tuple[int, int]]:
    return [(record.offset, record.offset + (record.length or 0)) for record in records(path)]


def test_cut_file_is_read_up_to_its_last_whole_record(path: Path) -> None:
    ids, ends = record_ids(path), [end for _, end in extents(path)]
    content = path.read_bytes()
    for size in (*range(2, len(content) - 150, 397), *ends[:-1], *range(len(content) - 150, len(content))):
        path.write_bytes(content[:size])
        whole = sum(end <= size for end in ends)
        assert record_ids(path) == ids[:whole]
        start = ends[whole - 1] if whole else 0
        wanted = [] if start == size else [Damage(str(path), start, "the file ends inside a gzip member")]
        assert verify_file(path) == wanted


def test_warcio_check_alone_passes_a_cut_member(path: Path) -> None:
    """Why files are not verified with it."""
    path.write_bytes(path.read_bytes()[:-4])
    assert warcio_check(path) == 0
    assert len(verify_file(path)) == 1


def test_damaged_member_costs_its_own_record_only(path: Path) -> None:
    ids, (start, end) = record_ids(path), extents(path)[5]
    content = bytearray(path.read_bytes())
    content[start:end] = bytes(end - start)
    path.write_bytes(content)
    assert record_ids(path) == ids[:5] + ids[6:]
    assert [damage.offset for damage in damages(path)] == [start]


def test_damage_at_the_very_beginning_costs_one_record(path: Path) -> None:
    ids = record_ids(path)
    path.write_bytes(b"\0\0\0\0" + path.read_bytes()[4:])
    assert record_ids(path) == ids[1:]
    assert [damage.offset for damage in damages(path)] == [0]


def test_rubbish_between_members_is_told(path: Path) -> None:
    ids, (start, _) = record_ids(path), extents(path)[3]
    content = path.read_bytes()
    path.write_bytes(content[:start] + b"rubbish" * 9 + content[start:])
    assert record_ids(path) == ids
    assert [damage.offset for damage in damages(path)] == [start]


def test_member_with_a_wrong_checksum_is_not_trusted(path: Path) -> None:
    ids, (_, end) = record_ids(path), extents(path)[2]
    content = bytearray(path.read_bytes())
    content[end - 6] ^= 1
    path.write_bytes(content)
    assert record_ids(path) == ids[:2] + ids[3:]
    assert "incorrect data check" in damages(path)[0].reason


def altered(path: Path, number: int, change: Callable[[bytes], bytes], form: str) -> int:
    """Write the file anew with one record's text changed; where that record now begins."""
    texts = [member_at(path, start, end - start) for start, end in extents(path)]
    texts[number] = change(texts[number])
    parts = [gzip.compress(text) for text in texts] if form == "members" else texts
    content = b"".join(parts)
    path.write_bytes(gzip.compress(content) if form == "one-member" else content)
    return 0 if form == "one-member" else len(b"".join(parts[:number]))


FORMS = ["members", "one-member", "plain"]
WRONG = {
    "longer": lambda text: text.replace(b"\r\n\r\n", b"", 1).replace(b"Content-Length: ", b"Content-Length: 1", 1),
    "length-too-long": lambda text: text.replace(b"Content-Length: ", b"Content-Length: 1", 1),
    "length-far-too-long": lambda text: text.replace(b"Content-Length: ", b"Content-Length: 123456", 1),
    "length-too-short": lambda text: text.replace(b"Content-Length: 5", b"Content-Length: 4", 1),
    "length-missing": lambda text: text.replace(b"Content-Length: ", b"Content-Langth: ", 1),
    "length-no-number": lambda text: text.replace(b"Content-Length: ", b"Content-Length: -", 1),
    "payload-altered": lambda text: text.replace(b"444444", b"555555", 1),
    "payload-cut": lambda text: text[:-100],
    "first-line-altered": lambda text: text.replace(b"WARC/1.1", b"WORC/1.1", 1),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_record_costs_itself_only(path: Path, wrong: str, form: str) -> None:
    ids = record_ids(path)
    number = 1 + 3 * 4  # the response of the exchange whose payload begins with fours
    start = altered(path, number, WRONG[wrong], form)
    assert record_ids(path) == ids[:number] + ids[number + 1 :]
    found = damages(path)
    assert [damage.offset for damage in found] == [start]
    assert found[0].path == str(path)


@pytest.mark.parametrize("cut", [0, 1, 5, 9, 10, 40, 100, 250])
def test_record_that_follows_a_cut_one_in_the_same_text_is_read(path: Path, cut: int) -> None:
    ids = record_ids(path)
    altered(path, 13, lambda text: text[:cut], "plain")
    assert record_ids(path) == ids[:13] + ids[14:]


def test_record_larger_than_the_limit_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    large = gzip.compress(warc_record(bytes(200_000), ("WARC-Type", "resource")))
    small = gzip.compress(warc_record(b"x", ("WARC-Type", "resource")))
    path.write_bytes(small + large + small)
    found = list(iter_records(path, limit=100_000))
    assert [type(one) for one in found] == [Record, Damage, Record]


def test_records_before_an_error_inside_one_large_member_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    parts = [
        warc_record(b"%d," % number * 200, ("WARC-Type", "resource"), ("WARC-Record-ID", f"<{number}>"))
        for number in range(3000)
    ]
    whole = gzip.compress(b"".join(parts))
    half = len(whole) // 2
    before = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(whole[:half])
    path.write_bytes(whole[:half] + b"\xff" * 300 + whole[half + 300 :])
    complete = before.count(b"\r\n\r\nWARC/1.0")
    assert complete > 1000
    assert record_ids(path)[:complete] == [f"<{number}>" for number in range(complete)]
    assert "the gzip member is damaged" in damages(path)[-1].reason


@pytest.mark.parametrize(
    "content",
    [b"<html>no archive</html>", os.urandom(5000), b"\x1f\x8b", b"\x1f\x8b\x08\0" * 2000, b"WARC/1.0\r\n" * 2000],
    ids=["page", "random", "magic", "magics", "first-lines"],
)
def test_file_that_is_no_warc_is_damage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)
    assert record_ids(path) == []
    assert damages(path)


class TestOneRecord:
    def test_of_a_file_that_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(CaptureError, match=r"a\.warc\.gz cannot be read \(No such file or directory\)\."):
            read_record(tmp_path, Place("a.warc.gz", 0, 10))

    def test_that_was_damaged(self, tmp_path: Path, path: Path) -> None:
        start, end = extents(path)[1]
        path.write_bytes(path.read_bytes()[: end - 5])
        with pytest.raises(CaptureError, match=f"byte {start} is damaged"):
            read_record(path.parent, Place(path.name, start, end - start))

    def test_at_a_place_where_none_begins(self, path: Path) -> None:
        with pytest.raises(CaptureError, match="byte 7 is damaged"):
            read_record(path.parent, Place(path.name, 7, 100))

    def test_beyond_the_end(self, path: Path) -> None:
        with pytest.raises(CaptureError, match="holds no record"):
            read_record(path.parent, Place(path.name, 10**9, 100))

    @pytest.mark.parametrize("name", ["../a.warc.gz", "/etc/passwd", "a/../../b"])
    def test_outside_the_capture_root(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(CaptureError, match="is not below"):
            read_record(tmp_path, Place(name, 0, 1))


@dataclass(frozen=True)
class Blow:
    """What happened to a file: these bytes of it were replaced."""

    start: int
    end: int
    by: bytes

    def to(self, content: bytes) -> bytes:
        return content[: self.start] + self.by + content[self.end :]


def random_blow(chance: random.Random, size: int) -> Blow:
    start = chance.randrange(size)
    end = min(size, start + chance.choice([0, 1, 2, 7, 60, 500, 3000]))
    length = chance.choice([0, end - start, end - start, chance.randrange(200)])
    return Blow(start, end, chance.choice([bytes(length), chance.randbytes(length), b"\x1f\x8b\x08\0" * (length // 4)]))


def assert_untouched_records_are_read(path: Path, blow: Blow, whole: list[Record]) -> list[Damage]:
    """Strike the file, look for all that was not struck, and give the damages told."""
    content = path.read_bytes()
    path.write_bytes(blow.to(content))
    found = list(iter_records(path))
    path.write_bytes(content)
    read = {one.record_id: one.payload for one in found if isinstance(one, Record)}
    for record in whole:
        if record.offset + (record.length or 0) <= blow.start or record.offset >= max(blow.end, blow.start + 1):
            assert read[record.record_id] == record.payload
    return [one for one in found if isinstance(one, Damage)]


def fuzz(path: Path, seeds: range, form: str) -> None:
    if form == "plain":
        path.write_bytes(gzip.decompress(path.read_bytes()))
    whole = records(path)
    content = path.read_bytes()
    for seed in seeds:
        blow = random_blow(random.Random(seed), len(content))
        told = assert_untouched_records_are_read(path, blow, whole)
        # Uncompressed, only what has a digest can be told from what was written.
        if form == "members" and _touches(blow, whole, content):
            assert told


def _touches(blow: Blow, whole: list[Record], content: bytes) -> bool:
    """Whether a blow changes more than the first ten bytes of members, of which a few say nothing."""
    changed = [at for at in range(blow.start, blow.end) if blow.by[at - blow.start :][:1] != content[at : at + 1]]
    if len(blow.by) != blow.end - blow.start:
        return not any(record.offset == blow.start for record in whole) or bool(blow.by)
    return any(not any(record.offset <= at < record.offset + 10 for record in whole) for at in changed)


@pytest.mark.parametrize("form", ["members", "plain"])
def test_random_damage_costs_what_it_touches(path: Path, form: str) -> None:
    fuzz(path, range(100), form)


@pytest.mark.nightly
@pytest.mark.parametrize("form", ["members", "plain"])
def test_much_random_damage_costs_what_it_touches(path: Path, form: str) -> None:
    fuzz(path, range(1000, 2000), form)


def test_payloads_that_look_like_archives_are_not_taken_for_records(tmp_path: Path) -> None:
    inner = gzip.compress(warc_record(PAGE, ("WARC-Type", "resource")))
    headers = (("Content-Type", "application/gzip"),)
    write(tmp_path, [exchange(number, inner + b"%d" % number, response_headers=headers) for number in range(3)])
    assert [record.kind for record in records(only_file(tmp_path))].count("resource") == 0
