"""Full-text search in Chinese: an index beside the archive that follows it, and is never the only copy of anything.

Nothing here loads SQLAlchemy for a SQLite archive: a search from a cold start should not wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crawler.research.search.answering import SORTS, Answer, Hit, Sort, answer
from crawler.research.search.folder import IndexFolder
from crawler.research.search.matching import limits_of
from crawler.research.search.query import Node, QueryError, parse_query, terms
from crawler.research.search.results import SearchResult, SearchResults
from crawler.research.search.rows import EngineRows, Rows, SqliteRows, open_rows, rows_of_engine
from crawler.research.search.standing import standing

if TYPE_CHECKING:
    import tantivy

    from crawler.research.filters import Filters
    from crawler.research.search.following import Report

__all__ = [
    "SORTS",
    "Answer",
    "EngineRows",
    "Hit",
    "QueryError",
    "Rows",
    "SearchError",
    "SearchResult",
    "SearchResults",
    "Sort",
    "SqliteRows",
    "open_rows",
    "rows_of_engine",
    "search",
]

MOST_RESULTS = 10_000_000


class SearchError(RuntimeError):
    """The index cannot be made or used; the text is one sentence that says what to do."""


def search(
    rows: Rows,
    query: str | None,
    filters: Filters | None = None,
    *,
    sort: str | None = None,
    limit: int | None = None,
    offset: int = 0,
    on_progress: Report | None = None,
) -> SearchResults:
    """Search an archive: its index is made or brought up to date first, which `on_progress` follows.

    Without a query everything that the filters let through is found. The order is by relevance, or by date where no
    word is looked for. Raises QueryError, FilterError, ArchiveError, and SearchError where the index cannot be written.
    """
    from crawler.research.filters import Filters as NoFilters

    node = parse_query(query or "")
    asked = filters or NoFilters()
    looked_for = list(terms(node))
    order = _order(sort, has_terms=bool(looked_for))
    _check(limit, offset)
    _check_sources(rows, asked)
    found, stale = _answer(rows, node, _limits(rows, asked), order, limit, offset, on_progress)
    return SearchResults(found.total, found.across, found.facets, stale, rows, found.hits, looked_for, asked.as_of)


def _order(sort: str | None, *, has_terms: bool) -> Sort:
    if sort is None:
        return "relevance" if has_terms else "date"
    for known in SORTS:
        if sort == known:
            return known
    raise QueryError(f"There is no order {sort!r}; choose from {', '.join(SORTS)}.")


def _check(limit: int | None, offset: int) -> None:
    if limit is not None and not 0 <= limit <= MOST_RESULTS:
        raise QueryError(f"The limit must be a number from 0 to {MOST_RESULTS:,}.")
    if not 0 <= offset <= MOST_RESULTS:
        raise QueryError(f"The offset must be a number from 0 to {MOST_RESULTS:,}.")


def _check_sources(rows: Rows, filters: Filters) -> None:
    """Say so where a source is named that the archive does not know, as the filters of other commands do."""
    from crawler.research.filters import FilterError

    if not filters.sources:
        return
    with rows.reading() as reader:
        known = {row[0] for row in reader.rows("SELECT id FROM source")}
    for name in filters.sources:
        if name not in known:
            raise FilterError(f"The archive knows no source {name!r}; `zhaoshang stats` shows those it knows.")


def _limits(rows: Rows, filters: Filters) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    """What must hold, and must not, by the filters."""
    if filters.as_of is None or filters.all:
        return limits_of(filters)
    with rows.reading() as reader:
        return limits_of(filters, standing(reader, filters.as_of))


def _answer(
    rows: Rows,
    node: Node | None,
    limits: Sequence[tuple[tantivy.Occur, tantivy.Query]],
    sort: Sort,
    limit: int | None,
    offset: int,
    report: Report | None,
) -> tuple[Answer, bool]:
    """The answer, and whether the index may be behind. An index that turns out to be damaged is built anew, once."""
    from crawler.research.search.following import current_index, rebuild_index

    def asked() -> tuple[Answer, bool]:
        opened = current_index(rows, report)
        return answer(opened.index, opened.phrases, node, limits, sort, limit, offset), opened.stale

    try:
        try:
            return asked()
        except BaseException as error:
            if not _is_damage(error):
                raise
        rebuild_index(rows, report)
        return asked()
    except (OSError, ValueError) as error:
        folder = IndexFolder.of(rows).path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SearchError(
            f"The search index {folder} cannot be used ({reason}); check the folder and the disk, or delete it."
        ) from error


def _is_damage(error: BaseException) -> bool:
    """Whether an error says that the index's files are damaged. A panic of tantivy is not an Exception."""
    return isinstance(error, ValueError) or type(error).__name__ == "PanicException"
