"""A disk that fills up while a crawl writes: one sentence, nothing committed is lost, and the next crawl goes on."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.operate.fixture_server import FixtureServer
from tests.support import SITES, command, environment, expected, rows, served, zhaoshang

SITE = "trs-huangshi"
ROOM = 520_000  # bytes a file may have: enough for the tables and a part of the site


@pytest.fixture
def full(tmp_path: Path) -> Iterator[tuple[Path, subprocess.CompletedProcess[str], FixtureServer]]:
    assert SITE in SITES
    env = {"ZHAOSHANG_SOURCES": str(tmp_path / "sources")}
    with served([SITE], tmp_path / "sources") as servers:
        done = subprocess.run(
            command("crawl", SITE, "--set=ARCHIVE_BATCH_PAGES=1"),
            cwd=tmp_path,
            env=environment(env),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM)),
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
