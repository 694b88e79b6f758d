"""Filters as SQL, in SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from crawler.archive.models import (
    ArticleAmount,
    ArticleEvent,
    ArticleIndustry,
    ArticleOrganization,
    ArticleRegion,
)
from crawler.research.filters import FilterError, Filters
from crawler.research.selection import check_sources, columns, selected
from tests.archive.harness import OTHER, SITE, START, Clock, crawl, page, rows
from tests.research.facts import AMOUNT, add, cluster, forget_facts


def titles(engine: Engine, **given: Any) -> list[str]:
    filters = Filters.of(**given)
    with engine.connect() as connection:
        found = connection.execute(selected(filters, columns(filters)["title"])).scalars()
        return sorted(found)


@pytest.fixture
def told(engine: Engine) -> Engine:
    """Three articles: a and b of one source in Hubei, c of another without a region."""
    crawl(engine, page("a.html", "甲", day=date(2025, 1, 5)), page("b.html", "乙", day=date(2025, 6, 1)))
    crawl(engine, page("http://www.linjie.example/c.html", "丙", day=None), source=OTHER)
    forget_facts(engine)
    return engine


def test_nothing_set_means_all(told: Engine) -> None:
    assert titles(told) == ["丙", "乙", "甲"]


def test_days_are_those_of_publication(told: Engine) -> None:
    assert titles(told, since="2025-06") == ["乙"]
    assert titles(told, until="2025-01-05") == ["甲"]
    assert titles(told, since="2025", until="2025") == ["乙", "甲"]


def test_sources_are_any_of_these(told: Engine) -> None:
    assert titles(told, source="linjie") == ["丙"]
    assert titles(told, source=["linjie", "shifan"]) == ["丙", "乙", "甲"]


def test_a_source_that_the_archive_does_not_know_is_refused(told: Engine) -> None:
    with told.connect() as connection, pytest.raises(FilterError, match="no source 'nosuch'"):
        check_sources(connection, Filters.of(source=["shifan", "nosuch"]))


def test_a_region_is_the_place_with_all_in_it_named_or_of_the_source(told: Engine) -> None:
    given = {"name": "x", "role": "mention"}
    add(told, ArticleRegion, "丙", code="320106", code_now="320106", **given)
    add(told, ArticleRegion, "丙", code=None, code_now=None, **given)
    add(told, ArticleRegion, "甲", code="320202", code_now="320213", **given)
    assert titles(told, region="320100") == titles(told, region="320106") == ["丙"]
    assert titles(told, region="320213") == ["甲"]
    assert titles(told, region="江苏") == ["丙", "甲"]
    assert titles(told, region="420000") == ["乙", "甲"]


def test_facts_are_asked_for(told: Engine) -> None:
    add(told, ArticleIndustry, "甲", code="39", name="计算机、通信和其他电子设备制造业", score=1.0)
    add(told, ArticleEvent, "乙", type="signing", count=None)
    add(told, ArticleAmount, "丙", value_cny=2e9, provenance=None, **AMOUNT)
    add(told, ArticleAmount, "丙", value_cny=None, provenance=None, **AMOUNT)
    add(told, ArticleOrganization, "甲", name="百兴公司", normalized_name="湖北百兴ABC有限公司", role=None)
    assert titles(told, industry="C") == titles(told, industry="39") == ["甲"]
    assert titles(told, industry="计算机、通信和其他电子设备制造业") == ["甲"]
    assert titles(told, industry="40") == []
    assert titles(told, event="签约") == ["乙"]
    assert titles(told, min_amount="10亿") == titles(told, max_amount="20亿") == ["丙"]
    assert titles(told, min_amount="10亿", max_amount="15亿") == []
    assert titles(told, org="百兴公司") == titles(told, org="湖北百兴abc") == ["甲"]
    assert titles(told, org="%") == titles(told, org="' OR 1=1 --") == []
    assert titles(told, event="签约", source="linjie") == []


def test_a_story_counts_once_unless_all_are_asked_for(told: Engine) -> None:
    cluster(told, "甲", "丙")
    assert titles(told) == ["乙", "甲"]
    assert titles(told, all=True) == ["丙", "乙", "甲"]
    filters = Filters.of(all=True)
    named = columns(filters)
    with told.connect() as connection:
        found = connection.execute(selected(filters, named["title"], named["others"])).all()
    assert sorted(map(tuple, found)) == [("丙", 1), ("乙", 0), ("甲", 1)]


def test_a_past_day_has_its_own_titles_dates_and_first_publications(engine: Engine) -> None:
    clock = Clock()
    crawl(engine, page("a.html", "旧题", day=date(2025, 1, 5)), clock=clock)
    clock.move(days=2)
    crawl(engine, page("a.html", "新题", "新文。", day=date(2025, 2, 5)), page("b.html", "先发", "后见。"), clock=clock)
    cluster(engine, "先发", "新题")
    then = (START + timedelta(days=1)).date()
    assert titles(engine, as_of=then) == titles(engine, as_of=then, until="2025-01") == ["旧题"]
    assert titles(engine, as_of=then, since="2025-02") == []
    assert titles(engine) == titles(engine, as_of=then + timedelta(days=5)) == ["先发"]
    assert titles(engine, as_of=START.date() - timedelta(days=1)) == []
    assert SITE.id in {row["source_id"] for row in rows(engine, "SELECT source_id FROM article")}
