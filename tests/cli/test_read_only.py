"""An archive that may only be read, file and folder, as by a colleague or from a disk that is mounted so."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Place
from tests.support import Result, command, finished, unprivileged

pytestmark = pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write anywhere")


def sealed(folder: Path, mode: int) -> None:
    for path in (*folder.rglob("*"), folder):
        if not path.is_symlink():
            path.chmod(mode | 0o111 if path.is_dir() else mode)


@pytest.fixture(params=["indexed", "behind", "not indexed"])
def shelf(crawled: Place, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """A copy of the crawled archive with its captures that may only be read, with its search index and without."""
    folder = tmp_path / "shelf"
    shutil.copytree(crawled.folder, folder, ignore=shutil.ignore_patterns("*.index", "*-wal", "*-shm"))
    place = Place(folder, crawled.server)
    with closing(sqlite3.connect(place.archive)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    shutil.copyfile(place.archive, folder / "another.db")
    if request.param != "not indexed":
        assert place.run("search", "签约").code == 0
    if request.param == "behind":
        with closing(sqlite3.connect(place.archive)) as connection, connection:
            connection.execute(
                "INSERT INTO change (article_id, kind, at) VALUES (1, 'changed', '2026-01-01T00:00:00Z')"
            )
    sealed(folder, 0o444)
    yield place
    sealed(folder, 0o644)


def read(place: Place, *arguments: str) -> Result:
    env = {**place.env, "XDG_CACHE_HOME": str(place.folder.parent / "cache")}
    return finished(unprivileged(command(*arguments)), cwd=place.folder, env=env)


LINES = (
    "stats",
    "show 1",
    "show 1 --raw",
    "sql SELECT~1",
    "runs",
    "verify",
    "export --format csv",
    "search 签约",
    "doctor",
)


@pytest.mark.parametrize("line", LINES)
def test_it_is_read(shelf: Place, line: str) -> None:
    done = read(shelf, *(each.replace("~", " ") for each in line.split()))
    assert done.code == 0 or line == "doctor", done.err
    assert done.out
    assert "read-only" not in done.err


def test_what_would_write_says_so(shelf: Place) -> None:
    done = read(shelf, "crawl", "moushi")
    assert (done.code, done.err.count("zhaoshang: ")) == (3, 1)
    assert "is read-only" in done.err
