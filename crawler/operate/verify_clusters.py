"""The check of stories: every article is compared, and clusters are what the relations make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, select, update

from crawler.archive import reading, writing
from crawler.archive.clusters import connected, settle, told_stories
from crawler.archive.engine import take_turn
from crawler.archive.models import Article, Cluster, Relation, Signature, table
from crawler.archive.relating import unrelate
from crawler.archive.stories import tell
from crawler.operate.problems import Problem, Reading

AT_ONCE = 500


def clusters(seen: Reading) -> Iterator[Problem]:
    """Sizes, leads and members of all clusters agree with the relations between articles."""
    with reading(seen.engine) as connection:
        missing = len(_not_compared(connection))
        if missing:
            what = f"{missing} articles were compared with no other yet"
            yield Problem("clusters", "articles", what, rebuildable=True)
        for uid in _wrong(connection).values():
            yield Problem("clusters", uid, "is not in the story that its relations make", rebuildable=True)
        for cluster_id in _empty(connection):
            yield Problem("clusters", f"cluster row {cluster_id}", "has no articles", rebuildable=True)


def repair_clusters(engine: Engine) -> int:
    """Compare what was not compared, and tell anew the stories that are not what the relations make."""
    with reading(engine) as connection:
        missing = _not_compared(connection)
    for start in range(0, len(missing), AT_ONCE):
        with writing(engine) as connection:
            take_turn(connection)
            some = missing[start : start + AT_ONCE]
            unrelate(connection, some)
            tell(connection, some, datetime.now(UTC))
    with writing(engine) as connection:
        take_turn(connection)
        wrong = list(_wrong(connection))
        rows, stories = table(Article), table(Cluster)
        lost = rows.c.cluster_id.is_not(None) & rows.c.cluster_id.not_in(select(stories.c.id))
        connection.execute(update(rows).where(lost).values(cluster_id=None))
        settle(connection, wrong, datetime.now(UTC))
        empty = _empty(connection)
        connection.execute(stories.delete().where(stories.c.id.in_(empty)))
    return len(missing) + len(wrong) + len(empty)


def _not_compared(connection: Connection) -> list[int]:
    articles, signatures = table(Article), table(Signature)
    joined = articles.outerjoin(signatures, signatures.c.article_id == articles.c.id)
    bare = select(articles.c.id).select_from(joined).where(signatures.c.article_id.is_(None))
    return list(connection.execute(bare.order_by(articles.c.id)).scalars())


def _wrong(connection: Connection) -> dict[int, str]:
    """The articles whose cluster is not the story they are told in, by their rows; with the uid of each."""
    articles, relations, stories = table(Article).c, table(Relation).c, table(Cluster)
    near = relations.kind == "near"
    sides = select(relations.article_id).where(near).union(select(relations.other_id).where(near))
    asked = select(articles.id).where(articles.id.in_(sides) | articles.cluster_id.is_not(None)).order_by(articles.id)
    rest = dict.fromkeys(connection.execute(asked).scalars())
    held = {row.id: (row.lead_article_id, row.size) for row in connection.execute(select(stories))}
    wrong: dict[int, str] = {}
    while rest:
        component = connected(connection, list(rest)[:AT_ONCE])
        for story in told_stories(component):
            members = [component.members[article_id] for article_id in story]
            here = {member.cluster_id for member in members}
            cluster_id = here.pop() if len(here) == 1 else -1
            told = (story[0], len(story)) if len(story) > 1 else None
            if here or held.get(cluster_id or 0) != told or (told is None and cluster_id is not None):
                wrong |= {member.id: member.uid for member in members}
        for article_id in component.members:
            rest.pop(article_id, None)
    return wrong


def _empty(connection: Connection) -> list[int]:
    articles, stories = table(Article).c, table(Cluster).c
    filled = select(func.distinct(articles.cluster_id)).where(articles.cluster_id.is_not(None))
    return list(connection.execute(select(stories.id).where(stories.id.not_in(filled))).scalars())
