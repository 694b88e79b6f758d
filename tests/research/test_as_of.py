"""The archive as it was on a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text

from crawler.archive.engine import open_archive
from crawler.archive.models import Change, table
from crawler.research import Archive
from crawler.research.articles import Articles
from crawler.research.export.chunks import count_articles
from crawler.research.export.wanted import Wanted
from crawler.research.filters import Filters
from crawler.research.search import rows_of_engine, search
from tests.archive.archives import address, archive_file, empty_archive, engine, postgresql
from tests.archive.harness import START, Clock, crawl, page, rows
from tests.archive.test_history import missing

__all__ = ["address", "archive_file", "empty_archive", "engine", "postgresql"]

# A report and two that took it over. The archive met the last one first, and the first one last.
TEXT = "省招商局在武汉举行集中签约仪式，二十个项目落户，总投资三百五十亿元，涵盖集成电路、新能源汽车与生物医药等产业。"
FIRST = page("http://www.shifan.example/first.html", "首发", TEXT, date(2025, 1, 1))
SECOND = page("http://www.shifan.example/second.html", "次发", TEXT, date(2025, 1, 2))
THIRD = page("http://www.shifan.example/third.html", "再发", TEXT, date(2025, 1, 3))


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


@pytest.fixture
def story(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Day by day the archive meets the third, the second, then the first publication; on day 4 the first is gone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    clock = Clock()
    for article in (THIRD, SECOND, FIRST):
        crawl(engine, article, clock=clock)
        clock.move(days=1)
    assert [row["size"] for row in rows(engine, "SELECT size FROM cluster")] == [3]
    drop(engine, "首发", 4)
    return engine


def drop(engine: Engine, title: str, days: int) -> None:
    """Note that an article was found to be gone."""
    at = START + timedelta(days=days)
    with engine.begin() as connection:
        gone = text("UPDATE article SET gone_at = :at WHERE title = :title RETURNING id")
        one = connection.execute(gone, {"at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "title": title}).scalar_one()
        connection.execute(insert(table(Change)), {"article_id": one, "kind": "gone", "at": at})


def counted(engine: Engine, days: int | None, *, all: bool = False) -> list[tuple[str, int]]:
    """Titles and others, which reading, counting, searching and exporting agree about."""
    day = None if days is None else (START + timedelta(days=days)).date()
    filters = Filters.of(as_of=day, all=all)
    articles = Articles(engine, filters)
    read = sorted((each.title, each.others) for each in articles)
    found = search(rows_of_engine(engine), "签约", filters)
    assert sorted((each.title, each.others) for each in found) == read
    assert sum(found.facets["source"].values()) == found.total == articles.count() == len(read)
    with engine.connect() as connection:
        assert count_articles(connection, Wanted(filters)) == len(read)
    return read


def test_on_each_day_one_of_the_publications_that_were_there_stands_for_the_story(story: Engine) -> None:
    assert counted(story, -1) == []
    assert counted(story, 0) == [("再发", 0)]
    assert counted(story, 1) == [("次发", 1)]
    assert counted(story, 2) == counted(story, 3) == [("首发", 2)]
    assert counted(story, 4) == [("次发", 1)]


def test_each_publication_that_was_there_has_the_others_of_that_day(story: Engine) -> None:
    assert counted(story, 1, all=True) == [("再发", 1), ("次发", 1)]
    assert counted(story, 4, all=True) == [("再发", 1), ("次发", 1)]
    drop(story, "次发", 5)
    assert counted(story, 5) == counted(story, 5, all=True) == [("再发", 0)]
    drop(story, "再发", 6)
    assert counted(story, 6) == []


def test_what_is_gone_still_counts_without_a_day(story: Engine) -> None:
    assert counted(story, None) == [("首发", 2)]
    assert len(counted(story, None, all=True)) == 3
