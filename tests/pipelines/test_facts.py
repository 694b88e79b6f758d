"""The facts step: an article goes on with what was read out of it, in this process or beside it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy.settings import Settings

from crawler.fact_items import Facts
from crawler.facts import read_facts
from crawler.items import Article, Listing
from crawler.pipelines import facts as module
from crawler.pipelines.facts import FactsPipeline, facts_of

ARTICLE = Article(None, "百亿元项目落户武汉", "总投资逾137亿元，其中外资2亿美元。", date(2025, 7, 26))


def pipeline(*, apart: bool, warnings: list[str] | None = None, held: bool = False) -> FactsPipeline:
    """The step as a crawl of a source in Hubei has it."""
    warn = (warnings if warnings is not None else []).append
    run = SimpleNamespace(
        source=SimpleNamespace(region_code="420000"),
        warn=warn,
        has_facts_of=lambda article: held and article is ARTICLE,
    )
    crawler = SimpleNamespace(settings=Settings({"EXTRACT_APART": apart}), spider=SimpleNamespace(run=run))
    return FactsPipeline.from_crawler(cast(Any, crawler))


def processed(step: FactsPipeline, *items: Any) -> list[Any]:
    async def all_of() -> list[Any]:
        return list(await asyncio.gather(*(step.process_item(item) for item in items)))

    try:
        return asyncio.run(all_of())
    finally:
        step.close_spider()


@pytest.mark.parametrize("apart", [False, True])
def test_an_article_goes_on_with_its_facts(apart: bool) -> None:
    (item,) = processed(pipeline(apart=apart), ARTICLE)
    assert item.facts == read_facts(ARTICLE.title, ARTICLE.body, on=ARTICLE.published_on, source_region="420000")
    assert item.facts.amounts


def test_an_article_whose_facts_the_archive_has_is_not_read_again() -> None:
    other = replace(ARTICLE, title="签约")
    known, new = processed(pipeline(apart=False, held=True), ARTICLE, other)
    assert (known.facts, new.facts) == (None, facts_of(other, "420000"))


def test_anything_else_passes() -> None:
    listing = Listing("http://shifan.example/")
    assert processed(pipeline(apart=False), listing) == [listing]


def test_a_text_on_which_the_process_ends_costs_itself_only(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    step = pipeline(apart=True, warnings=warnings)
    monkeypatch.setattr(module, "read_facts", _end)
    (lost,) = processed(step, ARTICLE)
    assert lost.facts == Facts()
    assert len(warnings) == 1
    monkeypatch.undo()
    (item,) = processed(step, ARTICLE)
    assert item.facts == facts_of(ARTICLE, "420000")


def _end(**_: Any) -> None:
    import os

    os._exit(1)
