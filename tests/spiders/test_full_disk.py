"""A disk that fills up while a crawl writes: one sentence, nothing committed is lost, and the next crawl goes on."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive import open_archive
from crawler.operate.fixture_server import FixtureServer
from tests.support import command, environment, expected, rows, served, zhaoshang

SITE = "trs-huangshi"
CRAWL = ("crawl", SITE, "--set=ARCHIVE_BATCH_PAGES=1")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> int:
    """Bytes a file may have: half of what the journal of a whole crawl takes."""
    folder = tmp_path_factory.mktemp("whole")
    with served([SITE], folder / "sources"), closing(fresh_archive(folder)):
        done = zhaoshang(*CRAWL, cwd=folder, env={"ZHAOSHANG_SOURCES": str(folder / "sources")})
        assert done.code == 0
        needed = (folder / "archive.db-wal").stat().st_size
    return needed // 2


def fresh_archive(folder: Path) -> sqlite3.Connection:
    """An empty archive, and a connection that keeps its journal from being cleared away."""
    open_archive(str(folder / "archive.db"), create=True).dispose()
    connection = sqlite3.connect(folder / "archive.db")
    connection.execute("SELECT count(*) FROM article").fetchone()
    return connection


@pytest.fixture
def full(tmp_path: Path, room: int) -> Iterator[tuple[Path, subprocess.CompletedProcess[str], FixtureServer]]:
    env = {"ZHAOSHANG_SOURCES": str(tmp_path / "sources")}
    fresh_archive(tmp_path).close()
    with served([SITE], tmp_path / "sources") as servers:
        done = subprocess.run(
            command(*CRAWL),
            cwd=tmp_path,
            env=environment(env),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
            capture_output=True,
            text=True,
            timeout=60,
        )
        yield tmp_path, done, servers[SITE]


def test_full_disk_is_one_sentence_and_exit_code_3(
    full: tuple[Path, subprocess.CompletedProcess[str], FixtureServer],
) -> None:
    _, done, _ = full
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("zhaoshang: The archive archive.db ")
    assert "free" in last


def test_the_next_crawl_goes_on_from_what_was_committed(
    full: tuple[Path, subprocess.CompletedProcess[str], FixtureServer],
) -> None:
    folder, _, server = full
    archive = folder / "archive.db"
    kept = {row["uid"] for row in rows(archive, "SELECT uid FROM article")}
    finished = {row["url"] for row in rows(archive, "SELECT url FROM frontier WHERE state = 'done'")}
    assert kept
    assert len(kept) < len(expected(SITE)["articles"])
    before = len(server.requests)
    report = zhaoshang("crawl", SITE, "--json", cwd=folder, env={"ZHAOSHANG_SOURCES": str(folder / "sources")}).json[0]
    assert report["resumed"]
    again = {server.base_url + seen.target for seen in server.requests[before:]}
    assert not again & finished
    now = {row["uid"] for row in rows(archive, "SELECT uid FROM article")}
    assert kept < now
    assert len(now) == len(expected(SITE)["articles"])
