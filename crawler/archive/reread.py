"""Writing what a better extractor makes of stored captures: revisions of cause `extractor`, and other fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from crawler.archive.articles import ArticleWriter
from crawler.archive.changes import content_digest, corrected
from crawler.archive.fact_rows import FactWriter
from crawler.archive.models import Article as ArticleRow
from crawler.archive.models import Attachment, Change, Correction, batched, table
from crawler.items import Article

# A change of these makes a revision; of the others the archive keeps the latest value only.
WITH_HISTORY = ("title", "published_on", "body")
FIELDS = (*WITH_HISTORY, "published_at", "author", "origin", "column_name", "summary", "content", "attachments")
_DERIVED = ("body_digest", "content_digest", "body_length")


@dataclass(slots=True, frozen=True)
class Held:
    """An article as the archive holds it: its row, the URLs of its links, and what people put right of it."""

    row: Mapping[str, Any]
    links: frozenset[str] = frozenset()
    corrections: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Reread:
    """An archived article beside what it is read as now; `changes` maps each field that differs to before and after."""

    held: Held
    article: Article
    changes: Mapping[str, tuple[Any, Any]]


def held_articles(connection: Connection, ids: Sequence[int]) -> dict[int, Held]:
    """The articles of these rows, as the archive holds them."""
    articles, linked, corrections = table(ArticleRow), table(Attachment).c, table(Correction).c
    rows: dict[int, Mapping[str, Any]] = {}
    links: dict[int, set[str]] = {}
    fields: dict[int, dict[str, str | None]] = {}
    for part in batched(ids):
        found = connection.execute(select(articles).where(articles.c.id.in_(part))).mappings()
        rows.update({row["id"]: row for row in found})
        urls = select(linked.article_id, linked.url).where(linked.article_id.in_(part))
        for article_id, url in connection.execute(urls):
            links.setdefault(article_id, set()).add(url)
        newest = select(corrections.article_id, corrections.field, corrections.value)
        newest = newest.order_by(corrections.created_at, corrections.id)
        for article_id, name, value in connection.execute(newest.where(corrections.article_id.in_(part))):
            fields.setdefault(article_id, {})[name] = value
    return {
        article_id: Held(row, frozenset(links.get(article_id, ())), fields.get(article_id, {}))
        for article_id, row in rows.items()
    }


def compare(held: Held, article: Article) -> Reread:
    """What an article would change by being read again; what a person put right stays, and counters are no change."""
    if held.corrections:
        article = corrected(article, held.corrections)
    row = held.row
    changes: dict[str, tuple[Any, Any]] = {}
    for name in FIELDS[:-1]:
        before, after = row[name], getattr(article, name)
        if name == "published_at" and after is not None:
            after = after.astimezone(UTC).replace(microsecond=0)
        if before != after:
            changes[name] = (before, after)
    if set(changes) & set(WITH_HISTORY) == {"body"} and row["content_digest"] == content_digest(article):
        del changes["body"]
    found = links_of(article)
    if found - held.links or lost_links(held, found):
        changes["attachments"] = (sorted(held.links), sorted(found))
    return Reread(held, article, changes)


def links_of(article: Article) -> frozenset[str]:
    """The URLs of an article's files and images."""
    return frozenset(link.url for link in (*article.attachments, *article.images))


def lost_links(held: Held, found: frozenset[str]) -> frozenset[str]:
    """Links that are no longer found; those of an article with several states may be of an earlier one, and stay."""
    return held.links - found if held.row["revision_count"] == 1 else frozenset()


@dataclass(slots=True)
class RereadWriter(ArticleWriter):
    """Writes articles that were read again; when the site was last seen, and what it said, stays as it was."""

    def rewrite(self, rereads: Sequence[Reread]) -> None:
        """Write what changed, inside the caller's transaction."""
        changed = [each for each in rereads if each.changes]
        articles = table(ArticleRow)
        revised: list[tuple[int, int, Article]] = []
        for each in changed:
            row, values = each.held.row, self._values(each)
            if not set(WITH_HISTORY).isdisjoint(each.changes):
                number = row["revision_count"] + 1
                revised.append((row["id"], number, each.article))
                values["revision_count"] = number
            if values:
                self.connection.execute(update(articles).where(articles.c.id == row["id"]).values(values))
            if "attachments" in each.changes:
                self._drop_links(each)
        if revised:
            self._add_revisions(revised, "changed")
            self._replace_facts(revised, changed)
        only_fields = [each for each in changed if set(WITH_HISTORY).isdisjoint(each.changes)]
        if only_fields:
            noted = [{"article_id": each.held.row["id"], "kind": "changed", "at": self.now} for each in only_fields]
            self.connection.execute(insert(table(Change)), noted)
        self._add_attachments([(each.held.row["id"], each.article) for each in only_fields])

    def _replace_facts(self, revised: Sequence[tuple[int, int, Article]], rereads: Sequence[Reread]) -> None:
        regions = {each.held.row["id"]: each.held.row["region_code"] for each in rereads}
        FactWriter(self.connection).replace([(row, article, regions[row]) for row, _, article in revised])

    def _values(self, reread: Reread) -> dict[str, Any]:
        content = self._content(reread.article)
        values = {name: content[name] for name in reread.changes if name != "attachments"}
        if not set(WITH_HISTORY).isdisjoint(reread.changes):
            # A body that differs in counters only comes along with a new title: the digests are of what is kept.
            values |= {name: content[name] for name in ("body", *_DERIVED)}
        return values

    def _drop_links(self, reread: Reread) -> None:
        """Links that are no longer found go, unless their file was fetched."""
        rows = table(Attachment)
        lost = lost_links(reread.held, links_of(reread.article))
        here = (rows.c.article_id == reread.held.row["id"], rows.c.state == "linked", rows.c.url.in_(lost))
        self.connection.execute(delete(rows).where(*here))
