"""Searching an archive: what is found, in which order, with which counts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, update

from crawler.archive.engine import writing
from crawler.archive.models import (
    Article,
    ArticleAmount,
    ArticleEvent,
    ArticleIndustry,
    ArticleOrganization,
    ArticleRegion,
    Change,
    Cluster,
    table,
)
from crawler.research.filters import FilterError
from crawler.research.search import QueryError
from crawler.research.search.rows import Rows
from tests.archive.harness import OTHER, SITE, START, Clock, crawl, page, record, rows
from tests.research.search.harness import add_fact, find, first, forget_facts, titles

CHIPS = page(
    "chips.html",
    "光谷集成电路产业园开工",
    "总投资３５亿元的集成电路项目在东湖高新区开工，5G与LNG设备同步建设。",
    date(2025, 3, 1),
)
CHEMISTRY = page("chemistry.html", "石油化工项目签约", "某石油化工企业与市政府签约，计划三年内投产。", date(2024, 5, 1))
MODERN = page("modern.html", "推进现代化工业园建设", "全市推进现代化工业园建设，招商工作再上台阶。", date(2025, 6, 1))
RIVER = page("river.html", "汉江流域生态保护", "汉江沿线各县加强保护。", date(2023, 1, 1))
DISTRICT = page("district.html", "武汉江汉区招商推介会", "武汉江汉区举办推介会。", date(2026, 1, 1))
TRADITIONAL = record("臺商投資說明會", "來自臺灣的企業參觀經濟開發區。", None)


@pytest.fixture
def filled(engine: Engine, archive: Rows) -> Rows:
    crawl(engine, CHIPS, CHEMISTRY, MODERN, RIVER, DISTRICT)
    crawl(engine, TRADITIONAL, source=OTHER, kind="import")
    return archive


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("招", {MODERN.title, DISTRICT.title}),
        ("光谷", {CHIPS.title}),
        ("化工", {CHEMISTRY.title, MODERN.title}),
        ("集成电路产业园", {CHIPS.title}),
        ('"集成电路产业园"', {CHIPS.title}),
        ("东湖高新区", {CHIPS.title}),
        ("湖高新", {CHIPS.title}),
        ("35亿元", {CHIPS.title}),
        ("３５亿", {CHIPS.title}),
        ("5g lng", {CHIPS.title}),
        ("台湾", {TRADITIONAL.title}),
        ("臺灣", {TRADITIONAL.title}),
        ("经济开发区", {TRADITIONAL.title}),
        ("招商 -现代", {DISTRICT.title}),
        ("光谷 OR 汉江流域", {CHIPS.title, RIVER.title}),
        ("(光谷 OR 石油) 签约", {CHEMISTRY.title}),
        ("title:签约", {CHEMISTRY.title}),
        ("title:企业", set()),
        ("-项目 -招商", {RIVER.title, TRADITIONAL.title}),
        ("项目在东湖", {CHIPS.title}),
        ("开工总投资", set()),
        ("元的集", {CHIPS.title}),
        ("%' OR 1=1 --", set()),
    ],
)
def test_query_finds(filled: Rows, query: str, found: set[str]) -> None:
    assert set(titles(filled, query)) == found


def test_word_across_two_words_comes_last_whatever_the_order(filled: Rows) -> None:
    for sort in ("relevance", "date", "recency"):
        found = find(filled, "汉江", sort=sort)
        assert [(each.title, each.across) for each in found] == [(RIVER.title, False), (DISTRICT.title, True)]
        assert (found.total, found.across) == (2, 1)


def test_word_across_two_words_is_found_where_nothing_is_better(filled: Rows) -> None:
    assert titles(filled, "汉江 推介会") == [DISTRICT.title]


def test_word_across_two_words_excludes_nothing(filled: Rows) -> None:
    assert set(titles(filled, "招商 -汉江")) == {MODERN.title, DISTRICT.title}


def test_pages_of_results_follow_each_other(filled: Rows) -> None:
    everything = titles(filled, "汉江 OR 招商 OR 企业")
    parts = [titles(filled, "汉江 OR 招商 OR 企业", limit=2, offset=offset) for offset in range(0, 8, 2)]
    assert [title for part in parts for title in part] == everything
    assert len(everything) == 5


def test_title_counts_more_than_text(engine: Engine, archive: Rows) -> None:
    text = "园区介绍了产业发展的情况。" * 5
    crawl(engine, page("a.html", "园区动态", text + "招商。招商。"), page("b.html", "招商动态", text))
    assert titles(archive, "招商", all=True) == ["招商动态", "园区动态"]
    crawl(engine, page("c.html", "某某动态", text + "甲乙丙丁。"), page("d.html", "甲乙丙丁", text))
    assert titles(archive, "甲乙丙丁", all=True) == ["甲乙丙丁", "某某动态"]


def test_orders(engine: Engine, archive: Rows) -> None:
    old = page("a.html", "招商", "招商招商招商。", date(2015, 1, 1))
    new = page("b.html", "动态", "全市各部门介绍了招商的情况。", date(2025, 1, 1))
    undated = page("c.html", "其他", "今天介绍了许多其他情况，也说到招商一事。", None)
    crawl(engine, old, new, undated)
    assert titles(archive, "招商")[0] == "招商"
    assert titles(archive, "招商", sort="date") == ["动态", "招商", "其他"]
    assert titles(archive, "招商", sort="recency")[0] == "动态"
    assert [each.score for each in find(archive, "招商", sort="date")] == [None] * 3


def test_filters_alone_find_the_newest_first(filled: Rows) -> None:
    assert titles(filled, source=SITE.id, since="2025") == [DISTRICT.title, MODERN.title, CHIPS.title]


def test_counts_are_of_all_that_match(filled: Rows) -> None:
    found = find(filled, "", limit=1)
    assert (found.total, len(found), len(list(found))) == (6, 1, 1)
    assert found.facets["source"] == {SITE.id: 5, OTHER.id: 1}
    assert found.facets["year"] == {"2023": 1, "2024": 1, "2025": 2, "2026": 1, "undated": 1}
    assert list(found.facets) == ["source", "region", "year", "industry", "event"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"since": "2025", "until": "2025-03"}, [CHIPS.title]),
        ({"until": "2023"}, [RIVER.title]),
        ({"source": OTHER.id}, [TRADITIONAL.title]),
        ({"region": "420100"}, [CHIPS.title]),
        ({"region": "湖北"}, [DISTRICT.title, MODERN.title, CHIPS.title, CHEMISTRY.title, RIVER.title]),
        ({"industry": "39"}, [CHIPS.title]),
        ({"industry": "C"}, [CHIPS.title]),
        ({"industry": "新材料"}, [CHEMISTRY.title]),
        ({"event": "签约"}, [CHEMISTRY.title]),
        ({"min_amount": "30亿"}, [CHIPS.title]),
        ({"max_amount": "10亿"}, [CHEMISTRY.title]),
        ({"min_amount": "4亿", "max_amount": "30亿"}, [CHEMISTRY.title]),
        ({"org": "示范银行"}, [CHEMISTRY.title]),
        ({"region": "420100", "event": "signing"}, []),
    ],
)
def test_filters(engine: Engine, filled: Rows, filters: dict[str, str], found: list[str]) -> None:
    forget_facts(engine)
    add_fact(engine, ArticleRegion, CHIPS.title, code="420111", name="洪山区", role="subject", code_now="420111")
    add_fact(engine, ArticleIndustry, CHIPS.title, code="39", name="计算机、通信和其他电子设备制造业", score=1.0)
    add_fact(engine, ArticleIndustry, CHEMISTRY.title, code="SE3", name="新材料", score=1.0)
    add_fact(engine, ArticleEvent, CHEMISTRY.title, type="signing", count=None)
    for title, value in ((CHIPS.title, 3.5e9), (CHEMISTRY.title, 5e8)):
        amount = {"value": value, "currency": "CNY", "qualifier": "exact", "kind": "investment"}
        add_fact(engine, ArticleAmount, title, value_cny=value, **amount)
    add_fact(engine, ArticleOrganization, CHEMISTRY.title, name="示范銀行", normalized_name="某市示范银行股份有限公司")
    assert titles(filled, sort="date", **filters) == found
    assert titles(filled, "org:示范银行") == [CHEMISTRY.title]


def test_facts_are_counted(engine: Engine, filled: Rows) -> None:
    forget_facts(engine)
    for code in ("420111", "420102", "430100"):
        add_fact(engine, ArticleRegion, CHIPS.title, code=code, name="某地", role="mention", code_now=code)
    add_fact(engine, ArticleEvent, CHIPS.title, type="groundbreaking", count=None)
    facets = find(filled, "光谷").facets
    assert facets["region"] == {"420000": 1, "420100": 1, "430000": 1, "430100": 1}
    assert facets["event"] == {"groundbreaking": 1}


def test_source_that_is_not_there(filled: Rows) -> None:
    with pytest.raises(FilterError, match="knows no source 'nobody'"):
        find(filled, "招商", source="nobody")


@pytest.mark.parametrize("given", [{"sort": "best"}, {"limit": -1}, {"offset": -1}, {"limit": 10**9}])
def test_wrong_ways_to_search(filled: Rows, given: dict[str, object]) -> None:
    with pytest.raises(QueryError):
        find(filled, "招商", **given)


def test_results_say_what_they_are(filled: Rows) -> None:
    found = first(filled, "光谷 高新区")
    assert (found.title, found.url, found.source) == (CHIPS.title, CHIPS.url, SITE.id)
    assert (found.published_on, found.revision, found.others) == (date(2025, 3, 1), 1, 0)
    assert found.snippet.marked("[", "]") == ("总投资３５亿元的集成电路项目在东湖[高新区]开工，5G与LNG设备同步建设。")
    assert found.marked_title.marked("[", "]") == "[光谷]集成电路产业园开工"
    assert found.score is not None and found.score > 0


def test_story_is_found_once(engine: Engine, archive: Rows) -> None:
    crawl(engine, page("a.html", "首发", "同一篇招商报道。"))
    crawl(
        engine, page("http://www.linjie.example/b.html", "转载", "同一篇招商报道。"), source=OTHER, clock=Clock(START)
    )
    ids = {row["title"]: row["id"] for row in rows(engine, "SELECT id, title FROM article")}
    with writing(engine) as connection:
        connection.execute(table(Cluster).insert(), {"id": 1, "lead_article_id": ids["首发"], "size": 2})
        connection.execute(update(table(Article)).values(cluster_id=1))
        for article_id in ids.values():
            connection.execute(table(Change).insert(), {"article_id": article_id, "kind": "cluster", "at": START})
    assert titles(archive, "招商报道") == ["首发"]
    assert first(archive, "招商报道").others == 1
    assert set(titles(archive, "招商报道", all=True)) == {"首发", "转载"}


def test_past_is_searched_as_it_was(engine: Engine, archive: Rows) -> None:
    clock = Clock()
    crawl(engine, page("a.html", "旧题", "原来说的是化工。"), clock=clock)
    clock.move(days=2)
    crawl(engine, page("a.html", "新题", "后来说的是芯片。"), page("b.html", "后来的", "也说芯片。"), clock=clock)
    assert titles(archive, "化工") == []
    assert set(titles(archive, "芯片")) == {"新题", "后来的"}
    assert titles(archive, "化工", as_of="2026-03-02") == ["旧题"]
    assert first(archive, "化工", as_of="2026-03-02").snippet.marked("[", "]") == "原来说的是[化工]。"
    assert titles(archive, "芯片", as_of="2026-03-02") == []
    assert titles(archive, "化工", as_of="2026-02-28") == []
    assert set(titles(archive, "", as_of="2026-03-03")) == {"新题", "后来的"}


def test_article_that_its_site_dropped_is_found_but_not_after_that_day(engine: Engine, archive: Rows) -> None:
    crawl(engine, page("a.html", "将被删除", "某个项目签约。"))
    gone = update(table(Article)).values(gone_at=START.replace(day=10))
    with writing(engine) as connection:
        connection.execute(gone)
        connection.execute(table(Change).insert(), {"article_id": 1, "kind": "gone", "at": START.replace(day=10)})
    assert titles(archive, "签约") == ["将被删除"]
    assert titles(archive, "签约", as_of="2026-03-09") == ["将被删除"]
    assert titles(archive, "签约", as_of="2026-03-10") == []


def test_results_are_read_after_the_search_too(filled: Rows) -> None:
    found = find(filled, "招商")
    assert [each.title for each in found] == [each.title for each in found]
    assert found.as_json()["total"] == 2


def test_empty_archive(archive: Rows) -> None:
    found = find(archive, "招商")
    assert (found.total, list(found)) == (0, [])
    assert all(counts == {} for counts in found.facets.values())
