"""`merge`: what it prints, what it refuses, and that a merge which was killed goes on."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Place
from tests.cli.pages import ROWS
from tests.support import command, environment, rows, zhaoshang


@pytest.fixture
def other(crawled: Place, tmp_path: Path) -> Iterator[Path]:
    """A copy of the crawled archive with its captures, in a folder of its own beside an empty one."""
    folder = tmp_path / "other"
    folder.mkdir()
    with closing(sqlite3.connect(crawled.archive)) as source, closing(sqlite3.connect(folder / "archive.db")) as copy:
        source.backup(copy)
    shutil.copytree(crawled.folder / "warc", folder / "warc")
    (tmp_path / "here").mkdir()
    yield folder / "archive.db"


def here(other: Path) -> Path:
    return other.parents[1] / "here"


def dump(archive: Path) -> list[str]:
    with closing(sqlite3.connect(archive)) as connection:
        return [line for line in connection.iterdump() if "sqlite_sequence" not in line]


def test_new_archive_holds_what_the_other_does(other: Path) -> None:
    done = zhaoshang("merge", other, "--json", cwd=here(other))
    assert (done.code, done.err) == (0, "")
    assert done.json["counts"]["articles"] == {"new": len(ROWS), "met": 0, "changed": 0}
    for row in rows(here(other) / "archive.db", "SELECT uid, title FROM article"):
        shown = zhaoshang("show", row["uid"], "--raw", cwd=here(other))
        assert (shown.code, row["title"] in shown.out) == (0, True)
    verified = zhaoshang("verify", "--json", cwd=here(other)).json
    assert (verified["problems"], verified["notes"]) == ([], [])


def test_second_merge_changes_nothing_and_says_so(other: Path) -> None:
    zhaoshang("merge", other, cwd=here(other))
    before = dump(here(other) / "archive.db")
    done = zhaoshang("merge", other, cwd=here(other))
    assert done.code == 0
    (articles,) = (line.split() for line in done.out.splitlines() if "articles" in line)
    assert articles == ["articles", "0", str(len(ROWS)), "0"]
    assert dump(here(other) / "archive.db") == before


def test_backup_of_the_archive_brings_nothing(other: Path) -> None:
    assert zhaoshang("backup", "../copy", cwd=other.parent).code == 0
    files = sorted((other.parent / "warc").rglob("*.gz"))
    done = zhaoshang("merge", "../copy/archive.db", "--json", cwd=other.parent)
    assert (done.code, done.json["files"]) == (0, 0)
    assert {counted["new"] + counted["changed"] for counted in done.json["counts"].values()} == {0}
    assert sorted((other.parent / "warc").rglob("*.gz")) == files


STEPS = {
    "a file is noted": "import crawler.archive.merging.captures as m; m.copy_records = lambda *a: os._exit(9)",
    "a file is copied": (
        "import crawler.archive.merging.captures as m; real = m.copy_records;"
        " m.copy_records = lambda *a: (real(*a), os._exit(9))"
    ),
    "captures are there": "import crawler.archive.merging as m; m.merge_articles = lambda *a: os._exit(9)",
    "some articles are there": (
        "import crawler.archive.merging.articles as m; m.TOGETHER = 2; real = m._Batch.write;"
        " m._Batch.write = lambda self: (os._exit(9) if self.merge.counts['articles']['new'] else real(self))"
    ),
    "entries are there": "import crawler.archive.merging as m; m.merge_rejections = lambda *a: os._exit(9)",
}


@pytest.mark.parametrize("step", STEPS)
def test_running_it_again_completes_what_a_kill_cut_off(other: Path, step: str) -> None:
    folder = here(other)
    line = command("merge", other, first=f"import os\n{STEPS[step]}")
    killed = subprocess.run(line, cwd=folder, env=environment(), capture_output=True, timeout=60)
    assert killed.returncode == 9
    assert zhaoshang("merge", other, cwd=folder).code == 0
    assert zhaoshang("merge", other, "--json", cwd=folder).json["files"] == 0
    verified = zhaoshang("verify", "--json", cwd=folder).json
    assert (verified["problems"], verified["notes"]) == ([], [])
    (folder.parent / "whole").mkdir()
    zhaoshang("merge", other, cwd=folder.parent / "whole")
    told = "SELECT uid, title, body, revision_count FROM article ORDER BY uid"
    whole, again = (rows(each / "archive.db", told) for each in (folder.parent / "whole", folder))
    assert [tuple(row) for row in again] == [tuple(row) for row in whole]
    for name in ("crawl", "capture", "article", "revision", "entry", "attachment", "rejection"):
        counted = [
            rows(each / "archive.db", f"SELECT count(*) n FROM {name}")[0]["n"] for each in (folder, other.parent)
        ]
        assert counted[0] == counted[1], name
    assert len(list((folder / "warc").rglob("*.gz"))) == len(list((other.parent / "warc").rglob("*.gz")))


def test_wrong_use_is_one_sentence(other: Path) -> None:
    folder = here(other)
    (folder / "words.db").write_text("no database")
    with closing(sqlite3.connect(folder / "foreign.db")) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    with closing(sqlite3.connect(folder / "empty.db")):
        pass
    shutil.copy(other, folder / "old.db")
    with closing(sqlite3.connect(folder / "old.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
    words = {
        "missing.db": "There is no archive",
        "words.db": "is no SQLite database",
        "foreign.db": "another program",
        "empty.db": "holds no archive",
        "old.db": "`zhaoshang --archive old.db upgrade`",
    }
    for name, word in words.items():
        done = zhaoshang("merge", name, cwd=folder)
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), name
        assert word in done.err
        assert not (folder / "archive.db").exists()


@pytest.mark.parametrize("name", ["archive.db", "./archive.db", "link.db"])
def test_archive_itself_is_refused(other: Path, name: str) -> None:
    (other.parent / "link.db").symlink_to("archive.db")
    done = zhaoshang("merge", name, cwd=other.parent)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "itself" in done.err
