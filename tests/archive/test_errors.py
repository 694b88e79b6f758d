"""What can be wrong with an archive: each is one sentence, of the right class, and nothing is lost."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from crawler.archive import engine as engine_module
from crawler.archive.engine import archive_name, archive_url, open_archive, reading, writing
from crawler.archive.errors import ArchiveBusy, ArchiveError, ArchiveFull, ArchiveMissing
from crawler.archive.starting import start_run
from tests.archive.harness import SITE, Clock, column, crawl, page


@contextmanager
def one_sentence(kind: type[ArchiveError], *words: str) -> Iterator[None]:
    """The block raises exactly this class, with one sentence that holds the words."""
    with pytest.raises(ArchiveError) as caught:
        yield
    said = str(caught.value)
    assert type(caught.value) is kind
    assert "\n" not in said
    assert all(word in said for word in words), said


@pytest.fixture
def filled(archive_file: Path) -> Path:
    """An archive with some articles, closed."""
    engine = open_archive(str(archive_file), write=True)
    crawl(engine, *(page(f"{number}.html", body="正文。" * 500) for number in range(20)))
    engine.dispose()
    return archive_file


def test_missing_archive(tmp_path: Path) -> None:
    with one_sentence(ArchiveMissing, "There is no archive", "none.db", "zhaoshang crawl"):
        open_archive(str(tmp_path / "none.db"))
    assert not (tmp_path / "none.db").exists()


def test_missing_folder(tmp_path: Path) -> None:
    with one_sentence(ArchiveError, "cannot be opened", "folder"):
        open_archive(str(tmp_path / "none" / "archive.db"), create=True)


def test_missing_archive_is_made_where_asked(tmp_path: Path) -> None:
    engine = open_archive(str(tmp_path / "new.db"), create=True)
    assert column(engine, "SELECT count(*) FROM article") == [0]
    engine.dispose()


def test_empty_file_is_no_archive_yet(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    with one_sentence(ArchiveMissing, "holds no archive"):
        open_archive(str(path))


def test_writer_meets_an_archive_locked_by_another(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    engine = open_archive(str(filled), write=True)
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with one_sentence(ArchiveBusy, "locked by another program"):
            start_run(engine, SITE)
        other.execute("ROLLBACK")
    start_run(engine, SITE)
    engine.dispose()


def test_reader_is_not_kept_out_by_a_writer(filled: Path) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        engine = open_archive(str(filled))
        assert column(engine, "SELECT count(*) FROM article") == [20]
        engine.dispose()


def test_archive_locked_for_everyone(tmp_path: Path, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with one_sentence(ArchiveBusy, "locked by another program"):
            open_archive(str(filled))


def test_reader_cannot_write(filled: Path) -> None:
    engine = open_archive(str(filled))
    with one_sentence(ArchiveError, "read-only"), writing(engine) as connection:
        connection.execute(text("DELETE FROM article"))
    engine.dispose()


def test_random_bytes_are_no_database(tmp_path: Path) -> None:
    path = tmp_path / "random.db"
    path.write_bytes(bytes(range(256)) * 64)
    for options in ({}, {"write": True}, {"create": True}):
        with one_sentence(ArchiveError, "is no SQLite database"):
            open_archive(str(path), **options)
    assert path.read_bytes() == bytes(range(256)) * 64


def test_truncated_archive_is_damaged(filled: Path) -> None:
    os.truncate(filled, filled.stat().st_size // 2)
    with one_sentence(ArchiveError, "damaged", "backup"):
        engine = open_archive(str(filled))
        try:
            with reading(engine) as connection:
                connection.execute(text("SELECT sum(length(body)) FROM article")).all()
                connection.execute(text("SELECT sum(length(body)) FROM revision")).all()
        finally:
            engine.dispose()


def test_folder_is_no_archive(tmp_path: Path) -> None:
    with one_sentence(ArchiveError, "cannot be opened"):
        open_archive(str(tmp_path))


def test_archive_of_a_newer_version(filled: Path) -> None:
    _execute(filled, "UPDATE alembic_version SET version_num = '9999'")
    for options in ({}, {"write": True}, {"create": True}):
        with one_sentence(ArchiveError, "newer version", "upgrade the program"):
            open_archive(str(filled), **options)


def test_archive_of_an_older_version_is_read_after_an_upgrade(filled: Path) -> None:
    _execute(filled, "UPDATE alembic_version SET version_num = '0000'")
    with one_sentence(ArchiveError, "older version", "zhaoshang upgrade"):
        open_archive(str(filled))


@pytest.mark.parametrize("create", ["CREATE TABLE article (id INTEGER)", "CREATE TABLE crawl (id INTEGER)"])
def test_database_of_another_program_is_left_alone(tmp_path: Path, create: str) -> None:
    path = tmp_path / "other.db"
    _execute(path, create)
    for options in ({}, {"write": True}, {"create": True}):
        with one_sentence(ArchiveError, "another program"):
            open_archive(str(path), **options)
    assert _tables(path) == {create.split()[2]}


def test_database_of_another_program_gets_no_tables_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    _execute(path, "CREATE TABLE moz_places (id INTEGER)")
    with one_sentence(ArchiveError, "another program"):
        open_archive(str(path), create=True)
    assert _tables(path) == {"moz_places"}


def test_database_of_another_program_that_uses_alembic_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "airflow.db"
    _execute(
        path, "CREATE TABLE alembic_version (version_num TEXT)", "INSERT INTO alembic_version VALUES ('e3a246e0dc1')"
    )
    with one_sentence(ArchiveError, "another program"):
        open_archive(str(path))


def test_full_disk_loses_nothing_that_was_committed(filled: Path) -> None:
    engine = open_archive(str(filled), write=True)

    @event.listens_for(engine, "connect")
    def _no_room(connection: Any, _: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")

    engine.dispose()
    run = start_run(engine, SITE, now=Clock())
    for number in range(20):
        run.record(page(f"new{number}.html", body="新的正文。" * 2_000))
    with one_sentence(ArchiveFull, "no room left", "free some space"):
        run.flush()
    assert column(engine, "SELECT count(*) FROM article") == [20]
    engine.dispose()


def test_server_that_is_not_there() -> None:
    with one_sentence(ArchiveError, "cannot be used"):
        open_archive("postgresql://127.0.0.1:1/none", create=True)


@pytest.mark.parametrize("given", ["mysql://x/y", "nonsense://x", "postgresql://[::1", "://", "sqlite+nope:///x"])
def test_address_that_names_no_archive(given: str) -> None:
    with one_sentence(ArchiveError, "is no archive"):
        archive_url(given)


def test_bare_path_is_a_sqlite_file() -> None:
    assert archive_url("some/where.db").render_as_string() == "sqlite:///some/where.db"


def test_archive_is_named_by_option_then_environment_then_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHAOSHANG_ARCHIVE", "env.db")
    assert archive_name(archive_url("given.db")) == "given.db"
    assert archive_name(archive_url()) == "env.db"
    monkeypatch.delenv("ZHAOSHANG_ARCHIVE")
    assert archive_name(archive_url()) == "archive.db"


def test_password_is_never_shown() -> None:
    assert "geheim" not in archive_name(archive_url("postgresql://me:geheim@db.example/archive"))


def test_commits_are_synced_and_foreign_keys_hold(archive_file: Path) -> None:
    engine: Engine = open_archive(str(archive_file), write=True)
    with engine.connect() as connection:
        settings = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
        assert settings == ["wal", 2]
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def _execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def _tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
