"""Who stands for a story: its first publication, on a past day the first of those that the archive held then."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, exists, func, not_, or_, select, tuple_

from crawler.archive.models import Article, Cluster, Revision, table


def end_of(day: date) -> datetime:
    """The moment a day ends (UTC): what was archived before it was known then."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def stands_for_story(as_of: date | None = None) -> ColumnElement[bool]:
    """That an article is alone, or the first publication of its story.

    On a past day, of an article that the archive held then: where the first publication was not seen yet or gone, the
    earliest of those that were there is the first, in the order in which stories choose their lead.
    """
    rows, stories = table(Article), table(Cluster)
    leads = exists().where(stories.c.id == rows.c.cluster_id, stories.c.lead_article_id == rows.c.id)
    if as_of is None:
        return or_(rows.c.cluster_id.is_(None), leads)
    others = rows.alias("before")
    before = exists().where(
        others.c.cluster_id == rows.c.cluster_id,
        stories.c.id == rows.c.cluster_id,
        or_(others.c.id == stories.c.lead_article_id, tuple_(*_order(others)) < tuple_(*_order(rows))),
        held(others, as_of),
    )
    return or_(rows.c.cluster_id.is_(None), leads, not_(before))


def others_of_story(as_of: date | None = None) -> ColumnElement[int]:
    """How many other publications an article's story has; on a past day, of an article that the archive held then."""
    rows, stories = table(Article), table(Cluster)
    if as_of is None:
        size = select(stories.c.size).where(stories.c.id == rows.c.cluster_id)
    else:
        members = rows.alias("member")
        size = select(func.count()).where(members.c.cluster_id == rows.c.cluster_id, held(members, as_of))
    more = size.scalar_subquery() - 1
    return case((rows.c.cluster_id.is_(None), 0), else_=func.coalesce(more, 0)).label("others")


def held(articles: FromClause, as_of: date) -> ColumnElement[bool]:
    """That the archive had an article on a day, and knew nothing of its being gone."""
    states, end = table(Revision).alias("state"), end_of(as_of)
    seen = exists().where(states.c.article_id == articles.c.id, states.c.extracted_at < end)
    # When it was first seen spares looking at most revisions; what was imported later is known since then only.
    return and_(not_gone(articles, as_of), articles.c.first_seen_at < end, seen)


def not_gone(articles: FromClause, as_of: date) -> ColumnElement[bool]:
    """That an article was not known to be gone on a day."""
    return or_(articles.c.gone_at.is_(None), articles.c.gone_at >= end_of(as_of))


def _order(articles: FromClause) -> list[ColumnElement[Any]]:
    """What decides who comes first in a story: see `crawler.archive.clusters.Member.order`."""
    published = func.coalesce(articles.c.published_on, date.max)
    return [published, articles.c.first_seen_at, articles.c.uid]
