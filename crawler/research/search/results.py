"""What a search gives: counts at once, and the articles found, read from the archive as they are iterated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from crawler.research.frames import Results, pandas_frame, polars_frame
from crawler.research.search.answering import Hit
from crawler.research.search.query import Term
from crawler.research.search.rows import Reader, Row, Rows, day_of, in_
from crawler.research.search.snippets import Snippet, mark_hits, snippet
from crawler.research.search.standing import SIZE_THEN, end_text

if TYPE_CHECKING:
    import pandas
    import polars

_BATCH = 200
COLUMNS = (
    *("uid", "id", "title", "url", "published_on", "source", "region_code", "revision", "score", "others", "across"),
    "snippet",
)
"""The columns of a data frame of results."""

_ARTICLES = """SELECT a.id, a.uid, a.url, a.source_id, a.region_code, a.revision_count, a.title, a.published_on, a.body,
  {size} FROM article a LEFT JOIN cluster c ON c.id = a.cluster_id WHERE a.id IN {ids}"""
_STATES = "SELECT article_id, number, title, published_on, body FROM revision WHERE article_id IN {}"


@dataclass(slots=True, frozen=True)
class SearchResult:
    """An article that was found, in the state that was searched.

    `snippet` is a piece of its original text with the hits. `score` is None where the order is by date. `others` is how
    many other publications its story has, or had on the day of `as_of`. `across` says that a word of the query only
    stands across two words in it.
    """

    uid: str
    id: int
    title: str
    url: str | None
    published_on: date | None
    source: str
    region_code: str | None
    revision: int
    snippet: Snippet
    marked_title: Snippet
    score: float | None
    others: int
    across: bool

    def as_json(self) -> dict[str, Any]:
        """The result as `search --json` prints it; the snippet is HTML with its hits in `<mark>`."""
        return {
            "uid": self.uid,
            "title": self.title,
            "url": self.url,
            "published_on": self.published_on,
            "source": self.source,
            "snippet": self.snippet.html,
            "score": None if self.score is None else round(self.score, 4),
            "revision": self.revision,
            "others": self.others,
            "across": self.across,
        }


@dataclass(slots=True, frozen=True)
class SearchResults(Results[SearchResult]):
    """The articles of a search, best first. Iterating reads them from the archive, some at a time.

    `total` counts all that match, `across` how many of them hold a word of the query only across two words (they come
    last), `facets` counts by source, region, year, industry and event. `stale` says that another process is writing the
    index, so that the newest articles may be missing.
    """

    total: int
    across: int
    facets: dict[str, dict[str, int]]
    stale: bool
    rows: Rows
    hits: Sequence[Hit]
    terms: Sequence[Term]
    as_of: date | None = None

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[SearchResult]:
        for start in range(0, len(self.hits), _BATCH):
            yield from self._read(self.hits[start : start + _BATCH])

    def as_json(self) -> dict[str, Any]:
        """The search as `search --json` prints it."""
        return {
            "total": self.total,
            "across": self.across,
            "results": [each.as_json() for each in self],
            "facets": self.facets,
        }

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame with COLUMNS, the snippets as plain text. Raises MissingLibrary."""
        return pandas_frame(COLUMNS, self._cells())

    def to_polars(self) -> polars.DataFrame:
        """A polars data frame with COLUMNS, the snippets as plain text. Raises MissingLibrary."""
        return polars_frame(COLUMNS, self._cells())

    def _cells(self) -> list[list[Any]]:
        plain = COLUMNS[:-1]
        return [[*(getattr(each, name) for name in plain), each.snippet.text] for each in self]

    def _read(self, hits: Sequence[Hit]) -> list[SearchResult]:
        """Read the articles of some hits; one that was taken down since the index was written is left out."""
        wanted, values = in_("id", [hit.article_id for hit in hits])
        with self.rows.reading() as reader:
            articles = {row[0]: row for row in self._articles(reader, wanted, values)}
            past = [hit for hit in hits if hit.article_id in articles and hit.revision != articles[hit.article_id][5]]
            which, named = in_("id", [hit.article_id for hit in past])
            states = {row[:2]: row for row in reader.rows(_STATES.format(which), named)} if past else {}
        return [
            self._result(hit, articles[hit.article_id], states.get((hit.article_id, hit.revision)))
            for hit in hits
            if hit.article_id in articles
        ]

    def _articles(self, reader: Reader, wanted: str, values: dict[str, Any]) -> Iterator[Row]:
        """The rows of articles, the size of their story last: that of the day that was searched."""
        if self.as_of is None:
            return reader.rows(_ARTICLES.format(size="c.size", ids=wanted), values)
        then = {**values, "end": end_text(self.as_of)}
        return reader.rows(_ARTICLES.format(size=SIZE_THEN, ids=wanted), then)

    def _result(self, hit: Hit, article: Row, state: Row | None) -> SearchResult:
        _, uid, url, source, region, count, *present, size = article
        title, published_on, body = state[2:] if state is not None else present
        words = [term for term in self.terms if term.field == "text"]
        return SearchResult(
            uid=uid,
            id=hit.article_id,
            title=title,
            url=url,
            published_on=day_of(published_on),
            source=source,
            region_code=region,
            revision=hit.revision if state is not None else count,
            snippet=snippet(body, words),
            marked_title=mark_hits(title, [term for term in self.terms if term.field != "org"]),
            score=hit.score,
            others=(size or 1) - 1,
            across=hit.across,
        )
