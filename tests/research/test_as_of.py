"""The archive as it was on a day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from crawler.archive.engine import open_archive
from crawler.research import Archive
from tests.archive.harness import START, Clock, crawl, page
from tests.archive.test_history import missing


def states(path: Path, days: int) -> list[tuple[str, str, int]]:
    with Archive(path) as archive:
        found = archive.as_of((START + timedelta(days=days)).date())
        return sorted((each.title, each.body, each.revision_count) for each in found)


def test_each_article_is_given_in_its_state_of_that_day(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    engine = open_archive(str(path), create=True)
    clock = Clock()
    crawl(engine, page("a.html", "旧题", "旧文。"), clock=clock)
    clock.move(days=2)
    crawl(engine, page("a.html", "新题", "新文。"), page("b.html", "后来的", "后文。"), clock=clock)
    for _ in range(2):
        clock.move(days=2)
        crawl(engine, missing("b.html"), page("a.html", "新题", "新文。"), clock=clock)
    engine.dispose()
    assert states(path, -1) == []
    assert states(path, 0) == states(path, 1) == [("旧题", "旧文。", 1)]
    assert states(path, 2) == [("后来的", "后文。", 1), ("新题", "新文。", 2)]
    assert states(path, 6) == [("新题", "新文。", 2)]
