"""Imported pages become what a crawl of them would have made."""

from __future__ import annotations

import gzip
from datetime import date

import pytest

from crawler.sources import Source
from crawler.sources.schema import Rule, SelectorSet
from tests.cli.pages import BODY, ROWS
from tests.operate.warcs.harness import HOME, LISTING, SOURCE, TITLE, URL, Warcs, article, listing

UNDATED = article(day="").replace("发布时间：".encode(), b"")


def test_listing_and_its_articles(warcs: Warcs) -> None:
    file = warcs.foreign().page(LISTING, listing())
    for url, title, day in ROWS:
        file.page(f"{LISTING}{url}", article(title, day))
    assert warcs.counts(file.write()) == {"pages": 5, "new": 4}
    assert warcs.articles() == {f"{LISTING}{url}": title for url, title, _ in ROWS}
    tied = warcs.rows("SELECT entry.title FROM entry JOIN article ON article.id = entry.article_id ORDER BY 1")
    assert [row["title"] for row in tied] == sorted(title for _, title, _ in ROWS)


@pytest.mark.parametrize("listing_first", [True, False])
def test_article_gets_the_date_that_only_its_listing_knew(warcs: Warcs, listing_first: bool) -> None:
    file = warcs.foreign()
    pages = [(LISTING, listing()), (URL, UNDATED)]
    for number, (url, content) in enumerate(pages if listing_first else reversed(pages)):
        file.page(url, content, at=f"2026-03-01T08:00:0{number}Z")
    assert warcs.counts(file.write()) == {"pages": 2, "new": 1}
    (row,) = warcs.rows("SELECT published_on, listing_url FROM article")
    assert row == {"published_on": "2026-02-01", "listing_url": LISTING}


def test_listing_of_an_earlier_import_helps_as_well(warcs: Warcs) -> None:
    warcs.counts(warcs.foreign("a.warc.gz").page(LISTING, listing()).write())
    warcs.counts(warcs.foreign("b.warc.gz").page(URL, UNDATED).write())
    assert warcs.rows("SELECT published_on FROM article") == [{"published_on": "2026-02-01"}]


def test_entry_is_followed_across_a_redirect(warcs: Warcs) -> None:
    file = warcs.foreign().page(LISTING, listing()).redirect(URL, f"{HOME}new/77.html")
    warcs.counts(file.page(f"{HOME}new/77.html", UNDATED).write())
    (row,) = warcs.rows("SELECT url, published_on FROM article")
    assert row == {"url": f"{HOME}new/77.html", "published_on": "2026-02-01"}
    (entry,) = warcs.rows("SELECT url FROM entry WHERE article_id IS NOT NULL")
    assert entry == {"url": URL}


NEXT = '<p><a href="t1_1.html">下一页</a></p>'
LATER = ("第二页说的是下一步工作安排与要求。", "各部门要按照分工抓好落实，定期报告进展情况。")


@pytest.mark.parametrize("in_order", [True, False])
def test_pages_of_a_long_article_are_one_article(warcs: Warcs, in_order: bool) -> None:
    pages = [(URL, article(extra=NEXT)), (f"{LISTING}t1_1.html", article(body=LATER))]
    file = warcs.foreign()
    for number, (url, content) in enumerate(pages if in_order else reversed(pages)):
        file.page(url, content, at=f"2026-03-01T08:00:0{number}Z")
    assert warcs.counts(file.write()) == {"pages": 2, "new": 1}
    (row,) = warcs.rows("SELECT url, body FROM article")
    assert row["url"] == URL
    assert BODY[0] in row["body"] and LATER[1] in row["body"]


def test_long_article_without_its_later_page_says_so(warcs: Warcs) -> None:
    warcs.counts(warcs.foreign().page(URL, article(extra=NEXT)).write())
    (row,) = warcs.rows("SELECT provenance FROM revision")
    assert "a later part is missing" in row["provenance"]


def test_captures_of_one_page_are_revisions_in_the_order_of_time(warcs: Warcs) -> None:
    days = ("2021-05-01", "2019-03-01", "2020-04-01")
    file = warcs.foreign()
    for day in days:
        file.page(
            URL,
            article(day="2019-01-01", body=(f"这是{day[:4]}年的内容，项目进展顺利。", *BODY)),
            at=f"{day}T00:00:00Z",
        )
    assert warcs.counts(file.write()) == {"pages": 3, "new": 1, "changed": 2}
    states = warcs.rows(
        "SELECT body, fetched_at, extracted_at FROM revision JOIN capture ON capture.id = capture_id ORDER BY number"
    )
    assert [row["fetched_at"] for row in states] == [f"{day}T00:00:00Z" for day in sorted(days)]
    assert all(f"这是{row['fetched_at'][:4]}年" in row["body"] for row in states)
    assert {row["extracted_at"] for row in states} == {"2026-06-01T08:00:00Z"}
    (row,) = warcs.rows("SELECT first_seen_at, last_seen_at FROM article")
    assert row == {"first_seen_at": "2019-03-01T00:00:00Z", "last_seen_at": "2021-05-01T00:00:00Z"}


