"""One search: how many articles, which first, and how they are spread over sources, places, years and kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from crawler.research.search.matching import Lookup, match, words_of
from crawler.research.search.query import Node
from crawler.research.search.schema import FACETS
from crawler.research.search.words import ACROSS, Phrases

if TYPE_CHECKING:
    import tantivy

Sort = Literal["relevance", "date", "recency"]
SORTS: tuple[Sort, ...] = get_args(Sort)
MOST_VALUES = 500  # of one facet

# recency: see `documents.HALF_LIFE_DAYS`.
_ORDER: dict[Sort, dict[str, Any]] = {
    "relevance": {},
    "date": {"order_by_field": "day"},
    "recency": {"weight_by_field": "freshness"},
}


@dataclass(slots=True, frozen=True)
class Hit:
    """A document that matches; `score` is None in the order of dates, `across` as in `SearchResult`."""

    article_id: int
    revision: int
    score: float | None
    across: bool = False


@dataclass(slots=True, frozen=True)
class Answer:
    """What a search found: `total` articles, of which `across` come last, the counts, the hits asked for."""

    total: int
    across: int
    facets: dict[str, dict[str, int]]
    hits: list[Hit]


def answer(
    index: tantivy.Index,
    phrases: Phrases,
    node: Node | None,
    limits: Sequence[tuple[tantivy.Occur, tantivy.Query]],
    sort: Sort,
    limit: int | None,
    offset: int = 0,
) -> Answer:
    """Search an index that has these phrases as terms.

    `limits` are what must hold by the filters (see `matching`); `limit` None gives all hits.
    """
    searcher = index.searcher()
    lookup = Lookup(searcher, phrases)
    wide = _query(node, limits, lookup, strict=False)
    crossed = [word for word in words_of(node) if searcher.doc_freq("terms", ACROSS + word)]
    strict = _query(node, limits, lookup, strict=True) if crossed else wide
    with ThreadPoolExecutor(1) as beside:
        # Counting and ranking each go through all that match; tantivy does both without Python's lock.
        counting = beside.submit(searcher.aggregate, wide, _COUNTS)
        hits = list(_hits(searcher, strict, sort, limit, offset))
        counted = counting.result()
    total = int(counted["all"]["value"])
    if not crossed:
        return Answer(total, 0, _facets(counted), hits)
    better = int(searcher.aggregate(strict, {"all": _COUNTS["all"]})["all"]["value"])
    if better < total and (limit is None or len(hits) < limit):
        left = None if limit is None else limit - len(hits)
        rest = _without(wide, strict)
        hits += _hits(searcher, rest, sort, left, max(0, offset - better), across=True)
    return Answer(total, total - better, _facets(counted), hits)


def _query(
    node: Node | None,
    limits: Sequence[tuple[tantivy.Occur, tantivy.Query]],
    lookup: Lookup,
    *,
    strict: bool,
) -> tantivy.Query:
    from tantivy import Occur, Query

    wanted = Query.all_query() if node is None else match(node, lookup, strict=strict)
    return Query.boolean_query([(Occur.Must, wanted), *limits])


def _without(wide: tantivy.Query, strict: tantivy.Query) -> tantivy.Query:
    from tantivy import Occur, Query

    return Query.boolean_query([(Occur.Must, wide), (Occur.MustNot, strict)])


def _hits(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    sort: Sort,
    limit: int | None,
    offset: int,
    *,
    across: bool = False,
) -> Iterator[Hit]:
    wanted = searcher.num_docs if limit is None else min(limit, searcher.num_docs)
    if wanted < 1:
        return
    found = searcher.search(query, wanted, count=False, offset=offset, **_ORDER[sort]).hits
    places = [place for _, place in found]
    numbers = searcher.fast_field_values("article", places)
    revisions = searcher.fast_field_values("revision", places)
    for (score, _), number, revision in zip(found, numbers, revisions, strict=True):
        yield Hit(int(number or 0), int(revision or 0), None if sort == "date" else float(score), across)


_COUNTS: dict[str, Any] = {
    "all": {"value_count": {"field": "article"}},
    **{name: {"terms": {"field": name, "size": MOST_VALUES}} for name in FACETS},
}


def _facets(counted: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Counts by value, the most frequent first, years in order."""
    found = {}
    for name in FACETS:
        pairs = [(str(each["key"]), int(each["doc_count"])) for each in counted[name]["buckets"]]
        in_order = sorted(pairs) if name == "year" else sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
        found[name] = dict(in_order)
    return found
