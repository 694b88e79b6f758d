"""Writing articles: which are new, which changed, which are as they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crawler import __version__
from crawler.archive import records
from crawler.archive.changes import Known, content_digest, corrected, corrections, verdict
from crawler.archive.fact_rows import FactWriter
from crawler.archive.models import Article as ArticleRow
from crawler.archive.models import Attachment, Change, Revision, RevisionPart, batched, table
from crawler.archive.naming import as_archived, uid_of
from crawler.archive.types import digest
from crawler.items import Article

if TYPE_CHECKING:
    from crawler.archive.run import SourceRow

RevisionCause = Literal["site", "extractor", "manual"]
EXTRACTOR = f"zhaoshang {__version__}"


@dataclass(slots=True)
class ArticleWriter:
    """Writes the articles of one batch in one transaction; `ids` tells the row of each item by its `id()`."""

    connection: Connection
    source: SourceRow
    crawl_id: int
    now: datetime
    captures: Mapping[int, int]
    cause: RevisionCause = "site"
    ids: dict[int, int] = field(default_factory=dict)
    _digests: dict[int, tuple[Article, str, str]] = field(default_factory=dict)

    def write(self, articles: Sequence[Article]) -> Counter[str]:
        """Write the articles and count them: new, changed, unchanged, duplicate (seen before in this crawl)."""
        counts: Counter[str] = Counter()
        named = records.uids(self.connection, self.source.id, self.crawl_id, articles, uid_of)
        uids = as_archived(self.connection, named, articles)
        waiting = list(zip(uids, articles, strict=True))
        while waiting:
            # Two items of one article cannot be written by one statement; the second waits for the next turn.
            turn: dict[str, Article] = {}
            later = []
            for uid, article in waiting:
                if uid in turn:
                    later.append((uid, article))
                else:
                    turn[uid] = article
            counts.update(self._write_turn(turn))
            waiting = later
        return counts

    def _write_turn(self, turn: Mapping[str, Article]) -> Counter[str]:
        known = self._known(list(turn))
        new = {uid: article for uid, article in turn.items() if uid not in known}
        fields = corrections(self.connection, [row.id for row in known.values()])
        sorted_out: dict[str, list[tuple[Known, Article]]] = {
            kind: [] for kind in ("changed", "same", "doubtful", "duplicate", "older")
        }
        for uid, row in known.items():
            article = turn[uid]
            self.ids[id(article)] = row.id
            settled = corrected(article, fields[row.id]) if row.id in fields else article
            sorted_out[self._kind(row, settled)].append((row, settled))
        self._insert(new)
        self._change(sorted_out["changed"], fields)
        self._touch([pair for kind in ("same", "doubtful") for pair in sorted_out[kind]])
        self._doubt(sorted_out["doubtful"])
        differing = self._seen_earlier(sorted_out["older"])
        unchanged = sum(len(sorted_out[kind]) for kind in ("same", "doubtful", "older"))
        counted = {"changed": len(sorted_out["changed"]), "duplicate": len(sorted_out["duplicate"])}
        return Counter(new=len(new), unchanged=unchanged, older=differing, **counted)

    def _kind(self, row: Known, article: Article) -> str:
        if row.source_id != self.source.id:
            return "duplicate"
        imported = article.visit is not None and article.visit.seen_at is not None
        if imported and self._seen_at(article) < row.last_seen_at:
            return "older"
        found = verdict(row, article, self._digested(article)[1])
        return "duplicate" if found == "same" and row.last_crawl_id == self.crawl_id else found

    def _seen_at(self, article: Article) -> datetime:
        """When the site showed an article: now, but for captures that others made."""
        shown = article.visit.seen_at if article.visit else None
        return shown.replace(microsecond=0) if shown else self.now

    def _digested(self, article: Article) -> tuple[str, str]:
        """The digests of an article's body and of its content, computed once."""
        known = self._digests.get(id(article))
        if known is None:
            known = self._digests[id(article)] = (article, digest(article.body), content_digest(article))
        return known[1:]

    def _known(self, uids: Sequence[str]) -> dict[str, Known]:
        rows = table(ArticleRow).c
        statement = select(rows.uid, *(rows[name] for name in Known.__slots__))
        return {
            row[0]: Known(*row[1:])
            for part in batched(uids)
            for row in self.connection.execute(statement.where(rows.uid.in_(part)))
        }

    def _insert(self, new: Mapping[str, Article]) -> None:
        if not new:
            return
        articles = table(ArticleRow)
        rows = [
            {
                "uid": uid,
                "source_id": self.source.id,
                "url": article.url,
                "first_seen_at": self._seen_at(article),
                "gone_at": None,
                "revision_count": 1,
                **self._content(article),
            }
            for uid, article in new.items()
        ]
        statement = articles.insert().returning(articles.c.id, sort_by_parameter_order=True)
        ids = list(self.connection.execute(statement, rows).scalars())
        pairs = list(zip(ids, new.values(), strict=True))
        for article_id, article in pairs:
            self.ids[id(article)] = article_id
        self._add_revisions([(article_id, 1, article) for article_id, article in pairs], "new")
        region = self.source.region_code
        FactWriter(self.connection).add([(article_id, article, region) for article_id, article in pairs])

    def _change(self, changed: Sequence[tuple[Known, Article]], fields: Mapping[int, Mapping[str, str | None]]) -> None:
        if not changed:
            return
        articles = table(ArticleRow)
        regions = {row.id: fields.get(row.id, {}).get("region_code", self.source.region_code) for row, _ in changed}
        rows = [
            {
                "row_id": row.id,
                "revision_count": row.revision_count + 1,
                "gone_at": None,
                **self._content(article),
                "region_code": regions[row.id],
            }
            for row, article in changed
        ]
        names = [name for name in rows[0] if name != "row_id"]
        statement = update(articles).where(articles.c.id == bindparam("row_id"))
        self.connection.execute(statement.values({name: bindparam(name) for name in names}), rows)
        self._add_revisions([(row.id, row.revision_count + 1, article) for row, article in changed], "changed")
        FactWriter(self.connection).replace([(row.id, article, regions[row.id]) for row, article in changed])

    def _touch(self, same: Sequence[tuple[Known, Article]]) -> None:
        articles = table(ArticleRow)
        by_time: dict[datetime, list[int]] = {}
        for row, article in same:
            by_time.setdefault(self._seen_at(article), []).append(row.id)
        for seen_at, ids in by_time.items():
            values = {
                "last_seen_at": seen_at,
                "last_crawl_id": self.crawl_id,
                "missing_since": None,
                "gone_at": None,
                "doubtful_digest": None,
            }
            for part in batched(ids):
                self.connection.execute(update(articles).where(articles.c.id.in_(part)).values(values))

    def _seen_earlier(self, older: Sequence[tuple[Known, Article]]) -> int:
        """Note that the site showed these articles before the archive first saw them.

        Their present state stays: a state from before it cannot follow it. Gives how many show a state that is in no
        revision; their captures are kept all the same.
        """
        articles, states = table(ArticleRow), self._earlier_states([row.id for row, _ in older])
        for row, article in older:
            at = self._seen_at(article)
            mine = update(articles).where(articles.c.id == row.id, articles.c.first_seen_at > at)
            self.connection.execute(mine.values(first_seen_at=at))
        return sum((row.id, self._digested(article)[1]) not in states for row, article in older)

    def _doubt(self, doubtful: Sequence[tuple[Known, Article]]) -> None:
        """Remember states that look cut: the same state in a later crawl is believed."""
        articles = table(ArticleRow)
        for row, article in doubtful:
            remembered = update(articles).where(articles.c.id == row.id)
            self.connection.execute(remembered.values(doubtful_digest=self._digested(article)[1]))

    def _content(self, article: Article) -> dict[str, Any]:
        body_digest, content = self._digested(article)
        return {
            "listing_url": article.listing_url,
            "title": article.title,
            "published_on": article.published_on,
            "published_at": article.published_at,
            "author": article.author,
            "origin": article.origin,
            "column_name": article.column_name,
            "content": article.content,
            "summary": article.summary,
            "region_code": self.source.region_code,
            "body": article.body,
            "body_digest": body_digest,
            "content_digest": content,
            "body_length": len(article.body),
            "missing_since": None,
            "doubtful_digest": None,
            "last_seen_at": self._seen_at(article),
            "last_crawl_id": self.crawl_id,
        }

    def _add_revisions(self, numbered: Sequence[tuple[int, int, Article]], kind: str) -> None:
        earlier = self._earlier_states([article_id for article_id, number, _ in numbered if number > 2])
        revisions = [
            {
                "article_id": article_id,
                "number": number,
                "title": article.title,
                "published_on": article.published_on,
                "body": article.body,
                "body_digest": self._digested(article)[0],
                "content_digest": (content := self._digested(article)[1]),
                "same_as": earlier.get((article_id, content)),
                "capture_id": self.captures.get(id(article.visit.capture)) if article.visit else None,
                "cause": self.cause,
                "extractor": EXTRACTOR,
                "extracted_at": self.now,
                "provenance": provenance_json(article),
            }
            for article_id, number, article in numbered
        ]
        statement = table(Revision).insert().returning(table(Revision).c.id, sort_by_parameter_order=True)
        ids = list(self.connection.execute(statement, revisions).scalars())
        self._add_parts(zip(ids, (article for _, _, article in numbered), strict=True))
        changes = [{"article_id": article_id, "kind": kind, "at": self.now} for article_id, _, _ in numbered]
        self.connection.execute(table(Change).insert(), changes)
        self._add_attachments([(article_id, article) for article_id, _, article in numbered])

    def _add_parts(self, revisions: Iterable[tuple[int, Article]]) -> None:
        """Which further pages a long article was read from: they are kept as long as it is, and read again with it."""
        rows = [
            {"revision_id": revision_id, "number": number, "capture_id": capture_id}
            for revision_id, article in revisions
            if article.visit is not None
            for number, part in enumerate(article.visit.more, 2)
            if (capture_id := self.captures.get(id(part))) is not None
        ]
        if rows:
            self.connection.execute(table(RevisionPart).insert(), rows)

    def _earlier_states(self, article_ids: Sequence[int]) -> dict[tuple[int, str], int]:
        """The number of the first revision of each content these articles ever had."""
        rows = table(Revision).c
        states: dict[tuple[int, str], int] = {}
        for part in batched(article_ids):
            statement = select(rows.article_id, rows.content_digest, rows.number).where(rows.article_id.in_(part))
            for article_id, content, number in self.connection.execute(statement.order_by(rows.number)):
                states.setdefault((article_id, content), number)
        return states

    def _add_attachments(self, articles: Sequence[tuple[int, Article]]) -> None:
        rows = [
            {"article_id": article_id, "url": link.url, "label": link.label, "kind": kind, "state": "linked"}
            for article_id, article in articles
            for kind, links in (("file", article.attachments), ("image", article.images))
            for link in links
        ]
        if rows:
            insert = postgresql.insert if self.connection.dialect.name == "postgresql" else sqlite.insert
            self.connection.execute(insert(table(Attachment)).on_conflict_do_nothing(), rows)


def provenance_json(article: Article) -> dict[str, Any]:
    """The provenance of an article as its revision keeps it."""
    return {
        name: {part: value for part, value in asdict(evidence).items() if value is not None}
        for name, evidence in article.provenance.items()
    }
