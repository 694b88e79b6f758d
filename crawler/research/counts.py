"""What an archive holds, counted: by source, by year, in all."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, select, true

from crawler.archive.engine import reading
from crawler.archive.models import Article, Capture, Cluster, Crawl, Entry, Rejection, Revision, Source, table
from crawler.research.records import SourceRecord
from crawler.research.standing import stands_for_story


def sources_of(engine: Engine) -> list[SourceRecord]:
    """All sources that were ever crawled or imported."""
    sources, articles, crawls = table(Source), table(Article), table(Crawl)
    counted = select(articles.c.source_id, func.count().label("number")).group_by(articles.c.source_id).subquery()
    looks = crawls.c.kind.not_in(("replay", "reextract"))
    by_time = (crawls.c.started_at.desc(), crawls.c.id.desc())  # merged ones have later numbers
    place = func.row_number().over(partition_by=crawls.c.source_id, order_by=by_time).label("place")
    looked = select(crawls.c.source_id, crawls.c.id, place).where(looks).subquery()
    newest = select(looked.c.source_id, looked.c.id).where(looked.c.place == 1).subquery()
    joined = (
        sources.outerjoin(counted, counted.c.source_id == sources.c.id)
        .outerjoin(newest, newest.c.source_id == sources.c.id)
        .outerjoin(crawls, crawls.c.id == newest.c.id)
    )
    statement = select(sources, counted.c.number, crawls.c.started_at, crawls.c.status).select_from(joined)
    with reading(engine) as connection:
        rows = connection.execute(statement.order_by(sources.c.id)).mappings().all()
    return [
        SourceRecord(
            id=row["id"],
            name=row["name"],
            region=row["region_code"],
            kind=row["kind"],
            homepage=row["homepage"],
            articles=row["number"] or 0,
            last_crawl_at=row["started_at"],
            last_status=row["status"],
        )
        for row in rows
    ]


def totals_of(engine: Engine, *, all: bool) -> dict[str, Any]:
    """Rows of each table, the first and last day of publication, and articles by source and year.

    Unless `all`, articles that do not lead their story are counted apart, as `others`.
    """
    articles = table(Article)
    counted = (Article, Revision, Entry, Capture, Crawl, Rejection, Source, Cluster)
    with reading(engine) as connection:
        totals = {
            model.__tablename__: connection.execute(select(func.count()).select_from(table(model))).scalar_one()
            for model in counted
        }
        days = select(func.min(articles.c.published_on), func.max(articles.c.published_on))
        first, last = connection.execute(days).one()
        told = _counts(connection, None if all else stands_for_story())
        if not all:
            told["others"] = _counts(connection, ~stands_for_story())
    return {"totals": totals, "first_published_on": first, "last_published_on": last, **told}


def _counts(connection: Connection, condition: ColumnElement[bool] | None) -> dict[str, Any]:
    """Articles of which a condition holds, by source and by year."""
    articles, sources = table(Article).c, table(Source).c
    year = func.extract("year", articles.published_on)
    here = condition if condition is not None else true()
    by_year = connection.execute(select(year, func.count()).where(here).group_by(year).order_by(year)).all()
    grouped = select(articles.source_id, func.count()).where(here).group_by(articles.source_id)
    by_source = {row[0]: row[1] for row in connection.execute(grouped)}
    known = connection.execute(select(sources.id).order_by(sources.id)).scalars()
    return {
        "by_source": {name: by_source.get(name, 0) for name in known},
        "by_year": {str(int(value)) if value is not None else "undated": number for value, number in by_year},
    }
