"""An archive that cannot be used: exit code 3 and one sentence, whatever the command."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Place
from tests.support import Result, command, finished, rows, unprivileged, zhaoshang

IMPATIENT = "import crawler.archive.engine; crawler.archive.engine.BUSY_SECONDS = 0.1"
SMALL_DISK = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes}, {bytes}))"


@pytest.fixture
def copy(crawled: Place, tmp_path: Path) -> Path:
    """A copy of the crawled archive that a test may spoil."""
    with closing(sqlite3.connect(crawled.archive)) as source, closing(sqlite3.connect(tmp_path / "archive.db")) as to:
        source.backup(to)
    return tmp_path / "archive.db"


def said(result: Result) -> str:
    """The one sentence of a command that met an unusable archive."""
    assert (result.code, result.out) == (3, ""), result.err
    sentences = [line for line in result.err.splitlines() if line.startswith("zhaoshang: ")]
    assert len(sentences) == 1
    assert "Traceback" not in result.err
    return sentences[0]


def spoil(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize("line", ["stats", "show 1", "runs", "upgrade"])
def test_missing_archive(tmp_path: Path, line: str) -> None:
    assert "There is no archive archive.db" in said(zhaoshang(*line.split(), cwd=tmp_path))
    assert not (tmp_path / "archive.db").exists()


@pytest.mark.parametrize(
    "line", ["stats", "crawl moushi", "crawl moushi --dry-run", "upgrade", "import x.txt --source moushi"]
)
def test_file_that_is_no_archive(crawled: Place, tmp_path: Path, line: str) -> None:
    (tmp_path / "archive.db").write_bytes(b"not a database\n" * 100)
    (tmp_path / "x.txt").write_text("-\n甲\n正文。\n2026-02-01\n", encoding="utf-8")
    assert "database" in said(zhaoshang(*line.split(), cwd=tmp_path, env=crawled.env))


@pytest.mark.parametrize("line", ["stats", "crawl moushi"])
def test_archive_of_a_newer_version(crawled: Place, copy: Path, line: str) -> None:
    spoil(copy, "UPDATE alembic_version SET version_num = '9999'")
    assert "is from a newer version" in said(zhaoshang(*line.split(), cwd=copy.parent, env=crawled.env))


def test_older_archive_is_upgraded_by_command(copy: Path) -> None:
    assert zhaoshang("upgrade", cwd=copy.parent).code == 0


@pytest.mark.parametrize("line", ["stats", "crawl moushi"])
def test_archive_in_use_by_another_program(crawled: Place, copy: Path, line: str) -> None:
    spoil(copy, "PRAGMA journal_mode = DELETE")
    with closing(sqlite3.connect(copy, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        result = finished(command(*line.split(), first=IMPATIENT), cwd=copy.parent, env=crawled.env)
    assert "locked by another program" in said(result)


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write anywhere, no setpriv")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_archive_that_may_not_be_written(crawled: Place, copy: Path, what: str) -> None:
    spoil(copy, "PRAGMA journal_mode = DELETE")
    modes: Sequence[tuple[Path, int]] = [(copy, 0o444), *([(copy.parent, 0o555)] if what == "folder" else [])]
    for path, mode in modes:
        path.chmod(mode)
    try:
        result = finished(unprivileged(command("crawl", "moushi")), cwd=copy.parent, env=crawled.env)
        read = finished(unprivileged(command("stats", "--json")), cwd=copy.parent)
    finally:
        copy.parent.chmod(0o755)
    assert "is read-only" in said(result)
    assert read.json["totals"]["article"] == 4


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write anywhere, no setpriv")
def test_index_of_an_older_version_that_may_not_be_written(copy: Path, tmp_path: Path) -> None:
    spoil(copy, "PRAGMA journal_mode = DELETE")
    older = command("search", "签约", "--json", first="from crawler.research.search import state; state.VERSION = 1")
    expected = finished(older, cwd=copy.parent).json["total"]
    index, cache = copy.with_name("archive.index"), tmp_path / "cache"
    cache.mkdir()
    folders = [index, *(path for path in index.iterdir() if path.is_dir())]
    for path in (copy.parent, *folders):
        path.chmod(0o555)
    try:
        found = finished(
            unprivileged(command("search", "签约", "--json")), cwd=copy.parent, env={"XDG_CACHE_HOME": str(cache)}
        )
    finally:
        for path in (copy.parent, *folders):
            path.chmod(0o755)
    assert found.json["total"] == expected > 0
    assert list(cache.rglob("meta.json"))


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write anywhere, no setpriv")
def test_new_archive_in_a_folder_that_may_not_be_written(crawled: Place, tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    result = finished(unprivileged(command("crawl", "moushi")), cwd=tmp_path, env=crawled.env)
    tmp_path.chmod(0o755)
    assert "cannot be opened; check that its folder exists and may be written to" in said(result)


def test_disk_that_fills_up_during_a_crawl(fresh: Place) -> None:
    line = command("crawl", "moushi", "--set", "ARCHIVE_BATCH_PAGES=1", first=SMALL_DISK.format(bytes=196_608))
    result = finished(line, cwd=fresh.folder, env=fresh.env)
    assert "check the disk and its free space" in said(result)
    with closing(sqlite3.connect(fresh.archive)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_crawl_after_the_disk_was_full_goes_on(fresh: Place) -> None:
    line = command("crawl", "moushi", "--set", "ARCHIVE_BATCH_PAGES=1", first=SMALL_DISK.format(bytes=196_608))
    assert finished(line, cwd=fresh.folder, env=fresh.env).code == 3
    assert fresh.run("crawl", "moushi").code == 0
    assert len(rows(fresh.archive, "SELECT 1 FROM article")) == 4
