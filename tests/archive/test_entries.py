"""Entries: what listings showed, followed or not; and rejections: what could not be archived."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from crawler.archive.run import Batch
from crawler.items import Entry, Rejection, Visit
from tests.archive.harness import (
    DAY,
    FILE,
    LISTING,
    SITE,
    Clock,
    capture,
    column,
    counted,
    crawl,
    listing,
    page,
    record,
    rows,
    shown,
)

BODY = "武汉市今天举行集中签约仪式，十二个项目落户光谷。"


def test_entry_keeps_what_the_listing_showed(engine: Engine) -> None:
    crawl(engine, listing(shown("a.html", "甲", summary="摘要")))
    (row,) = rows(engine, "SELECT * FROM entry")
    assert (row["url"], row["title"], row["summary"]) == (f"{SITE.homepage}a.html", "甲", "摘要")
    assert (row["listing_url"], str(row["published_on"]), bool(row["external"])) == (LISTING, str(DAY), False)


def test_entry_shown_again_is_brought_up_to_date(engine: Engine) -> None:
    clock = Clock()
    crawl(engine, listing(shown("a.html", "甲")), clock=clock)
    clock.move(days=1)
    crawl(engine, listing(shown("a.html", "乙")), clock=clock)
    (row,) = rows(engine, "SELECT title, first_seen_at, last_seen_at FROM entry")
    assert row["title"] == "乙"
    assert row["first_seen_at"] < row["last_seen_at"]


def test_link_to_another_site_is_kept_as_external(engine: Engine) -> None:
    crawl(engine, listing(shown("https://mp.weixin.example/s/1", external=True)))
    assert [bool(value) for value in column(engine, "SELECT external FROM entry")] == [True]


def test_entry_is_tied_to_the_article_of_its_page(engine: Engine) -> None:
    crawl(engine, listing(shown("a.html"), shown("b.html")), page("a.html"))
    found = rows(
        engine, "SELECT entry.url, article.url AS page FROM entry LEFT JOIN article ON article.id = article_id"
    )
    assert {row["url"].rpartition("/")[2]: row["page"] and row["page"].rpartition("/")[2] for row in found} == {
        "a.html": "a.html",
        "b.html": None,
    }


def test_entry_is_tied_where_the_page_answered_from_elsewhere(engine: Engine) -> None:
    moved = page("moved.html", visit=Visit(capture=capture("x"), entry_url=f"{SITE.homepage}old.html"))
    crawl(engine, listing(shown("old.html")), moved)
    assert column(engine, "SELECT article_id FROM entry") == column(engine, "SELECT id FROM article")


def test_entry_shown_after_its_article_is_tied_to_it(engine: Engine) -> None:
    crawl(engine, page("a.html"), batch=Batch(pages=1))
    crawl(engine, listing(shown("a.html")))
    assert column(engine, "SELECT article_id FROM entry") == column(engine, "SELECT id FROM article")


def test_entry_without_link_is_tied_to_the_article_it_carries(engine: Engine) -> None:
    crawl(engine, record("甲", BODY), listing(Entry("甲", None, DAY, body=BODY), url=FILE))
    assert column(engine, "SELECT article_id FROM entry") == column(engine, "SELECT id FROM article")


def test_entries_without_link_are_told_apart_by_their_text(engine: Engine) -> None:
    entries = [
        Entry("甲", None, DAY, body="一。"),
        Entry("甲", None, DAY, body="二。"),
        Entry("甲", None, DAY, summary="三。"),
    ]
    crawl(engine, listing(*entries, url=FILE))
    assert column(engine, "SELECT count(*) FROM entry") == [3]


def test_link_shown_by_two_listings_of_a_crawl_counts_as_duplicate(engine: Engine) -> None:
    run = crawl(
        engine, listing(shown("a.html")), listing(shown("a.html"), url=f"{LISTING}2.html"), batch=Batch(pages=1)
    )
    assert counted(run) == {"duplicate": 1}
    assert column(engine, "SELECT count(*) FROM entry") == [1]


def test_link_shown_by_two_listings_of_one_batch_counts_as_duplicate(engine: Engine) -> None:
    run = crawl(engine, listing(shown("a.html")), listing(shown("a.html"), url=f"{LISTING}2.html"))
    assert counted(run) == {"duplicate": 1}


def test_rejection_keeps_its_reason_record_and_capture(engine: Engine) -> None:
    url = f"{SITE.homepage}bad.html"
    refused = Rejection(url, "validate", "it has no title", record={"body": "正文"}, visit=Visit(capture=capture(url)))
    run = crawl(engine, refused)
    (row,) = rows(
        engine, "SELECT rejection.*, capture.url AS page FROM rejection JOIN capture ON capture.id = capture_id"
    )
    assert (row["url"], row["stage"], row["reason"], row["page"]) == (url, "validate", "it has no title", url)
    assert "正文" in str(row["record"])
    assert (counted(run), row["crawl_id"]) == ({"rejected": 1}, run.crawl_id)


def test_page_that_never_answered_is_rejected_without_capture(engine: Engine) -> None:
    crawl(engine, Rejection("http://x.example/", "fetch", "it did not answer"))
    assert column(engine, "SELECT capture_id FROM rejection") == [None]


def test_warning_is_kept_with_the_crawl_and_is_no_rejection(engine: Engine) -> None:
    run = crawl(engine, Rejection(LISTING, "extract", "the listing shows no entries", warning=True))
    assert counted(run) == {}
    assert run.warnings == [f"{LISTING}: the listing shows no entries"]
    assert column(engine, "SELECT count(*) FROM rejection") == [0]
    assert "shows no entries" in str(column(engine, "SELECT stats FROM crawl")[0])


def test_entry_of_a_day_without_link_keeps_its_name_for_that_day(engine: Engine) -> None:
    crawl(engine, listing(Entry("甲", None, date(2026, 1, 1)), Entry("甲", None, date(2026, 1, 2)), url=FILE))
    assert column(engine, "SELECT count(*) FROM entry") == [2]
