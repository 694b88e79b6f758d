"""Damage is named with file and byte, and what stands before and after it is read."""

from __future__ import annotations

import gzip
import os
import random
from pathlib import Path

import pytest

from crawler.operate.failure import ImportFailure
from tests.operate.warcs.harness import LISTING, Warcs, article


def members() -> list[bytes]:
    """Five pages, a gzip member each."""
    return [gzip.compress(record(number)) for number in range(5)]


def record(number: int) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + article(f"第{number}次招商推介会在深圳举行")
    date = f"2026-03-01T08:00:0{number}Z"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {LISTING}t{number}.html\r\nWARC-Date: {date}\r\n"
    return (
        f"{head}Content-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"
    )


def read(warcs: Warcs, path: Path) -> tuple[list[str], list[tuple[str, int]]]:
    """The numbers of the pages that were read, and where the damages are."""
    done = warcs.load(path)
    pages = [(row["url"] or "")[-6] for row in warcs.rows("SELECT url FROM article ORDER BY url")]
    return pages, [(damage.path, damage.offset) for damage in done.damages]


def test_damaged_member_costs_its_page_alone(warcs: Warcs) -> None:
    parts = members()
    at = len(parts[0]) + len(parts[1])
    spoiled = bytearray(b"".join(parts))
    for byte in range(at + len(parts[2]) // 2, at + len(parts[2]) // 2 + 40):
        spoiled[byte] ^= 0xFF
    path = warcs.write(bytes(spoiled))
    pages, damages = read(warcs, path)
    assert pages == ["0", "1", "3", "4"]
    assert damages == [(str(path), at)]


def test_file_that_was_cut_gives_what_is_whole(warcs: Warcs) -> None:
    parts = members()
    path = warcs.write(b"".join(parts)[: -len(parts[4]) // 2])
    pages, damages = read(warcs, path)
    assert pages == ["0", "1", "2", "3"]
    assert damages == [(str(path), sum(map(len, parts[:4])))]


def test_plain_file_with_a_wrong_length_is_read_on(warcs: Warcs) -> None:
    text = b"".join(map(record, range(5))).replace(b"Content-Length: ", b"Content-Length: 9", 1)
    pages, damages = read(warcs, warcs.write(text, "plain.warc"))
    assert pages == ["1", "2", "3", "4"]
    assert [offset for _, offset in damages] == [0]


def test_file_that_holds_no_record_is_damage_from_its_start(warcs: Warcs) -> None:
    pages, damages = read(warcs, warcs.write(b"no archive at all " * 100, "a.warc"))
    assert pages == []
    assert [offset for _, offset in damages] == [0]


def test_empty_file_is_refused_before_anything_is_written(warcs: Warcs) -> None:
    with pytest.raises(ImportFailure, match="is empty"):
        warcs.load(warcs.write(b"", "a.warc.gz"))
    assert warcs.rows("SELECT 1 FROM crawl") == []


def test_undated_record_is_as_old_as_its_file(warcs: Warcs) -> None:
    path = warcs.write(record(0).replace(b"2026-03-01T08:00:00Z", b"0001-01-01T00:00:00Z"), "a.warc")
    os.utime(path, (1_600_000_000, 1_600_000_000))
    assert warcs.counts(path)["new"] == 1
    assert warcs.rows("SELECT fetched_at FROM capture") == [{"fetched_at": "2020-09-13T12:26:40Z"}]
    assert warcs.counts(path) == {}


@pytest.mark.parametrize("form", ["plain", "gzip"])
def test_spoiled_files_are_read_as_far_as_they_go(warcs: Warcs, form: str) -> None:
    whole = b"".join(map(record, range(2)) if form == "plain" else members()[:2])
    chance = random.Random(form)
    for _ in range(60):
        spoiled = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(spoiled)) if form == "gzip" else chance.randrange(400)
            spoiled[at] = chance.choice((0, 10, 13, 32, 47, 58, 255, chance.randrange(256)))
        done = warcs.load(warcs.write(bytes(spoiled), "a.warc"))
        assert done.sources[0].run.counts["pages"] <= 2
    assert warcs.problems() == []


def test_hostile_fields_are_kept_or_passed_over(warcs: Warcs) -> None:
    urls = (
        "http://[::1",
        "http://zsj.example.cn:99999/a",
        "http://zsj.example.cn/\x00",
        "http:///a",
        "http://" + "a" * 9000,
    )
    text = b"".join(record(0).replace(f"{LISTING}t0.html".encode(), url.encode()) for url in urls)
    done = warcs.load(warcs.write(text + record(1), "a.warc"))
    assert done.damages == []
    assert done.sources[0].run.counts["new"] == 1
    warcs.load(warcs.folder / "a.warc", source=None)
