"""The researcher's Python API: typed records, the same from SQLite and PostgreSQL, and never a write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from crawler.archive.errors import ArchiveError
from crawler.archive.types import uid_of_url
from crawler.items import Entry, Evidence, Rejection
from crawler.research import Archive, FilterError, NoSuchArticle, NoSuchCrawl
from tests.archive.harness import DAY, OTHER, SITE, START, Clock, capture, crawl, links, listing, page, record, shown


@pytest.fixture
def archive(address: str, engine: Engine) -> Iterator[Archive]:
    """Two crawls of one source, a day apart, and an import of another."""
    clock = Clock()
    files = links("http://www.shifan.example/a.pdf")
    first = page("a.html", "甲", attachments=files, provenance={"title": Evidence("css:h1", 0.9)})
    crawl(engine, listing(shown("a.html", "甲"), shown("x.html", "未")), first, page("b.html", "乙"), clock=clock)
    clock.move(days=1)
    crawl(engine, page("a.html", "甲（更正）"), Rejection("http://x.example/", "fetch", "no answer"), clock=clock)
    crawl(engine, record("丙", "正文。", date(2024, 5, 1)), record("丁", "另文。", None), source=OTHER, kind="import")
    with Archive(address) as opened:
        yield opened


def test_article_by_uid_has_its_latest_content(archive: Archive) -> None:
    article = archive.article(uid_of_url("http://shifan.example/a.html"))
    assert (article.title, article.source, article.published_on, article.revision_count) == (
        "甲（更正）",
        SITE.id,
        DAY,
        2,
    )
    assert article.first_seen_at == START
    assert [linked["label"] for linked in article.attachments] == ["a.pdf"]


def test_article_by_internal_id_and_by_url(archive: Archive) -> None:
    article = archive.article_of("https://www.shifan.example/a.html?utm_source=x")
    assert article is not None
    assert (
        archive.article(article.id) == archive.article(str(article.id)) == archive.article(f" {article.uid.upper()} ")
    )


def test_url_that_is_not_archived(archive: Archive) -> None:
    assert archive.article_of("http://www.shifan.example/none.html") is None


@pytest.mark.parametrize(
    "reference", ["aaaaaaaaaaaaaaaa", "", "招商", 0, 2**31 - 1, 2**31, 2**62, "9" * 15, "9" * 16, "²"]
)
def test_article_that_is_not_there(archive: Archive, reference: str | int) -> None:
    with pytest.raises(NoSuchArticle, match="There is no article"):
        archive.article(reference)


def test_revisions_come_first_to_last_with_provenance_and_capture(archive: Archive) -> None:
    article = archive.article(uid_of_url("http://shifan.example/a.html"))
    first, second = archive.revisions(article.id)
    assert [(each.number, each.title, each.cause) for each in (first, second)] == [
        (1, "甲", "site"),
        (2, "甲（更正）", "site"),
    ]
    assert first.provenance == {"title": {"rule": "css:h1", "confidence": 0.9}}
    assert first.capture is not None
    assert (first.capture["url"], first.capture["fetched_at"]) == (f"{SITE.homepage}a.html", START)
    assert second.extracted_at > first.extracted_at


def test_revision_of_a_record_may_have_no_capture(archive: Archive) -> None:
    (article,) = [each for each in archive.articles(OTHER.id) if each.title == "丙"]
    assert [each.capture for each in archive.revisions(article.id)] == [None]


def test_article_by_url(archive: Archive) -> None:
    assert archive.article("http://www.shifan.example/a.html#top").title == "甲（更正）"
    with pytest.raises(NoSuchArticle, match=r"no article 'http://www\.shifan\.example/none\.html' in"):
        archive.article("http://www.shifan.example/none.html")


def test_articles_are_streamed_by_source(archive: Archive) -> None:
    assert {article.title for article in archive.articles()} == {"甲（更正）", "乙", "丙", "丁"}
    assert {article.title for article in archive.articles(SITE.id)} == {"甲（更正）", "乙"}


def test_dated_articles_come_newest_first(archive: Archive) -> None:
    days = [article.published_on for article in archive.articles() if article.published_on]
    assert days == sorted(days, reverse=True)


def test_crawls_come_newest_first(archive: Archive) -> None:
    crawls = archive.crawls()
    assert [each.kind for each in crawls] == ["crawl", "import", "crawl"]  # as they began, whatever their numbers
    assert [each.stats["new"] for each in crawls] == [0, 2, 2]
    assert all(each.status == "finished" and each.finished_at is not None for each in crawls)
    assert len(archive.crawls(limit=1)) == 1
    assert [each.source for each in archive.crawls(OTHER.id)] == [OTHER.id]


def test_rejections_of_a_crawl(archive: Archive) -> None:
    second = archive.crawls(SITE.id)[0]
    assert [(row["stage"], row["reason"]) for row in archive.rejections(second.id)] == [("fetch", "no answer")]
    with pytest.raises(NoSuchCrawl, match=f"no crawl {second.id + 100} in .*; `zhaoshang runs` shows"):
        archive.rejections(second.id + 100)


def test_entries_that_a_listing_shows_again_have_both_titles(archive: Archive) -> None:
    now = [shown("a.html", "新题"), shown("new.html", "全新"), Entry("无链接", None, DAY)]
    assert [(row["title"], row["shown"]) for row in archive.entries(SITE.id, now)] == [("甲", "新题")]


def test_sources_tell_what_the_archive_holds_of_them(archive: Archive) -> None:
    site, other = sorted(archive.sources(), key=lambda row: row.id != SITE.id)
    assert (site.id, site.name, site.kind, site.region, site.articles) == (SITE.id, SITE.name, "bureau", "420000", 2)
    assert site.last_crawl_at is not None and site.last_crawl_at > START
    assert (other.id, other.articles, other.last_status) == (OTHER.id, 2, "finished")


def test_stats_count_by_source_and_year(archive: Archive) -> None:
    held = archive.stats()
    assert held["by_source"] == {SITE.id: 2, OTHER.id: 2}
    assert held["by_year"] == {"2024": 1, "2026": 2, "undated": 1}
    assert (held["first_published_on"], held["last_published_on"]) == (date(2024, 5, 1), DAY)
    assert (held["totals"]["article"], held["totals"]["revision"], held["totals"]["crawl"]) == (4, 5, 3)


def test_empty_archive_has_nothing_and_says_so(address: str) -> None:
    with Archive(address) as opened:
        held = opened.stats()
        assert (held["by_source"], held["by_year"], held["first_published_on"]) == ({}, {}, None)
        assert (list(opened.articles()), opened.crawls(), opened.sources()) == ([], [], [])


def test_reader_cannot_write(archive: Archive) -> None:
    with pytest.raises(SQLAlchemyError), archive.engine.begin() as connection:
        connection.execute(text("DELETE FROM attachment"))


def test_reader_sees_what_is_committed_while_it_is_open(archive: Archive, engine: Engine) -> None:
    before = archive.stats()["totals"]["article"]
    crawl(engine, page("late.html"), clock=Clock(datetime(2026, 4, 1, tzinfo=UTC)))
    assert archive.stats()["totals"]["article"] == before + 1


def test_archive_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="There is no archive"):
        Archive(tmp_path / "none.db")


def test_capture_is_named_with_its_page(archive: Archive) -> None:
    article = archive.article(uid_of_url("http://shifan.example/b.html"))
    (revision,) = archive.revisions(article.id)
    assert revision.capture is not None
    assert revision.capture["body_length"] == len(capture("x").body)


def test_articles_are_filtered_counted_and_gone_through_again(archive: Archive) -> None:
    found = archive.articles(since="2026-02-27", until=date(2026, 2, 27), region="湖北")
    assert found.count() == len(list(found)) == len(list(found)) > 0
    assert {article.source for article in found} == {SITE.id}
    with pytest.raises(FilterError, match="--from 'soon' is no date"):
        archive.articles(since="soon")


def test_a_source_that_the_archive_does_not_know_is_refused(archive: Archive) -> None:
    asked: tuple[Callable[..., object], ...] = (archive.articles, archive.crawls, archive.search)
    for ask in asked:
        with pytest.raises(FilterError, match="The archive knows no source 'nope'"):
            ask(source="nope")
    for ask in (archive.articles, archive.search):
        with pytest.raises(FilterError, match="--source names none"):
            ask(source=[])


def test_years_and_codes_may_be_numbers_and_days_text(archive: Archive) -> None:
    assert (
        archive.articles(since=2026, region=420000).count() == archive.articles(since="2026", region="湖北").count() > 0
    )
    assert archive.as_of("2026-03-01").count() == archive.as_of(START.date()).count() > 0
    assert archive.as_of(2020).count() == 0
    with pytest.raises(FilterError, match="--as-of 'x' is no date"):
        archive.as_of("x")


def test_results_of_a_search_become_data_frames_with_their_columns_also_where_there_are_none(archive: Archive) -> None:
    found = archive.search("甲")
    frame = found.to_pandas()
    assert list(frame["title"]) == [each.title for each in found] == found.to_polars()["title"].to_list() != []
    empty = archive.search("没有这样的文章")
    assert list(empty.to_pandas().columns) == empty.to_polars().columns == list(frame.columns)
    assert list(frame.columns)[-1] == "snippet"


def test_articles_become_data_frames(archive: Archive) -> None:
    titles = {article.title for article in archive.articles()}
    pandas, polars = archive.articles().to_pandas(), archive.articles().to_polars()
    assert set(pandas["title"]) == set(polars["title"]) == titles
    assert list(pandas.columns) == polars.columns
    assert polars.filter(polars["title"] == "丙")["published_on"].to_list() == [date(2024, 5, 1)]
    assert pandas.set_index("title").loc["丙", "first_seen_at"] == START
