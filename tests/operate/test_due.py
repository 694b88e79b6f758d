"""Which sources are due by their schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive.engine import open_archive
from crawler.archive.run import SourceRow
from crawler.archive.starting import start_run
from crawler.operate.due import due_sources, interval
from crawler.sources import Source

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def source(name: str, schedule: str | None = "daily") -> Source:
    return Source(id=name, name=name, homepage=f"http://{name}.example/", schedule=schedule)


@pytest.fixture
def archive(tmp_path: Path) -> str:
    """An archive with one crawl of source `a`, begun at AT."""
    path = str(tmp_path / "archive.db")
    engine = open_archive(path, create=True)
    start_run(engine, SourceRow("a", "a", "http://a.example/"), now=lambda: AT).finish("finished")
    engine.dispose()
    return path


@pytest.mark.parametrize(
    ("schedule", "hours"), [("hourly", 1), ("daily", 24), ("weekly", 168), ("monthly", 720), ("6h", 6), ("10d", 240)]
)
def test_schedule_is_a_span_of_time(schedule: str, hours: int) -> None:
    assert interval(schedule) == timedelta(hours=hours)


@pytest.mark.parametrize(("hours", "due"), [(0, False), (23, False), (24, True), (48, True)])
def test_source_is_due_when_its_last_crawl_began_long_enough_ago(archive: str, hours: int, due: bool) -> None:
    assert (due_sources([source("a")], archive, AT + timedelta(hours=hours)) != []) is due


def test_source_that_was_never_crawled_is_due(archive: str) -> None:
    assert [each.id for each in due_sources([source("a"), source("b")], archive, AT)] == ["b"]


def test_source_without_schedule_is_never_due(archive: str) -> None:
    assert due_sources([source("b", None)], archive, AT) == []


def test_without_an_archive_every_scheduled_source_is_due(tmp_path: Path) -> None:
    due = due_sources([source("a"), source("b", None)], str(tmp_path / "none.db"), AT)
    assert [each.id for each in due] == ["a"]
    assert not (tmp_path / "none.db").exists()
