"""Two archives in one folder, one replayed from the captures of the other: what one lets go, the other keeps."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Place, served_place
from tests.support import rows


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A site crawled twice, its listing changed between, and an archive replayed from its first captures."""
    with served_place(tmp_path_factory.mktemp("both")) as made:
        assert made.run("crawl", "moushi").code == 0
        assert made.run("--archive", "again.db", "crawl", "moushi", "--replay", "warc").code == 0
        listing = made.page("zsdt/index.html")
        listing.write_text(listing.read_text(encoding="utf-8").replace("版权所有", "版权所有 2026"), encoding="utf-8")
        assert made.run("crawl", "moushi").code == 0
        named = "SELECT DISTINCT warc_path FROM capture"
        assert {row[0] for row in rows(made.folder / "again.db", named)} <= {
            row[0] for row in rows(made.archive, named)
        }
        yield made


@pytest.fixture
def both(made: Place, tmp_path: Path) -> Place:
    """A copy of both archives with their captures, which a test may change."""
    for path in made.folder.iterdir():
        if path.is_file():
            shutil.copy2(path, tmp_path)
        elif path != made.server.folder:
            shutil.copytree(path, tmp_path / path.name)
    return Place(tmp_path, made.server)


def problems(place: Place, archive: str) -> object:
    seen = place.run("--archive", archive, "verify", "--json").json
    assert [note for note in seen["notes"] if "named by no capture" in note] == []
    return seen["problems"]


def uid(place: Place) -> str:
    return str(rows(place.archive, "SELECT uid FROM article ORDER BY id")[0][0])


@pytest.mark.parametrize(("one", "other"), [("again.db", "archive.db"), ("archive.db", "again.db")])
def test_what_one_lets_expire_the_other_keeps(both: Place, one: str, other: str) -> None:
    done = both.run("--archive", one, "verify", "--expire", "0", "--json")
    assert done.json["expired"]["captures"] >= 1
    assert (problems(both, other), problems(both, one)) == ([], [])


@pytest.mark.parametrize(("one", "other"), [("again.db", "archive.db"), ("archive.db", "again.db")])
def test_what_one_takes_down_the_other_keeps_and_is_named(both: Place, one: str, other: str) -> None:
    name = uid(both)
    done = both.run("--archive", one, "takedown", name, "--reason", "当事人要求", "--json")
    assert done.code == 1
    assert any(f"--archive {both.folder / other} takedown {name}" in left for left in done.json["left"])
    assert both.run("--archive", other, "show", name, "--raw").code == 0
    assert (problems(both, other), problems(both, one)) == ([], [])


def test_taken_down_in_both_it_is_in_no_file(both: Place) -> None:
    name = uid(both)
    old = set((both.folder / "warc").rglob("*.gz"))
    both.run("--archive", "again.db", "takedown", name, "--reason", "当事人要求")
    both.run("takedown", name, "--reason", "当事人要求")
    done = both.run("--archive", "again.db", "takedown", name, "--reason", "当事人要求", "--json")
    assert (done.code, done.json["left"]) == (0, [])
    named = {row[0] for row in rows(both.archive, "SELECT DISTINCT warc_path FROM capture WHERE expired_at IS NULL")}
    still = {path for path in old if path.exists()}
    assert {path.relative_to(both.folder / "warc").as_posix() for path in still} <= named
    assert (problems(both, "archive.db"), problems(both, "again.db")) == ([], [])


def test_a_file_that_only_the_other_names_is_no_orphan(both: Place) -> None:
    """Without the replay's rows, the first archive's files are named by it alone."""
    (both.folder / "again.db").unlink()
    assert both.run("--archive", "third.db", "crawl", "moushi").code == 0
    name = uid(both)
    both.run("--archive", "third.db", "takedown", name, "--reason", "当事人要求")
    assert problems(both, "archive.db") == []


def test_another_program_s_database_beside_is_no_archive(both: Place) -> None:
    with sqlite3.connect(both.folder / "notes.db") as notes:
        notes.execute("CREATE TABLE capture (picture TEXT)")
    assert both.run("verify", "--expire", "0").code == 0


def test_a_replay_keeps_what_the_revisits_that_it_reads_refer_to(both: Place) -> None:
    assert both.run("--archive", "newest.db", "crawl", "moushi", "--replay", "warc").code == 0
    assert problems(both, "newest.db") == []
    assert both.run("--archive", "newest.db", "show", uid(both), "--raw").code == 0


def test_a_damaged_database_beside_is_a_note_and_nothing_is_deleted(both: Place) -> None:
    (both.folder / "broken.db").write_bytes(b"SQLite format 3\0" + b"x" * 2_000)
    files = set((both.folder / "warc").rglob("*.gz"))
    done = both.run("verify", "--expire", "0", "--json").json
    assert ["broken.db" in each for each in (*done["expired"]["left"], *done["notes"])] == [True, True]
    assert set((both.folder / "warc").rglob("*.gz")) == files
