"""The researcher's side: reading the archive, never writing it. Start with `Archive("archive.db")`."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.research.archive import (
        Archive,
        ArticleRecord,
        CrawlRecord,
        NoSuchArticle,
        RevisionRecord,
        SourceRecord,
    )

__all__ = ["Archive", "ArticleRecord", "CrawlRecord", "NoSuchArticle", "RevisionRecord", "SourceRecord"]


def __getattr__(name: str) -> object:
    """Loaded when first asked for: `crawler.research.search` does without SQLAlchemy, which takes long to load."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("crawler.research.archive"), name)
