"""The researcher's side: reading the archive, never writing it. Start with `Archive("archive.db")`."""

from crawler.research.archive import Archive
from crawler.research.filters import FilterError, Filters
from crawler.research.records import ArticleRecord, CrawlRecord, NoSuchArticle, RevisionRecord, SourceRecord

__all__ = [
    "Archive",
    "ArticleRecord",
    "CrawlRecord",
    "FilterError",
    "Filters",
    "NoSuchArticle",
    "RevisionRecord",
    "SourceRecord",
]
