"""Articles with a page of their own: which are new, which changed, which are as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from crawler.archive.models import MOST_VALUES
from crawler.archive.run import Batch
from crawler.archive.types import digest, uid_of_url
from crawler.items import Evidence
from tests.archive.harness import DAY, LISTING, OTHER, SITE, Clock, capture, column, counted, crawl, links, page, rows


def test_new_article_is_archived_with_all_its_fields(engine: Engine) -> None:
    crawl(
        engine,
        page("b.html", "签约", "正文。", DAY, author="张三", origin="市招商局", column_name="要闻", summary="摘要"),
    )
    (row,) = rows(engine, "SELECT * FROM article")
    kept = {name: row[name] for name in ("url", "title", "body", "author", "origin", "column_name", "summary")}
    assert kept == {
        "url": f"{SITE.homepage}b.html",
        "title": "签约",
        "body": "正文。",
        "author": "张三",
        "origin": "市招商局",
        "column_name": "要闻",
        "summary": "摘要",
    }
    assert (row["source_id"], row["listing_url"], row["region_code"]) == (SITE.id, LISTING, "420000")
    assert (row["body_digest"], row["revision_count"], row["content"]) == (digest("正文。"), 1, "text")


def test_new_article_has_its_first_revision_with_provenance_and_capture(engine: Engine) -> None:
    crawl(engine, page(provenance={"title": Evidence("css:h1", 0.9, "bold")}))
    (row,) = rows(engine, "SELECT revision.*, url FROM revision JOIN capture ON capture.id = capture_id")
    assert (row["number"], row["cause"], row["url"]) == (1, "site", f"{SITE.homepage}a.html")
    assert "css:h1" in str(row["provenance"])
    assert column(engine, "SELECT kind FROM change") == ["new"]


def test_unchanged_article_moves_only_when_it_was_last_seen(engine: Engine) -> None:
    clock = Clock()
    first = crawl(engine, page(), clock=clock)
    before = rows(engine, "SELECT * FROM article")[0]
    clock.move(days=1)
    second = crawl(engine, page(), clock=clock)
    after = rows(engine, "SELECT * FROM article")[0]
    assert (counted(first), counted(second)) == ({"new": 1}, {"unchanged": 1})
    assert {name for name in before if before[name] != after[name]} == {"last_seen_at", "last_crawl_id"}
    assert column(engine, "SELECT count(*) FROM revision") == [1]
    assert column(engine, "SELECT count(*) FROM change") == [1]


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "签约仪式隆重举行"},
        {"body": "今天举行了签约仪式，总投资10亿元。"},
        {"day": date(2026, 2, 28)},
        {"day": None},
    ],
    ids=["title", "body", "date", "date lost"],
)
def test_changed_content_makes_the_next_revision(engine: Engine, changed: dict[str, Any]) -> None:
    crawl(engine, page())
    second = crawl(engine, page(**changed))
    revisions = rows(engine, "SELECT number, cause, title, body, published_on FROM revision ORDER BY number")
    (article,) = rows(engine, "SELECT title, body, published_on, revision_count FROM article")
    assert counted(second) == {"changed": 1}
    assert [row["number"] for row in revisions] == [1, 2]
    assert revisions[1]["cause"] == "site"
    assert all(article[name] == revisions[1][name] for name in ("title", "body", "published_on"))
    assert any(revisions[0][name] != revisions[1][name] for name in ("title", "body", "published_on"))
    assert article["revision_count"] == 2
    assert column(engine, "SELECT kind FROM change ORDER BY seq") == ["new", "changed"]


def test_article_that_changed_back_has_three_revisions(engine: Engine) -> None:
    for title in ("甲", "乙", "甲"):
        crawl(engine, page(title=title))
    assert column(engine, "SELECT title FROM revision ORDER BY number") == ["甲", "乙", "甲"]


def test_each_revision_names_the_capture_it_was_read_from(engine: Engine) -> None:
    crawl(engine, page(title="甲"))
    crawl(engine, page(title="乙"))
    assert len(set(column(engine, "SELECT capture_id FROM revision"))) == 2


def test_first_seen_stays_when_content_changes(engine: Engine) -> None:
    clock = Clock()
    crawl(engine, page(), clock=clock)
    clock.move(days=1)
    crawl(engine, page(title="乙"), clock=clock)
    (row,) = rows(engine, "SELECT first_seen_at, last_seen_at FROM article")
    assert row["first_seen_at"] < row["last_seen_at"]


@pytest.mark.parametrize("pages", [50, 1], ids=["in one batch", "in two batches"])
def test_article_met_twice_in_one_crawl_is_a_duplicate(engine: Engine, pages: int) -> None:
    run = crawl(engine, page(), page(), batch=Batch(pages=pages))
    assert counted(run) == {"new": 1, "duplicate": 1}
    assert column(engine, "SELECT count(*) FROM revision") == [1]


def test_three_of_one_article_in_one_batch_are_one_article(engine: Engine) -> None:
    assert counted(crawl(engine, page(), page(), page())) == {"new": 1, "duplicate": 2}


@pytest.mark.parametrize(
    "twin",
    [
        "https://www.shifan.example/a.html",
        "http://shifan.example/a.html",
        "http://m.shifan.example/a.html",
        "http://www.shifan.example:80/a.html",
        "http://WWW.shifan.example/./a.html#top",
        "http://www.shifan.example/a.html?utm_source=x",
    ],
)
def test_twins_of_an_address_are_one_article(engine: Engine, twin: str) -> None:
    crawl(engine, page("http://www.shifan.example/a.html"))
    assert counted(crawl(engine, page(twin))) == {"unchanged": 1}


def test_article_keeps_the_address_it_was_first_met_under(engine: Engine) -> None:
    crawl(engine, page("http://www.shifan.example/a.html"))
    crawl(engine, page("https://shifan.example/a.html", title="乙"))
    assert column(engine, "SELECT url FROM article") == ["http://www.shifan.example/a.html"]


def test_other_query_is_another_article(engine: Engine) -> None:
    assert counted(crawl(engine, page("show.asp?id=1"), page("show.asp?id=2"))) == {"new": 2}


def test_canonical_link_within_the_site_names_the_article(engine: Engine) -> None:
    canonical = "http://www.shifan.example/2026/a.html"
    run = crawl(engine, page("m/a.html", canonical_url=canonical), page(canonical))
    assert counted(run) == {"new": 1, "duplicate": 1}
    assert column(engine, "SELECT uid FROM article") == [uid_of_url("http://shifan.example/2026/a.html")]


@pytest.mark.parametrize("named", [SITE.homepage, SITE.homepage + "index.html", LISTING])
def test_canonical_link_to_home_page_or_listing_is_not_believed(engine: Engine, named: str) -> None:
    run = crawl(engine, page("a.html", canonical_url=named), page("b.html", canonical_url=named))
    assert run.counts["new"] == 2


def test_canonical_link_to_another_site_is_not_believed(engine: Engine) -> None:
    run = crawl(engine, page("a.html", canonical_url="http://www.other.example/a.html"))
    assert counted(run) == {"new": 1}
    assert column(engine, "SELECT uid FROM article") == [uid_of_url("http://shifan.example/a.html")]


def test_article_of_another_source_is_not_taken_over(engine: Engine) -> None:
    crawl(engine, page(), source=OTHER)
    run = crawl(engine, page(title="乙"))
    assert counted(run) == {"duplicate": 1}
    assert rows(engine, "SELECT source_id, title FROM article") == [{"source_id": OTHER.id, "title": "签约仪式举行"}]


def test_attachments_and_images_are_kept_once(engine: Engine) -> None:
    files = links("http://x.example/a.pdf", "http://x.example/a.pdf", "http://x.example/b.xlsx")
    crawl(engine, page(attachments=files, images=links("http://x.example/1.jpg")))
    crawl(engine, page(title="乙", attachments=files, images=links("http://x.example/2.jpg")))
    found = rows(engine, "SELECT url, label, kind, state FROM attachment ORDER BY kind, url")
    assert [(row["kind"], row["label"]) for row in found] == [
        ("file", "a.pdf"),
        ("file", "b.xlsx"),
        ("image", "1.jpg"),
        ("image", "2.jpg"),
    ]
    assert {row["state"] for row in found} == {"linked"}


def test_captures_of_a_split_article_are_all_kept(engine: Engine) -> None:
    first = page()
    assert first.visit is not None
    rest = tuple(capture(f"{SITE.homepage}a_{part}.html", b"part") for part in (1, 2))
    run = crawl(engine, replace(first, visit=replace(first.visit, more=rest)))
    assert column(engine, "SELECT url FROM capture ORDER BY id") == [
        f"{SITE.homepage}{name}.html" for name in ("a", "a_1", "a_2")
    ]
    assert run.counts["pages"] == 3


def test_capture_keeps_what_was_asked_and_answered(engine: Engine) -> None:
    article = page()
    assert article.visit is not None and article.visit.capture is not None
    got = replace(article.visit.capture, requested_url="http://x.example/r", etag='"1"', charset="gbk", status=203)
    crawl(engine, replace(article, visit=replace(article.visit, capture=got)))
    (row,) = rows(engine, "SELECT * FROM capture")
    kept = (row["requested_url"], row["etag"], row["charset"], row["status"], row["body_length"], row["body_digest"])
    assert kept == ("http://x.example/r", '"1"', "gbk", 203, len(got.body), digest(got.body))


def test_source_is_registered_and_follows_its_file(engine: Engine) -> None:
    crawl(engine, page())
    crawl(engine, page(), source=replace(SITE, name="新名"))
    assert rows(engine, "SELECT id, name, kind, region_code FROM source") == [
        {"id": SITE.id, "name": "新名", "kind": "bureau", "region_code": "420000"}
    ]


def test_thousands_of_articles_fit_one_batch(engine: Engine) -> None:
    articles = [page(f"{number}.html") for number in range(MOST_VALUES + 1)]
    assert counted(crawl(engine, *articles, batch=Batch(pages=10_000))) == {"new": MOST_VALUES + 1}
