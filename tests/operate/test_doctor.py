"""The doctor: each check says what is well, what needs a look, and what to do about it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive.engine import open_archive
from crawler.archive.run import SourceRow
from crawler.archive.starting import start_run
from crawler.operate.doctor import Finding, examine
from tests.archive.harness import SITE, crawl, page


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZHAOSHANG_CONTACT", "crawl@example.org")
    monkeypatch.delenv("ZHAOSHANG_SOURCES", raising=False)
    monkeypatch.delenv("ZHAOSHANG_ARCHIVE", raising=False)


def found(check: str, archive: Path | str = "archive.db") -> list[Finding]:
    return [each for each in examine(str(archive)) if each.check == check]


def test_programs_are_named_with_their_versions() -> None:
    (finding,) = found("programs")
    assert finding.state == "ok"
    assert all(name in finding.finding for name in ("Python", "Scrapy", "SQLAlchemy", "SQLite"))


def test_archive_that_is_not_there_yet_is_well() -> None:
    assert [(each.state, "first crawl makes it" in each.finding) for each in found("archive")] == [("ok", True)]
    assert not Path("archive.db").exists()


def test_archive_in_a_folder_that_is_not_there() -> None:
    (finding,) = found("archive", "none/archive.db")
    assert finding.state == "broken"
    assert "none" in finding.finding


def test_archive_tells_how_much_it_holds() -> None:
    engine = open_archive("archive.db", create=True)
    crawl(engine, page("a.html"), page("b.html"))
    start_run(engine, SourceRow("x", "x", "http://x.example/"))
    engine.dispose()
    (finding,) = found("archive")
    assert finding.state == "ok"
    assert "2 articles, 1 crawls running or cut off" in finding.finding


def test_file_that_is_no_archive_is_broken(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"no database " * 100)
    assert [each.state for each in found("archive")] == ["broken"]


def test_damaged_archive_is_broken() -> None:
    engine = open_archive("archive.db", create=True)
    crawl(engine, *(page(f"{number}.html", body="正文。" * 800) for number in range(30)))
    engine.dispose()
    with closing(sqlite3.connect("archive.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = Path("archive.db").stat().st_size
    with Path("archive.db").open("r+b") as file:
        file.seek(size // 2)
        file.write(os.urandom(8_192))
    findings = found("archive")
    assert [each.state for each in findings] == ["broken"]
    assert "backup" in findings[0].finding


@pytest.mark.parametrize(
    ("contact", "state"), [("crawl@example.org", "ok"), ("https://example.org/", "ok"), ("", "look"), ("me", "broken")]
)
def test_contact(monkeypatch: pytest.MonkeyPatch, contact: str, state: str) -> None:
    monkeypatch.setenv("ZHAOSHANG_CONTACT", contact)
    (finding,) = found("contact")
    assert finding.state == state
    assert state == "ok" or "ZHAOSHANG_CONTACT" in finding.finding


def test_wrong_source_file_is_broken_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHAOSHANG_SOURCES", str(tmp_path))
    (tmp_path / "a.yaml").write_text("id: a\n", encoding="utf-8")
    (finding,) = found("source")
    assert finding.state == "broken"
    assert "a.yaml:1: field `name`: is missing" in finding.finding
    assert found("sources") == []


def test_sound_source_files_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHAOSHANG_SOURCES", str(tmp_path))
    before = found("sources")[0].finding
    (tmp_path / "a.yaml").write_text(f"id: a\nname: a\nhomepage: {SITE.homepage}\n", encoding="utf-8")
    assert (found("sources")[0].state, found("sources")[0].finding != before) == ("ok", True)


def test_disk_beside_the_archive_is_measured() -> None:
    assert "GiB free" in found("disk")[0].finding


def test_address_that_names_no_archive_is_broken() -> None:
    assert [each.state for each in found("archive", "mysql://x/y")] == ["broken"]
