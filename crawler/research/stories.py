"""Stories as readers see them: who published one, what differs between two publications, who copies whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from crawler.archive.models import Article, Cluster, Relation, Signature, table

MOST_SHOWN = 100


@dataclass(slots=True, frozen=True)
class Publication:
    """Another publication of an article's story, or one that holds its text or is held by it.

    `kind` is `story`, `contains` (the other is a part of this article) or `part_of`. `similarity` is that of the words,
    for parts the share of the part that the whole holds. `differences` are the sentences that only one of them has, by
    `removed` (only this article) and `added`; none where the texts are equal but for form.
    """

    uid: str
    source: str
    title: str
    url: str | None
    published_on: date | None
    kind: str
    leads: bool
    similarity: float
    differences: tuple[dict[str, str], ...] = ()


@dataclass(slots=True, frozen=True)
class Syndication:
    """How often a source published what another had published first; the delay is in days, None where dates miss."""

    first: str
    then: str
    articles: int
    median_delay: float | None


def publications(connection: Connection, article_id: int) -> list[Publication]:
    """The other publications of an article's story, the lead first, then what contains it or is contained by it."""
    articles, relations = table(Article).c, table(Relation).c
    mine = connection.execute(_wanted().where(articles.id == article_id)).mappings().one()
    others: list[tuple[Any, str, float | None]] = []
    if mine["cluster_id"] is not None:
        same = (articles.cluster_id == mine["cluster_id"], articles.id != article_id)
        order = (articles.published_on.is_(None), articles.published_on, articles.first_seen_at, articles.uid)
        rows = connection.execute(_wanted().where(*same).order_by(*order).limit(MOST_SHOWN)).mappings()
        others += [(row, "story", None) for row in rows]
    touching = or_(relations.article_id == article_id, relations.other_id == article_id)
    for row in connection.execute(select(table(Relation)).where(relations.kind == "contains", touching)).all():
        kind, other = ("contains", row.other_id) if row.article_id == article_id else ("part_of", row.article_id)
        found = connection.execute(_wanted().where(articles.id == other)).mappings().one()
        others.append((found, kind, row.similarity))
    return [_publication(mine, other, kind, similarity) for other, kind, similarity in others]


def _wanted() -> Select[Any]:
    articles, clusters, signatures = table(Article), table(Cluster), table(Signature)
    joined = articles.outerjoin(clusters, clusters.c.lead_article_id == articles.c.id)
    joined = joined.outerjoin(signatures, signatures.c.article_id == articles.c.id)
    names = ("id", "uid", "source_id", "title", "url", "published_on", "body", "cluster_id")
    leads = clusters.c.id.label("leads")
    return select(*(articles.c[name] for name in names), leads, signatures.c.text_digest).select_from(joined)


def _publication(mine: Any, other: Any, kind: str, similarity: float | None) -> Publication:
    from crawler.research.difference import differences

    equal = bool(mine["text_digest"]) and mine["text_digest"] == other["text_digest"]
    if similarity is None:
        similarity = 1.0 if equal else _similarity(mine, other)
    told: list[dict[str, str]] = []
    if kind == "story" and not equal:
        told = [{each.kind: each.text} for each in differences(mine["body"], other["body"])]
    return Publication(
        uid=other["uid"],
        source=other["source_id"],
        title=other["title"],
        url=other["url"],
        published_on=other["published_on"],
        kind=kind,
        leads=other["leads"] is not None,
        similarity=round(similarity, 3),
        differences=tuple(told),
    )


def _similarity(mine: Any, other: Any) -> float:
    from crawler.dedupe.fold import fold
    from crawler.dedupe.verdict import Text, similarity

    left, right = (fold(row["title"], row["body"]) for row in (mine, other))
    return similarity(Text(left), Text(right)) if left and right else 0.0


def syndication(connection: Connection) -> list[Syndication]:
    """Which sources publish what others had published first, the most frequent pairs first."""
    clusters, lead, other = table(Cluster), table(Article).alias("lead"), table(Article).alias("other")
    joined = clusters.join(lead, lead.c.id == clusters.c.lead_article_id)
    joined = joined.join(other, other.c.cluster_id == clusters.c.id)
    columns = (
        lead.c.source_id.label("first"),
        other.c.source_id.label("then"),
        lead.c.published_on,
        other.c.published_on,
    )
    asked = select(*columns).select_from(joined).where(lead.c.source_id != other.c.source_id)
    delays: dict[tuple[str, str], list[int | None]] = defaultdict(list)
    for first, then, on, later in connection.execution_options(yield_per=1000).execute(asked):
        delays[first, then].append((later - on).days if on and later else None)
    found = [Syndication(*pair, len(days), _median(days)) for pair, days in delays.items()]
    return sorted(found, key=lambda each: (-each.articles, each.first, each.then))


def _median(days: Sequence[int | None]) -> float | None:
    dated = [each for each in days if each is not None]
    return float(median(dated)) if dated else None
