"""Clusters in the archive: the stories that relations make, with their leads, kept as they change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from crawler.archive.among import among
from crawler.archive.models import Article, Change, Cluster, Relation, table
from crawler.archive.models import Signature as SignatureRow
from crawler.dedupe.clusters import stories
from crawler.dedupe.signature import Signature
from crawler.dedupe.verdict import MOST_COMPARED, fits


@dataclass(slots=True)
class Member:
    """An article of a component, as far as its place in a story depends on it."""

    id: int
    uid: str
    published_on: date | None
    first_seen_at: datetime
    cluster_id: int | None
    original: int
    minhash: bytes
    figures: bytes

    @property
    def signature(self) -> Signature:
        """What it is told by."""
        return Signature("", self.minhash, self.figures, 0, None)

    @property
    def order(self) -> tuple[bool, date, datetime, str]:
        """What decides who leads: the earliest publication, then who was seen first, then the uid."""
        return (self.published_on is None, self.published_on or date.min, self.first_seen_at, self.uid)


@dataclass(slots=True)
class Component:
    """Articles that relations connect, of which a story or several are told."""

    members: dict[int, Member] = field(default_factory=dict)
    edges: list[tuple[int, int]] = field(default_factory=list)


def settle(connection: Connection, article_ids: Collection[int], at: datetime) -> None:
    """Tell the stories of these articles and of all that is related to them anew; what differs is written."""
    component = connected(connection, _with_their_clusters(connection, article_ids))
    told = [story for story in told_stories(component) if len(story) > 1]
    _Writing(connection, component.members, at).write(told)


def _with_their_clusters(connection: Connection, article_ids: Collection[int]) -> set[int]:
    """These articles and those that share a cluster with one: what no longer belongs together is told apart whole."""
    articles = table(Article).c
    mine = select(articles.cluster_id).where(among(connection, articles.id, article_ids))
    together = select(articles.id).where(articles.cluster_id.in_(mine.where(articles.cluster_id.is_not(None))))
    return {*article_ids, *connection.execute(together).scalars()}


def connected(connection: Connection, article_ids: Collection[int]) -> Component:
    """These articles with all that near relations connect to them; one that is no more is left out."""
    relations = table(Relation).c
    component = Component()
    edges: set[tuple[int, int]] = set()
    seen, border = set(article_ids), set(article_ids)
    while border:
        sides = (among(connection, side, border) for side in (relations.article_id, relations.other_id))
        asked = select(relations.article_id, relations.other_id).where(relations.kind == "near", or_(*sides))
        found = {(row.article_id, row.other_id) for row in connection.execute(asked)}
        edges |= found
        border = {side for pair in found for side in pair} - seen
        seen |= border
    component.members = _members(connection, seen)
    component.edges = sorted(edges)
    return component


def _members(connection: Connection, article_ids: Collection[int]) -> dict[int, Member]:
    articles, signatures = table(Article), table(SignatureRow)
    joined = articles.outerjoin(signatures, signatures.c.article_id == articles.c.id)
    names = ("id", "uid", "published_on", "first_seen_at", "cluster_id")
    columns = (*(articles.c[name] for name in names), signatures.c.copy_of, signatures.c.minhash, signatures.c.figures)
    asked = select(*columns).select_from(joined).where(among(connection, articles.c.id, article_ids))
    return {
        row["id"]: Member(
            **{name: row[name] for name in names},
            original=row["id"] if row["copy_of"] is None else row["copy_of"],
            minhash=row["minhash"] or b"",
            figures=row["figures"] or b"",
        )
        for row in connection.execute(asked).mappings()
    }


def told_stories(component: Component) -> list[list[int]]:
    """The stories of connected articles, lead first, those of one article too. Copies go where their original goes."""
    copies: dict[int, list[int]] = {}
    for member in sorted(component.members.values(), key=lambda each: each.order):
        copies.setdefault(member.original, []).append(member.id)
    members = component.members
    edges = [(members[left].original, members[right].original) for left, right in component.edges]

    def order(original: int) -> Any:
        return members[copies[original][0]].order

    signatures = {original: members[original].signature for original in copies}

    def belongs(taken: Sequence[int], original: int, beside: bool) -> bool:
        earlier = [signatures[each] for each in taken[:MOST_COMPARED]]
        return fits(earlier, signatures[original], beside=beside)

    told = stories(copies, [pair for pair in edges if pair[0] != pair[1]], order, belongs)
    whole = [[article_id for original in story for article_id in copies[original]] for story in told]
    return [sorted(story, key=lambda article_id: members[article_id].order) for story in whole]


@dataclass(slots=True)
class _Writing:
    """Writes the stories of a component where they differ from what the archive holds."""

    connection: Connection
    members: Mapping[int, Member]
    at: datetime
    changed: set[int] = field(default_factory=set)

    def write(self, told: Sequence[Sequence[int]]) -> None:
        held = self._held()
        claimed = self._claims(told, held)
        clusters = table(Cluster)
        given_up = held.keys() - set(claimed.values())
        if given_up:
            self.connection.execute(delete(clusters).where(among(self.connection, clusters.c.id, given_up)))
        placed: dict[int, int | None] = dict.fromkeys(self.members)
        for number, story in enumerate(told):
            cluster_id = self._keep(story, claimed.get(number), held)
            placed |= dict.fromkeys(story, cluster_id)
        moved = {key: place for key, place in placed.items() if place != self.members[key].cluster_id}
        self._place(moved)
        self.changed |= moved.keys()
        rows = [{"article_id": key, "kind": "cluster", "at": self.at} for key in sorted(self.changed)]
        if rows:
            self.connection.execute(insert(table(Change)), rows)

    def _held(self) -> dict[int, tuple[int, int]]:
        """The clusters that these articles are in: lead and size."""
        clusters = table(Cluster).c
        ids = {member.cluster_id for member in self.members.values() if member.cluster_id is not None}
        if not ids:
            return {}
        asked = select(clusters.id, clusters.lead_article_id, clusters.size)
        found = self.connection.execute(asked.where(among(self.connection, clusters.id, ids)))
        return {row.id: (row.lead_article_id, row.size) for row in found}

    def _claims(self, told: Sequence[Sequence[int]], held: Mapping[int, tuple[int, int]]) -> dict[int, int]:
        """Which cluster each story goes on as: that of its lead, else one that its members were in."""
        by_lead = {lead: cluster_id for cluster_id, (lead, _) in held.items()}
        claimed = {number: by_lead[story[0]] for number, story in enumerate(told) if story[0] in by_lead}
        free = held.keys() - set(claimed.values())
        for number, story in enumerate(told):
            were_in = {self.members[article_id].cluster_id for article_id in story} & free
            if number not in claimed and were_in:
                claimed[number] = min(each for each in were_in if each is not None)
                free -= {claimed[number]}
        return claimed

    def _keep(self, story: Sequence[int], cluster_id: int | None, held: Mapping[int, tuple[int, int]]) -> int:
        """Write a story's row, and note whom it changes: all where the lead is another, the lead where the size is."""
        clusters, values = table(Cluster), {"lead_article_id": story[0], "size": len(story)}
        if cluster_id is None:
            self.changed |= set(story)
            made: int = self.connection.execute(insert(clusters).returning(clusters.c.id), values).scalar_one()
            return made
        lead, size = held[cluster_id]
        if (lead, size) != (story[0], len(story)):
            self.connection.execute(update(clusters).where(clusters.c.id == cluster_id).values(values))
            self.changed |= set(story) if lead != story[0] else {lead}
        return cluster_id

    def _place(self, moved: Mapping[int, int | None]) -> None:
        articles = table(Article)
        if moved:
            statement = update(articles).where(articles.c.id == bindparam("row_id"))
            rows = [{"row_id": key, "place": place} for key, place in moved.items()]
            self.connection.execute(statement.values(cluster_id=bindparam("place")), rows)
