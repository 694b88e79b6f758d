"""Records without a URL: which article each one is (the rules of `crawler.archive.records`, in their order)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from crawler.archive.run import Batch
from crawler.archive.types import digest, uid_of_record
from tests.archive.harness import DAY, OTHER, SITE, column, counted, crawl, record, rows

FIRST = (
    "武汉市今天举行集中签约仪式，十二个项目落户光谷，总投资一百二十亿元，涉及光电子信息、生命健康与智能制造三大产业。"
)
SECOND = (
    "黄石市通过云端平台推介园区，珠三角企业反响热烈，意向投资涵盖电子电路、新能源汽车零部件以及冷链物流等多个领域。"
)
THIRD = "十堰市消毒液企业复工复产，日产能提升到原来的三倍，保障了周边县市的防疫物资供应，并带动上下游二十余家配套厂商。"
LATER = date(2026, 3, 2)


def names(engine: Engine) -> dict[str, str]:
    return {row["title"]: row["uid"] for row in rows(engine, "SELECT title, uid FROM article")}


def test_second_import_changes_nothing(engine: Engine) -> None:
    records = [record("甲", FIRST), record("乙", SECOND), record("甲", THIRD)]
    assert counted(crawl(engine, *records)) == {"new": 3}
    assert counted(crawl(engine, *records)) == {"unchanged": 3}


def test_name_is_made_of_source_title_and_day(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST))
    assert names(engine) == {"甲": uid_of_record(SITE.id, "甲", DAY)}


def test_same_record_of_two_sources_is_two_articles(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST))
    assert counted(crawl(engine, record("甲", FIRST), source=OTHER)) == {"new": 1}


def test_edited_body_under_title_and_day_is_a_change(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST))
    assert counted(crawl(engine, record("甲", FIRST.replace("十二个", "十三个")))) == {"changed": 1}


def test_rewritten_body_of_the_only_article_of_title_and_day_is_a_change(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST))
    assert counted(crawl(engine, record("甲", SECOND))) == {"changed": 1}


def test_two_equal_titles_on_one_day_are_told_apart_by_their_bodies(engine: Engine) -> None:
    assert counted(crawl(engine, record("甲", FIRST), record("甲", SECOND))) == {"new": 2}
    uids = set(column(engine, "SELECT uid FROM article"))
    assert uids == {uid_of_record(SITE.id, "甲", DAY), uid_of_record(SITE.id, "甲", DAY, digest(SECOND))}


@pytest.mark.parametrize("pages", [50, 1], ids=["in one batch", "in batches of one"])
def test_equal_titles_keep_their_names_when_their_order_changes(engine: Engine, pages: int) -> None:
    records = [record("甲", FIRST), record("甲", SECOND), record("甲", THIRD)]
    crawl(engine, *records, batch=Batch(pages=pages))
    before = {row["body"]: row["uid"] for row in rows(engine, "SELECT body, uid FROM article")}
    assert counted(crawl(engine, *reversed(records), batch=Batch(pages=pages))) == {"unchanged": 3}
    assert {row["body"]: row["uid"] for row in rows(engine, "SELECT body, uid FROM article")} == before


def test_of_two_equal_titles_the_edited_one_is_found_by_its_body(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST), record("甲", SECOND))
    edited = SECOND.replace("反响热烈", "反响十分热烈")
    run = crawl(engine, record("甲", edited), record("甲", FIRST))
    assert counted(run) == {"changed": 1, "unchanged": 1}
    assert set(column(engine, "SELECT body FROM article")) == {FIRST, edited}


def test_corrected_title_is_the_same_article(engine: Engine) -> None:
    crawl(engine, record("武汉签约仪试", FIRST), record("乙", SECOND))
    uid = names(engine)["武汉签约仪试"]
    assert counted(crawl(engine, record("武汉签约仪式", FIRST), record("乙", SECOND))) == {"changed": 1, "unchanged": 1}
    assert names(engine)["武汉签约仪式"] == uid


def test_corrected_date_is_the_same_article(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST))
    assert counted(crawl(engine, record("甲", FIRST, LATER))) == {"changed": 1}
    assert [str(day) for day in column(engine, "SELECT published_on FROM article")] == ["2026-03-02"]


def test_date_found_later_is_the_same_article(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST, None))
    assert counted(crawl(engine, record("甲", FIRST))) == {"changed": 1}


def test_date_lost_is_the_same_article(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST))
    assert counted(crawl(engine, record("甲", FIRST, None))) == {"changed": 1}


def test_corrected_title_with_edited_body_is_the_same_article(engine: Engine) -> None:
    crawl(engine, record("武汉签约仪试", FIRST))
    assert counted(crawl(engine, record("武汉签约仪式", FIRST.replace("今天", "今日")))) == {"changed": 1}


def test_other_title_and_other_day_is_another_article(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST))
    assert counted(crawl(engine, record("乙", FIRST, LATER))) == {"new": 1}


def test_other_text_on_the_same_day_is_another_article(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST))
    assert counted(crawl(engine, record("乙", SECOND))) == {"new": 1}


def test_other_text_under_the_same_title_on_another_day_is_another_article(engine: Engine) -> None:
    crawl(engine, record("招商简报", FIRST))
    assert counted(crawl(engine, record("招商简报", SECOND, LATER))) == {"new": 1}


def test_reports_from_one_template_with_other_figures_stay_apart(engine: Engine) -> None:
    template = (
        "全市新签约项目{}个，总投资{}亿元，同比增长{}%；开工项目{}个，完成投资{}亿元，到位外资{}万美元，形势向好。"
    )
    crawl(engine, record("招商月报", template.format(12, 120.5, 8.1, 7, 33.2, 410), date(2026, 1, 31)))
    february = record("招商月报", template.format(15, 98.7, 6.4, 9, 41.8, 530), date(2026, 2, 28))
    assert counted(crawl(engine, february)) == {"new": 1}


def test_exact_match_is_not_taken_by_a_near_one(engine: Engine) -> None:
    near = FIRST.replace("今天", "昨天")
    crawl(engine, record("甲", FIRST))
    run = crawl(engine, record("乙", near), record("甲", FIRST))
    assert counted(run) == {"new": 1, "unchanged": 1}


def test_new_record_beside_its_twin_does_not_take_the_met_article(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST))
    run = crawl(engine, record("甲", FIRST), record("甲", FIRST.replace("今天", "昨天")), batch=Batch(pages=1))
    assert counted(run) == {"unchanged": 1, "new": 1}


def test_record_met_twice_in_one_crawl_is_a_duplicate(engine: Engine) -> None:
    assert counted(crawl(engine, record("甲", FIRST), record("甲", FIRST))) == {"new": 1, "duplicate": 1}


def test_corrected_record_comes_back_unchanged(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST))
    corrected = record("甲（更正）", FIRST)
    crawl(engine, corrected)
    assert counted(crawl(engine, corrected)) == {"unchanged": 1}
    assert column(engine, "SELECT revision_count FROM article") == [2]


def test_name_stays_as_first_seen_when_another_record_takes_title_and_day(engine: Engine) -> None:
    crawl(engine, record("甲", FIRST))
    crawl(engine, record("甲（更正）", FIRST))
    run = crawl(engine, record("甲（更正）", FIRST), record("甲", THIRD))
    assert counted(run) == {"unchanged": 1, "new": 1}
    assert len(names(engine)) == 2


def test_article_with_a_page_is_never_taken_for_a_record(engine: Engine) -> None:
    from tests.archive.harness import page

    crawl(engine, page("a.html", "甲", FIRST))
    assert counted(crawl(engine, record("甲", FIRST))) == {"new": 1}


def test_records_without_text_to_compare_are_compared_by_title_and_day(engine: Engine) -> None:
    crawl(engine, record("甲", "。"), record("乙", "！"))
    assert counted(crawl(engine, record("乙", "！"), record("甲", "。"))) == {"unchanged": 2}
