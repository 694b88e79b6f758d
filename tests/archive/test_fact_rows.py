"""Facts in the archive: always those of an article's latest content, whoever changed it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Engine

from crawler.archive.correct import correct
from crawler.archive.engine import reading, writing
from crawler.archive.fact_rows import FactWriter, stored_facts
from crawler.archive.starting import start_run
from crawler.fact_items import AmountFact, Facts
from crawler.facts import FACTS_VERSION, read_facts
from tests.archive.harness import SITE, column, crawl, page, record, rows

BODY = "该项目总投资逾137亿元，其中引进外资2亿美元，占地860亩，年产消毒液22吨。"
NEW_BODY = BODY.replace("137", "140")


def held(engine: Engine) -> Facts:
    """The facts of the only article."""
    with reading(engine) as connection:
        (found,) = stored_facts(connection, column(engine, "SELECT id FROM article")).values()
    return found


def test_a_new_article_comes_with_its_facts(engine: Engine) -> None:
    crawl(engine, page(title="百亿元项目落户", body=BODY, day=date(2025, 7, 26)))
    assert held(engine) == read_facts("百亿元项目落户", BODY, on=date(2025, 7, 26), source_region="420000")
    assert column(engine, "SELECT facts_version FROM article") == [FACTS_VERSION]
    amounts = rows(engine, "SELECT * FROM article_amount ORDER BY id")
    assert [(row["field"], row["surface"]) for row in amounts] == [
        ("title", "百亿元"),
        ("body", "逾137亿元"),
        ("body", "2亿美元"),
    ]
    assert amounts[2]["value_cny"] > 1.4e9


def test_facts_that_an_article_brings_along_are_written_as_they_are(engine: Engine) -> None:
    fact = AmountFact("body", 1.0, "CNY", None, None, "exact", "other", 0, 1, "该", 1.0)
    crawl(engine, replace(page(body=BODY), facts=Facts(amounts=(fact,))))
    assert held(engine) == Facts(amounts=(fact,))


def test_a_changed_article_has_the_facts_of_its_new_content_only(engine: Engine) -> None:
    crawl(engine, page(body=BODY))
    crawl(engine, page(body=NEW_BODY))
    assert [each.surface for each in held(engine).amounts] == ["逾140亿元", "2亿美元"]


def test_an_unchanged_article_keeps_its_facts(engine: Engine) -> None:
    crawl(engine, page(body=BODY))
    before = column(engine, "SELECT id FROM article_amount")
    crawl(engine, page(body=BODY))
    assert column(engine, "SELECT id FROM article_amount") == before


def test_a_crawl_knows_whose_facts_it_need_not_read(engine: Engine) -> None:
    crawl(engine, page(body=BODY), record("十堰签约", BODY))
    run = start_run(engine, SITE)
    assert run.has_facts_of(page(body=BODY))
    others = (page(body=NEW_BODY), page(title="更正", body=BODY), page("b.html", body=BODY), record("十堰签约", BODY))
    assert not any(run.has_facts_of(each) for each in others)
    articles = column(engine, "SELECT id FROM article")
    with writing(engine) as connection:
        FactWriter(connection).remove(articles)
    assert not run.has_facts_of(page(body=BODY))


def test_a_correction_corrects_the_facts(engine: Engine) -> None:
    crawl(engine, page(body=BODY, day=date(2025, 7, 26)))
    before = held(engine).amounts[1].value_cny
    uid = column(engine, "SELECT uid FROM article")[0]
    correct(engine, uid, {"title": "总投资5亿元", "published_on": "2015-07-24"}, "wrong title and date")
    found = held(engine).amounts
    assert [each.surface for each in found] == ["5亿元", "逾137亿元", "2亿美元"]
    assert found[2].value_cny != before
    assert found[2].provenance is not None and found[2].provenance["day"] == "2015-07-24"


def test_what_a_person_corrected_counts_in_later_crawls(engine: Engine) -> None:
    crawl(engine, page(title="签约", body=BODY))
    uid = column(engine, "SELECT uid FROM article")[0]
    correct(engine, uid, {"title": "总投资5亿元"}, "wrong title")
    crawled = page(title="签约", body=NEW_BODY)
    crawl(engine, replace(crawled, facts=read_facts(crawled.title, crawled.body)))
    assert [each.surface for each in held(engine).amounts] == ["5亿元", "逾140亿元", "2亿美元"]


def test_many_articles_of_one_batch_each_have_their_own(engine: Engine) -> None:
    crawl(engine, *(page(f"{number}.html", f"第{number}篇", f"投资{number}亿元。") for number in range(1, 21)))
    found = rows(engine, "SELECT title, value FROM article JOIN article_amount ON article_id = article.id")
    assert {(row["title"], row["value"]) for row in found} == {
        (f"第{number}篇", number * 1e8) for number in range(1, 21)
    }


def test_facts_that_are_removed_count_as_never_read(engine: Engine) -> None:
    crawl(engine, page(body=BODY), page("b.html", "另一篇", BODY))
    first = column(engine, "SELECT id FROM article ORDER BY id")[0]
    with writing(engine) as connection:
        FactWriter(connection).remove([first])
    assert column(engine, "SELECT facts_version FROM article ORDER BY id") == [None, FACTS_VERSION]
    assert first not in column(engine, "SELECT article_id FROM article_amount")


def test_an_article_that_goes_takes_its_facts_along(engine: Engine) -> None:
    crawl(engine, page(body=BODY))
    with writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM change")
        connection.exec_driver_sql("DELETE FROM revision")
        connection.exec_driver_sql("DELETE FROM article")
    assert column(engine, "SELECT count(*) FROM article_amount") == [0]
