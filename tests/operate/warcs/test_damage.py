"""Damage is named with file and byte, and what stands before and after it is read."""

from __future__ import annotations

import gzip
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
