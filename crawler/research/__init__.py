"""The researcher's side: reading the archive, never writing it. Start with `Archive("archive.db")`."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.research.archive import Archive
    from crawler.research.filters import FilterError, Filters
    from crawler.research.records import (
        ArticleRecord,
        CrawlRecord,
        NoSuchArticle,
        NoSuchCrawl,
        RevisionRecord,
        SourceRecord,
    )

__all__ = [
    "Archive",
    "ArticleRecord",
    "CrawlRecord",
    "FilterError",
    "Filters",
    "NoSuchArticle",
    "NoSuchCrawl",
    "RevisionRecord",
    "SourceRecord",
]

# Where a name is, if not in `records`.
_ELSEWHERE = {"Archive": "archive", "FilterError": "filters", "Filters": "filters"}


def __getattr__(name: str) -> object:
    """Loaded when first asked for: `crawler.research.search` does without SQLAlchemy, which takes long to load."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"crawler.research.{_ELSEWHERE.get(name, 'records')}"), name)
