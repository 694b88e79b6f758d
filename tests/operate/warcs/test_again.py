"""Importing twice, overlapping files, and going on after a kill: nothing is lost and nothing is there twice."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from crawler.extract import read_page
from tests.cli.pages import ROWS
from tests.operate.warcs.harness import LISTING, SOURCE, URL, Warcs, article, listing
from tests.support import command, environment, write_source

TABLES = ("article", "revision", "capture", "entry", "rejection", "change")


def whole_site(warcs: Warcs, name: str = "site.warc.gz") -> Path:
    file = warcs.foreign(name).page(LISTING, listing()).page(f"{LISTING}t9.html", b"<html>no</html>", status="500 No")
    for url, title, day in ROWS:
        file.page(f"{LISTING}{url}", article(title, day))
    return file.write()


def held(warcs: Warcs) -> dict[str, int]:
    return {name: warcs.rows(f"SELECT count(*) AS n FROM {name}")[0]["n"] for name in TABLES}


def test_second_import_of_a_file_finds_nothing_new(warcs: Warcs) -> None:
    path = whole_site(warcs)
    assert warcs.counts(path) == {"pages": 6, "new": 4, "rejected": 1}
    before = held(warcs)
    done = warcs.load(path)
    assert not any(done.sources[0].run.counts.values())
    assert done.passed_over["known"] == 6
    assert held(warcs) == before


def test_page_in_two_files_of_one_import_is_read_once(warcs: Warcs) -> None:
    first = whole_site(warcs)
    copy = warcs.write(first.read_bytes(), "copy.warc.gz")
    assert warcs.counts(first, copy) == {"pages": 6, "new": 4, "rejected": 1}


def test_archive_knows_its_own_captures(warcs: Warcs) -> None:
    warcs.counts(whole_site(warcs))
    own = next((warcs.folder / "warc").rglob("*.warc.gz"))
    assert warcs.counts(own) == {}


def test_captures_that_were_imported_bring_later_ones_of_the_same_page(warcs: Warcs) -> None:
    warcs.counts(whole_site(warcs))
    later = warcs.foreign("later.warc.gz").page(URL, article(body=("新的内容。",)), at="2026-04-01T00:00:00Z")
    assert warcs.counts(later.write()) == {"pages": 1, "changed": 1}


KILLS = """
import os, signal
from crawler.archive.run import Run
flush = Run.flush
def killed(self):
    flush(self)
    if self.stats["pages"] >= 100:
        os.kill(os.getpid(), signal.SIGKILL)
Run.flush = killed
"""


@pytest.fixture
def large(warcs: Warcs) -> Path:
    """A site of 150 articles."""
    entries = [(f"a{number}.html", f"第{number}号项目签约落户高新区", "2026-02-01") for number in range(150)]
    file = warcs.foreign("large.warc.gz").page(LISTING, listing(*entries))
    for number, (url, title, _) in enumerate(entries):
        # Its own date is known to the listing alone.
        file.page(
            f"{LISTING}{url}",
            article(title, "").replace("发布时间：".encode(), b""),
            f"2026-03-02T08:00:{number % 60:02}Z",
        )
    return file.write()


def test_killed_import_goes_on_where_it_was(warcs: Warcs, large: Path) -> None:
    write_source(
        warcs.folder / "sources",
        {"id": "zsj", "name": "某市招商局", "homepage": SOURCE.homepage, "start_urls": ["zsdt/"]},
    )
    line = command("--archive", warcs.archive, "import", large, "--source", "zsj", first=KILLS)
    env = environment({"ZHAOSHANG_SOURCES": str(warcs.folder / "sources")})
    killed = subprocess.run(line, cwd=warcs.folder, env=env, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert 50 <= held(warcs)["article"] < 150
    assert warcs.counts(large)["new"] == 150 - held_before(warcs)
    after = held(warcs)
    assert (after["article"], after["revision"], after["capture"], after["entry"]) == (150, 150, 151, 150)
    assert warcs.rows("SELECT DISTINCT published_on, listing_url FROM article") == [
        {"published_on": "2026-02-01", "listing_url": LISTING}
    ]
    assert [row["status"] for row in warcs.rows("SELECT status FROM crawl ORDER BY id")] == ["interrupted", "finished"]
    assert warcs.problems() == []


def held_before(warcs: Warcs) -> int:
    """How many articles the first run had committed."""
    (row,) = warcs.rows("SELECT stats FROM crawl ORDER BY id LIMIT 1")
    return int(json.loads(row["stats"])["new"])


def test_import_that_is_stopped_keeps_what_was_read(warcs: Warcs, large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = iter(range(60))

    def read(*arguments: object, **options: object) -> object:
        if next(reads, None) is None:
            raise KeyboardInterrupt
        return read_page(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("crawler.operate.warcs.reading.read_page", read)
    with pytest.raises(KeyboardInterrupt):
        warcs.load(large)
    assert warcs.rows("SELECT status FROM crawl") == [{"status": "interrupted"}]
    assert held(warcs)["article"] > 0
    monkeypatch.undo()
    warcs.load(large)
    assert held(warcs)["article"] == 150
