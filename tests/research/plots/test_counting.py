"""What the pictures show, in SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from crawler.archive.models import ArticleAmount, ArticleIndustry, ArticleRegion
from crawler.research.filters import FilterError, Filters
from crawler.research.plots.counting import CLASSES, tiles
from crawler.research.plots.drawing import PLOTS, Picture, count_for
from tests.archive.harness import OTHER, SITE, crawl, page
from tests.research.facts import AMOUNT, add, cluster, forget_facts


@pytest.fixture
def told(engine: Engine) -> Engine:
    crawl(engine, page("a.html", "甲", day=date(2025, 11, 5)), page("b.html", "乙", day=date(2026, 1, 1)))
    crawl(engine, page("http://www.linjie.example/c.html", "丙", day=None), source=OTHER)
    forget_facts(engine)
    return engine


def counts(engine: Engine, picture: Picture, name: str, filters: Filters | None = None) -> dict[str, int]:
    """The counts that are not zero."""
    rows = count_for(engine, picture, filters or Filters())
    return {row[name]: row["articles"] for row in rows if row["articles"]}


def test_articles_are_counted_by_month_also_where_there_are_none(told: Engine) -> None:
    rows = count_for(told, "articles", Filters())
    assert rows == [
        {"time": "2025-11", "articles": 1},
        {"time": "2025-12", "articles": 0},
        {"time": "2026-01", "articles": 1},
    ]


def test_many_years_are_counted_by_year(told: Engine) -> None:
    crawl(told, page("old.html", "旧", day=date(2019, 5, 1)))
    rows = count_for(told, "articles", Filters())
    assert [row["time"] for row in rows] == [str(year) for year in range(2019, 2027)]
    assert [row["articles"] for row in rows] == [1, 0, 0, 0, 0, 0, 1, 1]


def test_articles_are_classed_by_their_largest_amount(told: Engine) -> None:
    for value in (5e6, 2e9, None):
        add(told, ArticleAmount, "甲", value_cny=value, provenance=None, **AMOUNT)
    add(told, ArticleAmount, "乙", value_cny=1e10, provenance=None, **AMOUNT)
    assert counts(told, "amounts", "amount") == {"10亿至50亿元": 1, "100亿元以上": 1}
    assert [row["amount"] for row in count_for(told, "amounts", Filters())] == [name for _, name in CLASSES]


def test_provinces_are_those_named_else_the_source_s(told: Engine) -> None:
    for code in ("320106", "320202", "330100"):
        add(told, ArticleRegion, "甲", code=code, code_now=code, name="x", role="mention")
    add(told, ArticleRegion, "乙", code=None, code_now=None, name="长三角", role="mention")
    assert counts(told, "regions", "name") == {"江苏": 1, "浙江": 1, "湖北": 1}


def test_every_province_has_a_tile_of_its_own() -> None:
    assert len(tiles()) == 34
    assert len({(tile.row, tile.column) for tile in tiles()}) == len({tile.code for tile in tiles()}) == 34


def test_an_article_counts_once_for_an_industry(told: Engine) -> None:
    for title, code, name in (("甲", "39", "电子"), ("甲", "39", "电子"), ("乙", "39", "电子"), ("乙", "27", "医药")):
        add(told, ArticleIndustry, title, code=code, name=name, score=1.0)
    assert list(counts(told, "industries", "industry").items()) == [("电子", 2), ("医药", 1)]


def test_who_published_first_stands_against_who_took_it_over(told: Engine) -> None:
    cluster(told, "甲", "丙")
    assert count_for(told, "syndication", Filters()) == [{"first": SITE.name, "then": OTHER.name, "articles": 1}]
    assert count_for(told, "syndication", Filters(sources=("shifan",))) == []


def test_filters_choose(told: Engine) -> None:
    assert counts(told, "articles", "time", Filters.of(until="2025")) == {"2025-11": 1}
    with pytest.raises(FilterError, match="no source 'nosuch'"):
        count_for(told, "articles", Filters.of(source="nosuch"))


@pytest.mark.parametrize("picture", list(PLOTS))
def test_nothing_counts_nothing(engine: Engine, picture: Picture) -> None:
    assert count_for(engine, picture, Filters()) == []
