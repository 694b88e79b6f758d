"""Searching as tests say it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, delete, insert, select

from crawler.archive.engine import writing
from crawler.archive.models import (
    Article,
    ArticleAmount,
    ArticleEvent,
    ArticleIndustry,
    ArticleOrganization,
    ArticleRegion,
    Change,
    table,
)
from crawler.archive.models.base import Base
from crawler.research.filters import Filters
from crawler.research.search import SearchResult, SearchResults, search
from crawler.research.search.rows import Rows
from tests.archive.harness import START


def find(archive: Rows, query: str = "", **given: Any) -> SearchResults:
    """A search; what is no way to search is a filter."""
    ways = {name: given.pop(name) for name in ("sort", "limit", "offset") if name in given}
    return search(archive, query, Filters.of(**given), **ways)


def titles(archive: Rows, query: str = "", **given: Any) -> list[str]:
    """The titles of what is found, in the order of the results."""
    return [each.title for each in find(archive, query, **given)]


def first(archive: Rows, query: str, **given: Any) -> SearchResult:
    """The best result."""
    return next(iter(find(archive, query, **given)))


FACTS = (ArticleRegion, ArticleAmount, ArticleOrganization, ArticleIndustry, ArticleEvent)


def forget_facts(engine: Engine) -> None:
    """Take away what was read out of the articles, so that a test says what the facts are."""
    with writing(engine) as connection:
        for model in FACTS:
            connection.execute(delete(table(model)))
        for article_id in connection.execute(select(table(Article).c.id)).scalars().all():
            connection.execute(insert(table(Change)), {"article_id": article_id, "kind": "facts", "at": START})


def add_fact(engine: Engine, model: type[Base], title: str, **values: Any) -> None:
    """A fact of the article of a title, as reading facts adds it, with the change that an index follows."""
    articles = table(Article)
    span = {"start": 0, "end": 1, "surface": "x"} if "start" in table(model).c else {}
    field = {"field": "body"} if "field" in table(model).c else {}
    with writing(engine) as connection:
        article_id = connection.execute(select(articles.c.id).where(articles.c.title == title)).scalar_one()
        connection.execute(insert(table(model)), {"article_id": article_id, **field, **span, **values})
        connection.execute(insert(table(Change)), {"article_id": article_id, "kind": "facts", "at": START})
