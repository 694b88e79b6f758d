"""Filters as SQL, the same for SQLite and PostgreSQL: which rows of `article` (or of their past states) are meant."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, exists, func, or_, select

from crawler.archive.models import (
    Article,
    ArticleAmount,
    ArticleEvent,
    ArticleIndustry,
    ArticleOrganization,
    ArticleRegion,
    Revision,
    Source,
    table,
)
from crawler.research.filters import FilterError, Filters
from crawler.research.standing import end_of, not_gone, others_of_story, stands_for_story

# What a revision keeps of an article.
_OF_A_STATE = ("title", "published_on", "body", "body_digest", "content_digest", "revision_count")


def columns(filters: Filters) -> dict[str, ColumnElement[Any]]:
    """The columns of `article` as the filters see them: with `as_of` title, date and text are those of that day."""
    rows, states = table(Article), table(Revision)
    named: dict[str, ColumnElement[Any]] = {column.name: column for column in rows.c}
    if filters.as_of is not None:
        named.update({name: states.c[name] for name in _OF_A_STATE if name != "revision_count"})
        named["revision_count"] = states.c.number.label("revision_count")
    named["others"] = others_of_story(filters.as_of)
    return named


def selected(filters: Filters, *wanted: ColumnElement[Any]) -> Select[Any]:
    """A query of these columns for the articles that are meant, in no order."""
    return select(*wanted).select_from(_source_of(filters)).where(*conditions(filters))


def check_sources(connection: Connection, filters: Filters) -> None:
    """Raise FilterError where the archive knows no source of a name."""
    rows = table(Source)
    known = set(connection.execute(select(rows.c.id).where(rows.c.id.in_(filters.sources))).scalars())
    for name in filters.sources:
        if name not in known:
            raise FilterError(f"The archive knows no source {name!r}; `zhaoshang stats` shows those it knows.")


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """What must hold of a row of `article` and, with `as_of`, of its revision of that day."""
    rows = table(Article)
    published = columns(filters)["published_on"]
    found: list[ColumnElement[bool]] = []
    if filters.as_of is not None:
        found.append(not_gone(rows, filters.as_of))
    if filters.since is not None:
        found.append(published >= filters.since)
    if filters.until is not None:
        found.append(published <= filters.until)
    if filters.sources:
        found.append(rows.c.source_id.in_(filters.sources))
    found += _of_facts(filters)
    if not filters.all:
        found.append(stands_for_story(filters.as_of))
    return found


def _source_of(filters: Filters) -> FromClause:
    rows = table(Article)
    if filters.as_of is None:
        return rows
    states = table(Revision)
    newest = (
        select(states.c.article_id, func.max(states.c.number).label("number"))
        .where(states.c.extracted_at < end_of(filters.as_of))
        .group_by(states.c.article_id)
        .subquery()
    )
    return rows.join(newest, newest.c.article_id == rows.c.id).join(
        states, and_(states.c.article_id == rows.c.id, states.c.number == newest.c.number)
    )


def _of_facts(filters: Filters) -> list[ColumnElement[bool]]:
    rows = table(Article)
    found: list[ColumnElement[bool]] = []
    if filters.region is not None:
        low, high = filters.region.codes
        places = table(ArticleRegion).c
        named = or_(places.code.between(low, high), places.code_now.between(low, high))
        found.append(or_(rows.c.region_code.between(low, high), _any(ArticleRegion, named)))
    if filters.industry is not None:
        kinds = table(ArticleIndustry).c
        found.append(_any(ArticleIndustry, kinds.code.in_(filters.industry.codes)))
    if filters.event is not None:
        found.append(_any(ArticleEvent, table(ArticleEvent).c.type == filters.event))
    if filters.min_amount is not None or filters.max_amount is not None:
        found.append(_any(ArticleAmount, _amount(table(ArticleAmount).c.value_cny, filters)))
    if filters.org is not None:
        names = table(ArticleOrganization).c
        alike = (name.icontains(filters.org, autoescape=True) for name in (names.normalized_name, names.name))
        found.append(_any(ArticleOrganization, or_(*alike)))
    return found


def _amount(value: ColumnElement[Any], filters: Filters) -> ColumnElement[bool]:
    bounds: list[ColumnElement[bool]] = [value.is_not(None)]
    if filters.min_amount is not None:
        bounds.append(value >= filters.min_amount)
    if filters.max_amount is not None:
        bounds.append(value <= filters.max_amount)
    return and_(*bounds)


def _any(model: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """That an article has a fact of which this holds."""
    facts = table(model)
    return exists().where(facts.c.article_id == table(Article).c.id, condition)
