"""Which article a record without a URL is: by title and day, and where one of these changed by a nearly equal body.

Two equal titles on one day are told apart by their bodies. The rules, in order:

1. title, day and body equal: that article;
2. title and day equal, and the body nearly equal (or it is the only article of that title and day that this crawl
   has not met yet): that article, changed;
3. title or day equal, the body nearly equal, and at least half of the figures shared (two monthly reports from one
   template are two articles): that article, its title or date corrected;
4. else a new article.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from crawler.archive.models import Article as ArticleRow
from crawler.archive.models import batched, table
from crawler.archive.types import digest, uid_of_record
from crawler.dedupe.likeness import jaccard, shared_figures, shingles
from crawler.items import Article

# Edits of 15 % of the characters leave .27-.53 of the shingles, edits of 5 %
# leave about .7; texts on different subjects share below .05.
SAME_TITLE_AND_DAY = 0.3
SAME_TITLE_OR_DAY = 0.6
SAME_FIGURES = 0.5
MAX_CANDIDATES = 500


@dataclass(slots=True)
class Candidate:
    """An archived article without a URL that a record may be. `met` says that this crawl has seen it already."""

    id: int
    uid: str
    title: str
    published_on: date | None
    body_digest: str
    met: bool


def uids(
    connection: Connection,
    source_id: str,
    crawl_id: int,
    articles: Sequence[Article],
    uid_of_url: Callable[[Article], str | None],
) -> list[str]:
    """The uid of each article of a batch, in their order: by URL where it has one, else by the rules above."""
    given = [uid_of_url(article) for article in articles]
    unnamed = [article for article, uid in zip(articles, given, strict=True) if uid is None]
    if not unnamed:
        return [uid for uid in given if uid is not None]
    names = _Matcher(connection, source_id, crawl_id, unnamed).names()
    return [uid if uid is not None else names[id(article)] for article, uid in zip(articles, given, strict=True)]


class _Matcher:
    """Names the records of one batch; exact matches are settled first, so that a near one cannot take their article."""

    def __init__(self, connection: Connection, source_id: str, crawl_id: int, articles: Sequence[Article]) -> None:
        self.connection = connection
        self.source_id = source_id
        self.articles = articles
        self.candidates = self._candidates(crawl_id)
        self.new: dict[str, str] = {}
        self._shingles: dict[int, tuple[str, set[str]]] = {}

    def names(self) -> dict[int, str]:
        """The uid of each record, by its identity in memory."""
        exact = {(row.title, row.published_on, row.body_digest): row for row in self.candidates}
        named: dict[int, str] = {}
        rest = []
        for article in self.articles:
            row = exact.get((article.title, article.published_on, digest(article.body)))
            if row is None:
                rest.append(article)
            else:
                row.met = True
                named[id(article)] = row.uid
        for article in rest:
            row = self._corrected(article)
            if row is None:
                named[id(article)] = self._new(article)
            else:
                row.met = True
                named[id(article)] = row.uid
        return named

    def _candidates(self, crawl_id: int) -> list[Candidate]:
        rows = table(ArticleRow).c
        titles = {article.title for article in self.articles}
        days = {article.published_on for article in self.articles if article.published_on}
        columns = (rows.id, rows.uid, rows.title, rows.published_on, rows.body_digest, rows.last_crawl_id)
        mine = select(*columns).where(rows.source_id == self.source_id, rows.url.is_(None))
        parts = [rows.title.in_(part) for part in batched(titles)] + [rows.published_on.in_(days)]
        found = {row.id: row for part in parts for row in self.connection.execute(mine.where(part))}
        newest_first = sorted(found.values(), key=lambda row: -row.id)
        return [Candidate(*row[:5], met=row.last_crawl_id == crawl_id) for row in newest_first]

    def _corrected(self, article: Article) -> Candidate | None:
        """The article that this record is with a change, if there is one."""
        free = [row for row in self.candidates if not row.met]
        same_both = [row for row in free if (row.title, row.published_on) == (article.title, article.published_on)]
        if same_both:
            best, likeness = self._likest(article, same_both)
            return best if likeness >= SAME_TITLE_AND_DAY or len(same_both) == 1 else None
        same_one = [
            row
            for row in free
            if row.title == article.title or (row.published_on and row.published_on == article.published_on)
        ][:MAX_CANDIDATES]
        if not same_one:
            return None
        best, likeness = self._likest(article, same_one)
        body = self._shingles[best.id][0]
        alike = likeness >= SAME_TITLE_OR_DAY and shared_figures(article.body, body) >= SAME_FIGURES
        return best if alike else None

    def _likest(self, article: Article, rows: Sequence[Candidate]) -> tuple[Candidate, float]:
        self._load(rows)
        ours = shingles(article.body)
        scored = [(jaccard(ours, self._shingles[row.id][1]), -place) for place, row in enumerate(rows)]
        likeness, place = max(scored)
        return rows[-place], likeness

    def _load(self, rows: Sequence[Candidate]) -> None:
        missing = [row.id for row in rows if row.id not in self._shingles]
        if missing:
            articles = table(ArticleRow).c
            found = self.connection.execute(select(articles.id, articles.body).where(articles.id.in_(missing)))
            self._shingles.update({row.id: (row.body, shingles(row.body)) for row in found})

    def _new(self, article: Article) -> str:
        """A name for a new article; the second of one title and day is named by its body as well."""
        body = digest(article.body)
        plain = uid_of_record(self.source_id, article.title, article.published_on)
        long = uid_of_record(self.source_id, article.title, article.published_on, body)
        for uid in (plain, long):
            if self.new.setdefault(uid, body) == body and not self._taken(uid):
                return uid
        return long

    def _taken(self, uid: str) -> bool:
        articles = table(ArticleRow).c
        return self.connection.execute(select(articles.id).where(articles.uid == uid)).first() is not None
