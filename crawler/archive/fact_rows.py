"""The rows of facts: always those of an article's latest content, read with one version of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from crawler.archive.models import (
    Article,
    ArticleAmount,
    ArticleEvent,
    ArticleIndustry,
    ArticleOrganization,
    ArticleRegion,
    Project,
    batched,
    table,
)
from crawler.archive.models.base import Base
from crawler.fact_items import AmountFact, EventFact, Facts, IndustryFact, OrganizationFact, ProjectFact, RegionFact
from crawler.facts import FACTS_VERSION, read_facts
from crawler.items import Article as Item

AT_ONCE = 500  # articles whose facts are held in memory together

# Each kind of fact in `Facts`, its table, and its value, whose fields are the table's columns.
FACT_TABLES: tuple[tuple[str, type[Base], type[Any]], ...] = (
    ("regions", ArticleRegion, RegionFact),
    ("amounts", ArticleAmount, AmountFact),
    ("organizations", ArticleOrganization, OrganizationFact),
    ("industries", ArticleIndustry, IndustryFact),
    ("events", ArticleEvent, EventFact),
    ("projects", Project, ProjectFact),
)
_COLUMNS: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(kind)) for _, _, kind in FACT_TABLES
}
Wanted = Sequence[tuple[int, Item, str | None]]


@dataclass(slots=True, frozen=True)
class FactWriter:
    """Writes the facts of articles inside the caller's transaction.

    Each article comes with its row and its region code; where its item brings no facts along, they are read here.
    """

    connection: Connection

    def add(self, articles: Wanted) -> None:
        """The facts of new articles."""
        for part in _parts(articles):
            self.write([(row, facts_of(article, region)) for row, article, region in part])

    def replace(self, articles: Wanted) -> None:
        """The facts of articles whose title, body, date or region changed."""
        self.remove([row for row, _, _ in articles])
        self.add(articles)

    def write(self, read: Sequence[tuple[int, Facts]]) -> None:
        """Facts that were read already, of articles that have none."""
        for name, model, _ in FACT_TABLES:
            rows = [_row(article_id, fact) for article_id, facts in read for fact in getattr(facts, name)]
            if rows:
                self.connection.execute(insert(table(model)), rows)
        articles = table(Article)
        for part in batched([article_id for article_id, _ in read]):
            mine = update(articles).where(articles.c.id.in_(part))
            self.connection.execute(mine.values(facts_version=FACTS_VERSION))

    def remove(self, article_ids: Iterable[int]) -> None:
        """Take the facts of these articles away; they count as never read."""
        articles = table(Article)
        for part in batched(article_ids):
            for _, model, _ in FACT_TABLES:
                rows = table(model)
                self.connection.execute(delete(rows).where(rows.c.article_id.in_(part)))
            self.connection.execute(update(articles).where(articles.c.id.in_(part)).values(facts_version=None))


def facts_of(article: Item, region: str | None) -> Facts:
    """The facts of an article: those it brings along, else read from its texts."""
    if article.facts is not None:
        return article.facts
    return read_facts(article.title, article.body, on=article.published_on, source_region=region)


def stored_facts(connection: Connection, article_ids: Sequence[int]) -> dict[int, Facts]:
    """The facts of these articles as the archive holds them."""
    found: dict[int, dict[str, list[Any]]] = {article_id: {} for article_id in article_ids}
    for name, model, kind in FACT_TABLES:
        rows, names = table(model), _COLUMNS[kind]
        columns = select(rows.c.article_id, *(rows.c[each] for each in names)).order_by(rows.c.id)
        for part in batched(article_ids):
            for article_id, *values in connection.execute(columns.where(rows.c.article_id.in_(part))):
                found[article_id].setdefault(name, []).append(kind(*values))
    return {row: Facts(**{name: tuple(facts) for name, facts in each.items()}) for row, each in found.items()}


def _row(article_id: int, fact: Any) -> Mapping[str, Any]:
    row = {name: getattr(fact, name) for name in _COLUMNS[type(fact)]}
    row["article_id"] = article_id
    return row


def _parts(articles: Wanted) -> Iterator[Wanted]:
    for start in range(0, len(articles), AT_ONCE):
        yield articles[start : start + AT_ONCE]