def test_state_from_before_what_the_archive_holds_does_not_follow_it(warcs: Warcs) -> None:
    new, old = article(body=("这是后来的内容。", *BODY)), article(body=("这是早先的内容。", *BODY))
    warcs.counts(warcs.foreign("new.warc.gz").page(URL, new, at="2026-03-05T00:00:00Z").write())
    done = warcs.load(warcs.foreign("old.warc.gz").page(URL, old, at="2026-03-01T00:00:00Z").write())
    (row,) = warcs.rows("SELECT body, first_seen_at, last_seen_at, revision_count FROM article")
    assert "后来" in row["body"]
    assert (row["first_seen_at"], row["last_seen_at"]) == ("2026-03-01T00:00:00Z", "2026-03-05T00:00:00Z")
    assert row["revision_count"] == 1
    assert "1 pages show an earlier state" in done.sources[0].run.warnings[0]
    assert len(warcs.rows("SELECT 1 FROM capture WHERE warc_path IS NOT NULL")) == 2


def test_capture_of_the_future_is_dated_now(warcs: Warcs) -> None:
    warcs.counts(warcs.foreign().page(URL, article(), at="2036-01-01T00:00:00Z").write())
    assert warcs.rows("SELECT fetched_at FROM capture") == [{"fetched_at": "2026-06-01T08:00:00Z"}]


def test_selectors_are_those_of_the_day_of_the_capture(warcs: Warcs) -> None:
    old = SelectorSet(until=date(2026, 3, 31), article={"title": Rule(value="当时的标题")})
    source = SOURCE.model_copy(update={"selectors": (old,)})
    file = warcs.foreign().page(URL, article(), at="2026-03-01T00:00:00Z")
    file.page(f"{LISTING}t2.html", article(), at="2026-04-01T00:00:00Z")
    warcs.load(file.write(), source=source)
    assert list(warcs.articles().values()) == ["当时的标题", TITLE]


def test_error_pages_are_rejections_and_mark_nothing_as_missing(warcs: Warcs) -> None:
    warcs.counts(warcs.foreign("a.warc.gz").page(URL, article(), at="2026-03-01T00:00:00Z").write())
    gone = warcs.foreign("b.warc.gz").page(URL, b"<html>Not Found</html>", at="2026-03-09T00:00:00Z", status="404 No")
    assert warcs.counts(gone.write()) == {"pages": 1, "rejected": 1}
    assert warcs.reasons() == ["the server answered 404"]
    assert warcs.rows("SELECT missing_since FROM article") == [{"missing_since": None}]


def test_block_is_a_rejection(warcs: Warcs) -> None:
    file = warcs.foreign().page(URL, b"<html><script src=/x.js></script></html>", status="412 Precondition Failed")
    assert warcs.counts(file.write()) == {"pages": 1, "rejected": 1}


def test_frame_without_text_is_no_rejection(warcs: Warcs) -> None:
    done = warcs.load(warcs.foreign().page(f"{HOME}frame.html", b"<html><body><div></div></body></html>").write())
    assert done.sources[0].run.counts["rejected"] == 0
    assert done.passed_over["no article"] == 1


def test_record_that_was_cut_is_an_incomplete_article(warcs: Warcs) -> None:
    whole = gzip.decompress(warcs.foreign().page(URL, article()).write().read_bytes())
    cut = whole.replace(b"WARC-Type: response", b"WARC-Truncated: length\r\nWARC-Type: response")
    warcs.counts(warcs.write(cut, "cut.warc"))
    (row,) = warcs.rows("SELECT provenance FROM revision")
    assert "cut when it was written" in row["provenance"]


def test_pages_of_other_hosts_are_left_out_and_named(warcs: Warcs) -> None:
    done = warcs.load(warcs.foreign().page("http://b.example.cn/zsdt/t9.html", article()).write())
    assert warcs.articles() == {}
    assert done.passed_over["other hosts"] == 1
    (warning,) = done.sources[0].run.warnings
    assert "b.example.cn" in warning and "--source auto" in warning


def test_subdomain_and_twin_belong_to_the_source(warcs: Warcs) -> None:
    source = Source(id="a", name="a", homepage="http://www.a.example.cn/")
    file = warcs.foreign().page("http://a.example.cn/zsdt/t1.html", article())
    file.page("http://zs.a.example.cn/zsdt/t2.html", article())
    warcs.load(file.write(), source=source)
    assert len(warcs.articles()) == 2
