"""Which files a writer makes, when they are on the disk, and who does the work."""

from __future__ import annotations

import os
import threading
import zlib
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from crawler.capture import CaptureError, CaptureFull, WarcWriter, compose, read_record
from crawler.capture import writer as writer_module
from tests.capture.harness import (
    AT,
    PAGE,
    SOFTWARE,
    SOURCE,
    exchange,
    only_file,
    record_ids,
    responses,
    warcio_records,
    write,
)


def test_nothing_written_leaves_no_file(tmp_path: Path) -> None:
    write(tmp_path, [])
    assert list(tmp_path.iterdir()) == []


def test_file_is_rolled_over_at_its_size(tmp_path: Path) -> None:
    places = write(tmp_path, [exchange(number, os.urandom(10_000)) for number in range(10)], max_bytes=35_000)
    files = sorted((tmp_path / SOURCE).iterdir())
    assert len(files) == 4
    assert all(path.stat().st_size <= 35_000 for path in files)
    assert [warcio_records(path)[0].kind for path in files] == ["warcinfo"] * 4
    assert [place.path for place in places] == sorted(place.path for place in places)
    assert [read_record(tmp_path, place).date for place in places] == [AT + timedelta(seconds=n) for n in range(10)]


def test_record_larger_than_a_file_gets_one_of_its_own(tmp_path: Path) -> None:
    places = write(tmp_path, [exchange(number, os.urandom(10_000)) for number in range(3)], max_bytes=1)
    assert len({place.path for place in places}) == 3


def test_names_sort_by_time_and_never_meet(tmp_path: Path) -> None:
    names = []
    for day in range(3):
        write(tmp_path, [exchange()], now=lambda day=day: AT + timedelta(days=day))
        names += [path.name for path in (tmp_path / SOURCE).iterdir() if path.name not in names]
    assert names == sorted(names)
    write(tmp_path, [exchange()], now=lambda: AT)
    assert len(list((tmp_path / SOURCE).iterdir())) == 4


def test_next_writer_leaves_earlier_files_alone(tmp_path: Path) -> None:
    write(tmp_path, [exchange()])
    path = only_file(tmp_path)
    before = path.read_bytes()
    write(tmp_path, [exchange(1)])
    assert path.read_bytes() == before


@pytest.mark.parametrize("source_id", ["", "..", "a/b", "/etc", "a\n"])
def test_source_id_that_is_no_folder_name_is_refused(tmp_path: Path, source_id: str) -> None:
    with pytest.raises(ValueError, match="is no source id"):
        WarcWriter(tmp_path, source_id, software=SOFTWARE)


def test_what_was_written_is_in_the_file_when_sync_returns(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, SOURCE, software=SOFTWARE) as writer:
        for number in range(50):
            writer.write(exchange(number, PAGE * number))
        writer.sync()
        assert len(responses(only_file(tmp_path))) == 50


def test_file_and_its_name_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    with WarcWriter(tmp_path / "warc", SOURCE, software=SOFTWARE) as writer:
        writer.write(exchange())
        writer.sync()
        wanted = [tmp_path, tmp_path / "warc", tmp_path / "warc" / SOURCE, only_file(tmp_path)]
        assert set(synced) == {path.stat().st_ino for path in wanted}
        synced.clear()
        writer.write(exchange(1))
        writer.sync()
        assert synced == [only_file(tmp_path).stat().st_ino]


def test_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("a file where a folder should be")
    writer = WarcWriter(tmp_path / "warc", SOURCE, software=SOFTWARE)
    ticket = writer.write(exchange())
    with pytest.raises(CaptureError, match=r"cannot be written \(.+\); check") as caught:
        writer.sync()
    assert not isinstance(caught.value, CaptureFull)
    with pytest.raises(CaptureError):
        ticket.place()
    with pytest.raises(CaptureError):
        writer.close()


def test_failure_lasts(tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("a file where a folder should be")
    writer = WarcWriter(tmp_path / "warc", SOURCE, software=SOFTWARE)
    writer.write(exchange())
    with pytest.raises(CaptureError):
        writer.sync()
    (tmp_path / "warc").unlink()
    with pytest.raises(CaptureError):
        writer.write(exchange(1))
    with pytest.raises(CaptureError):
        writer.sync()
    with pytest.raises(CaptureError):
        writer.close()
    assert not (tmp_path / "warc").exists()


def test_closing_twice_does_no_harm(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, SOURCE, software=SOFTWARE)
    writer.write(exchange())
    writer.close()
    writer.close()
    assert len(record_ids(only_file(tmp_path))) == 4


def test_pages_are_not_compressed_on_the_callers_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []

    def noted(*settings: Any) -> Any:
        threads.append(threading.get_ident())
        return zlib.compressobj(*settings)

    monkeypatch.setattr(compose, "zlib", SimpleNamespace(**{**vars(zlib), "compressobj": noted}))
    with WarcWriter(tmp_path, SOURCE, software=SOFTWARE) as writer:
        for number in range(20):
            writer.write(exchange(number, _page(number)))
    assert len(threads) >= 60 and threading.get_ident() not in threads  # request, response and metadata of each


def test_writer_waits_before_it_holds_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "_WAITING_BYTES", 100_000)
    with WarcWriter(tmp_path, SOURCE, software=SOFTWARE) as writer:
        tickets = []
        for number in range(30):
            tickets.append(writer.write(exchange(number, os.urandom(40_000))))
            assert sum(not ticket.future.done() for ticket in tickets) <= 2


def test_page_costs_little_more_than_its_compressed_bytes(tmp_path: Path) -> None:
    pages = [_page(number) for number in range(40)]
    write(tmp_path, [exchange(number, page) for number, page in enumerate(pages)])
    alone = sum(len(zlib.compress(page, 6)) for page in pages)
    assert only_file(tmp_path).stat().st_size <= 1.15 * alone


def _page(number: int) -> bytes:
    """A page of 40 KB that compresses about as well as real ones do."""
    words = zlib.crc32(b"%d" % number)
    lines = []
    for line in range(230):
        words = zlib.crc32(b"%d" % line, words)
        text = "".join(chr(0x4E00 + zlib.crc32(b"%d" % at, words) % 1200) for at in range(24))
        lines.append(
            f'<li class="item"><a href="/xwdt/t{words}.html" target="_blank">{text}</a><span>2025-03-04</span></li>'
        )
    return "\n".join(lines).encode()
