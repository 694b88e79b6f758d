"""What the pictures show, counted by the database: rows of plain values, which `--json` prints as well."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from crawler.archive.models import Article, ArticleAmount, ArticleIndustry, ArticleRegion, Cluster, Source, table
from crawler.research.filters import Filters
from crawler.research.selection import columns, selected

MOST_BARS = 20
_MANY_MONTHS = 60
_TILES = Path(__file__).with_name("provinces.csv")
# The largest amount of an article in yuan: where each class begins, and what it is called.
CLASSES: tuple[tuple[float, str], ...] = (
    (0, "不足1千万元"),
    (1e7, "1千万至1亿元"),
    (1e8, "1亿至10亿元"),
    (1e9, "10亿至50亿元"),
    (5e9, "50亿至100亿元"),
    (1e10, "100亿元以上"),
)

Rows = list[dict[str, Any]]


@dataclass(slots=True, frozen=True)
class Tile:
    """A province and its place in the grid."""

    code: str
    name: str
    row: int
    column: int


@cache
def tiles() -> tuple[Tile, ...]:
    """All provinces."""
    lines = [line for line in _TILES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple(Tile(row["code"], row["name"], int(row["row"]), int(row["column"])) for row in csv.DictReader(lines))


def by_time(connection: Connection, filters: Filters) -> Rows:
    """Articles by month of publication, or by year where there are more than 60 months; undated ones are left out."""
    published = columns(filters)["published_on"]
    year, month = func.extract("year", published), func.extract("month", published)
    query = selected(filters, year, month, func.count()).where(published.is_not(None)).group_by(year, month)
    counts = {(int(one), int(other)): number for one, other, number in connection.execute(query)}
    if not counts:
        return []
    first, last = min(counts), max(counts)
    if (last[0] - first[0]) * 12 + last[1] - first[1] < _MANY_MONTHS:
        months = range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])
        keys = [(at // 12, at % 12 + 1) for at in months]
        return [{"time": f"{key[0]}-{key[1]:02d}", "articles": counts.get(key, 0)} for key in keys]
    years: Counter[int] = Counter()
    for (of_year, _), number in counts.items():
        years[of_year] += number
    return [{"time": str(at), "articles": years[at]} for at in range(first[0], last[0] + 1)]


def by_amount(connection: Connection, filters: Filters) -> Rows:
    """Articles by the class of their largest amount; those that name none are left out."""
    amounts = table(ArticleAmount).c
    largest = (
        select(func.max(amounts.value_cny).label("largest"))
        .where(amounts.article_id.in_(_ids(filters)), amounts.value_cny.is_not(None))
        .group_by(amounts.article_id)
        .subquery()
    )
    at = case(*((largest.c.largest >= begin, place) for place, (begin, _) in reversed(list(enumerate(CLASSES)))))
    counts = dict(map(tuple, connection.execute(select(at, func.count()).group_by(at))))
    if not counts:
        return []
    return [{"amount": name, "articles": counts.get(place, 0)} for place, (_, name) in enumerate(CLASSES)]


def by_province(connection: Connection, filters: Filters) -> Rows:
    """Articles by each province they name; those that name none count for their source's."""
    places, articles = table(ArticleRegion).c, table(Article).c
    code = func.substr(func.coalesce(places.code_now, places.code), 1, 2)
    named = select(places.article_id, code.label("province")).where(
        code.is_not(None), places.article_id.in_(_ids(filters))
    )
    of_source = select(articles.id, func.substr(articles.region_code, 1, 2)).where(
        articles.region_code.is_not(None),
        articles.id.in_(_ids(filters)),
        articles.id.not_in(select(places.article_id).where(code.is_not(None))),
    )
    each = named.union(of_source).subquery()
    query = select(each.c.province, func.count()).group_by(each.c.province)
    counts = {str(province): number for province, number in connection.execute(query)}
    if not counts:
        return []
    return [{**asdict(tile), "articles": counts.get(tile.code[:2], 0)} for tile in tiles()]


def by_industry(connection: Connection, filters: Filters) -> Rows:
    """The industries that most articles tell of; an article may count for several."""
    kinds = table(ArticleIndustry).c
    number = func.count(kinds.article_id.distinct())
    query = (
        select(kinds.code, func.min(kinds.name), number)
        .where(kinds.article_id.in_(_ids(filters)))
        .group_by(kinds.code)
        .order_by(number.desc(), kinds.code)
        .limit(MOST_BARS)
    )
    return [{"code": code, "industry": name, "articles": found} for code, name, found in connection.execute(query)]


def by_copying(connection: Connection, filters: Filters) -> Rows:
    """Who published first and who took it over: articles by the two sources, the commonest pairs."""
    articles, stories, sources = table(Article), table(Cluster), table(Source)
    leads = articles.alias("lead")
    first, then = sources.alias("first_source"), sources.alias("then_source")
    joined = (
        articles.join(stories, stories.c.id == articles.c.cluster_id)
        .join(leads, leads.c.id == stories.c.lead_article_id)
        .join(first, first.c.id == leads.c.source_id)
        .join(then, then.c.id == articles.c.source_id)
    )
    number = func.count()
    query = (
        select(first.c.name, then.c.name, number)
        .select_from(joined)
        .where(articles.c.id != leads.c.id, articles.c.id.in_(_ids(filters, every=True)))
        .group_by(first.c.name, then.c.name)
        .order_by(number.desc(), first.c.name, then.c.name)
        .limit(MOST_BARS**2)
    )
    return [{"first": one, "then": other, "articles": found} for one, other, found in connection.execute(query)]


def _ids(filters: Filters, *, every: bool = False) -> Select[Any]:
    return selected(replace(filters, all=filters.all or every), table(Article).c.id)
